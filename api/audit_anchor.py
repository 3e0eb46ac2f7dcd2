"""The head of the audit's chain, told to a file outside the database, so that an end that was cut off is missed.

A line for the first entry, for every EVERY-th, and for the last one a process made; of entries that were committed
together, for the last one. Lines are only added. Between two lines at most EVERY entries can vanish unseen when the
process is killed.
"""

import atexit
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from uuid import UUID

from api.secrets import secrets_path
from api.settings import Settings, settings_now

EVERY = 10
LINE = 1000
"""Bytes of a line at most."""

logger = logging.getLogger("socialmap.audit")


@dataclass(frozen=True)
class Head:
    """The last entry of a chain, and the name of the database that holds it."""

    database: str
    chain: UUID
    number: int
    hash: bytes


@dataclass(frozen=True)
class Anchored:
    """What the file says of a database: the farthest head of its chain, any other chain it had, unreadable lines."""

    head: Head | None
    other: Head | None
    damaged: int


def anchor_path(settings: Settings | None = None) -> Path:
    """Return where heads are told: beside the secrets, which lie outside the database too."""
    secrets = secrets_path(settings or settings_now())
    return secrets.with_name(f"{secrets.stem}.audit")


def tell_head(head: Head, path: Path | None = None) -> None:
    """Add a line and wait until it is on disk. Raises OSError."""
    line = {"database": head.database, "chain": str(head.chain), "number": head.number, "hash": head.hash.hex()}
    place = path or anchor_path()
    file = os.open(place, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(file).st_size
        torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        os.write(file, (b"\n" if torn else b"") + json.dumps(line).encode() + b"\n")
        os.fsync(file)
    finally:
        os.close(file)


def read_anchor(database: str, chain: UUID, path: Path | None = None) -> Anchored:
    """Return what is anchored for a database; a last line without an end was torn by a crash and does not count."""
    head = other = None
    damaged = 0
    for one in _heads(path or anchor_path()):
        if one is None:
            damaged += 1
        elif one.chain == chain:
            head = one if head is None or one.number >= head.number else head
        elif one.database == database:
            other = one
    return Anchored(head, other, damaged)


def list_anchored(chain: UUID, path: Path | None = None) -> Iterator[Head]:
    """Give every head of a chain that was ever told: a chain that was cut and went on differs from the older ones."""
    return (one for one in _heads(path or anchor_path()) if one is not None and one.chain == chain)


def _heads(path: Path) -> Iterator[Head | None]:
    if not path.exists():
        return
    with path.open("rb") as file:
        while line := file.readline(LINE):
            if not line.endswith(b"\n") and len(line) < LINE:
                return
            try:
                held = json.loads(line)
                yield Head(held["database"], UUID(held["chain"]), int(held["number"]), bytes.fromhex(held["hash"]))
            except (ValueError, KeyError, TypeError, AttributeError):
                if line.strip():
                    yield None


_waiting: dict[UUID, tuple[Path, Head]] = {}
_lock = Lock()


def note_head(head: Head, first: int | None = None) -> None:
    """Take note of a head that has been committed; it is told now when it is its turn, else at the process's end.

    `first` is the number of the first of several entries that were committed together: the turn may have been theirs.
    A file that cannot be written stops nobody's work: it is logged, and `socialmap audit verify` fails.
    """
    path, first = anchor_path(), first or head.number
    now = first == 1 or head.number // EVERY > (first - 1) // EVERY
    with _lock:
        if not _waiting:
            atexit.register(tell_waiting)
        held = _waiting.get(head.chain)
        if held is None or held[1].number < head.number:
            _waiting[head.chain] = path, head
            if now:
                del _waiting[head.chain]
    if now:
        _tell(path, head)


def tell_waiting() -> None:
    """Tell the last head of each chain that this process added to, unless it was told."""
    with _lock:
        heads = list(_waiting.values())
        _waiting.clear()
    atexit.unregister(tell_waiting)
    for path, head in heads:
        _tell(path, head)


def _tell(path: Path, head: Head) -> None:
    try:
        tell_head(head, path)
    except OSError as error:
        logger.error("audit head %d cannot be anchored: %s", head.number, error.strerror)
