"""The private PostGIS cluster of a laptop or a test run: made once, found again, started and stopped.

It lies in `<home>/cluster`, or in a folder of /var/lib/socialmap where its system user cannot enter `home`.
It listens on a socket in a folder that only its system user may open, and on no network address: whoever
reaches the socket is trusted, nobody else can connect.
"""

import errno
import json
import os
import pwd
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from api.cluster_place import (
    SYSTEM_FOLDER,
    SYSTEM_USER,
    OtherOwner,
    choose_place,
    choose_socket_dir,
    digest,
    private_folder,
    remove_folder,
)
from api.cluster_programs import (
    LEAST_MAJOR,
    DiskFull,
    PostgresFailed,
    PostgresMissing,
    Programs,
    find_programs,
    orphans,
    postmaster,
    run_as,
)
from api.cluster_use import gate, is_last, leaving_in_order, share, use_lock
from boundaries.errors import SocialMapError

DATABASE, OWNER, APP, ADMIN = "socialmap", "socialmap_owner", "socialmap_app", "postgres"
LEAST_SPACE = 200_000_000
"""Bytes that must be free before a cluster is made: an empty one takes 45 MB and its first log 16 MB more."""

TUNED = """\
listen_addresses = ''
unix_socket_permissions = 0700
cluster_name = '{name}'
port = {port}
unix_socket_directories = '{socket_dir}'
max_connections = 100
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
max_wal_size = 2GB
random_page_cost = 1.1
timezone = 'Asia/Bangkok'
log_timezone = 'Asia/Bangkok'
log_min_messages = warning
"""


class ForeignVersion(SocialMapError):
    """The data were made by a PostgreSQL version that is not installed."""

    key = "cluster.foreign_version"


class ClusterInUse(SocialMapError):
    """Another command is using the cluster."""

    key = "cluster.in_use"


@dataclass(frozen=True)
class Cluster:
    """Where the private cluster lies and how to connect to it."""

    home: Path
    data: Path
    socket_dir: Path
    port: int
    admin_url: str
    app_url: str
    owner_url: str


@dataclass(frozen=True)
class Status:
    """What can be told without changing anything. `major` is None before the cluster was made."""

    running: bool
    in_use: bool
    major: int | None
    data: Path


def ensure(home: Path) -> Cluster:
    """Return the cluster below `home`, making its files first when there are none. Does not start it."""
    with gate(home):
        return _ensured(home)


def start(home: Path) -> Cluster:
    """Start the cluster until `stop` is called; safe when it is running."""
    with gate(home):
        cluster = _ensured(home)
        _start(cluster)
        _borrowed(home).unlink(missing_ok=True)
    return cluster


def stop(home: Path) -> bool:
    """Stop the cluster and return whether it was running. Raises ClusterInUse while a command uses it."""
    with gate(home), use_lock(home) as lock:
        if not is_last(lock):
            raise ClusterInUse()
        return _stop(home)


def status(home: Path) -> Status:
    """Tell how the cluster is, changing nothing."""
    if not home.exists():
        return Status(False, False, None, home / "cluster" / "data")
    data = choose_place(home) / "data"
    major = _major(data)
    if major is None:
        return Status(False, False, None, data)
    with gate(home), use_lock(home) as lock:
        return Status(postmaster(data) is not None, not is_last(lock), major, data)


def destroy(home: Path) -> None:
    """Stop the cluster and remove its files. Raises ClusterInUse while a command uses it."""
    if not home.exists():
        return
    place = choose_place(home)
    stop(home)
    remove_folder(place)
    with suppress(OSError):  # another checkout may have its cluster beside this one
        if place.parent == SYSTEM_FOLDER:
            place.parent.rmdir()
    remove_folder(choose_socket_dir(place))
    for name in ("cluster.json", "cluster.borrowed"):
        (home / name).unlink(missing_ok=True)


@contextmanager
def running(home: Path) -> Iterator[Cluster]:
    """Give the started cluster and leave it as it was found.

    When several commands use it at once, the last one stops it, if one of them started it.
    """
    with leaving_in_order(), use_lock(home) as lock:
        try:
            with gate(home):
                share(lock)
                cluster = _ensured(home)
                if postmaster(cluster.data) is None:
                    _borrowed(home).touch()
                _start(cluster)
            yield cluster
        finally:
            with gate(home):
                if is_last(lock) and _borrowed(home).exists():
                    _stop(home)


def _borrowed(home: Path) -> Path:
    """Name the mark of a cluster that runs only for as long as commands use it."""
    return home / "cluster.borrowed"


def _ensured(home: Path) -> Cluster:
    home = home.resolve()
    place = choose_place(home)
    data = place / "data"
    if _major(data) is None:
        _make(place)
    socket_dir, port = choose_socket_dir(place), _port(home, data)
    urls = [
        URL.create(
            "postgresql+psycopg2", username=role, database=base, query={"host": str(socket_dir), "port": str(port)}
        ).render_as_string(hide_password=False)
        for role, base in ((ADMIN, "postgres"), (APP, DATABASE), (OWNER, DATABASE))
    ]
    return Cluster(home, data, socket_dir, port, *urls)


