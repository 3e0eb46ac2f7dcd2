"""Sources: where cases, observations and assets come from; every figure names them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from boundaries.locks import SOURCE
from boundaries.messages import Text
from layers.models import Source


@dataclass(frozen=True)
class SourceRecord:
    """One source; `invented` means that nothing in it is real."""

    id: int
    key: str
    name: Text
    licence: str | None
    as_of: date
    invented: bool


def save_source(
    session: Session,
    key: str,
    name: Text,
    as_of: date,
    *,
    licence: str | None = None,
    invented: bool = False,
) -> int:
    """Create a source or renew what is said about it; return its id."""
    values = {"name_th": name.th, "name_en": name.en, "as_of": as_of, "licence": licence, "invented": invented}
    written = insert(Source).values(key=key, **values)
    # A later correction of old cases does not make the source older.
    newest = {**values, "as_of": func.greatest(Source.as_of, written.excluded.as_of)}
    renewed = written.on_conflict_do_update(index_elements=["key"], set_=newest).returning(Source.id)
    return session.execute(renewed).scalar_one()


def list_sources(session: Session) -> list[SourceRecord]:
    """Return all sources, by key."""
    rows = session.execute(select(Source.__table__).order_by(Source.key))
    return [
        SourceRecord(row.id, row.key, Text(row.name_th, row.name_en), row.licence, row.as_of, row.invented)
        for row in rows
    ]


def lock_source(session: Session, source_id: int) -> None:
    """Let only one transaction at a time bring cases of a source in; others wait."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(SOURCE), source_id)))


def delete_source_content(session: Session, source_id: int) -> None:
    """Delete the observations of a source; its cases are deleted by `layers.cases`."""
    session.execute(text("DELETE FROM observation WHERE source_id = :id"), {"id": source_id})
