"""Every real file at hand, brought in as it is proposed: what it becomes, and where its rows fall."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from layers.importing import Asking, ImportReport, Recipe, import_table, open_file
from layers.importing.said import Said
from layers.template import MissingColumns
from tests.scopes import SYSTEM
from tests.shared import shared

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Expected:
    """What a file becomes: target, records taken, rows refused and waiting, accepted rows by match."""

    target: str
    new: int
    refused: int = 0
    waiting: int = 0
    matches: dict[str, int] = field(default_factory=dict)
    said: Said | None = None


HOSPITALS = Expected("assets", 121, matches={"inside": 104, "conflict": 17})
REGIONS = Said("assets", columns=["title=HC_AREA_NA", "kind=HC_SHORT_N"])
FILES = {
    "assets/health_facilities_region12.csv": Expected(
        "assets", 896, matches={"inside": 893, "nearest": 2, "outside": 1}
    ),
    "cases/low_income_communities.csv": Expected("cases", 1588, matches={"inside": 1488, "conflict": 100}),
    "cases/road_deaths_2021_2025.json": Expected("cases", 11931, matches={"inside": 11931}),
    "indicators/older_persons_by_province.json": Expected("figures", 231, matches={"stated": 77}),
    "indicators/population_by_province.json": Expected("figures", 231, matches={"stated": 77}),
    "messy/bangkok_hospitals.csv": HOSPITALS,
    "messy/bangkok_hospitals.kml": HOSPITALS,
    "messy/bangkok_hospitals.xlsx": HOSPITALS,
    "messy/bangkok_hospitals_shp.zip": HOSPITALS,
    "messy/health_regions_cp874.zip": Expected("assets", 68, matches={"inside": 68}, said=REGIONS),
    "messy/villages_utm47n_as_geojson.geojson": Expected("assets", 1043, matches={"inside": 1043}),
    # One row names prisons, one names nothing: neither becomes a province.
    "messy/province_name_variants.csv": Expected("figures", 77, 1, 1, {"stated": 77}, Said(period="2562")),
}


@pytest.fixture
def session(thailand_engine: Engine) -> Iterator[Session]:
    """Session on the real boundaries, rolled back after the test."""
    with thailand_engine.execution_options(scope=SYSTEM).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            yield made
        outer.rollback()


def bring(session: Session, file: str, said: Said | None = None, **asked: bool) -> tuple[Recipe, ImportReport]:
    """Import a file as it is proposed, with what a person says over it."""
    table, proposal = open_file(shared(f"data/{file}"))
    recipe = said.over(proposal.recipe) if said else proposal.recipe
    return recipe, import_table(session, table, recipe, None, Asking(**asked))  # type: ignore[arg-type]


@pytest.mark.parametrize("file", FILES)
def test_a_real_file_becomes_what_it_is(session: Session, file: str) -> None:
    expected = FILES[file]
    recipe, report = bring(session, file, expected.said, keep_good=True)
    found = Expected(
        recipe.target, report.new, report.refused_rows, report.waiting_rows, dict(report.matches), expected.said
    )
    assert found == expected
    assert report.written
    assert report.new + report.refused_rows + report.waiting_rows >= report.rows


def test_a_table_of_areas_alone_says_what_is_missing(session: Session) -> None:
    with pytest.raises(MissingColumns, match=r"problem.*reported_on"):
        bring(session, "messy/districts_utf8_no_ldid.dbf")


def test_four_formats_give_the_same_places(session: Session) -> None:
    places = []
    for ending in (".csv", ".kml", ".xlsx", "_shp.zip"):
        bring(session, f"messy/bangkok_hospitals{ending}")
        rows = session.execute(
            text(
                "SELECT name_th, round(ST_X(point)::numeric, 6), round(ST_Y(point)::numeric, 6), area_code, kind"
                " FROM asset ORDER BY 1, 2, 3"
            )
        )
        places.append([tuple(row) for row in rows])
        session.execute(text("DELETE FROM asset"))
    assert len(places[0]) == 121
    assert all(one == places[0] for one in places)


def test_thai_names_come_right_out_of_an_old_encoding(session: Session) -> None:
    bring(session, "messy/health_regions_cp874.zip", REGIONS)
    names = session.execute(text("SELECT name_th FROM asset ORDER BY name_th")).scalars().all()
    assert all(any("\u0e01" <= letter <= "\u0e5b" for letter in name) for name in names)
    assert not any("\ufffd" in name for name in names)


def test_no_phone_of_a_hospital_is_kept(session: Session) -> None:
    recipe, _ = bring(session, "messy/bangkok_hospitals.csv")
    assert recipe.dropped == ("tel",)
    assert not session.execute(text("SELECT count(*) FROM asset WHERE properties::text ~ '2534-7000'")).scalar_one()
