"""Rows of agencies' files that cannot be used: told by number and reason, never a fault."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.adapters import BadRow, Loaded, import_as
from layers.importing import ImportReport

PLACE = {"type": "Point", "coordinates": [100.05, 11.05]}


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
        "no feature",
        crash({"type": "Point", "coordinates": [100.05, 11.05, 7.0]}, y=2022, d=2),
    ]
    path = tmp_path / "crashes.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    report = import_as(demo_session, path, "road_deaths", keep_good=True)
    assert isinstance(report, ImportReport)
    assert (report.rows, report.new) == (9, 2)
    assert [one.row for one in report.rejected] == [2, 3, 4, 5, 6, 7, 8]
    reasons = {one.row: one.reason.en for one in report.rejected}
    assert "position" in reasons[2]
    assert "reported_on" in reasons[3]
    assert "weight" in reasons[4]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"x": 1}, "PROV_CODE"),
        ("x", "PROV_CODE"),
        ({"PROV_CODE": 990, "total": 1, "population": 1}, "990"),
        ({"PROV_CODE": "x", "total": 1, "population": 1}, "PROV_CODE"),
        ({"PROV_CODE": 98, "total": None, "population": 1}, "total"),
        ({"PROV_CODE": 98, "total": 1, "population": -1}, "population"),
        ({"PROV_CODE": 98, "total": float("nan"), "population": 1}, "total"),
        ({"PROV_CODE": 99, "total": 1, "population": 1}, "twice"),
    ],
)
def test_a_bad_row_of_population_is_told(demo_session: Session, tmp_path: Path, row: object, reason: str) -> None:
    path = tmp_path / "population.json"
    good = {"PROV_CODE": 99, "total": 10, "population": 9}
    path.write_text(json.dumps([good, row]))
    before = demo_session.execute(text("SELECT count(*) FROM observation")).scalar_one()
    with pytest.raises(BadRow, match=f"Row 2: .*{reason}"):
        import_as(demo_session, path, "population")
    assert demo_session.execute(text("SELECT count(*) FROM observation")).scalar_one() == before
    path.write_text(json.dumps([good]))
    assert import_as(demo_session, path, "population") == Loaded("observation", 2)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,hospital,,", "position"),
        ("2,hospital,100.05", "position"),
        ("2,hospital,nan,11.05", "outside Thailand"),
        ("2,hospital,10.0,11.05", "outside Thailand"),
        (",hospital,100.05,11.05", "id is missing"),
        ("2,,100.05,11.05", "kind is missing"),
        ("1,hospital,100.05,11.05", "twice"),
        (f"{'2' * 201},hospital,100.05,11.05", "201 characters"),
    ],
)
def test_a_bad_row_of_facilities_is_told(demo_session: Session, tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "facilities.csv"
    path.write_text(f"id,kind,lon,lat\n1,hospital,100.05,11.05\n{row}\n")
    with pytest.raises(BadRow, match=f"Row 3: .*{reason}"):
        import_as(demo_session, path, "health_facilities")
    path.write_text("id,kind,lon,lat\n1,hospital,100.05,11.05\n")
    assert import_as(demo_session, path, "health_facilities") == Loaded("asset", 1)
