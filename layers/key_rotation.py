"""Wrapping the keys of cases anew by the present master key; the data themselves stay as they are sealed.

There are two tables of keys: those of identity data, one for a case, and those of words and photos that phones brought.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from layers.sealing import IdentityDamaged, Keys, MasterMissing, unwrap, wrap

Place = tuple[str, UUID]
BEGIN: Place = ("", UUID(int=0))
Table = Literal["identity_key", "case_seal"]
TABLES: tuple[Table, ...] = ("identity_key", "case_seal")


@dataclass(frozen=True)
class Unusable:
    """A case whose key cannot be unwrapped, and why."""

    case_id: UUID
    why: str


def rewrap(session: Session, keys: Keys, after: Place, limit: int, table: Table = "identity_key") -> Place | None:
    """Wrap up to `limit` keys of a table behind `after` anew; return the place reached, None at the end.

    What was rewrapped before is passed over, so that a rotation that broke off goes on. Keys that cannot be unwrapped
    stay as they are: list_unusable tells them.
    """
    place = {"province": after[0], "id": after[1], "master": keys.master, "limit": limit}
    rows = session.execute(_OLD[table], place).all()
    changed = []
    for row in rows:
        try:
            key = unwrap(keys, row.master, row.id, row.version, bytes(row.wrapped))
        except (IdentityDamaged, MasterMissing):
            continue
        made = wrap(keys, row.id, row.version, key)
        at = {"province": row.province_code, "id": row.id, "version": row.version}
        changed.append(at | {"master": keys.master, "wrapped": made})
    if changed:
        session.execute(_REWRAP[table], changed)
    return (rows[-1].province_code, rows[-1].id) if rows else None


def list_unusable(session: Session, keys: Keys) -> tuple[int, list[Unusable]]:
    """Unwrap every key and return how many there are, and those that cannot be used."""
    count, found = 0, []
    for table in TABLES:
        for row in session.execute(_ALL[table], execution_options={"yield_per": 1000}):
            count += 1
            try:
                unwrap(keys, row.master, row.id, row.version, bytes(row.wrapped))
            except (IdentityDamaged, MasterMissing) as error:
                found.append(Unusable(row.case_id, type(error).__name__))
    return count, found


def masters_in_use(session: Session) -> set[str]:
    """Return the names of the master keys that wrap at least one key."""
    return set(session.scalars(text("SELECT master FROM identity_key UNION SELECT master FROM case_seal")))


def _statements(template: str) -> dict[str, TextClause]:
    """Return a statement for each table: how it names the one its key belongs to, and the version it is bound to."""
    names = {"identity_key": ("case_id", "version"), "case_seal": ("id", "0")}
    made: Iterator[tuple[str, str]] = (
        (table, template.format(table=table, id=one, version=version)) for table, (one, version) in names.items()
    )
    return {table: text(statement) for table, statement in made}


_OLD = _statements(
    "SELECT province_code, {id} AS id, {version} AS version, master, wrapped FROM {table}"
    " WHERE master <> :master AND (province_code, {id}) > (:province, :id) ORDER BY province_code, {id}"
    " LIMIT :limit FOR UPDATE"
)
_REWRAP = _statements(
    "UPDATE {table} SET master = :master, wrapped = :wrapped"
    " WHERE province_code = :province AND {id} = :id AND {version} = :version"
)
_ALL = _statements("SELECT case_id, {id} AS id, {version} AS version, master, wrapped FROM {table}")
