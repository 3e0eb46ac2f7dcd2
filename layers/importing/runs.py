"""Imports that were made: listed, and the newest of a source undone whole, as if its file had never come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, select, text, update
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY
from boundaries.editions import get_active
from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers import case_batches, rollups
from layers.case_merging import end_undone_merges, part_from_run
from layers.case_references import drop_links
from layers.cases import told
from layers.models import ImportRun, Source
from layers.sources import lock_source
from layers.statements import statement


class RunNotFound(SocialMapError):
    """No import has this number, or it lies outside the caller's areas."""

    key = "import.run_not_found"


class RunUndone(SocialMapError):
    """An import that was undone before."""

    key = "import.run_undone"


class RunNotNewest(SocialMapError):
    """A later import of the same source stands on this one: that has to be undone first."""

    key = "import.run_not_newest"


class RunWorkedOn(SocialMapError):
    """Cases of the import that people have worked on since; undoing would lose their work."""

    key = "import.run_worked_on"


class RunOfOldBoundaries(SocialMapError):
    """An import that changed cases before the boundaries changed: what they were cannot simply be put back."""

    key = "import.run_old_boundaries"


@dataclass(frozen=True)
class RunRecord:
    """One import: its file, source, what became of the rows, and whether it was undone."""

    id: int
    source_id: int
    source: Text
    target: str
    area_code: str
    file_name: str
    recipe: str
    counts: Mapping[str, Any]
    actor_id: UUID | None
    made_at: datetime
    undone_at: datetime | None


def create_run(session: Session, source_id: int, values: Mapping[str, Any]) -> int:
    """Record an import that begins; `set_counts` says what became of it."""
    made = insert(ImportRun).values(source_id=source_id, counts={}, **values).returning(ImportRun.id)
    return session.execute(made).scalar_one()


def set_counts(session: Session, run_id: int, counts: Mapping[str, Any]) -> None:
    """Say what became of an import's rows."""
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(counts=dict(counts)))


def list_runs(session: Session, within: str | None = None, limit: int = 200) -> list[RunRecord]:
    """Return imports, newest first; `within` leaves those of one province."""
    chosen = _select().order_by(ImportRun.id.desc()).limit(limit)
    if within and within != COUNTRY:
        chosen = chosen.where(ImportRun.area_code == within)
    return [_record(row) for row in session.execute(chosen)]


def get_run(session: Session, run_id: int) -> RunRecord:
    """Return one import; raise RunNotFound."""
    row = session.execute(_select().where(ImportRun.id == run_id)).one_or_none()
    if row is None:
        raise RunNotFound(id=run_id)
    return _record(row)


def find_run_of(session: Session, actor_id: UUID, checksum: str, since: datetime) -> int | None:
    """Return the import that somebody made of a file since a moment; None when there is none."""
    chosen = select(ImportRun.id).where(
        ImportRun.actor_id == actor_id, ImportRun.checksum == checksum, ImportRun.made_at >= since
    )
    return session.execute(chosen.order_by(ImportRun.id.desc()).limit(1)).scalar()


def count_worked_on(session: Session, run: RunRecord) -> int:
    """Return how many cases of an import people have worked on since."""
    params = {"run_id": run.id, "made_at": run.made_at}
    return int(session.execute(statement("count_worked_on"), params).scalar_one())


def _select() -> Select[Any]:
    return select(ImportRun.__table__, Source.name_th, Source.name_en).join(Source, Source.id == ImportRun.source_id)


def _record(row: Row[Any]) -> RunRecord:
    return RunRecord(
        row.id,
        row.source_id,
        Text(row.name_th, row.name_en),
        row.target,
        row.area_code,
        row.file_name,
        row.recipe,
        row.counts,
        row.actor_id,
        row.made_at,
        row.undone_at,
    )


@dataclass(frozen=True)
class Undone:
    """What undoing an import did: cases (observations, assets) taken out, and cases put back as they were."""

    removed: int
    restored: int


