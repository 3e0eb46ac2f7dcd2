"""Bars along a fiscal year."""

from datetime import date
from uuid import UUID

import pytest

from mapping.plan_table import ActivityRow
from mapping.plan_timeline import Bar, timeline
from mapping.plan_tree import Part

FIRST = date(2025, 10, 1)


def row(starts: date | None, ends: date | None) -> ActivityRow:
    return ActivityRow("1.1", Part(UUID(int=1), "activity", None, 0, {"text": "x"}, {}), (), "doing", starts, ends)


def bar(starts: date | None, ends: date | None) -> Bar:
    return timeline((row(starts, ends),), FIRST, FIRST).bars[0]


@pytest.mark.parametrize(
    ("starts", "ends", "edges", "beyond"),
    [
        (date(2025, 10, 1), date(2026, 9, 30), (0, 365), (False, False)),
        (date(2025, 10, 1), date(2025, 12, 31), (0, 92), (False, False)),
        (date(2026, 1, 1), date(2026, 1, 1), (92, 93), (False, False)),
        (date(2025, 9, 1), date(2025, 10, 1), (0, 1), (True, False)),
        (date(2026, 9, 30), date(2027, 1, 1), (364, 365), (False, True)),
        (None, date(2025, 10, 31), (0, 31), (True, False)),
        (date(2026, 9, 1), None, (335, 365), (False, True)),
        (None, None, None, (False, False)),
        (date(2024, 1, 1), date(2025, 9, 30), None, (True, False)),
        (date(2026, 10, 1), date(2026, 12, 31), None, (False, True)),
        (date(2026, 3, 1), date(2026, 1, 1), None, (False, False)),
    ],
)
def test_a_bar_goes_from_the_morning_of_its_first_day_to_the_evening_of_its_last(
    starts: date | None, ends: date | None, edges: tuple[int, int] | None, beyond: tuple[bool, bool]
) -> None:
    found = bar(starts, ends)
    shown = None if found.start is None or found.end is None else (found.start * 365, found.end * 365)
    assert shown == (pytest.approx(edges) if edges else None)
    assert (found.before, found.after) == beyond


def test_months_are_those_of_the_fiscal_year_and_today_stands_in_it_or_nowhere() -> None:
    line = timeline((), FIRST, date(2026, 1, 1))
    assert [name for name, _ in line.months][::3] == ["ต.ค.", "ม.ค.", "เม.ย.", "ก.ค."]
    assert line.months[3][1] == line.today == pytest.approx(92 / 365)
    leap = timeline((), date(2023, 10, 1), date(2024, 9, 30))
    assert leap.today == pytest.approx(365 / 366)
    assert [timeline((), FIRST, day).today for day in (date(2025, 9, 30), date(2026, 10, 1))] == [None, None]
