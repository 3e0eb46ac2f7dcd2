"""Wrapping the keys of cases anew by the present master key; the data themselves stay as they are sealed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.sealing import IdentityDamaged, Keys, MasterMissing, unwrap, wrap

Place = tuple[str, UUID]
BEGIN: Place = ("", UUID(int=0))


@dataclass(frozen=True)
class Unusable:
    """A case whose key cannot be unwrapped, and why."""

    case_id: UUID
    why: str


def rewrap(session: Session, keys: Keys, after: Place, limit: int) -> Place | None:
    """Wrap up to `limit` keys behind `after` anew; return the place reached, None at the end.

    What was rewrapped before is passed over, so that a rotation that broke off goes on. Keys that cannot be unwrapped
    stay as they are: list_unusable tells them.
    """
    place = {"province": after[0], "id": after[1], "master": keys.master, "limit": limit}
    rows = session.execute(_OLD, place).all()
    changed = []
    for row in rows:
        try:
            key = unwrap(keys, row.master, row.case_id, row.version, bytes(row.wrapped))
        except (IdentityDamaged, MasterMissing):
            continue
        made = wrap(keys, row.case_id, row.version, key)
        at = {"province": row.province_code, "id": row.case_id, "version": row.version}
        changed.append(at | {"master": keys.master, "wrapped": made})
    if changed:
        session.execute(_REWRAP, changed)
    return (rows[-1].province_code, rows[-1].case_id) if rows else None


def list_unusable(session: Session, keys: Keys) -> tuple[int, list[Unusable]]:
    """Unwrap every key and return how many there are, and those that cannot be used."""
    count, found = 0, []
    for row in session.execute(_ALL, execution_options={"yield_per": 1000}):
        count += 1
        try:
            unwrap(keys, row.master, row.case_id, row.version, bytes(row.wrapped))
        except (IdentityDamaged, MasterMissing) as error:
            found.append(Unusable(row.case_id, type(error).__name__))
    return count, found


def masters_in_use(session: Session) -> set[str]:
    """Return the names of the master keys that wrap at least one key."""
    return set(session.scalars(text("SELECT DISTINCT master FROM identity_key")))


_OLD = text(
    "SELECT province_code, case_id, version, master, wrapped FROM identity_key"
    " WHERE master <> :master AND (province_code, case_id) > (:province, :id)"
    " ORDER BY province_code, case_id LIMIT :limit FOR UPDATE"
)
_REWRAP = text(
    "UPDATE identity_key SET master = :master, wrapped = :wrapped"
    " WHERE province_code = :province AND case_id = :id AND version = :version"
)
_ALL = text("SELECT case_id, version, master, wrapped FROM identity_key")
