"""`socialmap export`: the committee's figures unless a reason is given, on record, and a whole file or none."""

import csv
import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql
from typer.testing import CliRunner

from api.cli import app
from api.database import make_engine, reading, transaction
from api.settings import PROJECT
from layers.aggregation import figures
from layers.exporting import content as contents
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from tests.exports.readers import read, same
from tests.scopes import SYSTEM

ASKED = ["figures", "--area", "99", "--level", "district", "--problem", "P08", "--period", "2569"]


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, served_database: str) -> CliRunner:
    """Runs commands in this process, on the database of the application's tests."""
    monkeypatch.setenv("DATABASE_URL", served_database)
    return CliRunner()


def recorded(database: str) -> list[Any]:
    """Return role, kind, reason and details of every export on record, the newest first."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        rows = session.execute(
            sql("SELECT role, kind, reason, details FROM audit_entry WHERE action = 'export' ORDER BY number DESC")
        ).all()
    engine.dispose()
    return list(rows)


def table_of(database: str, scope: Scope) -> dict[str, Any]:
    """Return the values that a scope is shown, by area."""
    engine = make_engine(database, pool_size=1)
    chosen = Filter("P08", parse_period("fy2569"))
    with reading(engine, scope) as session:
        table = figures(session, scope, "cases", "district", "99", chosen, "rate")
        found = {one.area_code: one.value for one in table.rows()}
    engine.dispose()
    return found


def test_the_committee_is_who_a_file_is_for(runner: CliRunner, served_database: str, tmp_path: Path) -> None:
    """A bare year is the fiscal year that offices mean by it; the ending says the format."""
    path = tmp_path / "below" / "figures.gpkg"
    done = runner.invoke(app, ["export", *ASKED, "--out", str(path), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told == {"path": str(path), "bytes": path.stat().st_size, "rows": 3, "audience": "committee"}
    wanted = table_of(served_database, Scope.committee())
    rows = read(path, "figures")
    assert {row["code"] for row in rows} == set(wanted)
    assert all(same(row["value"], wanted[row["code"]]) for row in rows)
    assert {row["period"] for row in rows} == {"fy2569"}
    assert [each.name for each in path.parent.iterdir()] == ["figures.gpkg"]
    _, kind, reason, details = recorded(served_database)[0]
    assert (kind, reason) == ("figures", "export")
    assert details == {
        "layer": "cases", "area": "99", "level": "district", "problem": "P08", "period": "fy2569", "format": "gpkg",
        "audience": "committee", "count": 3,
    }  # fmt: skip


def test_exact_figures_need_a_reason(runner: CliRunner, served_database: str, tmp_path: Path) -> None:
    path, before = tmp_path / "exact.csv", len(recorded(served_database))
    for reason in ([], ["--reason", "  "], ["--reason", "โทร 081-234-5678"]):
        assert runner.invoke(app, ["export", *ASKED, "--internal", *reason, "--out", str(path)]).exit_code == 2
    assert list(tmp_path.iterdir()) == []
    assert len(recorded(served_database)) == before
    asked = ["export", *ASKED, "--internal", "--reason", "ประชุมทีมในหน่วยงาน", "--out", str(path)]
    done = runner.invoke(app, asked)
    assert done.exit_code == 0, done.output
    exact = table_of(served_database, Scope.system("test"))
    assert exact != table_of(served_database, Scope.committee())
    for row in read(path, ""):
        assert same(row["value"], exact[row["code"]])
        assert row["audience"] == "internal"
    dictionary = (tmp_path / "exact.dictionary.csv").read_text("utf-8-sig")
    assert "ใช้ภายในราชการเท่านั้น" in dictionary
    assert {one["part"] for one in csv.DictReader(io.StringIO(dictionary))} == {"about", "column", "legend"}
    _, _, reason, details = recorded(served_database)[0]
    assert (reason, details["audience"]) == ("ประชุมทีมในหน่วยงาน", "internal")


def test_cases_need_one_too_and_secret_ones_never_come(runner: CliRunner, served_database: str, tmp_path: Path) -> None:
    """Whoever uses the command line is in no team; only the columns of the white list leave."""
    path = tmp_path / "cases.geojson"
    asked = ["export", "cases", "--area", "9901", "--out", str(path)]
    assert runner.invoke(app, asked).exit_code == 2
    assert not path.exists()
    done = runner.invoke(app, [*asked, "--internal", "--reason", "ส่งต่อให้หน่วยงานที่ดูแล", "--json"])
    assert done.exit_code == 0, done.output
    rows = read(path, "cases")
    engine = make_engine(served_database, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        asked_rows = (
            "SELECT count(*) FILTER (WHERE sensitivity <> 'L3'), count(*) FROM \"case\" WHERE district_code = '9901'"
        )
        open_, every = session.execute(sql(asked_rows)).one()
    engine.dispose()
    assert len(rows) == open_ < every
    assert {row["sensitivity"] for row in rows} <= {"L0", "L1", "L2"}
    assert not {"weight", "external_id", "source_id", "lat", "lon", "accuracy_m"} & set(rows[0])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["nothing"], "nothing"),
        (["figures", "--out", "x.txt"], "geojson"),
        (["figures", "--format", "shp"], "gpkg"),
        (["figures", "--area", "77", "--format", "csv"], "77"),
        (["figures", "--area", "หนองบัว", "--format", "csv"], "หนองบัว"),
        (["figures", "--level", "province", "--area", "99", "--format", "csv"], "district"),
        (["figures", "--problem", "P99", "--format", "csv"], "P99"),
        (["figures", "--period", "1", "--format", "csv"], "fy2569"),
        (["figures", "--period", "2026-01", "--area", "99", "--format", "csv"], "fy2569"),
        (["figures", "--measure", "weight", "--format", "csv"], "fy2569"),
        (["areas", "--problem", "P01", "--format", "csv"], "--problem"),
        (["indicators", "--format", "csv"], "population"),
    ],
)
def test_what_cannot_be_exported_is_told(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: list[str], said: str
) -> None:
    """In Thai and English, with exit code 2 and no file."""
    monkeypatch.setenv("SOCIALMAP_OUTPUT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    told = runner.invoke(app, ["export", *asked])
    assert told.exit_code == 2, told.output
    assert said in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_file_takes_are_refused(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing is cut off silently."""
    monkeypatch.setattr(contents, "MOST_ROWS", 2)
    for layer in (ASKED, ["assets"], ["areas", "--level", "subdistrict"]):
        told = runner.invoke(app, ["export", *layer, "--out", str(tmp_path / "x.csv")])
        assert told.exit_code == 2
        assert "2" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_tells_of_a_full_disk(served_database: str, tmp_path: Path) -> None:
    """With exit code 2, in Thai and English, and without a trace of the program."""
    done = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", "export", *ASKED, "--out", str(tmp_path / "x.gpkg")],
        cwd=PROJECT, env={**os.environ, "DATABASE_URL": served_database}, capture_output=True, text=True, timeout=60,
        check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "พื้นที่เก็บข้อมูลเต็ม" in done.stderr
    assert "disk is full" in done.stderr
    assert list(tmp_path.iterdir()) == []
