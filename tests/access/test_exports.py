"""What leaves as a file: nothing of a person, a reason for whatever is exact, on record, whole or not at all."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.database import transaction
from api.made_files import Turns
from tests.access.world import ASKING, PERSONS, World
from tests.exports.readers import read
from tests.exports.test_formats import FORMS
from tests.scopes import SYSTEM
from tests.small_disk import small_disk

REASON = {"reason": "ส่งต่อให้หน่วยงานที่ดูแล"}
FIGURES = "/api/v1/exports/figures.{}?within=99&level=district&period=fy2569&measure=count"


def entries(world: World) -> list[Any]:
    """Return who, kind, reason and details of every export on record."""
    with transaction(world.app.state.engine, SYSTEM) as session:
        asked = "SELECT actor_id, kind, reason, details FROM audit_entry WHERE action = 'export' ORDER BY number"
        return list(session.execute(text(asked)))


@pytest.mark.parametrize("format", FORMS)
def test_cases_leave_without_their_persons_and_places(world: World, format: str, tmp_path: Path) -> None:
    """Only the white list's columns; a point is that of the area, the same for all its cases."""
    answer = world.clients["case_team"].post(f"/api/v1/exports/cases.{format}", json=REASON)
    assert answer.status_code == 200, answer.text
    path = tmp_path / f"cases.{format}"
    path.write_bytes(answer.content)
    rows = read(path, "cases")
    assert world.case_names([str(row["id"]) for row in rows]) == ["own", "secret"]
    for person in PERSONS.values():
        for sign in (person.name, person.national_id, person.phone, person.address, person.note):
            assert sign is None or not any(sign in str(value) for row in rows for value in row.values())
    assert {str(row["subdistrict_code"]) for row in rows} == {"990101"}


def test_a_point_stands_for_the_area_and_not_for_the_case(world: World) -> None:
    answer = world.clients["case_team"].post("/api/v1/exports/cases.geojson", json=REASON).json()
    places = {tuple(one["geometry"]["coordinates"]) for one in answer["features"]}
    assert len(places) == 1
    exact = world.clients["case_team"].get("/api/v1/points").json()["features"]
    assert not places & {tuple(one["geometry"]["coordinates"]) for one in exact}


@pytest.mark.parametrize("who", ASKING)
def test_every_file_is_on_record(world: World, who: str) -> None:
    """Of strangers too, although there is nobody to name; for whom it was is what was really handed out."""
    before = len(entries(world))
    answer = world.clients[who].get(FIGURES.format("geojson"))
    (entry,) = entries(world)[before:]
    assert entry.kind == "figures"
    assert (entry.actor_id is None) == (who == "anonymous")
    assert entry.details == {
        "layer": "cases", "area": "99", "level": "district", "period": "fy2569", "format": "geojson",
        "audience": answer.json()["audience"], "count": 3,
    }  # fmt: skip


def test_what_is_exact_is_on_record_with_its_reason(world: World) -> None:
    before = len(entries(world))
    for address in (FIGURES.format("csv"), "/api/v1/exports/cases.csv"):
        assert world.clients["head"].post(address, json=REASON).status_code == 200
    figures, cases = entries(world)[before:]
    assert (figures.kind, figures.reason, figures.details["audience"]) == ("figures", REASON["reason"], "internal")
    assert (cases.kind, cases.reason, cases.details["count"]) == ("cases", REASON["reason"], 2)


@pytest.mark.parametrize("reason", ["", "สั้น", "โทร 081-234-5678 ก่อน", "x" * 501, None, 7])
def test_a_reason_that_is_none_opens_nothing(world: World, reason: object) -> None:
    """Nor one that holds somebody's number: it would stand in the audit for good."""
    before = len(entries(world))
    for address in (FIGURES.format("csv"), "/api/v1/exports/cases.csv"):
        answer = world.clients["head"].post(address, json={"reason": reason})
        assert answer.status_code == 400
        assert "081-234-5678" not in answer.text
    assert len(entries(world)) == before


def test_staff_get_the_committees_figures_without_a_reason(world: World) -> None:
    """The very ones: an export is no way around saying why."""
    exported = {who: world.clients[who].get(FIGURES.format("geojson")).json() for who in ("head", "oversight")}
    assert exported["head"]["features"] == exported["oversight"]["features"]
    told = world.clients["oversight"].get(FIGURES.replace("exports/figures.{}", "figures")).json()
    values = [one["properties"]["value"] for one in exported["head"]["features"]]
    assert values == [one["value"] for one in told["rows"]]


