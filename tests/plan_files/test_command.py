"""`socialmap mindmap`: plans out, in again for the same or another area, checked, refused; all on record."""

import json
import resource
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.database import make_engine, transaction
from mapping.plan_examples import load_example
from mapping.plan_files.values import LARGEST
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.scopes import SYSTEM


@pytest.fixture(scope="module")
def database(server: str) -> Iterator[str]:
    """Application URL of a database of this file's own, with province 99 and two approved plans."""
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            load_example(session, SYSTEM, "a", "990101", date(2026, 1, 15))
            load_example(session, SYSTEM, "b", "9901", date(2026, 1, 15))
        engine.dispose()
        yield url


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, database: str, tmp_path: Path) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def told(runner: CliRunner, code: int, *asked: str) -> dict[str, Any]:
    done = runner.invoke(app, ["mindmap", *asked, "--json"])
    assert done.exit_code == code, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


YEAR = ("--fiscal-year", "2569")


@pytest.mark.parametrize("format", ["json", "mm", "opml", "md", "xmind"])
def test_a_plan_goes_out_and_comes_in_again(runner: CliRunner, tmp_path: Path, format: str) -> None:
    """Into the same area and year: the new draft goes out with the same words as the plan that it came from."""
    first, second = tmp_path / f"x.{format}", tmp_path / "y.json"
    out = told(runner, 0, "export", "990101", "--problem", "P08.01", *YEAR, "--out", str(first))
    assert (out["bytes"], out["lacks"] == []) == (first.stat().st_size, format == "json")
    checked = told(runner, 0, "import", str(first), "--dry-run")
    assert (checked["state"], checked["area"], checked["fiscal_year"]) == ("checked", "990101", 2569)
    assert "plan" not in checked
    problem = f"P02.0{1 + ['json', 'mm', 'opml', 'md', 'xmind'].index(format)}"
    brought = told(runner, 1, "import", str(first), "--problem", problem)
    assert (brought["state"], brought["parts"]) == ("brought", out["parts"])
    assert [each["en"] for each in brought["notes"]] == ["The file is a plan of problem P08.01."]
    told(runner, 0, "export", "990101", "--problem", problem, *YEAR, "--out", str(second))
    told(runner, 0, "export", "990101", "--problem", "P08.01", *YEAR, "--out", str(tmp_path / "z.json"))
    back, plan = (json.loads(path.read_text("utf-8")) for path in (second, tmp_path / "z.json"))
    assert [(part["kind"], part["fields"]) for part in back["parts"]] == [
        (part["kind"], part["fields"]) for part in plan["parts"]
    ]
    assert len(back["links"]) == len(plan["links"])
    if format == "json":
        assert (back["parts"], back["links"]) == (plan["parts"], plan["links"])  # ids and origins too
    assert back["plan"]["origin"] == f"file:{format}"


