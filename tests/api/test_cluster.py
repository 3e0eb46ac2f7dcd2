"""The private cluster: real servers in throw-away folders."""

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from api import cluster, cluster_place
from api.cluster_programs import DiskFull, orphans, postmaster
from tests.clusters import empty_home

ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="needs root, to change to another system user")


@pytest.fixture
def new() -> Iterator[Path]:
    """A home without a cluster."""
    with empty_home() as home:
        yield home


@pytest.fixture(scope="module")
def original() -> Iterator[Path]:
    """A home with a stopped cluster, for copies: making one takes seconds."""
    with empty_home() as home:
        with cluster.running(home):
            pass
        yield home


@pytest.fixture
def home(original: Path) -> Iterator[Path]:
    """A home with a stopped cluster of its own."""
    with empty_home() as home:
        home.parent.mkdir()
        subprocess.run(["cp", "-a", original, home], check=True)
        yield home


def scalar(url: str, query: str) -> object:
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        result = connection.execute(text(query))
        return result.scalar() if result.returns_rows else None


def child(code: str, home: Path, user: int | None = None) -> subprocess.Popen[str]:
    """Run `code` in another process; with `user` it changes to that system user after its imports."""
    change = f"os.setgroups([]); os.setgid({user}); os.setuid({user})" if user is not None else ""
    lines = f"""
import codecs, os, sys, time
from pathlib import Path
import psycopg2, sqlalchemy
from api import cluster, cluster_place
from boundaries.errors import SocialMapError
from boundaries.messages import catalogue
from tests.api.test_cluster import scalar
catalogue(); codecs.lookup('ascii'); sqlalchemy.create_engine("postgresql+psycopg2://x@/y")
home = Path({str(home)!r})
{change}
{code}
"""
    return subprocess.Popen(
        [sys.executable, "-c", lines], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate("go\n", timeout=120)
    assert process.returncode == 0, err
    return out.strip()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.05)


