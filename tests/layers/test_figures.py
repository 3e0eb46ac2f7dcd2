"""Figures: counts, rates with intervals, states, left-out cases, and what the door lets through."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy.orm import Session

from boundaries.codes import Level
from layers.aggregation import (
    BadMeasure,
    NotKept,
    UnknownLayer,
    figures,
    leading_problems,
    list_periods,
)
from layers.disclosure import NotPublished
from layers.figures import byar
from layers.filters import Filter
from layers.indicators import ObservationValues, list_indicators, save_observations
from layers.periods import parse_period
from layers.scope import Scope
from layers.taxonomy import UnknownProblem
from tests.layers.made import make_source, many
from tests.releases import publish

FY = parse_period("fy2569")
EXACT, COMMITTEE = Scope.system("a test"), Scope.committee()
DAY = date(2025, 12, 31)


@pytest.fixture
def counted(demo_session: Session) -> Session:
    """Province 99: 37 cases of P08 in 9901, 3 in 9902, 4 known by their year alone in 9903, some of unknown place."""
    source = make_source(demo_session)
    many(demo_session, source, 37, "990101")
    many(demo_session, source, 3, "9902")
    many(demo_session, source, 2, "99")
    many(demo_session, source, 1, None)
    many(demo_session, source, 4, "990301", reported_on=date(2026, 1, 1), date_precision="year")
    many(demo_session, source, 8, "990101", problem_code="P04.01")
    people = {"99": 9000.0, "9901": 5000.0, "9902": 3000.0}
    rows = [
        ObservationValues("population_60plus", "province" if len(code) == 2 else "district", code, DAY, DAY, value)
        for code, value in people.items()
    ]
    save_observations(demo_session, source, rows)
    return demo_session


def ask(session: Session, scope: Scope = EXACT, problem: str | None = "P08", measure: str = "rate", **more: object):  # type: ignore[no-untyped-def]
    """Ask for the districts of province 99; others than the office read what was released."""
    if scope.audience != "internal":
        publish(session)
    asked = {"level": "district", "within": "99", "period": FY, **more}
    wanted = Filter(problem, asked["period"])  # type: ignore[arg-type]
    return figures(session, scope, "cases", asked["level"], asked["within"], wanted, measure)  # type: ignore[arg-type]


def test_a_rate_says_all_that_belongs_to_it(counted: Session) -> None:
    table = ask(counted)
    capital = table.get("9901")
    assert (capital.cases, capital.denominator, capital.value, capital.state) == (37, 5000, pytest.approx(7.4), "ok")
    assert capital.low == pytest.approx(5.21, abs=0.01)
    assert capital.high == pytest.approx(10.2, abs=0.01)
    assert table.per == 1000
    assert table.unit.th == "เรื่องต่อผู้สูงอายุ 1,000 คน"
    assert table.denominator_title is not None
    assert table.denominator_title.en == "population aged 60 and over"
    assert table.denominator_as_of == DAY
    assert table.invented
    assert table.as_of == date(2026, 9, 30)
    assert [source.th for source in table.sources] == ["ตัวอย่างสมมติ"]
    assert table.codes == ("9901", "9902", "9903")


def test_states_of_a_rate(counted: Session) -> None:
    assert [figure.state for figure in ask(counted).rows()] == ["ok", "unstable", "no_data"]
    assert [figure.state for figure in ask(counted, measure="count").rows()] == ["ok", "ok", "left_out"]
    assert ask(counted, measure="count").get("9903").value is None
    assert ask(counted, problem="P01", measure="count").get("9901").state == "zero"
    assert ask(counted).get("9903").reason == "reason.no_denominator"


def test_a_year_alone_is_never_spread_over_months_or_fiscal_years(counted: Session) -> None:
    left = {entry.reason_key: entry.cases for entry in ask(counted).left_out}
    assert left == {"reason.area_unknown": 2, "reason.year_only": 4}
    assert ask(counted, measure="count", period=parse_period("2026-01")).get("9903").state == "left_out"
    year = ask(counted, measure="count", period=parse_period("2026"))
    assert year.get("9903").cases == 4
    assert {entry.reason_key for entry in year.left_out} == {"reason.area_unknown"}


@pytest.fixture
def fiscal(demo_session: Session) -> Session:
    """Province 99: of fiscal year 2569 alone 5 cases in 9901 and 6 in 9902, of 2568 alone 2; 7 of a known day."""
    source = make_source(demo_session)
    year = {"date_precision": "fiscal", "target_groups": ("T07",)}
    many(demo_session, source, 5, "990101", reported_on=date(2025, 10, 1), problem_code="P08.01", **year)
    many(demo_session, source, 6, "9902", reported_on=date(2025, 10, 1), **year)
    many(demo_session, source, 2, "9902", reported_on=date(2024, 10, 1), **year)
    many(demo_session, source, 7, "990101", reported_on=date(2025, 10, 20))
    return demo_session


@pytest.mark.parametrize(
    ("level", "within", "period", "problem", "found"),
    [
        ("district", "99", "fy2569", "P08", [12, 6, 0]),
        ("district", "99", "fy2568", "P08", [0, 2, 0]),
        ("district", "99", "fy2569", "P08.01", [5, 0, 0]),
        ("subdistrict", "9901", "fy2569", "P08", [12, 0, 0]),
        ("province", None, "fy2569", "P08", [18]),
        ("district", "99", "fy2569", None, [12, 6, 0]),
    ],
)
def test_a_fiscal_year_alone_counts_fully_in_its_fiscal_year(  # type: ignore[no-untyped-def]
    fiscal: Session, level, within, period, problem, found
) -> None:
    table = ask(fiscal, problem=problem, measure="count", level=level, within=within, period=parse_period(period))
    assert [figure.cases for figure in table.rows()] == found
    assert table.left_out == ()


@pytest.mark.parametrize(
    ("period", "cases", "left", "states"),
    [
        ("2025", 7, 13, ["ok", "left_out", "zero"]),  # it overlaps the fiscal years 2568 and 2569
        ("2026", 0, 11, ["left_out", "left_out", "no_data"]),  # 2569 and 2570; nothing is held of 2026 itself
        ("2024", 0, 2, ["no_data", "left_out", "no_data"]),  # 2567 and 2568; nothing else is held of it
        ("2025-10", 7, 11, ["ok", "left_out", "zero"]),
        ("2025-09", 0, 2, ["zero", "left_out", "zero"]),
        ("2025-09/2025-10", 7, 13, ["ok", "left_out", "zero"]),
    ],
)
def test_a_fiscal_year_alone_is_never_spread_over_months_or_calendar_years(  # type: ignore[no-untyped-def]
    fiscal: Session, period, cases, left, states
) -> None:
    table = ask(fiscal, measure="count", period=parse_period(period))
    assert [figure.state for figure in table.rows()] == states
    assert (table.total.cases or 0) == cases
    assert {entry.reason_key: entry.cases for entry in table.left_out} == {"reason.fy_only": left}
    assert {figure.reason for figure in table.rows() if figure.state == "left_out"} == {"reason.fy_only"}


def test_months_tell_of_both_kinds_of_years(fiscal: Session) -> None:
    many(fiscal, make_source(fiscal), 4, "9902", reported_on=date(2025, 1, 1), date_precision="year")
    table = ask(fiscal, measure="count", period=parse_period("2025-10"))
    assert {entry.reason_key: entry.cases for entry in table.left_out} == {"reason.year_only": 4, "reason.fy_only": 11}
    assert table.get("9902").reason == "reason.year_or_fy_only"


def test_a_target_group_tells_of_its_fiscal_years_too(fiscal: Session) -> None:
    wanted = Filter(None, parse_period("2025"), target_group="T07")
    table = figures(fiscal, EXACT, "cases", "province", None, wanted, "count")
    assert [(entry.reason_key, entry.cases) for entry in table.left_out] == [("reason.fy_only", 13)]


def test_the_parent_counts_its_unknown_parts_and_the_country_not_the_unknown(counted: Session) -> None:
    assert ask(counted).total.cases == 42
    country = ask(counted, level="province", within=None)
    assert country.total.area_code == "TH"
    assert country.total.cases == 42
    assert {entry.reason_key: entry.cases for entry in country.left_out}["reason.area_unknown"] == 1


def test_months_add_up_to_the_fiscal_year(counted: Session) -> None:
    months = parse_period("2025-10/2026-09")
    assert ask(counted, measure="count", period=months).total.cases == ask(counted, measure="count").total.cases == 42


def test_no_denominator_of_another_year_or_level_is_taken(counted: Session) -> None:
    assert ask(counted, period=parse_period("fy2571")).get("9901").state == "no_data"
    assert ask(counted, level="subdistrict").get("990101").state == "no_data"


def test_the_committee_sees_rounded_counts_and_rates_of_those(counted: Session) -> None:
    table = ask(counted, COMMITTEE)
    capital = table.get("9901")
    assert (capital.cases, capital.value) == (35, pytest.approx(7.0))
    assert capital.low == pytest.approx(byar(np.array([35.0]))[0][0] / 5)
    hidden = table.get("9902")
    assert (hidden.state, hidden.cases, hidden.value, hidden.low) == ("hidden", None, None, None)
    assert (table.hidden_below, table.rounded_to) == (5, 5)
    assert table.released_at is not None
    # A few left-out cases read like none.
    assert [entry.reason_key for entry in table.left_out if entry.cases is not None] == []


def test_secret_problems_are_no_part_of_all_problems(counted: Session) -> None:
    shown = ask(counted, COMMITTEE, None, "count")
    assert "reason.secret_problems" in [entry.reason_key for entry in shown.left_out]
    truth = ask(counted, EXACT, None, "count").get("9901").cases - 8  # eight of violence
    assert abs(shown.get("9901").cases - truth) <= 2


def test_sources_do_not_tell_where_a_secret_problem_was_reported(counted: Session) -> None:
    tables = [ask(counted, COMMITTEE, "P04", "count", level="subdistrict", within=code) for code in ("9901", "9902")]
    assert tables[0].sources == tables[1].sources
    assert [table.left_out for table in tables] == [(), ()]
    assert {figure.reason for table in tables for figure in table.rows()} == {"reason.sensitive_level"}


def test_levels_that_are_not_published_have_no_numbers(counted: Session) -> None:
    """A district's map is drawn all the same: shapes and mind maps are open."""
    table = ask(counted, COMMITTEE, level="subdistrict", within="9901", measure="count")
    assert {(figure.state, figure.reason) for figure in table.rows()} == {("hidden", "reason.level_not_published")}
    assert np.isnan(table.columns.cases[:-1]).all()
    assert table.total.cases == 35