def undo_run(session: Session, run_id: int, *, actor_id: UUID | None = None, worked_on: bool = False) -> Undone:
    """Undo the newest import of a source whole: what it made is removed, what it changed is as it was before.

    Raises RunNotFound, RunUndone, RunNotNewest, RunOfOldBoundaries, and RunWorkedOn unless `worked_on`.
    """
    run = session.execute(select(ImportRun.__table__).where(ImportRun.id == run_id)).one_or_none()
    if run is None:
        raise RunNotFound(id=run_id)
    lock_source(session, run.source_id)
    _check(session, run, worked_on)
    undone = _undo_cases(session, run_id) if run.target == "cases" else _undo_others(session, run)
    done = {"undone_at": text("now()"), "undone_by": actor_id}
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(**done))
    return undone


def _check(session: Session, run: Any, worked_on: bool) -> None:
    # Read again under the lock: somebody may have undone it in the meantime.
    undone = session.execute(select(ImportRun.undone_at).where(ImportRun.id == run.id)).scalar_one()
    if undone is not None:
        raise RunUndone(id=run.id)
    later = session.execute(
        select(ImportRun.id)
        .where(ImportRun.source_id == run.source_id, ImportRun.id > run.id, ImportRun.undone_at.is_(None))
        .order_by(ImportRun.id.desc())
        .limit(1)
    ).scalar()
    if later is not None:
        raise RunNotNewest(id=run.id, later=later)
    if run.target != "cases":
        return
    touched = session.execute(statement("count_worked_on"), {"run_id": run.id, "made_at": run.made_at}).scalar_one()
    if touched and not worked_on:
        raise RunWorkedOn(id=run.id, cases=touched)
    params = {"run_id": run.id, "edition_id": get_active(session).id}
    if session.execute(text(_OTHER_EDITION), params).scalar_one():
        raise RunOfOldBoundaries(id=run.id)


_OTHER_EDITION = """
SELECT EXISTS (SELECT FROM import_change WHERE run_id = :run_id AND (before ->> 'edition_id')::int <> :edition_id)"""

_COUNTED = (
    "province_code, district_code, subdistrict_code, problem_code, reported_on, date_precision, source_id, counted,"
    " cases, weight, target_groups"
)
_COUNTS = "status <> ALL (:uncounted)"
_MADE = 'FROM "case" WHERE import_run_id = :run_id'
_CHANGED = """FROM "case" WHERE (province_code, id) IN
(SELECT province_code, case_id FROM import_change WHERE run_id = :run_id)"""


def _undo_cases(session: Session, run_id: int) -> Undone:
    params = {"run_id": run_id}
    case_batches.prepare(session)
    case_batches.ready_for_many(session)
    with told():
        parted = part_from_run(session, run_id)
        if parted:
            _note_delta(session, 1, 'FROM "case" WHERE id = ANY (:parted)', {"parted": parted})
        _note_delta(session, -1, _MADE, params)
        removed = session.execute(text(f"DELETE {_MADE}"), params)
        _note_delta(session, -1, _CHANGED, params)
        session.execute(statement("log_restored_status"), params)
        restored = session.execute(statement("restore_changed_cases"), params)
        end_undone_merges(session, run_id)
        _note_delta(session, 1, _CHANGED, params)
        session.execute(text("DELETE FROM import_change WHERE run_id = :run_id"), params)
        drop_links(session, run_id)
    case_batches.add_delta(session)
    return Undone(int(removed.rowcount), int(restored.rowcount))  # type: ignore[attr-defined]


def _note_delta(session: Session, sign: int, chosen: str, params: Mapping[str, object]) -> None:
    """Note what chosen cases add to the figures, or take from them; nothing of what is no case."""
    noted = f"INSERT INTO case_delta SELECT {sign}, {_COUNTED} {chosen} AND {_COUNTS}"
    session.execute(text(noted), {**params, **rollups.uncounted()})


def _undo_others(session: Session, run: Any) -> Undone:
    """Take out all that the source brought: older values of figures and assets are not kept."""
    table = {"figures": "observation", "assets": "asset"}[run.target]
    removed = session.execute(text(f"DELETE FROM {table} WHERE source_id = :id"), {"id": run.source_id})  # noqa: S608
    return Undone(int(removed.rowcount), 0)  # type: ignore[attr-defined]
