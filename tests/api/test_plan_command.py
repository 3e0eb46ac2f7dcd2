"""`socialmap plan`: a draft is begun, shown, refused while it is not sound, and approved; all of it on record."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.database import make_engine, transaction
from mapping.plan_examples import load_example
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.scopes import SYSTEM


@pytest.fixture(scope="module")
def database(server: str) -> Iterator[str]:
    """Application URL of a database of this file's own, with province 99 and an approved plan of 990101."""
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            load_example(session, SYSTEM, "a", "990101", date(2026, 1, 15))
        engine.dispose()
        yield url


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, database: str) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", database)
    return CliRunner()


def test_a_draft_is_begun_shown_and_approved(runner: CliRunner, database: str) -> None:
    begun = runner.invoke(app, ["plan", "draft", "9901", "--problem", "P08", "--year", "2569", "--json"])
    assert begun.exit_code == 0, begun.output
    plan = json.loads(begun.stdout)
    assert (plan["area"], plan["problem"], plan["state"]) == ("9901", "P08", "draft")
    again = runner.invoke(app, ["plan", "draft", "9901", "--problem", "P08", "--year", "2569"])
    assert (again.exit_code, "มีร่างแผน" in again.stderr) == (2, True)
    refused = runner.invoke(app, ["plan", "approve", plan["id"], "--meeting", "คณะกรรมการ", "--json"])
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (2, "mapping.mindmap.bad")
    (held,) = json.loads(runner.invoke(app, ["plan", "show", "990101", "--json"]).stdout)
    copy = runner.invoke(app, ["plan", "draft", "990101", "--copy", held["id"], "--year", "2569", "--json"])
    revision = json.loads(copy.stdout)["id"]
    approved = runner.invoke(app, ["plan", "approve", revision, "--meeting", "คณะกรรมการ", "--day", "2026-01-20"])
    assert (approved.exit_code, "อนุมัติแล้ว" in approved.stdout) == (0, True)
    states = {
        one["id"]: one["state"] for one in json.loads(runner.invoke(app, ["plan", "show", "990101", "--json"]).stdout)
    }
    assert states == {held["id"]: "superseded", revision: "approved"}
    shown = runner.invoke(app, ["plan", "show", "990101"]).stdout
    for words in ("ขาดยา", "เพื่อนบ้านเยี่ยมเพื่อนบ้าน", "92,000 บาท", "ม.ค.–ก.ย. 2569", "คณะกรรมการ, 20 ม.ค. 2569"):
        assert words in shown
    engine = make_engine(database, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        asked = "SELECT details ->> 'change' FROM audit_entry WHERE action = 'plan_change' ORDER BY number"
        assert list(session.execute(text(asked)).scalars()) == ["template", "copy", "approve"]
    engine.dispose()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (["show", "77"], "areas.not_found"),
        (["draft", "9902", "--problem", "P99"], "error.unknown_problem"),
        (["draft", "TH", "--problem", "P08"], "plan.bad_area"),
        (["approve", "00000000-0000-0000-0000-000000000000", "--meeting", "x"], "plan.not_found"),
    ],
)
def test_what_cannot_be_done_is_told_by_name(runner: CliRunner, asked: list[str], error: str) -> None:
    done = runner.invoke(app, ["plan", *asked, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["error"]) == (2, error), done.output


def test_an_area_without_a_plan_says_so(runner: CliRunner) -> None:
    assert "ยังไม่มีแผน" in runner.invoke(app, ["plan", "show", "9903"]).stdout
