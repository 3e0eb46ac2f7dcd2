"""Cases that are one: one of them stays, the other gets the status 90 and points to it, until somebody takes it back.

What hangs on the merged one stays with it and is shown with the one that is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.case_steps import NotMerged, take_back_merge, take_step
from layers.cases import CaseRecord, get_case, new_id
from layers.scope import Scope
from layers.statements import statement
from layers.taxonomy import MERGEABLE, MERGED


class NotMergeable(SocialMapError):
    """Two cases that cannot be made one: the same, a row of a tally, worked on too far, or kept with another."""

    key = "error.not_mergeable"


@dataclass(frozen=True)
class MergedCase:
    """A case that was merged into another, and when."""

    case_id: UUID
    kept_id: UUID
    from_status: int
    merged_at: datetime
    merged_by: UUID | None


def merge_cases(session: Session, scope: Scope, case_id: UUID, kept_id: UUID) -> None:
    """Make a case a duplicate of another, which stays as it is. Raises CaseNotFound, NotMergeable.

    A session of the scope's own sees and changes what the scope may.
    """
    first, second = sorted((case_id, kept_id))
    session.execute(_LOCK, {"ids": [first, second]})  # in one order, so that two who merge wait but never in a ring
    case, kept = get_case(session, case_id), get_case(session, kept_id)
    if not _may_be_one(case, kept):
        raise NotMergeable(allowed=", ".join(map(str, MERGEABLE)))
    take_step(session, scope, case_id, MERGED)
    session.execute(
        _MERGE,
        {
            "province": case.province_code, "case": case_id, "id": new_id(), "kept_province": kept.province_code,
            "kept": kept_id, "status": case.values.status, "actor": scope.actor_id,
        },
    )  # fmt: skip
    session.execute(_NOT_DISTINCT, {"one": first, "other": second})


def unmerge_case(session: Session, scope: Scope, case_id: UUID) -> MergedCase:
    """Make a merged case one of its own again, in the status that it had; return what it was merged into.

    Raises CaseNotFound, NotMerged.
    """
    session.execute(_LOCK, {"ids": [case_id]})
    get_case(session, case_id)
    held = find_merge(session, case_id)
    if held is None:
        raise NotMerged
    take_back_merge(session, scope, case_id)
    session.execute(_APART, {"case": case_id, "kept": held.kept_id, "actor": scope.actor_id})
    return held


def keep_apart(session: Session, scope: Scope, case_id: UUID, other_id: UUID) -> None:
    """Remember that two cases are not the same. Raises CaseNotFound, NotMergeable for one and the same."""
    one, other = sorted((get_case(session, case_id), get_case(session, other_id)), key=lambda case: case.id)
    if one.id == other.id:
        raise NotMergeable(allowed=", ".join(map(str, MERGEABLE)))
    given = {"province": one.province_code, "one": one.id, "other": other.id, "other_province": other.province_code}
    session.execute(_DISTINCT, given | {"actor": scope.actor_id})


def part_from_run(session: Session, run_id: int) -> list[UUID]:
    """Make cases of their own again what was merged into cases that an import made, before those go; return the ids.

    Figures are the caller's: nothing else would count what a case stood for that is no longer there.
    """
    parted = list(session.execute(statement("log_parted_status"), {"run_id": run_id}).scalars())
    if parted:
        session.execute(_PART, {"parted": parted})
    return parted


def end_undone_merges(session: Session, run_id: int) -> None:
    """End the merges of cases that an undone import gave another status than that of a merged one."""
    session.execute(_END, {"run_id": run_id, "merged": MERGED})


def find_merge(session: Session, case_id: UUID) -> MergedCase | None:
    """Return what a case was merged into, None while it is a case of its own."""
    row = session.execute(_INTO, {"id": case_id}).one_or_none()
    return MergedCase(**row._mapping) if row else None


def list_merged(session: Session, case_id: UUID) -> list[MergedCase]:
    """Return the cases that were merged into a case, and into those, the first one first."""
    return [MergedCase(**row._mapping) for row in session.execute(_WITH, {"id": case_id})]


def _may_be_one(case: CaseRecord, kept: CaseRecord) -> bool:
    alone = case.values.cases == kept.values.cases == 1
    fits = case.values.status in MERGEABLE and kept.values.status not in taxonomy.uncounted()
    return case.id != kept.id and alone and fits


_LOCK = text('SELECT id FROM "case" WHERE id = ANY (:ids) ORDER BY id FOR UPDATE')
_MERGE = text(
    "INSERT INTO case_merge (province_code, case_id, id, kept_province, kept_id, from_status, merged_by)"
    " VALUES (:province, :case, :id, :kept_province, :kept, :status, :actor)"
)
_APART = text(
    "UPDATE case_merge SET unmerged_at = now(), unmerged_by = :actor"
    " WHERE case_id = :case AND kept_id = :kept AND unmerged_at IS NULL"
)
_NOT_DISTINCT = text("DELETE FROM distinct_cases WHERE case_id = :one AND other_id = :other")
_DISTINCT = text(
    "INSERT INTO distinct_cases (province_code, case_id, other_id, other_province, decided_by)"
    " VALUES (:province, :one, :other, :other_province, :actor) ON CONFLICT DO NOTHING"
)
_PART = text(
    'UPDATE "case" AS c SET status = e.to_status, last_event = e.number FROM case_event AS e'
    " WHERE c.id = ANY (:parted) AND e.province_code = c.province_code AND e.case_id = c.id"
    " AND e.number = c.last_event + 1"
)
_END = text(
    'UPDATE case_merge AS m SET unmerged_at = now() FROM import_change AS i, "case" AS c WHERE i.run_id = :run_id'
    " AND c.province_code = i.province_code AND c.id = i.case_id AND c.status <> :merged"
    " AND m.province_code = c.province_code AND m.case_id = c.id AND m.unmerged_at IS NULL"
)
_FIELDS = "case_id, kept_id, from_status, merged_at, merged_by"
_INTO = text(f"SELECT {_FIELDS} FROM case_merge WHERE case_id = :id AND unmerged_at IS NULL")  # noqa: S608
_WITH = text(
    f"WITH RECURSIVE held AS (SELECT {_FIELDS} FROM case_merge WHERE kept_id = :id AND unmerged_at IS NULL UNION"  # noqa: S608
    " SELECT m.case_id, m.kept_id, m.from_status, m.merged_at, m.merged_by FROM case_merge AS m"
    " JOIN held ON m.kept_id = held.case_id WHERE m.unmerged_at IS NULL)"
    f" SELECT {_FIELDS} FROM held ORDER BY merged_at, case_id"
)
