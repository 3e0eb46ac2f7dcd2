"""Secrets of one place of work, kept in a file outside the database that only its owner may read.

They are made when a database is first migrated. Whoever loses the file loses the identity data: it is part of a backup,
apart from the database's own.
"""

import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from api.settings import Settings, settings_now
from boundaries.errors import SocialMapError

BYTES = 32


class SecretsUnusable(SocialMapError):
    """The file of secrets is missing, damaged, or others may read it."""

    key = "error.secrets"


class SecretsOfAnother(SocialMapError):
    """The database was migrated with other secrets than these."""

    key = "error.secrets_of_another"


@dataclass(frozen=True)
class Secrets:
    """Keys of 32 bytes. `masters` wrap the keys of cases, by name; new ones are wrapped by `master`.

    `captures` open what phones sealed, by name; phones are told of `capture`, None where a file is older than they are.
    """

    scope: bytes = field(repr=False)
    search: bytes = field(repr=False)
    points: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    masters: Mapping[str, bytes] = field(repr=False)
    master: str
    captures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    capture: str | None = None


def load_secrets(settings: Settings | None = None) -> Secrets:
    """Read the secrets. Raises SecretsUnusable."""
    return _read(secrets_path(settings or settings_now()))


def make_secrets(settings: Settings | None = None) -> Secrets:
    """Read the secrets, and make them first where there are none. Raises SecretsUnusable."""
    path = secrets_path(settings or settings_now())
    if not path.exists():
        _write_new(path, _made())
    held = _read(path)
    return held if held.captures else add_capture(settings)


def secrets_path(settings: Settings) -> Path:
    """Return where the secrets lie."""
    return settings.socialmap_secrets or settings.socialmap_home / "secrets.json"


def add_master(settings: Settings | None = None) -> Secrets:
    """Add a master key that new keys are wrapped by from now on; older ones stay. Raises SecretsUnusable."""
    return _add("masters", "master", settings)


def add_capture(settings: Settings | None = None) -> Secrets:
    """Add a key that phones seal to from now on; older ones stay, to open what was sealed. Raises SecretsUnusable."""
    return _add("captures", "capture", settings)


def _add(many: str, one: str, settings: Settings | None) -> Secrets:
    settings = settings or settings_now()
    load_secrets(settings)
    path = secrets_path(settings)
    held = json.loads(path.read_text("utf-8"))
    keys = held.setdefault(many, {})
    name = str(max(map(int, keys), default=0) + 1)
    keys[name] = secrets.token_hex(BYTES)
    held[one] = name
    replace_secrets(path, held)
    return _read(path)


def replace_secrets(path: Path, held: Mapping[str, object]) -> None:
    """Put other secrets in the place of a file's, whole or not at all."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    _write_new(fresh, held)
    fresh.replace(path)


def _made() -> dict[str, object]:
    single = {name: secrets.token_hex(BYTES) for name in ("scope", "search", "points", "audit")}
    several = {name: {"1": secrets.token_hex(BYTES)} for name in ("masters", "captures")}
    return {**single, **several, "master": "1", "capture": "1"}


def _write_new(path: Path, held: Mapping[str, object]) -> None:
    """Write a file of mode 0600 whole or not at all; when another process was first, its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(held, file)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _read(path: Path) -> Secrets:
    try:
        found = path.stat()
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SecretsUnusable(path=path)
        return _parsed(path, found.st_ino, found.st_mtime_ns)
    except OSError as error:
        raise SecretsUnusable(path=path) from error


@lru_cache(maxsize=4)
def _parsed(path: Path, _inode: int, _written: int) -> Secrets:
    """Read a file that was written just then; the same one is asked for several times at every case."""
    try:
        held = json.loads(path.read_text("utf-8"))
        masters = {name: bytes.fromhex(key) for name, key in held["masters"].items()}
        captures = {name: bytes.fromhex(key) for name, key in held.get("captures", {}).items()}
        single = {name: bytes.fromhex(held[name]) for name in ("scope", "search", "points", "audit")}
        several = (*masters.values(), *captures.values(), *single.values())
        named = held["master"] in masters and (held.get("capture") in captures or not captures)
        if not named or any(len(key) != BYTES for key in several):
            raise SecretsUnusable(path=path)
        return Secrets(**single, masters=masters, master=held["master"], captures=captures, capture=held.get("capture"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SecretsUnusable(path=path) from error
