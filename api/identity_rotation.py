"""Rotation of the master key: a new one, all keys wrapped by it in batches, all tried, older masters forgotten."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from api.audit import record
from api.database import transaction
from api.identity_use import identity_keys
from api.secrets import Secrets, add_master, load_secrets, secrets_path
from api.settings import Settings
from boundaries.errors import SocialMapError
from boundaries.locks import IDENTITY_KEYS
from layers.key_rotation import BEGIN, TABLES, Table, Unusable, list_unusable, masters_in_use, rewrap
from layers.scope import Scope

BATCH = 500
ROTATING = Scope.system("identity rotate")


class MastersInUse(SocialMapError):
    """Older master keys that still wrap keys are not forgotten."""

    key = "error.masters_in_use"


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: the master's name, keys in all, those that cannot be used, masters forgotten."""

    master: str
    keys: int
    unusable: list[Unusable]
    forgotten: list[str]


def rotate(engine: Engine, forget: bool = False, batch: int = BATCH, told: Callable[[int], object] = id) -> Rotation:
    """Wrap all keys by a new master key; a rotation that broke off goes on with its own.

    Keys are in clear in memory only.

    With `forget` the older master keys are then taken out of the file of secrets: what was erased is then unreadable
    in backups of the database too, and so is all else in backups from before. Raises MastersInUse, SecretsUnusable.
    """
    with transaction(engine, ROTATING) as session:
        old = masters_in_use(session) - {load_secrets().master}
    if not old:
        add_master()
    done = 0
    for table in TABLES:
        done = _rewrap_all(engine, table, batch, done, told)
    with transaction(engine, ROTATING) as session:
        count, unusable = list_unusable(session, identity_keys(session))
    forgotten = _forget(engine) if forget and not unusable else []
    with transaction(engine, ROTATING) as session:
        master = load_secrets().master
        details = {"command": "identity.rotate", "count": count, "master": master}
        record(session, ROTATING, "system_command", kind="identity_key", details=details)
    return Rotation(master, count, unusable, forgotten)


def _rewrap_all(engine: Engine, table: Table, batch: int, done: int, told: Callable[[int], object]) -> int:
    """Wrap all keys of a table anew, a batch in each transaction; return how many were looked at in all."""
    place = BEGIN
    while True:
        with transaction(engine, ROTATING) as session:
            reached = rewrap(session, identity_keys(session), place, batch, table)
        if reached is None:
            return done
        place, done = reached, done + batch
        told(done)


def _forget(engine: Engine) -> list[str]:
    """Take older masters out of the file, while nobody is in the middle of using one."""
    with transaction(engine, ROTATING) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IDENTITY_KEYS})
        held = load_secrets()
        if masters_in_use(session) - {held.master}:
            raise MastersInUse
        return _keep_one(held)


def _keep_one(held: Secrets) -> list[str]:
    path = secrets_path(Settings())
    written = json.loads(path.read_text("utf-8"))
    written["masters"] = {held.master: written["masters"][held.master]}
    _replace(path, json.dumps(written))
    return sorted(set(held.masters) - {held.master}, key=int)


def _replace(path: Path, content: str) -> None:
    """Put a file of mode 0600 in the place of another, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