def test_is_made_once_and_left_as_found(new: Path) -> None:
    assert cluster.status(new) == cluster.Status(False, False, None, new / "cluster" / "data")
    cluster.ensure(new).data.rename(new / "cluster" / "data.part")  # as a killed run leaves it
    with cluster.running(new) as first:
        assert cluster.status(new).running
        assert cluster.status(new).in_use
        scalar(first.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        scalar(first.owner_url, "GRANT SELECT ON kept TO socialmap_app")
    assert not cluster.status(new).running
    with cluster.running(new) as second:
        assert second == first
        assert scalar(second.app_url, "SELECT answer FROM kept") == 42


def test_start_and_stop_by_hand(home: Path) -> None:
    started = cluster.start(home)
    assert cluster.start(home) == started
    server = postmaster(started.data)
    with cluster.running(home):
        assert postmaster(started.data) == server
        with pytest.raises(cluster.ClusterInUse, match=r"กำลังใช้.*is using"):
            cluster.stop(home)
    assert cluster.status(home).running, "a command stopped a server that was there before it"
    assert cluster.stop(home)
    assert not cluster.stop(home)


def test_roles_are_weak_and_nothing_listens_on_the_network(home: Path) -> None:
    with cluster.running(home) as made:
        for url, role in ((made.app_url, "socialmap_app"), (made.owner_url, "socialmap_owner")):
            powers = "rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication"
            assert scalar(url, f"SELECT {powers} FROM pg_roles WHERE rolname = current_user") is False
            assert scalar(url, "SELECT current_user") == role
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert scalar(made.app_url, owner) == "socialmap_owner"
        with pytest.raises(ProgrammingError, match="permission denied"):
            scalar(made.app_url, "CREATE TABLE mine (a int)")
        assert str(scalar(made.app_url, "SELECT postgis_lib_version()")) >= "3.3"
        assert scalar(made.app_url, "SHOW listen_addresses") == ""
        assert scalar(made.app_url, "SHOW fsync") == "on"
        assert made.socket_dir.stat().st_mode & 0o077 == 0
        assert len(str(made.socket_dir / f".s.PGSQL.{made.port}.lock")) <= 100


@pytest.mark.parametrize("victims", ["server", "all"])
def test_recovers_after_kill(home: Path, victims: str) -> None:
    made = cluster.start(home)
    scalar(made.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    server = postmaster(made.data)
    assert server is not None
    children = orphans(f"socialmap-{cluster_place.digest(made.data)}")
    assert children, "the titles of the server's processes are how leftovers are found"
    for pid in [server, *(children if victims == "all" else [])]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with cluster.running(home) as again:
        assert scalar(again.owner_url, "SELECT answer FROM kept") == 42


def test_pid_file_that_names_another_program(home: Path) -> None:
    made = cluster.ensure(home)
    owner = made.data.stat().st_uid
    command = ["sleep", "60"]
    with subprocess.Popen(["runuser", "-u", pwd.getpwuid(owner).pw_name, "--", *command] if ROOT else command) as other:
        pid = made.data / "postmaster.pid"
        pid.write_text(f"{other.pid}\n{made.data}\n")
        with cluster.running(home) as again:
            assert scalar(again.app_url, "SELECT 1") == 1
        other.kill()


def test_last_of_several_processes_stops_it(home: Path) -> None:
    code = (
        "with cluster.running(home) as made:\n"
        " print('in', flush=True); input()\n"
        " print(scalar(made.app_url, 'SELECT 7'))"
    )
    one, two = child(code, home), child(code, home)
    assert [said(one), said(two)] == ["in", "in"]
    assert finish(one) == "7"
    assert cluster.status(home).running
    assert finish(two) == "7"
    assert not cluster.status(home).running


def test_kill_of_a_command_stops_what_it_started(home: Path) -> None:
    command = child("with cluster.running(home):\n print('in', flush=True); time.sleep(60)", home)
    assert said(command) == "in"
    command.send_signal(signal.SIGTERM)
    command.communicate(timeout=60)
    assert not cluster.status(home).running


def test_after_kill_9_of_a_command_the_next_one_tidies_up(home: Path) -> None:
    command = child("with cluster.running(home):\n print('in', flush=True); time.sleep(60)", home)
    assert said(command) == "in"
    command.kill()
    command.communicate(timeout=60)
    assert cluster.status(home).running
    with cluster.running(home) as made:
        assert scalar(made.app_url, "SELECT 1") == 1
    assert not cluster.status(home).running


@needs_root
def test_ordinary_user_and_then_root(new: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    new.parent.mkdir(mode=0o700)
    os.chown(new.parent, nobody, nobody)
    code = "with cluster.running(home) as made:\n print(scalar(made.app_url, 'SELECT current_user'))"
    assert finish(child(code, new, user=nobody)) == "socialmap_app"
    assert (new / "cluster" / "data").stat().st_uid == nobody
    with cluster.running(new) as made:
        assert scalar(made.app_url, "SELECT 1") == 1
        assert Path(f"/proc/{postmaster(made.data)}").stat().st_uid == nobody


@needs_root
def test_another_user_is_told_whose_it_is(home: Path) -> None:
    cluster.ensure(home)
    nobody = pwd.getpwnam("nobody").pw_uid
    code = "try: cluster.start(home)\nexcept SocialMapError as error: print(error.key, error.params['owner'])"
    assert finish(child(code, home, user=nobody)) == "cluster.other_owner postgres"


@needs_root
def test_root_in_a_closed_folder_uses_a_system_folder(new: Path) -> None:
    new.parent.mkdir(mode=0o700)
    with cluster.running(new) as made:
        place = made.data.parent
        assert place.parent == cluster_place.SYSTEM_FOLDER
        assert place.name.startswith("checkout-")
        assert scalar(made.app_url, "SELECT 1") == 1
    cluster.destroy(new)
    assert not place.exists()


def test_long_path_with_thai_letters_and_a_space(home: Path) -> None:
    long = home.parent / "ที่ทำงาน ของฉัน" / "โครงการแผนที่สังคมของจังหวัด" / ".socialmap"
    long.parent.mkdir(parents=True)
    home.rename(long)
    with cluster.running(long) as made:
        assert scalar(made.app_url, "SELECT 1") == 1
        assert made.data.is_relative_to(long)
    cluster.destroy(long)
    assert not made.socket_dir.exists()


def test_foreign_version_is_told(home: Path) -> None:
    made = cluster.ensure(home)
    (made.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(cluster.ForeignVersion, match=r"สร้างด้วย PostgreSQL 9.*made by PostgreSQL 9"):
        cluster.start(home)


@needs_root
def test_full_disk_is_told_and_leaves_no_half(new: Path) -> None:
    new.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=260m,mode=0755", "none", new], check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        filler = new / "filler"
        filler.write_bytes(bytes(100_000_000))
        with pytest.raises(DiskFull, match=r"พื้นที่ดิสก์ไม่พอ.*no room"):
            cluster.ensure(new)
        assert not (new / "cluster").exists()
        filler.unlink()
        made = cluster.ensure(new)
        with filler.open("wb") as stream, suppress(OSError):
            while True:
                stream.write(bytes(1_000_000))
        with pytest.raises(DiskFull):
            cluster.start(new)
        filler.unlink()
        with cluster.running(new):
            assert scalar(made.app_url, "SELECT 1") == 1
        cluster.destroy(new)
    finally:
        subprocess.run(["umount", new], check=True)


def test_destroy_leaves_nothing(home: Path) -> None:
    made = cluster.start(home)
    cluster.destroy(home)
    assert not made.data.exists()
    assert not made.socket_dir.exists()
    assert {path.name for path in home.iterdir()} <= {"cluster.gate", "cluster.use"}
