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
from pathlib import Path

from api.settings import Settings
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
    """Keys of 32 bytes. `masters` wrap the keys of cases, by name; new ones are wrapped by `master`."""

    scope: bytes = field(repr=False)
    search: bytes = field(repr=False)
    points: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    masters: Mapping[str, bytes] = field(repr=False)
    master: str


def load_secrets(settings: Settings | None = None) -> Secrets:
    """Read the secrets. Raises SecretsUnusable."""
    return _read(secrets_path(settings or Settings()))


def make_secrets(settings: Settings | None = None) -> Secrets:
    """Read the secrets, and make them first where there are none. Raises SecretsUnusable."""
    path = secrets_path(settings or Settings())
    if not path.exists():
        _write_new(path, _made())
    return _read(path)


def secrets_path(settings: Settings) -> Path:
    """Return where the secrets lie."""
    return settings.socialmap_secrets or settings.socialmap_home / "secrets.json"


def add_master(settings: Settings | None = None) -> Secrets:
    """Add a master key that new keys are wrapped by from now on; older ones stay. Raises SecretsUnusable."""
    settings = settings or Settings()
    load_secrets(settings)
    path = secrets_path(settings)
    held = json.loads(path.read_text("utf-8"))
    name = str(max(map(int, held["masters"])) + 1)
    held["masters"][name] = secrets.token_hex(BYTES)
    held["master"] = name
    fresh = path.with_suffix(f".{os.getpid()}.new")
    _write_new(fresh, held)
    fresh.replace(path)
    return _read(path)


def _made() -> dict[str, object]:
    single = {name: secrets.token_hex(BYTES) for name in ("scope", "search", "points", "audit")}
    return {**single, "masters": {"1": secrets.token_hex(BYTES)}, "master": "1"}


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
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SecretsUnusable(path=path)
        held = json.loads(path.read_text("utf-8"))
        masters = {name: bytes.fromhex(key) for name, key in held["masters"].items()}
        single = {name: bytes.fromhex(held[name]) for name in ("scope", "search", "points", "audit")}
        if held["master"] not in masters or any(len(key) != BYTES for key in (*masters.values(), *single.values())):
            raise SecretsUnusable(path=path)
        return Secrets(**single, masters=masters, master=held["master"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SecretsUnusable(path=path) from error