@pytest.mark.parametrize(
    ("problem", "level", "period"),
    [
        ("P01", "district", "2026-01"),
        ("P01", "district", "2025-10/2026-04"),
        ("P01", "province", "2025-10/2026-04"),
        ("P04", "province", "2026-01"),
        ("P12.01", "district", "fy2569"),
        ("P12.01", "province", "fy2569"),
        ("P01", "province", "2026"),
    ],
)
def test_tables_that_would_undo_rounding_are_not_published(
    counted: Session, problem: str, level: Level, period: str
) -> None:
    wanted = Filter(problem, parse_period(period))
    within = "99" if level == "district" else None
    with pytest.raises(NotPublished, match="published"):
        figures(counted, COMMITTEE, "cases", level, within, wanted, "count")


def test_neither_weights_nor_groups_by_problem_are_published(counted: Session) -> None:
    with pytest.raises(NotPublished):
        ask(counted, COMMITTEE, measure="weight")
    with pytest.raises(NotPublished):
        figures(counted, COMMITTEE, "cases", "province", None, Filter("P08", FY, "T07"), "count")


def test_sensitive_problems_stop_at_the_province(counted: Session) -> None:
    districts = ask(counted, COMMITTEE, "P04", "count")
    assert {figure.state for figure in districts.rows()} == {"hidden"}
    assert {figure.reason for figure in districts.rows()} == {"reason.sensitive_level"}
    assert np.isnan(districts.columns.cases[:-1]).all()
    province = ask(counted, COMMITTEE, "P04", "count", level="province", within=None)
    assert (province.get("99").cases, province.hidden_below) == (10, 5)
    public = ask(counted, Scope.public(), "P04", "count", level="province", within=None)
    assert (public.get("99").state, public.hidden_below) == ("hidden", 10)  # 8 is below 10
    none = ask(counted, COMMITTEE, "P05", "count", level="province", within=None).get("99")
    assert (none.state, none.reason) == ("hidden", "reason.small_or_none")  # not even zero is told of secret problems
    assert ask(counted, EXACT, "P04", "count").get("9901").cases == 8


