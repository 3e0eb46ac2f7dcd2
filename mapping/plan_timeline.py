"""A plan's activities along the twelve months of its fiscal year: where each bar begins and ends, in shares of it.

ไตรมาส 1 is October to December. What begins before the year or ends after it goes on beyond the edge and says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from boundaries.dates import MONTHS_SHORT
from mapping.plan_table import ActivityRow

MONTHS = 12


@dataclass(frozen=True)
class Bar:
    """An activity's bar: its edges from 0 to 1; None where it lies outside the year or has no day at all."""

    row: ActivityRow
    start: float | None
    end: float | None
    before: bool
    """It began before the year, or its first day is not stated."""
    after: bool
    """It goes on after the year, or its last day is not stated."""


@dataclass(frozen=True)
class Timeline:
    """The months with their left edges from 0 to 1, the bars, and where today is; None where not in the year."""

    months: tuple[tuple[str, float], ...]
    bars: tuple[Bar, ...]
    today: float | None


def timeline(rows: tuple[ActivityRow, ...], first: date, today: date) -> Timeline:
    """Lay rows along the fiscal year that begins on `first`."""
    starts = [_month(first, place) for place in range(MONTHS + 1)]
    share = lambda day: (day - first) / (starts[-1] - first)  # noqa: E731
    months = tuple((MONTHS_SHORT[start.month - 1], share(start)) for start in starts[:-1])
    bars = tuple(_bar(row, first, starts[-1]) for row in rows)
    return Timeline(months, bars, share(today) if first <= today < starts[-1] else None)


def _bar(row: ActivityRow, first: date, following: date) -> Bar:
    """Return a bar from the morning of its first day to the evening of its last."""
    begins, ends = row.starts_on, row.ends_on
    if begins is None and ends is None:
        return Bar(row, None, None, False, False)
    start = max(begins or first, first)
    stop = min(ends + timedelta(days=1) if ends else following, following)
    whole = following - first
    before, after = begins is None or begins < first, ends is None or ends >= following
    if stop <= start:  # wholly outside the year, or ending before it begins
        return Bar(row, None, None, bool(ends and ends < first), bool(begins and begins >= following))
    return Bar(row, (start - first) / whole, (stop - first) / whole, before, after)


def _month(first: date, place: int) -> date:
    month = first.month - 1 + place
    return date(first.year + month // 12, month % 12 + 1, 1)
