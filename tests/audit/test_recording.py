"""What is recorded, by whom, how it is refused, and that nobody takes it back."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.audit import DETAILS, DetailRefused, ReasonNeeded, UnknownAction, record
from api.audit_anchor import Anchored
from api.audit_check import Check
from api.audit_models import ACTIONS as KEPT
from api.cli import app as command
from api.database import reading, transaction
from api.secrets import load_secrets
from boundaries.messages import text as message
from layers.personal_text import PersonalDataInText
from layers.scope import Scope
from tests.audit.conftest import write
from tests.scopes import SYSTEM

OFFICER = Scope("officer", "internal", frozenset({"99"}), actor_id=UUID(int=7), permissions=frozenset({"case.read"}))
AUDITOR = Scope("auditor", "public", actor_id=UUID(int=8), permissions=frozenset({"audit.read"}))
CASE = UUID(int=9)


def entries(engine: Engine, scope: Scope = SYSTEM) -> list[tuple[int, str, str | None]]:
    with reading(engine, scope) as session:
        rows = session.execute(text("SELECT number, action, reason FROM audit_entry ORDER BY number"))
        return [(row.number, row.action, row.reason) for row in rows]


def test_the_list_of_actions_is_one() -> None:
    assert set(KEPT) == set(DETAILS)


@pytest.mark.parametrize("action", KEPT)
def test_every_action_has_words_for_the_office_and_for_everybody(action: str) -> None:
    for key in (f"audit.action.{action}", f"privacy.audit.{action}"):
        said = message(key)
        assert said.th
        assert said.en


def test_a_read_is_on_record_before_it_is_answered(app: Engine) -> None:
    with reading(app, OFFICER) as session:
        session.execute(text("SELECT 1"))
        record(session, OFFICER, "case_read", kind="case", object_id=CASE, details={"sensitivity": "L2"})
        assert session.execute(text('SELECT count(*) FROM "case"')).scalar_one() == 0
        assert entries(app) == [(1, "case_read", None)]
        assert app.pool.checkedout() <= 2  # type: ignore[attr-defined]
    assert [row[0] for row in entries(app, AUDITOR)] == [1]
    assert entries(app, OFFICER) == []
    assert entries(app, replace(OFFICER, permissions=frozenset())) == []


def test_a_read_that_cannot_be_recorded_is_refused(app: Engine, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("REVOKE INSERT ON audit_entry FROM socialmap_app"))
    with reading(app, OFFICER) as session, pytest.raises(ProgrammingError, match="permission denied"):
        record(session, OFFICER, "list", kind="case")


def test_a_write_and_its_entry_come_together_or_not_at_all(app: Engine) -> None:
    with Session(app.execution_options(scope=SYSTEM)) as session:
        record(session, SYSTEM, "import", kind="case", details={"rows": 1})
        session.rollback()
    assert entries(app) == []


def test_writers_at_the_same_time_leave_no_gap(app: Engine) -> None:
    with ThreadPoolExecutor(6) as others:
        for done in [others.submit(write, app, 8, OFFICER if each % 2 else SYSTEM) for each in range(6)]:
            done.result(timeout=60)
    assert [number for number, _, _ in entries(app)] == list(range(1, 49))
    with reading(app, SYSTEM) as session:
        check = Check(session, load_secrets().audit, Anchored(None, None, 0), "")
        assert [one.kind for one in check.faults()] == ["unanchored"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_chain SET id = gen_random_uuid()",
        "DELETE FROM audit_chain",
        "ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY",
    ],
)
def test_not_even_the_product_changes_an_entry(app: Engine, statement: str) -> None:
    write(app, 1)
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction(app, SYSTEM) as session,
    ):
        session.execute(text(statement))


INSERT = text(
    "INSERT INTO audit_entry (number, at, role, actor_id, action, kind, details, hash)"
    " VALUES (:number, now(), :role, :actor, 'list', 'case', '{}', sha256('x'))"
)


@pytest.mark.parametrize(
    ("scope", "changed"),
    [
        (OFFICER, {"actor": UUID(int=1)}),
        (OFFICER, {"actor": None}),
        (OFFICER, {"role": "system"}),
        (OFFICER, {"number": 7}),
        (OFFICER, {"number": 2**62}),
        (SYSTEM, {"number": 7}),
        (None, {}),
    ],
)
def test_nobody_writes_in_another_name_or_out_of_turn(
    app: Engine, scope: Scope | None, changed: dict[str, object]
) -> None:
    row = {"number": 1, "role": "officer", "actor": OFFICER.actor_id} | changed
    told = app.execution_options(scope=scope) if scope else app
    with told.connect() as connection, pytest.raises(ProgrammingError, match="row-level security"):
        connection.execute(INSERT, row)


def test_secret_cases_are_read_with_a_reason_only(app: Engine) -> None:
    for details in ({"sensitivity": "L3"}, {}, None):
        with transaction(app, OFFICER) as session, pytest.raises(ReasonNeeded):
            record(session, OFFICER, "case_read", kind="case", object_id=CASE, details=details, reason="  ")
    for reason in ("ก" * 501, "\0", "\ud800"):
        with transaction(app, OFFICER) as session, pytest.raises(ReasonNeeded):
            record(session, OFFICER, "list", kind="case", reason=reason)
    asked = replace(OFFICER, reason="ประชุมทีมสหวิชาชีพ")
    with transaction(app, asked) as session:
        record(session, asked, "case_read", kind="case", object_id=CASE, details={"sensitivity": "L3"})
    assert entries(app) == [(1, "case_read", "ประชุมทีมสหวิชาชีพ")]


@pytest.mark.parametrize(
    "details",
    [
        {"name": "x"},
        {"count": "0000000000027"},
        {"count": "0-0000-00000-02-7"},
        {"count": 812345678901},
        {"count": "0812345678"},
        {"count": "นางสาวสมมติ"},
        {"count": "two words"},
        {"count": {"a": 1}},
        {"count": [1, "สมมติ"]},
        {"count": 1.5},
        {"area": "x" * 81},
    ],
)
def test_details_hold_no_person(app: Engine, details: dict[str, object]) -> None:
    with transaction(app, OFFICER) as session, pytest.raises(DetailRefused) as told:
        record(session, OFFICER, "list", kind="case", details=details)
    assert "0000000000027" not in str(told.value) + repr(told.value)
    assert "สมมติ" not in repr(told.value)


def test_reasons_and_ids_hold_no_number_of_a_person(app: Engine) -> None:
    for reason in ("ขอดูของ 0-0000-00000-02-7", "โทร ๐๘๑-๒๓๔-๕๖๗๘", "บ้านเลขที่ 12/3"):
        with transaction(app, OFFICER) as session, pytest.raises(PersonalDataInText):
            record(session, OFFICER, "list", kind="case", reason=reason)
    for object_id in ("0000000000027", "081-234-5678", "สมมติ ตัวอย่าง"):
        with transaction(app, OFFICER) as session, pytest.raises(DetailRefused):
            record(session, OFFICER, "list", kind="case", object_id=object_id)
    with transaction(app, OFFICER) as session:
        record(session, OFFICER, "account_change", kind="account", details={"change": "units", "units": (uuid4(), 3)})
    for object_id in (uuid4(), str(UUID(int=812345678901)), "990101", "P04.02", "fy2569"):
        with transaction(app, OFFICER) as session:
            record(session, OFFICER, "list", kind="case", object_id=object_id)


def test_an_action_that_is_not_listed_is_refused(app: Engine) -> None:
    with transaction(app, SYSTEM) as session, pytest.raises(UnknownAction):
        record(session, SYSTEM, "peek", kind="case")  # type: ignore[arg-type]


def test_the_check_reads_in_bounded_memory(app: Engine, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_entry (number, at, role, action, kind, details, hash)"
                " SELECT number, now(), 'system', 'list', 'case', '{}', sha256('x')"
                " FROM generate_series(1, 30000) AS number"
            )
        )
    with reading(app, SYSTEM) as session:
        check = Check(session, bytes(32), Anchored(None, None, 0), "")
        tracemalloc.start()
        found = sum(1 for _ in check.faults())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (check.count, found) == (30_000, 30_001)
    assert peak < 8_000_000


def test_the_list_on_the_command_line(app: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write(app, 3)
    monkeypatch.setenv("DATABASE_URL", app.url.render_as_string(hide_password=False))
    run = CliRunner()
    shown = run.invoke(command, ["audit", "list", "--action", "import"]).stdout
    assert len(shown.splitlines()) == 3
    assert '{"rows": 2}' in shown.splitlines()[0]
    assert "no entries" in run.invoke(command, ["audit", "list", "--to", "2020-01-01"]).stdout
    assert run.invoke(command, ["audit", "list", "--action", "peek"]).exit_code == 2
    assert run.invoke(command, ["audit", "list", "--from", "never"]).exit_code == 2
    assert [one[1] for one in entries(app)][3:] == ["list", "system_command"] * 2
