"""The file that an account has sent and not decided on yet: one each, in the private folder, for a day at most."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from api.files import write_whole

FOLDER = "plan_files"
DAY = 86_400


@dataclass(frozen=True)
class Waiting:
    """A file that waits for its sender's decision."""

    name: str
    content: bytes


def keep(home: Path, account: UUID, name: str, content: bytes) -> None:
    """Keep an account's file in the place of the one before. Raises FileFull."""
    sweep(home)
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    head = json.dumps({"name": name}).encode()
    write_whole(_path(home, account), head + b"\n" + content)


def find(home: Path, account: UUID) -> Waiting | None:
    """Return an account's file, None where none waits."""
    with suppress(OSError, ValueError, KeyError):
        path = _path(home, account)
        if time.time() - path.stat().st_mtime <= DAY:
            head, _, content = path.read_bytes().partition(b"\n")
            return Waiting(str(json.loads(head)["name"]), content)
    return None


def drop(home: Path, account: UUID) -> None:
    """Take an account's file away."""
    _path(home, account).unlink(missing_ok=True)


def sweep(home: Path) -> None:
    """Take away files that have waited for more than a day."""
    for path in (home / FOLDER).glob("*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > DAY:
                path.unlink()


def _path(home: Path, account: UUID) -> Path:
    return home / FOLDER / str(account)
