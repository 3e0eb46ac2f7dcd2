"""What is on record of commands, loads, imports, releases and exports."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.audit_anchor import tell_waiting
from api.cli import app as command
from api.database import make_engine, transaction
from api.settings import PROJECT
from tests.access.world import ASKING, World
from tests.databases import empty_database, fresh_database
from tests.demo import FILE
from tests.scopes import SYSTEM

VERSIONS = PROJECT / "api" / "migrations" / "versions"
Entry = tuple[str, str, str | None, dict[str, object]]


@pytest.fixture
def place(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A migrated, empty database that commands work on, with secrets of its own."""
    monkeypatch.setenv("SOCIALMAP_SECRETS", str(tmp_path / "secrets.json"))
    monkeypatch.setenv("SOCIALMAP_HOME", str(tmp_path))
    with fresh_database(server) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        engine = make_engine(url)
        yield engine
        engine.dispose()
        tell_waiting()


def entries(engine: Engine) -> list[Entry]:
    with transaction(engine, SYSTEM) as session:
        found = session.execute(text("SELECT action, kind, object_id, details FROM audit_entry ORDER BY number"))
        return [tuple(row) for row in found]


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(command, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_loads_imports_releases_and_all_commands_are_on_record(place: Engine, tmp_path: Path) -> None:
    run("boundaries", "load", "--file", str(FILE), "--json")
    cases = tmp_path / "cases.csv"
    with cases.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["external_id", "problem_code", "reported_on", "area_code"])
        rows.writerows([[f"c-{number}", "P02.01", "2026-01-03", "990101"] for number in range(3)])
    run("import", str(cases), "--source", "office.99")
    run("import", str(cases), "--source", "สำนักงานของ นายสมมติ")
    run("import", str(cases), "--source", "office.99", "--dry-run")
    run("release", "make", "--json")
    run("release", "make", "--json", code=1)
    run("users", "list")
    run("db", "check")
    told = [(action, details) for action, _, _, details in entries(place)]
    ran = [details["command"] for action, details in told if action == "system_command"]
    assert ran == [
        "boundaries.load",
        *["import"] * 3,
        *["release.make"] * 2,
        "users.list",
        "db.check",
    ]
    assert [details for action, details in told if action == "boundary_change"] == [{"change": "active", "areas": 11}]
    brought = [details for action, details in told if action == "import"]
    assert [one["new"] for one in brought] == [3, 3]
    assert brought[0]["source"] == "file.office-99"
    assert re.fullmatch(r"file\.[0-9a-f]{12}", brought[1]["source"]), "a source's name may be somebody's"
    (released,) = [details for action, details in told if action == "release"]
    assert released["state"] == "released"


def test_a_command_that_fails_did_nothing_and_one_in_an_unknown_shape_is_not_told(
    place: Engine, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "status")
    run("boundaries", "check", "77", code=2)
    assert entries(place) == []
    with empty_database(server) as (_, url):
        monkeypatch.setenv("DATABASE_URL", url)
        assert max(path.stem[:4] for path in VERSIONS.glob("[0-9]*.py")) in run("db", "status", code=1)


def test_a_look_at_the_audit_is_in_the_audit_and_leaves_it_whole(place: Engine) -> None:
    run("audit", "list")
    run("audit", "verify")
    told = [(action, details) for action, _, _, details in entries(place)]
    assert told == [
        ("list", {"count": 0}),
        ("system_command", {"command": "audit.list"}),
    ]


@pytest.mark.parametrize("who", ASKING)
def test_figures_that_are_taken_away_are_on_record(world: World, who: str) -> None:
    asked = {"within": "98", "level": "district", "period": "fy2569", "measure": "count", "f": "csv"}
    engine = world.app.state.engine
    before = len(entries(engine))
    answer = world.clients[who].get("/api/v1/figures", params=asked)
    assert answer.headers["content-type"].startswith("text/csv")
    told = entries(engine)[before:]
    if who == "anonymous":
        assert told == []
        return
    (entry,) = told
    assert entry[:2] == ("export", "figures")
    told_of = {name: entry[3][name] for name in ("layer", "level", "area", "period", "format", "count")}
    wanted = {"layer": "cases", "level": "district", "area": "98", "period": "fy2569", "format": "csv", "count": 3}
    assert told_of == wanted
    shown = world.clients[who].get("/api/v1/figures", params={**asked, "f": "json"}).json()
    assert entry[3]["audience"] == shown["audience"]
