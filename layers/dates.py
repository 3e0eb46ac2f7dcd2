"""Dates as Thai offices write and count them: พ.ศ. = ค.ศ. + 543; a fiscal year runs from 1 October to 30 September."""

from datetime import date, timedelta
from typing import Literal

from boundaries.dates import BE, MONTHS_LONG, MONTHS_SHORT
from layers.date_reading import (
    FIRST_BE_YEAR,
    BadDate,
    BareYear,
    Era,
    OldYear,
    Order,
    Precision,
    ShortYear,
    WrongWeekday,
    fiscal_year_start,
    parse_date,
    parse_fiscal_year,
    parse_yymm,
    to_ce,
)
from layers.date_words import MONTHS_EN

__all__ = [
    "FIRST_BE_YEAR", "MONTHS_EN", "BadDate", "BareYear", "Era", "OldYear", "Order", "Precision", "ShortYear",
    "WrongWeekday", "english_date", "fiscal_year", "fiscal_year_start", "last_day", "month_end", "parse_date",
    "parse_fiscal_year", "parse_span", "parse_yymm", "thai_month", "to_ce",
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


def month_end(day: date) -> date:
    """Return the last day of a date's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def parse_span(value: str, order: Order = "dmy", short_years: Era | None = None) -> tuple[date, date]:
    """Return the first and last day of a date, month, calendar year or fiscal year; raise BadDate."""
    first, precision = parse_date(value, order, short_years)
    return first, last_day(first, precision)


def last_day(first: date, precision: str) -> date:
    """Return the last day that a date of some precision may mean, given its first."""
    if precision == "day":
        return first
    if precision == "month":
        return month_end(first)
    return date(first.year, 12, 31) if precision == "year" else date(first.year + 1, 9, 30)
