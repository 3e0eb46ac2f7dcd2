"""The PostgreSQL programs of this machine and the processes they became."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from boundaries.errors import SocialMapError

LEAST_MAJOR = 15
DEBIAN = Path("/usr/lib/postgresql")


class PostgresMissing(SocialMapError):
    """No PostgreSQL of a sufficient version with PostGIS is installed."""

    key = "cluster.postgres_missing"


class PostgresFailed(SocialMapError):
    """A PostgreSQL program ended with an error; `reason` is its last line."""

    key = "cluster.failed"


class DiskFull(SocialMapError):
    """The disk below the cluster has no room."""

    key = "cluster.disk_full"


@dataclass(frozen=True)
class Programs:
    """One installed PostgreSQL with PostGIS."""

    folder: Path
    major: int


def find_programs(major: int | None = None) -> Programs | None:
    """Return the newest installed PostgreSQL that has PostGIS, or the one of version `major`; None without any."""
    found = [one for one in _installed() if major in (None, one.major) and one.major >= LEAST_MAJOR]
    return max(found, key=lambda one: one.major, default=None)


def _installed() -> Iterator[Programs]:
    for folder in DEBIAN.glob("[0-9]*/bin"):
        number = folder.parent.name
        if (folder / "initdb").exists() and Path(f"/usr/share/postgresql/{number}/extension/postgis.control").exists():
            yield Programs(folder, int(number))
    config = shutil.which("pg_config")
    if config:
        said = [
            subprocess.run([config, what], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
            for what in ("--bindir", "--sharedir", "--version")
        ]
        number = said[2].removeprefix("PostgreSQL ").split(".")[0]
        if (Path(said[0]) / "initdb").exists() and (Path(said[1]) / "extension" / "postgis.control").exists():
            yield Programs(Path(said[0]), int(number) if number.isdigit() else 0)


def run_as(owner: int, *command: str | Path, log: Path | None = None) -> str:
    """Run a program as the user with id `owner` (root changes to it) and return what it wrote.

    Raises DiskFull or PostgresFailed with the last line of its output or of `log`.
    """
    words = [str(word) for word in command]
    if os.geteuid() == 0 and owner != 0:
        words = ["runuser", "-u", pwd.getpwuid(owner).pw_name, "--", *words]
    clean = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}  # PG* variables of the caller mislead
    # The caller's folder may be closed to `owner`.
    done = subprocess.run(words, cwd="/", env=clean, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode:
        raise _failure(f"{done.stdout}\n{done.stderr}", log)
    return done.stdout


def _failure(said: str, log: Path | None) -> SocialMapError:
    written = log.read_text("utf-8", "replace")[-4000:] if log and log.exists() else ""
    if "No space left on device" in said + written:
        return DiskFull(path=str(log.parent if log else ""))
    fatal = [line for line in written.splitlines() if "FATAL" in line or "PANIC" in line]
    lines = fatal or [line for line in said.splitlines() if line.strip()] or ["?"]
    return PostgresFailed(reason=lines[-1].strip(), log=str(log or "-"))


def postmaster(data: Path) -> int | None:
    """Return the process id of the server that runs on `data`, or None; a stale pid file counts as none."""
    try:
        pid = int((data / "postmaster.pid").read_text("utf-8", "replace").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    words = _command_line(pid)
    return pid if "-D" in words and str(data) in words else None


def orphans(cluster_name: str) -> list[int]:
    """List the server processes that carry `cluster_name` in their title; they outlive a killed postmaster."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if _command_line(pid)[0].startswith(f"postgres: {cluster_name}: ")]


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return [""]
