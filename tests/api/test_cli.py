"""The command line: help, exit codes, and files that are whole or not there."""

import errno
import importlib.metadata
import json
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import files
from api.cli import COMMANDS, Command, app
from api.cli.serve import listen
from api.files import FileFull, write_whole
from tests.api.test_maps import needs_libraries, shown_classes

ALONE = [sys.executable, "-c", "from api.cli import main; main()"]


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, served_database: str) -> CliRunner:
    """Runs commands in this process, on the database of the application's tests."""
    monkeypatch.setenv("DATABASE_URL", served_database)
    return CliRunner()


def test_help_is_quick() -> None:
    """Under half a second of work: commands are loaded when they are called. Time waiting for others is not counted."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*ALONE, "--help"], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5
    for each in COMMANDS:
        assert each.name in done.stdout


def test_every_command_explains_itself_thai_first() -> None:
    """Its own help and that of the commands below it."""
    for each in COMMANDS:
        shown = CliRunner().invoke(app, [each.name, "--help"])
        assert shown.exit_code == 0, shown.output
        first = next(line for line in shown.output.splitlines()[1:] if line.strip())
        assert any("ก" <= letter <= "๙" for letter in first), (each.name, first)


def test_version() -> None:
    """The installed one."""
    shown = CliRunner().invoke(app, ["--version"])
    assert shown.output.strip() == f"socialmap {importlib.metadata.version('socialmap')}"


def test_an_unknown_command_is_told() -> None:
    """Exit code 2."""
    assert CliRunner().invoke(app, ["nothing"]).exit_code == 2


def test_a_missing_part_fails_only_when_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other commands work."""
    monkeypatch.setattr("api.cli.COMMANDS", (Command("db", "api.cli.absent:app", "x"), *COMMANDS[1:]))
    assert CliRunner().invoke(app, ["--help"]).exit_code == 0
    told = CliRunner().invoke(app, ["db"])
    assert told.exit_code == 2
    assert "api.cli.absent" in told.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "example.org"])
def test_serving_others_is_refused_in_two_languages(runner: CliRunner, host: str) -> None:
    """Before anything is opened."""
    told = runner.invoke(app, ["serve", "--host", host])
    assert told.exit_code == 2
    assert host in told.stderr
    assert "ระบบบัญชีผู้ใช้" in told.stderr
    assert "accounts" in told.stderr


def test_a_port_in_use_is_told(runner: CliRunner) -> None:
    """With the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = runner.invoke(app, ["serve", "--port", str(taken.getsockname()[1])])
    assert told.exit_code == 2
    assert "--port" in told.stderr


def test_small_answers_are_sent_at_once() -> None:
    """The listening socket names its protocol: asyncio turns Nagle's algorithm off only then."""
    with listen("127.0.0.1", 0) as opened:
        assert opened.proto == socket.IPPROTO_TCP