def test_another_area_and_year_leaves_out_what_is_of_one_alone(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "x.mm"
    told(runner, 0, "export", "990101", "--problem", "P08.01", *YEAR, "--out", str(path))
    brought = told(runner, 1, "import", str(path), "--area", "9902", "--fiscal-year", "2570")
    assert "of another area or year" in brought["notes"][0]["en"]
    told(runner, 0, "export", "9902", "--fiscal-year", "2570", "--out", str(tmp_path / "y.json"))
    parts = json.loads((tmp_path / "y.json").read_text("utf-8"))["parts"]
    activity = next(part for part in parts if part["kind"] == "activity")
    assert {"lead", "budget"} <= set(activity["fields"])
    assert not {"starts_on", "ends_on", "status", "fiscal_year"} & set(activity["fields"])
    again = runner.invoke(
        app, ["mindmap", "import", str(path), "--area", "9902", "--fiscal-year", "2570", "--dry-run", "--json"]
    )
    assert (again.exit_code, json.loads(again.stdout)["error"]) == (2, "plan.exists")


def test_nothing_is_written_by_a_check_and_all_else_is_on_record(runner: CliRunner, database: str) -> None:
    engine = make_engine(database, pool_size=1)

    def held() -> list[Any]:
        with transaction(engine, SYSTEM) as session:
            asked = "SELECT count(*), (SELECT count(*) FROM plan_part), (SELECT count(*) FROM plan_change) FROM plan"
            noted = "SELECT action, kind, details FROM audit_entry WHERE action IN ('export', 'plan_change')"
            return [tuple(session.execute(text(asked)).one()), list(session.execute(text(noted + " ORDER BY number")))]

    told(runner, 0, "export", "9901", *YEAR, "--format", "md", "--out", "x.md")
    before = held()
    told(runner, 0, "import", "x.md", "--area", "9901", "--dry-run")
    assert held() == before
    told(runner, 0, "import", "x.md", "--area", "9901")
    (plans, noted), (earlier, _) = held(), before
    assert plans[0] == earlier[0] + 1
    (_, _, out), (action, kind, in_) = noted[-2:]
    assert out["format"] == "md"
    assert (action, kind, in_["change"], in_["area"]) == ("plan_change", "plan", "file", "9901")
    engine.dispose()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (["export", "9903", *YEAR], "plan_files.no_plan"),
        (["export", "99", "--problem", "P08", *YEAR], "plan_files.no_plan"),
        (["export", "77"], "areas.not_found"),
        (["export", "9901", "--format", "docx"], "plan_files.unknown"),
        (["export", "9901", "--out", "x.exe"], "plan_files.unknown"),
        (["import", "gone.mm"], "error.file"),
        (["import", "x.exe"], "plan_files.unknown"),
        (["import", "bad.mm", "--area", "9903", "--problem", "P02"], "plan_files.damaged"),
        (["import", "large.json", "--area", "9903", "--problem", "P02"], "plan_files.large"),
        (["import", "good.md", "--area", "TH", "--problem", "P02"], "plan.bad_area"),
        (["import", "good.md", "--area", "9903", "--problem", "P77"], "error.unknown_problem"),
        (["import", "good.md", "--problem", "P02"], "plan_files.no_target"),
    ],
)
def test_what_cannot_be_done_is_told_by_name(runner: CliRunner, asked: list[str], error: str) -> None:
    Path("bad.mm").write_bytes(b"<map><node")
    Path("good.md").write_bytes("# ก".encode())
    with Path("large.json").open("wb") as file:
        file.truncate(LARGEST + 1)
    done = runner.invoke(app, ["mindmap", *asked, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["error"]) == (2, error), done.output


def test_a_full_disk_leaves_the_old_file(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"old")
    held = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (900, held[1]))
    try:
        done = runner.invoke(app, ["mindmap", "export", "9901", *YEAR, "--problem", "P06.02", "--out", str(path)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, held)
    assert done.exit_code == 2, done.output
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["x.json"]


def test_a_file_changes_a_draft_that_is_there(runner: CliRunner, tmp_path: Path) -> None:
    """Looked at first; what the file does not have goes only where that is asked for."""
    first, second = tmp_path / "x.md", tmp_path / "y.md"
    first.write_text("# ก\n## สาเหตุ\n- ข\n- ค\n", "utf-8")
    second.write_text("# ก\n## สาเหตุ\n- ข\n- ง\n", "utf-8")
    made = told(runner, 0, "import", str(first), "--area", "990302", "--problem", "P01", *YEAR)["plan"]
    looked = told(runner, 0, "import", str(second), "--into", made, "--dry-run")
    assert (looked["state"], looked["changes"]["add"]) == ("would_update", 1)
    done = told(runner, 0, "import", str(second), "--into", made, "--take-away")
    assert (done["state"], done["changes"]["add"], done["changes"]["remove"]) == ("updated", 1, 1)
    told(runner, 0, "export", "990302", "--problem", "P01", *YEAR, "--draft", "--out", str(tmp_path / "z.json"))
    parts = json.loads((tmp_path / "z.json").read_text("utf-8"))["parts"]
    assert [part["fields"]["text"] for part in parts] == ["ก", "ข", "ง"]
    plain = runner.invoke(app, ["mindmap", "import", str(first), "--into", made])
    assert (plain.exit_code, "เพิ่ม 1 ส่วน" in plain.output) == (0, True)
