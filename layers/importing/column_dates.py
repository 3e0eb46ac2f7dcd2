"""What a whole column of dates tells that one date cannot: that months come before days, that years are fiscal."""

import re
from dataclasses import dataclass

from boundaries.messages import Text, text
from layers.date_reading import BadDate, parse_date
from layers.importing import column_values as looks
from layers.importing.column_values import Values


@dataclass(frozen=True)
class DateColumn:
    """What to state for a column of dates, and what a person must look at."""

    fixed: dict[str, str]
    doubts: tuple[Text, ...]
    reasons: tuple[Text, ...] = ()
    """Why something is stated that nobody needs to doubt."""


_FISCAL = re.compile(r"งบประมาณ|ปี ?งบ|งปม|fiscal|(?<![a-z])f\.?y\.?(?![a-z])")


def is_fiscal_heading(heading: str) -> bool:
    """Say whether a heading announces fiscal years: `ปีงบประมาณ`, `ปีงบ`, `fiscal_year`, `FY`."""
    return bool(_FISCAL.search(heading.lower().replace("_", " ")))


def look_at_dates(heading: str, cells: Values) -> DateColumn:
    """Return what the dates of a column prove; without a proof, days come before months as in Thailand.

    A year alone is a calendar year, unless the heading announces fiscal ones.
    """
    fixed: dict[str, str] = {}
    doubts, reasons = [], []
    month_first = any(map(looks.looks_month_first, cells.distinct))
    if month_first and any(map(_day_first, cells.distinct)):
        doubts.append(text("column.dates_disagree"))
    elif month_first:
        fixed["date_order"] = "mdy"
        doubts.append(text("column.month_first"))
    if any(map(looks.is_short_year, cells.distinct)):
        doubts.append(text("column.short_years"))
    bare = any(map(looks.is_bare_year, cells.distinct))
    if bare and is_fiscal_heading(heading):
        fixed["bare_year"] = "fiscal"
        reasons.append(text("column.fiscal_years"))
    elif bare and any(map(looks.is_fiscal, cells.distinct)):
        doubts.append(text("column.years_mixed"))
    return DateColumn(fixed, tuple(doubts), tuple(reasons))


def _day_first(cell: str) -> bool:
    """Say whether a cell is a date only when its day comes before its month."""
    try:
        parse_date(cell, "dmy", "be")
    except BadDate:
        return False
    try:
        parse_date(cell, "mdy", "be")
    except BadDate:
        return True
    return False
