"""Where the private cluster's files and socket lie, and who may enter there."""

import os
import pwd
import re
import shutil
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from api.cluster_programs import LEAST_MAJOR, PostgresFailed, PostgresMissing, run_as
from boundaries.errors import SocialMapError

SYSTEM_USER = "postgres"
SYSTEM_FOLDER = Path("/var/lib/socialmap")
SOCKET_LIMIT = 100
"""Longest socket path in bytes; the kernel's limit is 107."""


class OtherOwner(SocialMapError):
    """The data belong to another system user."""

    key = "cluster.other_owner"


def choose_place(home: Path) -> Path:
    """Choose the folder that holds data and socket."""
    home = home.resolve()
    inside, outside = home / "cluster", SYSTEM_FOLDER / f"{home.parent.name}-{digest(home)}"
    if os.geteuid() != 0 or inside.exists():
        return inside
    if outside.exists():
        return outside
    home.mkdir(parents=True, exist_ok=True)
    try:
        run_as(pwd.getpwnam(SYSTEM_USER).pw_uid, "test", "-x", home)
    except KeyError as missing:
        raise PostgresMissing(least=LEAST_MAJOR) from missing
    except PostgresFailed:
        return outside
    return inside


def digest(path: Path) -> str:
    return sha256(os.fsencode(path)).hexdigest()[:10]


def choose_socket_dir(place: Path) -> Path:
    """Choose the socket's folder: beside the data when the path is short and plain enough for PostgreSQL."""
    beside = place / "run"
    plain = re.fullmatch(r"[\w./+@-]+", str(beside), re.ASCII)
    if plain and len(str(beside / ".s.PGSQL.65535.lock")) <= SOCKET_LIMIT:
        return beside
    return Path("/tmp") / f"socialmap-{digest(place)}"  # noqa: S108  (its owner and mode are checked before use)


def private_folder(path: Path, owner: int) -> None:
    """Make a folder that only `owner` may enter; refuse one that somebody else put there."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        os.chown(path, owner, -1)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise OtherOwner(path=str(path), owner=str(found.st_uid))
    path.chmod(0o700)


def remove_folder(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
