"""What a command says of a database that cannot serve it: no tables, no sense in its address, gone."""

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import psycopg2
import pytest
import typer
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from api import cluster
from api.cli import app
from api.cli.common import told
from api.database import BadAddress, parse_address
from api.migrations.run import upgrade
from tests.api.test_cluster import empty_home
from tests.databases import empty_database

COMMANDS = (["db", "check"], ["boundaries", "list"], ["map", "99"], ["maps", "--all"], ["import", "{file}"])


@pytest.mark.parametrize("words", COMMANDS)
def test_an_unmigrated_database_is_told(
    server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    """With the command that helps, and for programs as JSON."""
    file = tmp_path / "cases.csv"
    file.write_text("external_id,problem_code,reported_on\n1,P08,2568\n")
    with empty_database(server) as (_, address):
        monkeypatch.setenv("DATABASE_URL", address)
        done = CliRunner().invoke(app, [word.format(file=file) for word in words] + ["--json"])
    assert done.exit_code == 2, done.output
    answer = json.loads(done.stdout)
    assert answer["error"] == "error.not_migrated"
    assert "socialmap db migrate" in answer["th"]
    assert "socialmap db migrate" in answer["en"]


@pytest.mark.parametrize(
    "address",
    [
        "rubbish",
        "mysql://u:secret-word@h/d",
        "postgresql://u:secret-word@h:port/d",
        "postgresql://u:secret-word@127.0.0.1/d?nonsense=1",
    ],
)
def test_an_address_without_sense_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """With the form that is wanted, and without the password."""
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("OWNER_DATABASE_URL", address)
    for words in (["db", "check"], ["db", "migrate"], ["map", "99"], ["serve", "--port", "0"]):
        if words[0] == "serve" and "?" in address:
            continue  # the server connects at the first request
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 2, (words, done.output, done.exception)
        assert done.stderr.count("postgresql+psycopg2://") == 2
        assert "secret-word" not in done.output


def test_an_address_may_leave_the_driver_out() -> None:
    """There is but one."""
    for short in ("postgresql", "postgres", "postgresql+psycopg2"):
        assert str(parse_address(f"{short}://u@h:1/d")) == "postgresql+psycopg2://u@h:1/d"
    with pytest.raises(BadAddress):
        parse_address("postgresql+asyncpg://u@h/d")


def test_a_connection_lost_during_copy_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The driver's own error, which nothing wraps; a mistake of ours stays one."""
    with pytest.raises(typer.Exit) as left, told(as_json=True):
        raise psycopg2.InterfaceError("connection already closed")
    assert left.value.exit_code == 2
    assert json.loads(capsys.readouterr().out)["error"] == "error.database_gone"
    with pytest.raises(ProgrammingError), told():
        raise ProgrammingError("SELECT x", {}, psycopg2.errors.UndefinedColumn("x"))


def test_the_private_cluster_is_migrated_when_a_command_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was only started has no tables yet; `db status` looks and changes nothing."""
    with empty_home() as home:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setenv("SOCIALMAP_HOME", str(home))
        cluster.start(home)
        before = CliRunner().invoke(app, ["db", "status", "--json"])
        assert (before.exit_code, json.loads(before.stdout)["present"]) == (1, None)
        assert CliRunner().invoke(app, ["db", "check"]).exit_code == 0
        assert CliRunner().invoke(app, ["db", "status"]).exit_code == 0


def test_two_may_migrate_at_once(server: str) -> None:
    """One does it, the other finds it done."""
    with empty_database(server) as (owner, _):
        changed: list[bool] = []
        threads = [threading.Thread(target=lambda: changed.append(upgrade(owner))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(changed) == [False, True]


@pytest.mark.parametrize("words", [["db", "check", "--rebuild", "--json"], ["import", "{file}", "--json"]])
def test_what_lasts_shows_that_it_works_on_a_terminal_alone(
    served_database: str, tmp_path: Path, words: list[str]
) -> None:
    """On the error stream: the answer stays clean, and a log stays empty."""
    file = tmp_path / "cases.csv"
    file.write_text("external_id,problem_code,reported_on\n1,x,2568\n")
    command = [sys.executable, "-c", "from api.cli import main; main()", *(word.format(file=file) for word in words)]
    environment = {**os.environ, "DATABASE_URL": served_database, "TERM": "xterm", "COLUMNS": "120"}
    quiet = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert quiet.stderr == ""
    terminal, side = pty.openpty()
    shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=side, text=True, env=environment, check=False)
    os.close(side)
    with os.fdopen(terminal, "rb", buffering=0) as stream:
        seen = stream.read(4096).decode("utf-8", "ignore")
    assert "กำลัง" in seen
    assert json.loads(shown.stdout) == json.loads(quiet.stdout)
