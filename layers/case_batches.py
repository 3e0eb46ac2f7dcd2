"""Cases in bulk: the other half of `layers.cases`, which together are all that writes cases.

Rows come in by COPY to a temporary table, are matched with what their source brought before, and go on in a handful
of statements; the rollups follow in the same transaction.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.editions import get_active
from layers import rollups
from layers.cases import told
from layers.copying import cells, copy_rows
from layers.sources import lock_source
from layers.statements import statement

COLUMNS = (
    "id", "external_id", "problem_code", "urgency", "status", "close_reason", "sensitivity", "reported_on",
    "date_precision", "weight", "counted", "lon", "lat", "accuracy_m", "stated_code", "village_code",
    "province_code", "district_code", "subdistrict_code", "area_match", "target_groups", "secondary_problems",
)  # fmt: skip
"""What a batch holds: parallel columns. An urgency or status of None keeps the present one (new cases: U2, 10)."""

MORE = ("row_number", "cases")
"""What a batch may hold beside: the number of each row in its file, and the cases it stands for, one unless said."""

CHUNK = 50_000
TOLD = 100
"""So many rows whose status is not taken are named one by one."""

Batch = Mapping[str, Any]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Written:
    """How many rows of a batch were new, changed a known case, or said nothing new."""

    new: int
    changed: int
    unchanged: int
    status_kept: tuple[str, ...] = ()
    """The first external ids whose stated status no steps lead to: their cases keep the status they had."""
    status_kept_rows: int = 0


def write_batch(
    session: Session, source_id: int, batches: Iterable[Batch], *, count: bool = True, progress: Progress | None = None
) -> Written:
    """Bring a source's cases in: new ones are inserted, changed ones updated, the rest left alone.

    External ids are unique within the call. With `count` False the caller rebuilds the rollups in the same
    transaction. `progress` hears the number of rows staged so far.
    """
    lock_source(session, source_id)
    return write_staged(session, source_id, stage(session, batches, progress), count=count)


def write_staged(
    session: Session, source_id: int, staged: int, *, count: bool = True, run_id: int | None = None
) -> Written:
    """Do so with the rows that were staged, whose number the caller knows; `run_id` is the import they belong to."""
    params = {"source_id": source_id, "edition_id": get_active(session).id, "run_id": run_id}
    ready_for_many(session)
    with told():
        matched = _run(session, "match_staged_cases", params)
        kept = session.execute(statement("keep_unreached_status")).all() if matched else []
        unchanged = _run(session, "drop_unchanged_cases", params) if matched else 0
        changed = matched - unchanged
        if changed:
            if count:
                session.execute(text(_OLD), params | rollups.uncounted())
            if run_id is not None:
                session.execute(statement("keep_changed_cases"), params)
            _update(session, params)
        new = _run(session, "insert_new_cases", params)
    if count and (new or changed):
        session.execute(text(_NEW), params | rollups.uncounted())
        add_delta(session)
    if new + matched != staged:
        raise AssertionError("every staged row is new or matched")
    return Written(new, changed, unchanged, tuple(row.external_id for row in kept[:TOLD]), len(kept))


def stage(session: Session, batches: Iterable[Batch], progress: Progress | None = None) -> int:
    """Copy batches into a fresh staging table and return the number of rows."""
    prepare(session)
    done = 0
    for batch in batches:
        done = stage_batch(session, batch, done, progress)
    session.execute(text("ANALYZE staged_case"))
    return done


def stage_batch(session: Session, batch: Batch, done: int = 0, progress: Progress | None = None) -> int:
    """Copy one batch into the staging table; return how many rows are staged when `done` were before."""
    names = (*COLUMNS, *(name for name in MORE if name in batch))
    for start in range(0, len(batch["id"]), CHUNK):
        part = [cells(batch[name][start : start + CHUNK]) for name in names]
        copy_rows(session, "staged_case", names, zip(*part, strict=True))
        done += len(part[0])
        if progress:
            progress(done)
    return done


def prepare(session: Session) -> None:
    """Make the temporary tables anew; they go with the transaction."""
    session.execute(statement("stage_cases"))


def ready_for_many(session: Session) -> None:
    """Tell the database, for this transaction, that its statements are about many rows."""
    # What a million cases add up to is summed in memory and not through files: measured, two thirds of the time.
    session.execute(text("SET LOCAL work_mem = '64MB'"))


def add_delta(session: Session) -> None:
    """Add what `case_delta` holds to the rollups."""
    session.execute(text("ANALYZE case_delta"))
    rollups.add(session, _DELTA, _GROUP_DELTA)


def _run(session: Session, name: str, params: Mapping[str, object]) -> int:
    result = session.execute(statement(name), dict(params))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _update(session: Session, params: Mapping[str, object]) -> None:
    _run(session, "log_stated_status", params)
    _run(session, "update_changed_cases", params)


_AREAS = "c.province_code, c.district_code, c.subdistrict_code"
_COUNTED = f"{_AREAS}, c.problem_code, c.reported_on, c.date_precision, c.source_id, c.counted, c.cases, c.weight"
_DELTA = "SELECT * FROM case_delta"
_GROUP_DELTA = "SELECT d.*, target_group FROM case_delta d, unnest(d.target_groups) AS target_group"
_OLD = f"""
INSERT INTO case_delta SELECT -1, {_COUNTED}, c.target_groups
FROM "case" c JOIN staged_case s ON c.province_code = s.old_province AND c.id = s.id
WHERE c.status <> ALL (:uncounted)"""  # noqa: S608
_NEW = f"""
INSERT INTO case_delta SELECT 1, {_COUNTED.replace("c.source_id", ":source_id")}, c.target_groups
FROM staged_case c WHERE c.status <> ALL (:uncounted) OR c.status IS NULL"""  # noqa: S608
"""What a new row does not state of its status is `reported`."""


def delete_cases_of(session: Session, source_id: int) -> int:
    """Delete all cases of a source and take them out of the rollups; return their number."""
    params = {"source_id": source_id}
    for table in ("case_count", "case_count_by_group"):
        session.execute(text(f"DELETE FROM {table} WHERE source_id = :source_id"), params)  # noqa: S608
    deleted = session.execute(text('DELETE FROM "case" WHERE source_id = :source_id'), params)
    return int(deleted.rowcount)  # type: ignore[attr-defined]