@pytest.mark.parametrize("truth", [0, 1, 4, 5, 7, 8, 12, 13, 37])
def test_committee_rounding_and_threshold(demo_session: Session, truth: int) -> None:
    many(demo_session, make_source(demo_session), truth, "9901") if truth else None
    figure = ask(demo_session, COMMITTEE, measure="count").get("9901")
    if truth == 0:
        assert (figure.state, figure.reason) == ("no_data", "reason.not_released")
    elif truth < 5:
        assert (figure.state, figure.cases) == ("hidden", None)
    else:
        assert figure.cases is not None
        assert figure.cases % 5 == 0
        assert abs(figure.cases - truth) <= 2


def test_weights_count_their_own_unit(demo_session: Session) -> None:
    source = make_source(demo_session)
    many(demo_session, source, 10, "9901", problem_code="P15.03", weight=2, counted="person")
    many(demo_session, source, 3, "9901", problem_code="P15.03", weight=7, counted="household")
    table = ask(demo_session, problem="P15.03", measure="weight")
    assert table.get("9901").value == 20
    assert table.counted.en == "deaths (persons)"
    assert {entry.reason_key: entry.cases for entry in table.left_out} == {"reason.other_unit": 3}


def test_target_groups_have_their_own_rollup(demo_session: Session) -> None:
    many(demo_session, make_source(demo_session), 6, "9901", target_groups=("T07", "T16"))
    for group in ("T07", "T16"):
        table = figures(demo_session, EXACT, "cases", "district", "99", Filter("P08", FY, group), "count")
        assert table.get("9901").cases == 6
    assert ask(demo_session, measure="count").get("9901").cases == 6