def test_who_has_a_file_is_sent_nothing_and_nothing_is_recorded(world: World) -> None:
    first = world.stranger().get(FIGURES.format("gpkg"))
    before = len(entries(world))
    again = world.stranger().get(FIGURES.format("gpkg"), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(entries(world)) == before
    other = world.clients["head"].get(FIGURES.format("gpkg"), headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"
    exact = world.clients["head"].post(FIGURES.format("gpkg"), json=REASON)
    assert exact.headers["cache-control"] == "no-store"
    assert "etag" not in exact.headers


def test_a_table_says_where_its_dictionary_is(world: World) -> None:
    answer = world.stranger().get(FIGURES.format("csv"))
    address = answer.headers["link"].split("<")[1].split(">")[0]
    dictionary = world.stranger().get(address)
    assert dictionary.status_code == 200
    assert dictionary.text.startswith("\ufeffpart,name,kind")


def test_a_full_disk_is_told_and_nothing_is_sent(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real disk of 4 kB: status 507 in Thai and English, and no file, named or not, keeps its room."""
    disk = tmp_path / "disk"
    with small_disk(disk, 4):
        monkeypatch.setattr(world.app.state.settings, "socialmap_home", disk)
        for format in ("gpkg", "geojson", "parquet", "xlsx", "kml"):
            answer = world.stranger().get(f"/api/v1/exports/areas.{format}?level=subdistrict")
            assert (answer.status_code, answer.json()["code"]) == (507, "file_full"), format
            assert answer.json()["detail"] != answer.json()["detail_en"]
            assert str(disk) not in answer.text
            assert list(disk.iterdir()) == []
        assert world.stranger().get("/api/v1/exports/assets.csv").status_code == 200
        assert list(disk.iterdir()) == []


def test_so_many_files_at_once_and_no_more(world: World) -> None:
    """One more than may wait is asked to come again, and told when; then all goes on."""
    turns, before = Turns(at_once=1, waiting=1), world.app.state.exports
    go = threading.Event()

    def hold() -> None:
        with turns.taken():
            go.wait(10)

    holding = [threading.Thread(target=hold) for _ in range(2)]
    try:
        for one in holding:
            one.start()
        wait_for_busy(turns)
        world.app.state.exports = turns
        answer = world.stranger().get("/api/v1/exports/assets.csv")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "export_busy", "5")
        go.set()
        for one in holding:
            one.join()
        assert world.stranger().get("/api/v1/exports/assets.csv").status_code == 200
    finally:
        go.set()
        world.app.state.exports = before


def wait_for_busy(turns: Turns) -> None:
    """Wait until both places are taken."""
    for _ in range(1000):
        if not turns._places.acquire(blocking=False):
            return
        turns._places.release()
        time.sleep(0.01)
    raise AssertionError


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("figures.shp", 400),
        ("figures.", 404),
        ("figures", 404),
        ("nothing.csv", 404),
        ("figures.csv?layer=cases", 400),
        ("figures.csv?audience=internal", 400),
        ("figures.csv?reason=x", 400),
        ("figures.csv?within=77", 404),
        ("figures.csv?within=x", 400),
        ("figures.csv?within=990101", 400),
        ("figures.csv?problem=P99", 400),
        ("figures.csv?period=2569", 400),
        ("figures.csv?measure=value", 400),
        ("figures.csv?measure=weight", 403),
        ("figures.csv?level=country", 400),
        ("areas.csv?level=province&within=9901", 400),
        ("areas.csv?detail=finest", 400),
        ("indicators.csv", 400),
        ("indicators.csv?indicator=nothing", 400),
        ("assets.csv?kind=%00", 400),
        ("cases.csv", 405),
        ("..%2f..%2fetc%2fpasswd.csv", 404),
    ],
)
def test_what_cannot_be_asked(world: World, path: str, status: int) -> None:
    """Refused with a sentence in Thai and English; never a file."""
    answer = world.stranger().get(f"/api/v1/exports/{path}")
    assert answer.status_code == status, answer.text
    told = json.loads(answer.text)
    assert told["detail"] != told["detail_en"]