def _major(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text("ascii"))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise OtherOwner(path=str(data), owner=data.parent.owner()) from error


def _port(home: Path, data: Path) -> int:
    """Return the recorded port, or record a free one. It names the socket, and serves if someone lets it listen."""
    record = home / "cluster.json"
    with suppress(FileNotFoundError, ValueError, KeyError):
        return int(json.loads(record.read_text("utf-8"))["port"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    part = record.with_suffix(".part")
    part.write_text(json.dumps({"port": port, "data": str(data)}, ensure_ascii=False) + "\n", "utf-8")
    part.replace(record)
    return port


def _programs(major: int | None = None) -> Programs:
    found = find_programs(major)
    if found:
        return found
    if major is None:
        raise PostgresMissing(least=LEAST_MAJOR)
    raise ForeignVersion(major=major)


def _make(place: Path) -> None:
    """Run initdb beside the final place and rename: a killed run leaves no half-made cluster."""
    programs = _programs()
    owner = pwd.getpwnam(SYSTEM_USER).pw_uid if os.geteuid() == 0 else os.geteuid()
    if not place.parent.exists():
        place.parent.mkdir(parents=True)
        place.parent.chmod(0o755)
    if shutil.disk_usage(place.parent).free < LEAST_SPACE:
        raise DiskFull(path=str(place))
    private_folder(place, owner)
    unfinished = place / "data.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    run_as(
        owner, programs.folder / "initdb", "-D", unfinished, "-U", ADMIN, "--encoding=UTF8", "--locale=C.UTF-8",
        "--auth-local=trust", "--auth-host=reject", "--data-checksums",
    )  # fmt: skip
    with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("include_if_exists = 'socialmap.conf'\n")
    unfinished.rename(place / "data")


def _start(cluster: Cluster) -> None:
    """See that the server runs, recovering from a killed one, and that roles and database are there."""
    owner = cluster.data.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise OtherOwner(path=str(cluster.data), owner=pwd.getpwuid(owner).pw_name)
    programs = _programs(_major(cluster.data))
    if postmaster(cluster.data) is None:
        _sweep(cluster)
        private_folder(cluster.socket_dir, owner)
        _configure(cluster, owner)
        log = cluster.data / "server.log"
        log.unlink(missing_ok=True)
        run_as(owner, programs.folder / "pg_ctl", "-D", cluster.data, "-w", "-t", "120", "-l", log, "start", log=log)
    _await_ready(cluster)
    _furnish(cluster)


def _sweep(cluster: Cluster) -> None:
    """End what a killed postmaster left: its children hold the shared memory, its pid may be another program's now."""
    name = _name(cluster)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for _ in range(50):
            left = orphans(name)
            if not left:
                break
            time.sleep(0.1)
        for pid in orphans(name):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for left_over in cluster.socket_dir.glob(".s.PGSQL.*"):
        left_over.unlink(missing_ok=True)


def _name(cluster: Cluster) -> str:
    return f"socialmap-{digest(cluster.data)}"


def _configure(cluster: Cluster, owner: int) -> None:
    conf = cluster.data / "socialmap.conf"
    words = TUNED.format(name=_name(cluster), port=cluster.port, socket_dir=cluster.socket_dir)
    if conf.exists() and conf.read_text("utf-8") == words:
        return
    part = conf.with_suffix(".part")
    try:
        part.write_text(words, "utf-8")
    except OSError as error:
        raise (DiskFull(path=str(cluster.data)) if error.errno == errno.ENOSPC else error) from error
    os.chown(part, owner, -1)
    part.replace(conf)


def _stop(home: Path) -> bool:
    data = choose_place(home) / "data"
    _borrowed(home).unlink(missing_ok=True)
    if _major(data) is None or postmaster(data) is None:
        return False
    programs = _programs(_major(data))
    run_as(data.stat().st_uid, programs.folder / "pg_ctl", "-D", data, "-w", "-t", "120", "-m", "fast", "stop")
    return True


def _await_ready(cluster: Cluster) -> None:
    """Wait for a server that somebody else is starting; a killed command leaves one that is not ready yet."""
    for _ in range(600):
        with suppress(FileNotFoundError):
            lines = (cluster.data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return
        time.sleep(0.1)
    raise PostgresFailed(reason="not ready after 60 s", log=str(cluster.data / "server.log"))


def _furnish(cluster: Cluster) -> None:
    """Create the two roles, the database and PostGIS where they are missing."""
    try:
        with _connected(cluster.admin_url) as base:
            have = set(base.scalars(text("SELECT rolname FROM pg_roles UNION SELECT datname FROM pg_database")))
            for role in {OWNER, APP} - have:
                base.execute(text(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"))
            if DATABASE not in have:
                base.execute(text(f"CREATE DATABASE {DATABASE} OWNER {OWNER}"))
            base.execute(text(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC"))
            base.execute(text(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}"))
        with _connected(cluster.owner_url.replace(OWNER, ADMIN, 1)) as base:
            if not base.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")):
                base.execute(text("CREATE EXTENSION postgis"))
    except OperationalError as error:
        raise PostgresFailed(reason=str(error.orig).strip(), log=str(cluster.data / "server.log")) from error


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as base:
        yield base