def test_what_is_not_kept_or_not_known_is_refused(counted: Session) -> None:
    with pytest.raises(NotKept):
        ask(counted, problem="P08.01", period=parse_period("2026-01"))
    with pytest.raises(NotKept):
        ask(counted, level="subdistrict", period=parse_period("2026"))
    with pytest.raises(UnknownProblem):
        Filter("P99", FY)
    with pytest.raises(UnknownLayer):
        figures(counted, EXACT, "nothing", "district", None, Filter(None, FY), "count")
    with pytest.raises(BadMeasure):
        figures(counted, EXACT, "cases", "district", None, Filter(None, FY), "value")


def test_a_share_is_made_of_its_two_counts(counted: Session) -> None:
    source = make_source(counted)
    save_observations(counted, source, [ObservationValues("population", "district", "9901", DAY, DAY, 20000)])
    table = figures(counted, COMMITTEE, "indicator:elderly_share", "district", "99", Filter(None, FY), "value")
    assert table.get("9901").value == 25.0
    assert table.get("9902").state == "no_data"
    assert {kind.id for kind in list_indicators(counted)} == {"population", "population_60plus", "elderly_share"}


def test_an_indicator_without_year_is_shown_without_one(demo_session: Session) -> None:
    source = make_source(demo_session)
    save_observations(demo_session, source, [ObservationValues("population", "district", "9901", None, None, 7)])
    table = figures(demo_session, COMMITTEE, "indicator:population", "district", "99", Filter(None, FY), "value")
    assert (table.get("9901").value, table.denominator_as_of) == (7, None)
    many(demo_session, source, 30, "9901", problem_code="P01")
    assert ask(demo_session, problem="P01").get("9901").state == "no_data"


def test_the_leading_problem_stands_out_by_rate_not_by_count(demo_session: Session) -> None:
    source = make_source(demo_session)
    people = {"99": 100_000.0, "9901": 50_000.0, "9902": 50_000.0}
    save_observations(
        demo_session,
        source,
        [
            ObservationValues("population", "province" if len(code) == 2 else "district", code, DAY, DAY, value)
            for code, value in people.items()
        ],
    )
    for code, problem, count in (
        ("9901", "P01", 200), ("9902", "P01", 200), ("9901", "P12", 60), ("9902", "P12", 20),
        ("9901", "P05", 90), ("9902", "P09", 15), ("9902", "P16", 80),
    ):  # fmt: skip
        many(demo_session, source, count, code, problem_code=problem)
    publish(demo_session)
    led = leading_problems(demo_session, COMMITTEE, "district", "99", FY)
    assert led["9901"].problem_code == "P12"
    assert led["9901"].ratio == pytest.approx(1.5)
    # P01 is most of what 9902 reports, at the same rate as everywhere; P16 is no problem to lead with.
    assert set(led) == {"9901"}


def test_periods_that_hold_cases(counted: Session) -> None:
    assert [period.code for period in list_periods(counted, EXACT)] == ["fy2569"]
    assert list_periods(counted, COMMITTEE) == []
    publish(counted)
    assert [period.code for period in list_periods(counted, COMMITTEE, "district")] == ["fy2569"]


def test_byar_matches_published_limits() -> None:
    low, high = byar(np.array([0.0, 10.0, 100.0]))
    assert low[0] == 0
    assert (low[1], high[1]) == (pytest.approx(4.79, abs=0.01), pytest.approx(18.39, abs=0.01))
    assert (low[2], high[2]) == (pytest.approx(81.36, abs=0.05), pytest.approx(121.6, abs=0.05))
