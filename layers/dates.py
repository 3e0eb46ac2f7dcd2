"""Dates as Thai offices write and count them: พ.ศ. = ค.ศ. + 543; a fiscal year runs from 1 October to 30 September."""

import re
from datetime import date, timedelta
from typing import Literal

from boundaries.dates import BE, MONTHS_LONG, MONTHS_SHORT
from boundaries.errors import SocialMapError

FIRST_BE_YEAR = 2400
"""A year from here on is พ.ศ.; spreadsheets store such dates as if they were ค.ศ."""

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

Precision = Literal["day", "month", "year"]


class BadDate(SocialMapError):
    """A date that cannot be read."""

    key = "error.bad_date"


def english_date(day: date) -> str:
    """Write a date in ค.ศ.: `5 Nov 2025`."""
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def thai_month(day: date, style: Literal["short", "long"] = "short") -> str:
    """Write the month of a date in พ.ศ.: `พ.ย. 2568`."""
    months = MONTHS_LONG if style == "long" else MONTHS_SHORT
    return f"{months[day.month - 1]} {day.year + BE}"


def fiscal_year(day: date) -> int:
    """Return the fiscal year (พ.ศ.) that a date lies in, named by its last day."""
    return day.year + BE + (1 if day.month >= 10 else 0)


def fiscal_year_start(year: int) -> date:
    """Return 1 October, the first day of a fiscal year given in พ.ศ."""
    return date(year - BE - 1, 10, 1)


def month_end(day: date) -> date:
    """Return the last day of a date's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def to_ce(year: int) -> int:
    """Return a year in ค.ศ.: from 2400 on it was พ.ศ.; raise BadDate when neither fits."""
    if year >= FIRST_BE_YEAR:
        year -= BE
    if not 1900 <= year <= 2200:
        raise BadDate(value=year)
    return year


def parse_date(value: str) -> tuple[date, Precision]:
    """Read a date, month or year, in พ.ศ. or ค.ศ. and Thai or Western digits; say how precise it is.

    Understood: `2568-11-05`, `5/11/2568`, `5 พ.ย. 2568`, `2568-11`, `11/2568`, `พ.ย. 2568`, `2568`.
    A coarse date is given as its first day. Raises BadDate.
    """
    cleaned = value.strip().translate(THAI_DIGITS)
    cleaned = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", cleaned)
    for pattern, order in _PATTERNS:
        if found := pattern.fullmatch(cleaned):
            return _made(dict(zip(order, found.groups(), strict=True)), value)
    raise BadDate(value=value)


_PATTERNS = (
    (re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"), "ymd"),
    (re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"), "dmy"),
    (re.compile(r"(\d{1,2})\s+([ก-๙.]+)\s+(?:พ\.?ศ\.?\s*|ค\.?ศ\.?\s*)?(\d{4})"), "dmy"),
    (re.compile(r"(\d{4})[-/](\d{1,2})"), "ym"),
    (re.compile(r"(\d{1,2})[-/](\d{4})"), "my"),
    (re.compile(r"(?:พ\.?ศ\.?\s*|ค\.?ศ\.?\s*)?(\d{4})"), "y"),
    (re.compile(r"([ก-๙.]+)\s+(?:พ\.?ศ\.?\s*|ค\.?ศ\.?\s*)?(\d{4})"), "my"),
)


def _made(parts: dict[str, str], value: str) -> tuple[date, Precision]:
    try:
        year = to_ce(int(parts["y"]))
        month = _month(parts["m"]) if "m" in parts else 1
        day = date(year, month, int(parts.get("d", 1)))
    except ValueError:
        raise BadDate(value=value) from None
    return day, "day" if "d" in parts else "month" if "m" in parts else "year"


def _month(word: str) -> int:
    """Read a month's number or Thai name, with or without its dots; raise ValueError."""
    if word.isdigit():
        return int(word)
    bare = word.replace(".", "")
    for number, (long, short) in enumerate(zip(MONTHS_LONG, MONTHS_SHORT, strict=True), start=1):
        if bare in (long, short.replace(".", "")):
            return number
    raise ValueError(word)
