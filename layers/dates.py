"""Dates as Thai offices write and count them: พ.ศ. = ค.ศ. + 543; a fiscal year runs from 1 October to 30 September."""

from datetime import date, timedelta
from typing import Literal

from boundaries.dates import BE, MONTHS_LONG, MONTHS_SHORT
from layers.date_reading import (
    FIRST_BE_YEAR,
    FISCAL,
    BadDate,
    Era,
    FiscalYearAlone,
    OldYear,
    Order,
    Precision,
    ShortYear,
    WrongWeekday,
    clean,
    parse_date,
    parse_yymm,
    to_ce,
    whole_year,
)
from layers.date_words import MONTHS_EN

__all__ = [
    "FIRST_BE_YEAR", "MONTHS_EN", "BadDate", "Era", "FiscalYearAlone", "OldYear", "Order", "Precision", "ShortYear",
    "WrongWeekday", "english_date", "fiscal_year", "fiscal_year_start", "month_end", "parse_date", "parse_fiscal_year",
    "parse_span", "parse_yymm", "thai_month", "to_ce",
]  # fmt: skip


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


def parse_fiscal_year(value: str, short_years: Era | None = None) -> int | None:
    """Read `ปีงบประมาณ พ.ศ. 2568`, `ปีงบ 68` or `FY2025` as a fiscal year in พ.ศ.; None for what is none.

    Raises ShortYear, and BadDate for years that are out of reach.
    """
    found = FISCAL.fullmatch(clean(value))
    if not found:
        return None
    year = int(found["year"])
    era: Era | None = "be" if found["be"] else "ce" if found["ce"] else None
    if len(found["year"]) == 2:
        year, era = whole_year(year, era or short_years, value)
    if era and (year >= FIRST_BE_YEAR) != (era == "be"):
        raise BadDate(value=value)
    return to_ce(year) + BE


def parse_span(value: str, order: Order = "dmy", short_years: Era | None = None) -> tuple[date, date]:
    """Return the first and last day of a date, month, calendar year or fiscal year; raise BadDate."""
    if year := parse_fiscal_year(value, short_years):
        return fiscal_year_start(year), fiscal_year_start(year + 1) - timedelta(days=1)
    first, precision = parse_date(value, order, short_years)
    if precision == "day":
        return first, first
    return first, month_end(first) if precision == "month" else date(first.year, 12, 31)
