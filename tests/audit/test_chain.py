"""The chain of the audit: whoever owns the database changes it, and it is seen."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.audit import before_first, hash_of, record
from api.audit_anchor import EVERY, anchor_path, list_anchored, read_anchor, tell_waiting
from api.audit_check import Check, chain_of
from api.cli import app as command
from api.database import transaction
from api.secrets import load_secrets, make_secrets
from tests.audit.conftest import write
from tests.scopes import SYSTEM


def verify(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, object]]:
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    done = CliRunner().invoke(command, ["audit", "verify", "--json"])
    return done.exit_code, json.loads(done.stdout)


def change(owner: Engine, *statements: str) -> None:
    with owner.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_whole_chain_is_whole_and_its_end_is_anchored(app: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verify(app, monkeypatch) == (0, {"entries": 0, "faults": [], "found": {}})
    write(app, 13)
    assert verify(app, monkeypatch) == (0, {"entries": 13, "faults": [], "found": {}})
    lines = [json.loads(line)["number"] for line in anchor_path().read_text().splitlines()]
    assert lines == [1, EVERY, 13]
    assert anchor_path().stat().st_mode & 0o077 == 0


MOVE = "UPDATE audit_entry SET number = {} WHERE number = {}"
FORGED = (
    "INSERT INTO audit_entry (number, at, role, action, kind, details, hash)"
    " VALUES ({}, now(), 'admin', 'sign_in', 'account', '{{}}', sha256('forged'))"
)


@pytest.mark.parametrize(
    ("statements", "faults"),
    [
        (["UPDATE audit_entry SET reason = 'other' WHERE number = 5"], [("altered", 5, 5)]),
        (["UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE number = 1"], [("altered", 1, 1)]),
        (["UPDATE audit_entry SET details = '{\"rows\": 3}' WHERE number = 5"], [("altered", 5, 5)]),
        (["UPDATE audit_entry SET hash = sha256('x') WHERE number = 5"], [("altered", 5, 5), ("altered", 6, 6)]),
        (["DELETE FROM audit_entry WHERE number = 5"], [("missing", 5, 5)]),
        (["DELETE FROM audit_entry WHERE number < 4"], [("missing", 1, 3)]),
        (["DELETE FROM audit_entry WHERE number > 9"], [("cut_off", 10, 13)]),
        (["DELETE FROM audit_entry WHERE number = 13"], [("cut_off", 13, 13)]),
        (["DELETE FROM audit_entry"], [("cut_off", 1, 13)]),
        ([FORGED.format(14)], [("altered", 14, 14)]),
        (
            [MOVE.format(99, 4), MOVE.format(4, 5), MOVE.format(5, 99)],
            [("altered", 4, 4), ("altered", 5, 5), ("altered", 6, 6)],
        ),
        (
            ["UPDATE audit_chain SET id = gen_random_uuid()"],
            [("chain", 1, 13), ("altered", 1, 1), ("unanchored", 1, 13)],
        ),
    ],
)
def test_what_is_done_to_the_chain_is_found(
    app: Engine,
    owner: Engine,
    monkeypatch: pytest.MonkeyPatch,
    statements: list[str],
    faults: list[tuple[str, int, int]],
) -> None:
    write(app, 13)
    assert verify(app, monkeypatch)[0] == 0
    change(owner, *statements)
    code, told = verify(app, monkeypatch)
    assert code == 1
    assert [tuple(one.values()) for one in told["faults"]] == faults  # type: ignore[attr-defined]


def test_an_inserted_entry_is_found_though_all_after_it_were_renumbered(
    app: Engine, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(app, 5)
    assert verify(app, monkeypatch)[0] == 0
    change(
        owner,
        "UPDATE audit_entry SET number = number + 100 WHERE number > 2",
        "UPDATE audit_entry SET number = number - 99 WHERE number > 100",
        FORGED.format(3),
    )
    told = verify(app, monkeypatch)[1]
    altered = [one["first"] for one in told["faults"] if one["kind"] == "altered"]  # type: ignore[attr-defined]
    assert altered == [3, 4, 5, 6]


def test_who_rewrites_the_whole_chain_with_the_key_does_not_fit_the_anchor(
    app: Engine, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(app, 10)
    key = load_secrets().audit
    with owner.begin() as connection:
        rows = connection.execute(text("SELECT * FROM audit_entry ORDER BY number")).mappings().all()
        chain = connection.execute(text("SELECT id FROM audit_chain")).scalar_one()
        previous = before_first(chain)
        for row in rows:
            entry = dict(row) | {"reason": "rewritten"}
            previous = hash_of(entry, previous, key)
            connection.execute(
                text("UPDATE audit_entry SET reason = 'rewritten', hash = :hash WHERE number = :number"),
                {"hash": previous, "number": row["number"]},
            )
    with transaction(app, SYSTEM) as session:
        anchored = read_anchor(app.url.database or "", chain_of(session))
        found = list(Check(session, key, anchored, "", list_anchored(chain)).faults())
    assert [(one.kind, one.first) for one in found] == [("anchor", 1), ("anchor", 10)]


def test_an_end_that_was_cut_off_is_missed_though_the_chain_went_on(
    app: Engine, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(app, 13)
    assert verify(app, monkeypatch)[0] == 0
    change(owner, "DELETE FROM audit_entry WHERE number > 11")
    write(app, 30)
    code, told = verify(app, monkeypatch)
    assert (code, told["found"]) == (1, {"anchor": 1})
    assert told["faults"][0]["first"] == 13  # type: ignore[index]


def test_a_chain_that_was_begun_anew_is_told(app: Engine, owner: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write(app, 13)
    assert verify(app, monkeypatch)[0] == 0
    change(owner, "DELETE FROM audit_entry", "UPDATE audit_chain SET id = gen_random_uuid()")
    write(app, 3)
    code, told = verify(app, monkeypatch)
    assert (code, told["found"]) == (1, {"chain": 1})
    anchor_path().rename(anchor_path().with_suffix(".old"))
    write(app, 8)
    assert verify(app, monkeypatch)[0] == 0


def test_a_lost_or_damaged_anchor_file_is_told(app: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write(app, 3)
    assert verify(app, monkeypatch)[0] == 0
    kept = anchor_path().read_bytes()
    anchor_path().write_bytes(kept + b'{"torn by a cra')
    assert verify(app, monkeypatch)[0] == 0
    write(app, 9)
    assert verify(app, monkeypatch)[1]["found"] == {"anchor_damaged": 1}
    anchor_path().write_bytes(b"nonsense\n" + kept)
    assert verify(app, monkeypatch)[1]["found"] == {"anchor_damaged": 1}
    anchor_path().unlink()
    assert verify(app, monkeypatch)[1]["found"] == {"unanchored": 1}


def test_a_database_that_cannot_be_reached_is_exit_code_2(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_secrets()
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://nobody@127.0.0.1:9/none")
    assert CliRunner().invoke(command, ["audit", "verify"]).exit_code == 2


def test_entries_committed_together_pass_no_line_by(app: Engine) -> None:
    """The first one and each EVERY-th must be anchored though others followed them in the same transaction."""
    numbers = []
    for count in (2, 5, 5, 3):
        with transaction(app, SYSTEM) as session:
            for _ in range(count):
                record(session, SYSTEM, "import", kind="case")
        numbers.append([json.loads(line)["number"] for line in anchor_path().read_text().splitlines()])
    assert numbers == [[2], [2], [2, 12], [2, 12]]


def test_a_process_anchors_its_last_entry_when_it_ends(app: Engine) -> None:
    code = (
        "import sys; from api.database import make_engine, transaction; from api.audit import record\n"
        "from layers.scope import Scope\n"
        "scope = Scope.system('test')\n"
        "with transaction(make_engine(sys.argv[1]), scope) as session:\n"
        "    for _ in range(7): record(session, scope, 'system_command', kind='job')\n"
    )
    url = app.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", code, url], check=True)
    assert [json.loads(line)["number"] for line in anchor_path().read_text().splitlines()] == [7]


def fail_after_recording(engine: Engine) -> None:
    with transaction(engine, SYSTEM) as session:
        record(session, SYSTEM, "import", kind="case")
        with session.begin_nested():
            record(session, SYSTEM, "import", kind="case")
        raise ZeroDivisionError


def test_what_is_rolled_back_is_not_anchored(app: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_recording(app)
    tell_waiting()
    assert not anchor_path().exists()
