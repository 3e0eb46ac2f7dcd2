"""Real files of agencies, where they are at hand."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from layers import rollups
from layers.aggregation import figures
from layers.assets import list_assets
from layers.filters import Filter
from layers.importing import ImportReport, get_recipe, import_file
from layers.importing.recipes import UnknownRecipe
from layers.periods import parse_period
from layers.scope import Scope
from tests.scopes import SYSTEM
from tests.shared import shared

pytestmark = pytest.mark.shared
EXACT = Scope.system("a test")


@pytest.fixture
def session(thailand_engine: Engine):  # type: ignore[no-untyped-def]
    """Session on the real boundaries, rolled back after the test."""
    with thailand_engine.execution_options(scope=SYSTEM).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            yield made
        outer.rollback()


def bring(session: Session, file: str, recipe: str, period: str | None = None) -> ImportReport:
    """Import a file that lies at hand by a recipe that comes with the product."""
    made = replace(get_recipe(recipe), period=period)
    return import_file(session, shared(file), made)


def test_low_income_communities(session: Session) -> None:
    file = "data/cases/low_income_communities.csv"
    report = bring(session, file, "low_income_communities")
    assert (report.new, report.refused) == (1588, ())
    wrong = session.execute(
        text(
            "SELECT count(*) FILTER (WHERE left(stated_code, 2) <> province_code) AS province,"
            ' count(*) FILTER (WHERE left(stated_code, 4) <> district_code) AS district FROM "case"'
        )
    ).one()
    assert wrong.province <= 2
    assert wrong.district <= 12
    again = bring(session, file, "low_income_communities")
    assert (again.new, again.unchanged) == (0, 1588)
    assert rollups.check(session) == []


def test_road_deaths_count_deaths_and_stay_in_their_year(session: Session) -> None:
    report = bring(session, "data/cases/road_deaths_2021_2025.json", "road_deaths")
    assert (report.new, report.without_area) == (11931, 0)
    wanted = Filter("P15.03", parse_period("2022"))
    deaths = figures(session, EXACT, "cases", "province", None, wanted, "weight").total
    crashes = figures(session, EXACT, "cases", "province", None, wanted, "count").total
    assert deaths.value is not None
    assert crashes.value is not None
    assert deaths.value > crashes.value > 0
    year = figures(session, EXACT, "cases", "province", None, Filter("P15.03", parse_period("fy2565")), "count")
    assert year.total.cases is None
    assert set(year.state) == {"left_out"}
    assert [entry.reason_key for entry in year.left_out] == ["reason.year_only"]


def test_population_with_and_without_a_year(session: Session) -> None:
    older = "data/indicators/older_persons_by_province.json"
    assert bring(session, older, "older_persons_by_province").new == 231
    wanted = Filter(None, parse_period("fy2564"))
    table = figures(session, EXACT, "indicator:elderly_share", "province", None, wanted, "value")
    assert 10 < table.get("70").value < 40
    assert table.denominator_as_of is None
    assert figures(session, EXACT, "cases", "province", None, wanted, "rate").get("70").state == "no_data"
    bring(session, older, "older_persons_by_province", "2563")
    seventy = figures(session, EXACT, "cases", "province", None, wanted, "rate").get("70")
    assert seventy.denominator is not None
    assert (seventy.state, seventy.reason) == ("no_data", "reason.not_covered")


def test_health_facilities_are_assets(session: Session) -> None:
    for _ in range(2):
        assert bring(session, "data/assets/health_facilities_region12.csv", "health_facilities").new == 896
    found = list_assets(session)
    assert len(found) == 896
    assert {one.kind for one in found} == {"primary_health_centre", "hospital"}
    assert 0 < len(list_assets(session, "90")) < 896
    assert all(one.area_code.startswith("90") for one in list_assets(session, "90"))


def test_only_known_recipes() -> None:
    with pytest.raises(UnknownRecipe, match="road_deaths"):
        get_recipe("horoscopes")
