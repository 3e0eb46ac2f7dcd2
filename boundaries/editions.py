"""Editions: dated sets of boundaries, from draft over checked to the one that is active."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from boundaries.checks import Check, check_areas
from boundaries.codes import LEVELS, Level
from boundaries.errors import SocialMapError
from boundaries.locks import ACTIVATE
from boundaries.models import Edition
from boundaries.prepared import prepared

State = Literal["draft", "checked", "active", "retired"]
Retag = Callable[[Session, int], Any]


class NoActiveEdition(SocialMapError):
    """No boundaries are active yet."""

    key = "editions.none_active"


class EditionNotFound(SocialMapError):
    """No edition has this number."""

    key = "editions.not_found"


class NotChecked(SocialMapError):
    """An edition that has not passed its checks cannot become active."""

    key = "editions.not_checked"


class ChecksFailed(SocialMapError):
    """An edition whose checks found errors."""

    key = "editions.checks_failed"


@dataclass(frozen=True)
class EditionRecord:
    """One edition with all that a credit line or a list tells about it."""

    id: int
    name: str
    state: State
    source_key: str
    detail: Literal["full", "light", "outline"]
    licence: str
    citation_th: str
    citation_en: str
    reference_date: date | None
    checksum: str
    modified: bool
    activated_at: datetime | None
    levels: tuple[Level, ...]

    @property
    def activation(self) -> tuple[int, datetime | None]:
        """What tells this activation from all others, of editions with the same checksum and in other databases too."""
        return self.id, self.activated_at


@dataclass(frozen=True)
class ActivationReport:
    """What an activation did: the edition, the one before it, and the caller's report about its records."""

    edition: EditionRecord
    previous_id: int | None
    retagged: Any = None


def get_active(session: Session) -> EditionRecord:
    """Return the active edition; raise NoActiveEdition."""
    found = find_active(session)
    if found is None:
        raise NoActiveEdition()
    return found


def active_id(session: Session) -> int:
    """Return the number of the active edition, for what asks at every case; raise NoActiveEdition."""
    found: int | None = prepared(session, "SELECT id FROM edition WHERE state = 'active'", {}).scalar_one_or_none()
    if found is None:
        raise NoActiveEdition
    return found


def find_active(session: Session) -> EditionRecord | None:
    """Return the active edition, None before the first."""
    row = session.execute(_select().where(Edition.state == "active")).one_or_none()
    return _record(row) if row else None


def get_edition(session: Session, edition_id: int) -> EditionRecord:
    """Return one edition; raise EditionNotFound."""
    row = session.execute(_select().where(Edition.id == edition_id)).one_or_none()
    if row is None:
        raise EditionNotFound(id=edition_id)
    return _record(row)


def list_editions(session: Session) -> list[EditionRecord]:
    """Return all editions, newest first."""
    return [_record(row) for row in session.execute(_select().order_by(Edition.id.desc()))]


def find_by_checksum(session: Session, checksum: str) -> EditionRecord | None:
    """Return the newest edition made from the very same file, None if there is none."""
    chosen = _select().where(Edition.checksum == checksum).order_by(Edition.id.desc()).limit(1)
    row = session.execute(chosen).one_or_none()
    return _record(row) if row else None


def update_provenance(session: Session, edition_id: int, values: Mapping[str, Any]) -> EditionRecord:
    """Set what an edition tells about where it comes from (name, licence, citations, date); nothing else changes."""
    session.execute(update(Edition).where(Edition.id == edition_id).values(dict(values)))
    return get_edition(session, edition_id)


def check(session: Session, edition_id: int) -> Check:
    """Check an edition; a draft without errors becomes `checked`. The findings are kept with the edition."""
    edition = get_edition(session, edition_id)
    found = check_areas(session, edition_id)
    values: dict[str, Any] = {"report": Edition.report.concat({"check": found.to_json()})}
    if edition.state == "draft" and found.passed:
        values["state"] = "checked"
    elif edition.state == "checked" and not found.passed:
        values["state"] = "draft"
    session.execute(update(Edition).where(Edition.id == edition_id).values(values))
    return found


def activate(session: Session, edition_id: int, retag: Retag | None = None) -> ActivationReport:
    """Make a checked (or retired) edition the active one; `retag(session, edition_id)` moves the records with it.

    The first edition has no records before it, and nothing is moved.

    Raises NotChecked for a draft. All happens in the caller's transaction: readers see the old edition until commit.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(ACTIVATE))))
    edition, previous = get_edition(session, edition_id), find_active(session)
    if edition.state == "draft":
        raise NotChecked(id=edition_id)
    if previous is not None and previous.id == edition_id:
        return ActivationReport(edition, previous.id)
    if previous is not None:
        session.execute(update(Edition).where(Edition.id == previous.id).values(state="retired"))
    session.execute(update(Edition).where(Edition.id == edition_id).values(state="active", activated_at=func.now()))
    report = retag(session, edition_id) if retag and previous is not None else None
    return ActivationReport(get_edition(session, edition_id), previous.id if previous else None, report)


def _select() -> Select[*tuple[Any, ...]]:
    return select(
        Edition.id,
        Edition.name,
        Edition.state,
        Edition.source_key,
        Edition.detail,
        Edition.licence,
        Edition.citation_th,
        Edition.citation_en,
        Edition.reference_date,
        Edition.checksum,
        Edition.modified,
        Edition.activated_at,
        Edition.lowest_level,
    )


def _record(row: Row[Any]) -> EditionRecord:
    values = row._asdict()
    lowest = LEVELS.index(values.pop("lowest_level"))
    return EditionRecord(**values, levels=LEVELS[1 : lowest + 1])
