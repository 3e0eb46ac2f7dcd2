"""Taxonomies, dates, periods and class breaks: rules with many cases, as tables."""

import math
import re
from datetime import date
from itertools import pairwise

import pytest

from boundaries.dates import thai_date
from boundaries.messages import catalogue
from layers import taxonomy
from layers.classification import breaks
from layers.dates import BadDate, fiscal_year, parse_date
from layers.periods import BadPeriod, parse_period
from layers.template import COLUMNS


def test_the_taxonomy_is_whole() -> None:
    problems = taxonomy.problems()
    assert taxonomy.categories() == tuple(f"P{number:02}" for number in range(1, 17))
    assert len(problems) == 16 + 75
    assert len({problem.glyph for code, problem in problems.items() if len(code) == 3}) == 16
    assert len({problem.colour for code, problem in problems.items() if len(code) == 3}) == 16
    assert all(re.fullmatch(r"#[0-9A-F]{6}", problem.colour) for problem in problems.values())
    assert {problem.denominator for problem in problems.values()} <= taxonomy.indicator_kinds().keys()
    assert all(f"unit.rate.{problem.denominator}" in catalogue() for problem in problems.values())
    assert (problems["P12"].sensitivity, problems["P12.04"].sensitivity) == ("L2", "L3")
    assert not any(problems[code].may_lead for code in ("P04", "P05", "P07", "P11", "P16"))
    assert len(taxonomy.target_groups()) == 21
    assert taxonomy.version() == "2026-1"


def test_every_step_of_a_case_leads_to_a_known_status() -> None:
    statuses = taxonomy.statuses()
    assert all(after in statuses for status in statuses.values() for after in status.next)
    reached, todo = {10}, [10]
    while todo:
        todo = [after for one in todo for after in statuses[one].next if after not in reached]
        reached.update(todo)
    assert reached == set(statuses)


def test_every_column_of_the_template_is_explained() -> None:
    assert all(f"template.{column.key}" in catalogue() for column in COLUMNS)


@pytest.mark.parametrize(
    ("words", "day", "precision"),
    [
        ("5/11/2568", date(2025, 11, 5), "day"),
        ("05-11-2025", date(2025, 11, 5), "day"),
        ("2568-11-05", date(2025, 11, 5), "day"),
        ("2568-11-05 00:00:00", date(2025, 11, 5), "day"),
        ("๕ พฤศจิกายน ๒๕๖๘", date(2025, 11, 5), "day"),
        ("5 พ.ย. พ.ศ. 2568", date(2025, 11, 5), "day"),
        ("พย 2568", date(2025, 11, 1), "month"),
        ("2025-11", date(2025, 11, 1), "month"),
        ("11/2568", date(2025, 11, 1), "month"),
        ("2568", date(2025, 1, 1), "year"),
        ("พ.ศ. 2568", date(2025, 1, 1), "year"),
        ("2025", date(2025, 1, 1), "year"),
    ],
)
def test_dates_in_both_eras(words: str, day: date, precision: str) -> None:
    assert parse_date(words) == (day, precision)


@pytest.mark.parametrize("words", ["", "31/2/2568", "13/2568", "1850", "2300", "วันนี้", "5 มกร 2568"])
def test_dates_that_are_none(words: str) -> None:
    with pytest.raises(BadDate, match="2568"):
        parse_date(words)


def test_thai_dates_and_fiscal_years() -> None:
    assert thai_date(date(2025, 11, 5)) == "5 พ.ย. 2568"
    assert thai_date(date(2025, 11, 5), "long") == "5 พฤศจิกายน 2568"
    assert [fiscal_year(day) for day in (date(2025, 9, 30), date(2025, 10, 1), date(2026, 9, 30))] == [2568, 2569, 2569]


@pytest.mark.parametrize(
    ("words", "first", "last", "th"),
    [
        ("fy2569", date(2025, 10, 1), date(2026, 9, 30), "ปีงบประมาณ 2569 (1 ต.ค. 2568 – 30 ก.ย. 2569)"),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "กุมภาพันธ์ 2569"),
        ("2025-10/2026-04", date(2025, 10, 1), date(2026, 4, 30), "ต.ค. 2568 – เม.ย. 2569"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "พ.ศ. 2569 (1 ม.ค. 2569 – 31 ธ.ค. 2569)"),
    ],
)
def test_periods(words: str, first: date, last: date, th: str) -> None:
    period = parse_period(words)
    assert (period.first, period.last, period.th(), period.code) == (first, last, th, words)


@pytest.mark.parametrize(
    "words", ["", "2569", "fy2026", "2026-13", "2026-04/2025-10", "2569-01", "2026-1", "fy", "all"]
)
def test_periods_that_are_none(words: str) -> None:
    with pytest.raises(BadPeriod):
        parse_period(words)


def test_a_period_that_is_not_over_says_how_far_it_goes() -> None:
    period = parse_period("fy2569")
    assert period.clipped(date(2025, 12, 31)) == ("ปีงบประมาณ 2569 เพียง 1 ต.ค. 2568 – 31 ธ.ค. 2568 (3 จาก 12 เดือน)", 3)
    assert period.clipped(date(2025, 10, 18))[1] == 0
    assert period.clipped(date(2026, 9, 30)) == (period.th(), 12)


@pytest.mark.parametrize("method", ["quantile", "natural", "equal"])
def test_breaks_are_readable_and_leave_no_class_empty(method: str) -> None:
    values = [1.3, 2.72, 3.14, 8.9, 9.3, 15.5, 16.1, 44.7, 46.2, math.nan]
    found = breaks(values, method, 4)  # type: ignore[arg-type]
    assert list(found) == sorted(set(found))
    edges = [-math.inf, *found, math.inf]
    for low, high in pairwise(edges):
        assert any(low <= value < high for value in values)
    assert all(len(f"{one:g}") <= 4 for one in found)


def test_breaks_of_few_or_equal_values() -> None:
    assert breaks([], "natural", 4) == ()
    assert breaks([5, 5, 5], "quantile", 4) == ()
    assert len(breaks([1, 2], "natural", 4)) == 1
    assert breaks([0.00012, 0.00034], "equal", 2) == pytest.approx((0.0002,))
    assert breaks([3], "fixed", 3, [20, 10]) == (10, 20)
