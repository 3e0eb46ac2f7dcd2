"""Rows of agencies' files that cannot be used: told by number and reason, never a fault."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.importing import Asking, ImportReport, get_recipe, import_file

PLACE = {"type": "Point", "coordinates": [100.05, 11.05]}


HEADER = "id,kind,lon,lat,level,beds,nurses,health_volunteers,population,population_60_plus,population_0_5"


def bring(session: Session, path: Path, recipe: str, keep_good: bool = False) -> ImportReport:
    """Import a file by a recipe that comes with the product."""
    return import_file(session, path, get_recipe(recipe), asking=Asking(keep_good=keep_good))


def crash(geometry: object = PLACE, **properties: object) -> dict[str, Any]:
    """One feature of the public file of road deaths."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_crashes_without_place_year_or_deaths_are_rejected(demo_session: Session, tmp_path: Path) -> None:
    features = [
        crash(y=2022, d=1),
        crash(None, y=2022, d=1),
        crash(d=1),
        crash(y=2022),
        crash({"type": "Point", "coordinates": []}, y=2022, d=1),
        crash({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, y=2022, d=1),
        {"type": "Feature", "geometry": PLACE, "properties": None},
        crash({"type": "Point", "coordinates": [100.05, 11.05, 7.0]}, y=2022, d=2),
    ]
    path = tmp_path / "crashes.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    report = bring(demo_session, path, "road_deaths", keep_good=True)
    assert [one.row for one in report.refused] == [3, 6, 7]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"x": 1}, "area_code) is missing"),
        ({"PROV_CODE": 990, "total": 1, "population": 1}, "990"),
        ({"PROV_CODE": "x", "total": 1, "population": 1}, "area code “x”"),
        ({"PROV_CODE": 98, "total": 1, "population": 1}, "no area 98"),
        ({"PROV_CODE": 99, "total": 1, "population": -1}, "population"),
        ({"PROV_CODE": 99, "total": 1, "population": 1}, "twice"),
    ],
)
def test_a_bad_row_of_population_is_told(demo_session: Session, tmp_path: Path, row: object, reason: str) -> None:
    path = tmp_path / "population.json"
    good = {"PROV_CODE": 99, "total": 10, "population": 9}
    path.write_text(json.dumps([good, row]))
    before = demo_session.execute(text("SELECT count(*) FROM observation")).scalar_one()
    report = bring(demo_session, path, "population_by_province")
    assert [one.row for one in report.refused] == [2]
    assert reason in report.refused[0].reason.en
    assert demo_session.execute(text("SELECT count(*) FROM observation")).scalar_one() == before
    path.write_text(json.dumps([good]))
    assert bring(demo_session, path, "population_by_province").new == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,hospital,,", "position) is missing"),
        ("2,hospital,100.05", "only one"),
        ("2,hospital,nan,11.05", "cannot be read"),
        ("2,hospital,10.0,11.05", "outside Thailand"),
        ("2,,100.05,11.05", "kind) is missing"),
        ("1,hospital,100.05,11.05", "twice"),
        (f"{'2' * 201},hospital,100.05,11.05", "201 characters"),
    ],
)
def test_a_bad_row_of_facilities_is_told(demo_session: Session, tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "facilities.csv"
    path.write_text(f"{HEADER}\n1,hospital,100.05,11.05\n{row}\n")
    report = bring(demo_session, path, "health_facilities")
    assert ([one.row for one in report.refused], report.written) == ([3], False)
    assert reason in report.refused[0].reason.en
    path.write_text(f"{HEADER}\n1,hospital,100.05,11.05\n")
    assert bring(demo_session, path, "health_facilities").new == 1


REGISTRY = """6812|99|จังหวัด|0000||||1,000|400
6812|99|จังหวัด|9901||||600|200
6812|99|จังหวัด|9902||||300|100
{more}"""


def test_a_district_whose_town_is_counted_apart_is_not_whole(demo_session: Session, tmp_path: Path) -> None:
    path = tmp_path / "registry.txt"
    path.write_text(REGISTRY.format(more=""))
    assert bring(demo_session, path, "registration_population").new == 6
    path.write_text(REGISTRY.format(more="6812|99|ทต.|9999||||100|40\n"))
    report = bring(demo_session, path, "registration_population", keep_good=True)
    assert (report.new, report.reasons) == (2, {"row.registry_split": 2, "row.registry_office": 1})