def test_serve_answers_and_stops_on_interrupt(served_database: str) -> None:
    """The real command: prints its address, serves, ends in order on Ctrl-C."""
    import signal
    import urllib.request

    environment = {**os.environ, "DATABASE_URL": served_database}
    with subprocess.Popen(
        [*ALONE, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr
        line = process.stderr.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(f"{address}/healthz", timeout=20) as answer:
            assert json.load(answer) == {"status": "ok"}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) in (0, 130, -signal.SIGINT)
        assert "Traceback" not in process.stderr.read()


@needs_libraries
def test_a_map_is_written_as_one_file(runner: CliRunner, tmp_path: Path) -> None:
    """`socialmap map 99 --out FILE`, and what it tells a program."""
    path = tmp_path / "below" / "map.html"
    done = runner.invoke(app, ["map", "99", "--out", str(path), "--problem", "P08", "--period", "fy2569", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"path": str(path), "bytes": path.stat().st_size}
    assert "สมมติบุรี" in path.read_text("utf-8")
    assert [each.name for each in path.parent.iterdir()] == ["map.html"]


@needs_libraries
def test_a_map_is_classed_as_asked(runner: CliRunner, tmp_path: Path) -> None:
    """Counts that fill areas, parted where the command says."""
    path = tmp_path / "map.html"
    asked = ["--measure", "count", "--fill", "--method", "fixed", "--breaks", "10,2000.5"]
    done = runner.invoke(app, ["map", "99", "--out", str(path), *asked])
    assert done.exit_code == 0, done.output
    assert shown_classes(path.read_text("utf-8")) == ["ต่ำกว่า 10", "10 ถึงต่ำกว่า 2,000.5", "2,000.5 ขึ้นไป"]


@needs_libraries
def test_all_maps_are_written(runner: CliRunner, tmp_path: Path) -> None:
    """The country and each province, one file each."""
    done = runner.invoke(app, ["maps", "--all", "--out", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["99.html", "TH.html"]
    assert {each["bytes"] for each in json.loads(done.stdout)} == {each.stat().st_size for each in tmp_path.iterdir()}


@needs_libraries
def test_maps_are_written_by_other_processes(runner: CliRunner, tmp_path: Path) -> None:
    """The same file as this process writes."""
    for jobs in ("1", "2"):
        folder = str(tmp_path / jobs)
        done = runner.invoke(app, ["maps", "--code", "99", "--out", folder, "--jobs", jobs])
        assert done.exit_code == 0, done.output
        assert folder in done.stderr
    assert (tmp_path / "1" / "99.html").read_bytes() == (tmp_path / "2" / "99.html").read_bytes()


@needs_libraries
@pytest.mark.parametrize(
    "arguments",
    [
        ["map", "98"],
        ["map", "x"],
        ["map", "99", "--problem", "P99"],
        ["map", "99", "--period", "2569"],
        ["map", "99", "--measure", "x"],
        ["map", "99", "--method", "x"],
        ["map", "99", "--method", "fixed"],
        ["map", "99", "--breaks", "20,10"],
        ["map", "99", "--breaks", ""],
        ["maps"],
        ["maps", "--code", "98"],
        ["maps", "--all", "--code", "99"],
        ["maps", "--code", "98", "--jobs", "2"],
        ["maps", "--all", "--jobs", "0"],
    ],
)
def test_what_cannot_be_drawn_leaves_no_file(runner: CliRunner, tmp_path: Path, arguments: list[str]) -> None:
    """Exit code 2 and words, no file, no half of one."""
    done = runner.invoke(app, [*arguments, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2, done.output
    assert done.stderr
    assert not list(tmp_path.rglob("*.html"))
    assert not list(tmp_path.rglob("*.part"))


@needs_libraries
def test_a_full_disk_is_told(runner: CliRunner) -> None:
    """Writing to a device that is always full."""
    done = runner.invoke(app, ["map", "99", "--out", "/dev/full"])
    assert done.exit_code == 2
    assert "พื้นที่เก็บข้อมูลเต็ม" in done.stderr
    assert "disk is full" in done.stderr
    assert Path("/dev/full").is_char_device()


@needs_libraries
def test_a_database_that_is_gone_is_told(runner: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As JSON for a program, and without the driver's words."""
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://x:secret-word@127.0.0.1:1/none")
    done = runner.invoke(app, ["map", "99", "--out", str(tmp_path / "map.html"), "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"] == "error.database_gone"
    assert "secret-word" not in done.output
    assert not list(tmp_path.iterdir())


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """The new content stands under the old name, with the rights of an ordinary file."""
    path = tmp_path / "map.html"
    path.write_bytes(b"old")
    assert write_whole(path, b"new") == 3
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_when_the_disk_fills_up_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The part that was written is removed."""
    path = tmp_path / "map.html"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(FileFull) as told:
        write_whole(path, b"new")
    assert str(path) in told.value.text.th
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("map.html", b"old")]


def test_a_folder_that_cannot_be_written_is_an_error_of_the_file(runner: CliRunner, tmp_path: Path) -> None:
    """A file where a folder should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match=r"[Nn]ot a directory|[Ff]ile exists"):
        write_whole(tmp_path / "file" / "map.html", b"x")
