"""Every format of every layer, opened by a program that is not ours: as many rows, and the cells the API gave."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from layers.exporting.formats import FORMATS, Format
from tests.exports.readers import Row, read, same

FORMS = tuple(one for one in get_args(Format) if one != "dictionary.csv")
PLACED = {"geojson", "gpkg", "kml", "kmz", "parquet"}
OWN = ("code", "name_th", "name_en", "value", "state", "cases", "denominator", "low", "high")
HIDING = {"level": "district", "within": "99", "problem": "P04", "period": "fy2569", "measure": "count"}
ASKED: dict[str, dict[str, str]] = {
    "rates": {"level": "district", "within": "99", "problem": "P08", "period": "fy2569"},
    "hidden": HIDING,
    "subdistricts": {"level": "subdistrict", "within": "99", "period": "fy2569", "measure": "count"},
    "provinces": {"level": "province", "period": "fy2568", "measure": "count", "problem": "P02"},
    "groups": {"level": "province", "period": "fy2569", "measure": "rate", "target_group": "T05"},
    "no release": {"level": "district", "within": "99", "period": "fy2560", "measure": "rate"},
}


@pytest.fixture(scope="module")
def public(settings: Settings) -> Any:
    """The same database, asked by anybody."""
    made: FastAPI = create_app(settings.model_copy(update={"socialmap_anonymous": "public"}))
    yield TestClient(made, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False)
    made.state.engine.dispose()


def export(client: TestClient, layer: str, format: str, folder: Path, **params: str) -> list[Row]:
    """Ask for a file, check what is told of it, and read it."""
    answer = client.get(f"/api/v1/exports/{layer}.{format}", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == FORMATS[format].media_type  # type: ignore[index]
    assert int(answer.headers["content-length"]) == len(answer.content)
    name = answer.headers["content-disposition"].split('"')[1]
    assert name.startswith(f"{layer}-")
    assert name.endswith(f".{format}")
    assert name.isascii()
    path = folder / name
    path.write_bytes(answer.content)
    return read(path, layer)


def agree(found: list[Row], wanted: list[dict[str, Any]], names: tuple[str, ...]) -> None:
    """Compare cell by cell."""
    assert len(found) == len(wanted)
    for row, meant in zip(found, wanted, strict=True):
        for name in names:
            assert same(row[name], meant[name]), (name, row[name], meant[name])


@pytest.mark.parametrize("format", FORMS)
@pytest.mark.parametrize("asked", ASKED)
def test_figures_are_those_of_the_api_cell_by_cell(
    client: TestClient, public: TestClient, asked: str, format: str, tmp_path: Path
) -> None:
    """For the committee and for anybody; what is hidden is hidden with its reason, neither empty nor zero."""
    for who in (client, public):
        told = who.get("/api/v1/figures", params=ASKED[asked]).json()
        rows = [
            one | {"reason_th": (one["reason"] or {}).get("th"), "reason_en": (one["reason"] or {}).get("en")}
            for one in told["rows"]
        ]
        found = export(who, "figures", format, tmp_path, **ASKED[asked])
        agree(found, rows, (*OWN, "reason_th", "reason_en"))
        for row in found:
            assert (row["audience"], row["measure"], row["period"]) == (
                told["audience"], told["measure"], told["period"]["code"],
            )  # fmt: skip
            assert same(row["invented"], told["invented"])
            if row["state"] == "hidden":
                assert row["reason"]
                assert all(row[name] in (None, "") for name in ("value", "cases", "numerator", "low", "high"))
            if format in PLACED:
                assert row["shape"] == "MultiPolygon"


def test_hidden_cells_stand_in_what_was_compared(client: TestClient, public: TestClient) -> None:
    """Else the comparison above would say nothing about them; anybody sees less than a committee."""
    shown = {}
    for name, who in (("committee", client), ("public", public)):
        states = [
            row["state"]
            for problem in ("P01", "P02", "P03", "P04", "P08")
            for row in who.get("/api/v1/figures", params={**HIDING, "problem": problem}).json()["rows"]
        ]
        assert "hidden" in states
        shown[name] = states.count("hidden")
    assert shown["public"] >= shown["committee"]


@pytest.mark.parametrize("format", FORMS)
def test_areas(client: TestClient, format: str, tmp_path: Path) -> None:
    """All that the API lists, with a shape each; the area's own level may be asked for too."""
    for level, params in (("district", {"within": "99"}), ("province", {"within": "99"}), ("subdistrict", {})):
        found = export(client, "areas", format, tmp_path, level=level, **params)
        listed = client.get("/api/v1/areas", params={"level": level, **params}).json()["areas"]
        agree(found, [one | {"level": level} for one in listed], ("code", "name_th", "name_en", "level"))
        if format in PLACED:
            assert {row["shape"] for row in found} == {"MultiPolygon"}


@pytest.mark.parametrize("format", FORMS)
def test_assets(client: TestClient, format: str, tmp_path: Path) -> None:
    """The points that OGC clients get, and none of what else their source told."""
    listed = client.get("/ogc/collections/assets/items", params={"limit": 100}).json()["features"]
    wanted = sorted((one["properties"] | {"id": one["id"]} for one in listed), key=lambda one: one["id"])
    found = sorted(export(client, "assets", format, tmp_path), key=lambda row: str(row["id"]))
    agree(found, wanted, ("id", "name_th", "province_code", "area_code", "area_match"))
    assert not any("02-000-0000" in str(value) for row in found for value in row.values())
    if format in PLACED:
        assert {row["shape"] for row in found} == {"Point"}
    within = export(client, "assets", format, tmp_path, within="9902")
    assert [row["area_code"][:4] for row in within] == ["9902"] * len(within)
    assert within


@pytest.mark.parametrize("format", FORMS)
def test_indicators(client: TestClient, format: str, tmp_path: Path) -> None:
    asked = {"level": "district", "within": "99", "period": "fy2569"}
    told = client.get("/api/v1/figures", params={**asked, "layer": "indicator:population"}).json()
    found = export(client, "indicators", format, tmp_path, **asked, indicator="population")
    agree(found, told["rows"], OWN)
    assert {row["layer"] for row in found} == {"indicator:population"}


@pytest.mark.parametrize("format", FORMS)
def test_an_area_without_any_row_is_a_file_without_rows(client: TestClient, format: str, tmp_path: Path) -> None:
    assert export(client, "assets", format, tmp_path, kind="ไม่มีประเภทนี้") == []


def test_outer_rings_run_against_the_clock(client: TestClient) -> None:
    """As RFC 7946 asks, and holes with it; coordinates have six decimals at most."""
    told = client.get("/api/v1/exports/areas.geojson", params={"level": "district"})
    for feature in told.json()["features"]:
        for part in shapely.geometry.shape(feature["geometry"]).geoms:
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)
    assert not re.search(r"[0-9]\.[0-9]{7}", told.text.split('"features"')[1].split('"properties"')[0])
