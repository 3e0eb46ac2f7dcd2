"""The commands, as a user types them: exit codes 0, 1 and 2, both languages, JSON for programs."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from api.cli.boundaries import app
from boundaries import editions
from boundaries.models import Edition
from tests import demo
from tests.scopes import SYSTEM
from tests.shared import shared

Run = Callable[..., Result]


def runner(url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs `socialmap boundaries …` on a database."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SOCIALMAP_HOME", str(home))
    monkeypatch.delenv("BOUNDARIES", raising=False)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def run(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands that commit, on an empty database of the test's own."""
    return runner(own_database, tmp_path / "home", monkeypatch)


@pytest.fixture
def run_in_vain(migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands that must not change anything, on the empty database of all tests."""
    return runner(migrated, tmp_path / "home", monkeypatch)


def words_of(stream: str) -> str:
    """Return a message on one line, however the terminal wrapped it."""
    return " ".join(stream.split())


def test_from_an_empty_database_to_tagged_points(run: Run, own_engine: Engine, tmp_path: Path) -> None:
    nothing = run("at", "--lat", 11.0, "--lon", 100.68)
    assert nothing.exit_code == 2
    assert "ยังไม่มีเขตการปกครอง" in words_of(nothing.stderr)
    assert "No boundaries are active yet" in words_of(nothing.stderr)

    loaded = run("load", "--file", demo.FILE, "--licence", "CC0-1.0", "--date", "2026-01-01", "--citation", "สมมติ")
    assert loaded.exit_code == 0, loaded.output
    assert "จังหวัด 1, อำเภอ/เขต 3, ตำบล/แขวง 7" in loaded.stdout
    assert "(CC0-1.0)" in loaded.stdout
    again = run("load", "--file", demo.FILE)
    assert (again.exit_code, "already" in again.stdout) == (0, True)
    with Session(own_engine.execution_options(scope=SYSTEM)) as session:
        assert session.query(Edition).count() == 1
    restated = run("load", "--file", demo.FILE, "--licence", "CC BY 4.0", "--name", "สมมติบุรี")
    assert (restated.exit_code, "สมมติ (CC BY 4.0)" in restated.stdout) == (0, True), restated.output
    with Session(own_engine.execution_options(scope=SYSTEM)) as session:
        kept = session.query(Edition).one()
        assert (kept.name, kept.licence, kept.citation_th) == ("สมมติบุรี", "CC BY 4.0", "สมมติ")

    found = run("at", "--lat", 11.0, "--lon", 100.68, "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == {
        "subdistrict_code": "990101",
        "district_code": "9901",
        "province_code": "99",
        "area_match": "inside",
        "distance_m": 0.0,
        "subdistrict_th": "ตำบลในเมืองสมมติ",
        "district_th": "อำเภอเมืองสมมติบุรี",
        "province_th": "จังหวัดสมมติบุรี",
        "edition": 1,
    }
    assert "990101  ตำบลในเมืองสมมติ" in run("at", "--lat", 11.0, "--lon", 100.68).stdout
    assert "nearest" in run("at", "--lat", 11.32, "--lon", 101.235).stdout
    assert "2 กม." in run("at", "--lat", 10.0, "--lon", 100.6).stdout

    source = tmp_path / "points.csv"
    source.write_text("name,lat,lon\nก,11.0,100.68\n")
    tagged = run("tag", source, "--out", tmp_path / "tagged.csv")
    assert (tagged.exit_code, tagged.stdout.splitlines()[1]) == (
        0,
        "1 rows: 1 inside, 0 nearest within 2 km, 0 outside, 0 unusable",
    )
    with (tmp_path / "tagged.csv").open(encoding="utf-8") as stream:
        assert next(csv.DictReader(stream))["district_code"] == "9901"

    source.write_text("name,lat,lon,own\nก,11.0,100.68,9902\nข,100.68,11.0,9901\n")
    partly = run("tag", source, "--out", tmp_path / "tagged.csv", "--check-district", "own")
    assert partly.exit_code == 1
    assert "line 3: latitude and longitude swapped" in partly.stdout
    assert "line 2: file 9902, point 9901 (inside)" in partly.stdout
    as_json = json.loads(run("tag", source, "--out", tmp_path / "tagged.csv", "--json").stdout)
    assert as_json["matches"] == {"inside": 1, "unusable": 1}

    listed = json.loads(run("list", "--json").stdout)
    assert [(edition["id"], edition["state"], edition["reference_date"]) for edition in listed] == [
        (1, "active", "2026-01-01")
    ]
    assert "active" in run("list").stdout


def test_draft_check_activate(run: Run, own_engine: Engine, tmp_path: Path) -> None:
    drafted = run("load", "--file", demo.FILE, "--draft", "--json")
    assert drafted.exit_code == 0, drafted.output
    made = json.loads(drafted.stdout)["edition"]["id"]
    checked = run("check", made)
    assert (checked.exit_code, "passed its checks" in checked.stdout) == (0, True)
    activated = run("activate", made)
    assert activated.exit_code == 0, activated.output
    with Session(own_engine.execution_options(scope=SYSTEM)) as session:
        assert editions.get_active(session).id == made
    other = tmp_path / "other.geojson"
    other.write_text(demo.FILE.read_text("utf-8").replace("ท่าตัวอย่าง", "ท่าอื่น"), "utf-8")
    second = run("load", "--file", other)
    assert (second.exit_code, "0 of 0 cases moved" in second.stdout) == (0, True)
    back = json.loads(run("activate", made, "--json").stdout)
    assert (back["id"], back["previous_id"], back["retagged"]["moved"]) == (made, made + 1, 0)
    for command in ("check", "activate"):
        missing = run(command, 999)
        assert (missing.exit_code, "There is no edition 999" in words_of(missing.stderr)) == (2, True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.gpkg", None, "cannot be read"),
        ("text.gpkg", "no map", "cannot be read"),
        ("empty.geojson", "", "cannot be read"),
        ("points.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"10"},'
         '"geometry":{"type":"Point","coordinates":[100,13]}}]}', "no layer of polygons"),
        ("nocode.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"x":1},'
         '"geometry":{"type":"Polygon","coordinates":[[[100,13],[101,13],[101,14],[100,13]]]}}]}', "no column"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_loaded(
    run_in_vain: Run, engine: Engine, tmp_path: Path, name: str, content: str | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    failed = run_in_vain("load", "--file", tmp_path / name)
    assert failed.exit_code == 2
    assert words in words_of(failed.stderr)
    assert "ไฟล์" in failed.stderr
    as_json = json.loads(run_in_vain("load", "--file", tmp_path / name, "--json").stdout)
    assert set(as_json) == {"error", "th", "en"}
    with Session(engine.execution_options(scope=SYSTEM)) as session:
        assert session.query(Edition).count() == 0


def test_mistaken_words(run_in_vain: Run) -> None:
    run = run_in_vain
    assert run("load", "--file", demo.FILE, "--columns", "colour=red").exit_code == 2
    assert run("load", "--file", demo.FILE, "--date", "1 ม.ค.").exit_code == 2
    swapped = run("at", "--lat", 99.81, "--lon", 13.53)
    assert (swapped.exit_code, "seem swapped" in words_of(swapped.stderr)) == (2, True)
    nowhere = run("at", "--lat", 95, "--lon", 200, "--json")
    assert (nowhere.exit_code, json.loads(nowhere.stdout)["error"]) == (2, "points.bad")


def test_a_full_disk_is_told_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    assert run("load", "--file", demo.FILE).exit_code == 0
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        source = tmp_path / "points.csv"
        source.write_text("lat,lon\n" + "11.0,100.68\n" * 20_000)
        full = run("tag", source, "--out", place / "tagged.csv")
        assert (full.exit_code, "No space left" in words_of(full.stderr)) == (2, True)
        assert list(place.iterdir()) == []
    finally:
        subprocess.run(["umount", place], check=True)


def test_sources_are_listed(run_in_vain: Run) -> None:
    run = run_in_vain
    listed = json.loads(run("sources", "--json").stdout)
    assert [source["key"] for source in listed] == ["file", "default", "release", "outlines"]
    assert all(source["licence"] and source["citation"]["th"] for source in listed)
    shown = run("sources").stdout
    assert "be6fec3119b69486fbf40d43d6b50c19a50af73d85eb7d73a54ede803c986d7f" in shown
    assert "ไม่บอกที่มาของเส้นเขต" in shown


@pytest.mark.parametrize("command", ["at", "tag", "load", "list", "check", "activate", "sources"])
def test_help(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"])
    assert shown.exit_code == 0
    assert "--json" in shown.stdout


@pytest.mark.shared
def test_real_communities_by_the_command(
    thailand_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", thailand_engine.url.render_as_string(hide_password=False))
    source = shutil.copy(shared("data/cases/low_income_communities.csv"), tmp_path / "communities.csv")
    words = ["tag", str(source), "--out", str(tmp_path / "tagged.csv")]
    words += ["--check-district", "PROV_CODE_1+AMP_CODE_1", "--check-province", "PROV_CODE_1"]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    assert "1588 rows: 1588 inside" in told.stdout
    assert "district differs from the file's own code in 12 of 1588 rows" in told.stdout
    assert "province differs from the file's own code in 2 of 1588 rows" in told.stdout
    assert told.stdout.count("point 10") >= 2
