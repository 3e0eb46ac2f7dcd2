"""What persons decided about names that were not sure, kept for next time."""

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from boundaries.codes import Level
from boundaries.models import AreaAlias

LONGEST_KEY = 100


@dataclass(frozen=True)
class AliasKey:
    """A name as it is looked up: its level, its canonical form, and those of the names stated above it."""

    level: Level
    name: str
    context: str

    @property
    def id(self) -> str:
        """A short sign by which a person names the decision."""
        whole = "\x1f".join((self.level, self.name, self.context))
        return hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()

    @property
    def has_context(self) -> bool:
        """Say whether a name is stated above it."""
        return bool(self.context.strip("/"))


@dataclass(frozen=True)
class AliasRecord:
    """One decision: what the name with these names above it means, by whom and when."""

    key: AliasKey
    code: str
    decided_by: UUID | None
    decided_at: datetime


Aliases = Mapping[AliasKey, str]


def keep_alias(session: Session, key: AliasKey, code: str, actor_id: UUID | None) -> bool:
    """Write a decision, in place of an earlier one; False for a name that cannot be kept (too long, no letters)."""
    if not is_keepable(key):
        return False
    values = {"code": code, "decided_by": actor_id}
    row = insert(AreaAlias).values(level=key.level, name_key=key.name, context_key=key.context, **values)
    decided = {**values, "decided_at": row.excluded.decided_at}
    session.execute(row.on_conflict_do_update(index_elements=["level", "name_key", "context_key"], set_=decided))
    return True


def is_keepable(key: AliasKey) -> bool:
    """Say whether a key may be stored: short, with a letter, and without any character that controls."""
    whole = key.name + key.context
    return (
        0 < len(key.name) <= LONGEST_KEY
        and len(key.context) <= 2 * LONGEST_KEY
        and any(letter.isalpha() for letter in key.name)
        and not any(unicodedata.category(letter).startswith("C") for letter in whole)
    )


def list_aliases(session: Session) -> list[AliasRecord]:
    """Return all decisions, newest first."""
    columns = (AreaAlias.level, AreaAlias.name_key, AreaAlias.context_key)
    rows = session.execute(
        select(*columns, AreaAlias.code, AreaAlias.decided_by, AreaAlias.decided_at).order_by(
            AreaAlias.decided_at.desc(), *columns
        )
    )
    return [
        AliasRecord(AliasKey(cast(Level, level), name, context), code, decided_by, decided_at)
        for level, name, context, code, decided_by, decided_at in rows
    ]


def delete_alias(session: Session, key: AliasKey) -> bool:
    """Take a decision back; False when there is none."""
    chosen = delete(AreaAlias).where(
        AreaAlias.level == key.level, AreaAlias.name_key == key.name, AreaAlias.context_key == key.context
    )
    return session.execute(chosen.returning(AreaAlias.code)).first() is not None


def load_aliases(
    session: Session,
    present: Collection[str],
    home: str | None = None,
    lies_in: Callable[[AliasKey, str], bool] = lambda key, code: False,
) -> Aliases:
    """Return decisions by key; those for codes that the edition has no longer are left out.

    A name that somebody decided counts in the province of its area alone, unless what is stated above it surely is
    that province (`lies_in`): `home` is the province whose files are read, None for more than one. What was decided
    at the server counts everywhere.
    """
    return {
        record.key: record.code
        for record in list_aliases(session)
        if record.code in present
        and (
            record.decided_by is None
            or (home is not None and record.code.startswith(home))
            or lies_in(record.key, record.code)
        )
    }


def find_alias(session: Session, alias_id: str) -> AliasRecord | None:
    """Return the decision that a sign names; None when there is none."""
    return next((one for one in list_aliases(session) if one.key.id == alias_id), None)
