"""Rotation of the master key: nothing is lost when it is killed, and what was erased cannot come back from a backup."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.cli import app as command
from api.database import reading, transaction
from api.identity_rotation import MastersInUse, rotate
from api.identity_use import identity_keys, read_identity, write_identity
from api.secrets import load_secrets
from layers.identity import IdentityValues, save_identity
from layers.sealing import MasterMissing, new_key, unwrap, wrap
from tests.identity.conftest import KEEPER, OFFICER, PERSON, Made
from tests.layers.test_cases import wait_for_a_waiter
from tests.scopes import SYSTEM

REASONED = replace(KEEPER, reason="ทดสอบ")


def save_all(made: Made) -> None:
    with transaction(made.engine, KEEPER) as session:
        for case in (made.own, made.foreign, made.secret):
            write_identity(session, KEEPER, case, PERSON)


def read_all(made: Made) -> list[IdentityValues]:
    with reading(made.engine, REASONED) as session:
        return [read_identity(session, REASONED, case) for case in (made.own, made.foreign, made.secret)]


def masters(made: Made) -> dict[str, int]:
    with reading(made.engine, SYSTEM) as session:
        rows = session.execute(text("SELECT master, count(*) FROM identity_key GROUP BY master ORDER BY master"))
        return {row[0]: row[1] for row in rows}


def test_all_keys_are_wrapped_anew(made: Made, secrets: Path) -> None:
    save_all(made)
    done = rotate(made.engine, batch=2)
    assert (done.master, done.keys, done.unusable, done.forgotten) == ("2", 3, [], [])
    assert masters(made) == {"2": 3}
    assert set(load_secrets().masters) == {"1", "2"}
    assert read_all(made) == [PERSON] * 3
    assert rotate(made.engine, forget=True).forgotten == ["1", "2"]
    assert list(json.loads(secrets.read_text())["masters"]) == ["3"]
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert read_all(made) == [PERSON] * 3
    with reading(made.engine, SYSTEM) as session:
        entries = session.execute(text("SELECT details FROM audit_entry WHERE action = 'system_command'"))
        assert [row[0]["master"] for row in entries] == ["2", "3"]


def test_who_was_erased_stays_erased_when_an_old_backup_returns(made: Made, owner: Engine) -> None:
    """A backup holds the wrapped key too: it is of no use once its master key is forgotten."""
    save_all(made)
    with owner.connect() as connection:
        kept = connection.execute(text("SELECT * FROM identity_key WHERE case_id = :id"), {"id": made.own}).one()
    with transaction(made.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM identity_key WHERE case_id = :id"), {"id": made.own})
    with transaction(made.engine, SYSTEM) as session:
        before = identity_keys(session)
    assert unwrap(before, kept.master, made.own, kept.version, bytes(kept.wrapped))
    rotate(made.engine, forget=True)
    with transaction(made.engine, SYSTEM) as session, pytest.raises(MasterMissing):
        unwrap(identity_keys(session), kept.master, made.own, kept.version, bytes(kept.wrapped))


def test_a_key_that_is_damaged_is_told_and_nothing_is_forgotten(made: Made, owner: Engine) -> None:
    save_all(made)
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE identity_key SET wrapped = set_byte(wrapped, 30, 0) WHERE case_id = :id"), {"id": made.own}
        )
    done = rotate(made.engine, forget=True)
    assert ([one.case_id for one in done.unusable], done.forgotten) == ([made.own], [])
    assert set(load_secrets().masters) == {"1", "2"}


def test_a_rotation_that_was_killed_goes_on(made: Made, owner: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    save_all(made)
    many = 800
    with owner.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # keys of cases that are not there
        held = load_secrets()
        with transaction(made.engine, SYSTEM) as session:
            keys = identity_keys(session)
        rows = [
            {"id": UUID(int=number), "master": held.master, "wrapped": wrap(keys, UUID(int=number), 1, new_key())}
            for number in range(1, many + 1)
        ]
        connection.execute(
            text("INSERT INTO identity_key VALUES ('99', :id, 1, :master, :wrapped)"),
            rows,
        )
    url = made.engine.url.render_as_string(hide_password=False)
    code = (
        "import sys; from api.database import make_engine; from api.identity_rotation import rotate\n"
        "rotate(make_engine(sys.argv[1]), batch=20)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code, url], env=dict(os.environ))
    try:
        for _ in range(2000):
            if masters(made).get("2", 0) >= 100:
                break
            time.sleep(0.01)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    half = masters(made)
    assert 0 < half["1"] < many
    assert half["1"] + half["2"] == many + 3
    assert read_all(made) == [PERSON] * 3
    monkeypatch.setenv("DATABASE_URL", url)
    done = CliRunner().invoke(command, ["identity", "rotate", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["keys"]) == (0, many + 3)
    assert masters(made) == {"2": many + 3}
    assert set(load_secrets().masters) == {"1", "2"}
    assert read_all(made) == [PERSON] * 3


def test_saving_goes_on_during_a_rotation(made: Made) -> None:
    save_all(made)
    rotate(made.engine)
    with transaction(made.engine, OFFICER) as session:
        write_identity(session, OFFICER, made.own, IdentityValues(name="ใหม่"))
    assert masters(made) == {"2": 3}


def test_a_master_is_not_forgotten_while_somebody_saves_with_it(made: Made) -> None:
    save_all(made)
    with ThreadPoolExecutor(1) as other:
        with transaction(made.engine, KEEPER) as session:
            keys = identity_keys(session)
            rotating = other.submit(rotate, made.engine, True)
            wait_for_a_waiter(session)
            assert set(load_secrets().masters) == {"1", "2"}
            save_identity(session, KEEPER, keys, made.own, IdentityValues(name="ใหม่"))
        with pytest.raises(MastersInUse):
            rotating.result(timeout=60)
    assert masters(made) == {"1": 1, "2": 2}
    assert rotate(made.engine, forget=True).forgotten == ["1"]
    assert read_all(made) == [IdentityValues(name="ใหม่"), PERSON, PERSON]
