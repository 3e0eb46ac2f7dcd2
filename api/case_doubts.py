"""What somebody decides of cases in doubt: which two are one and where a case is; by pages and addresses, on record.

Where a `session` is the scope's own, the database checks again who may. Areas are written by the product itself, since
figures follow: `check_writable` comes before, in a transaction of the scope's own.
"""

from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.audit import record
from api.database import transaction
from boundaries.areas import get_area
from layers import case_merging
from layers.area_choices import (
    Chosen,
    Unsettled,
    choose_area,
    count_unsettled,
    list_unsettled,
    may_write,
    take_back_choice,
)
from layers.cases import CaseNotFound, CaseRecord
from layers.duplicates import Candidate, find_candidates
from layers.scope import Scope

CHOOSING = Scope.system("an area is chosen")


def candidates(session: Session, scope: Scope, within: str) -> list[Candidate]:
    """Return pairs of an area's cases that may be one, the likeliest first. Raises AreaNotFound."""
    area = get_area(session, within)
    record(session, scope, "list", kind="case_merge", details={"area": area.code})
    return find_candidates(session, area.code)


def merge(session: Session, scope: Scope, case_id: UUID, kept_id: UUID) -> None:
    """Make a case a duplicate of another. Raises what merge_cases raises."""
    case_merging.merge_cases(session, scope, case_id, kept_id)
    _note_merge(session, scope, case_id, "merged", kept_id)


def unmerge(session: Session, scope: Scope, case_id: UUID) -> UUID:
    """Make a merged case one of its own again; return what it was merged into. Raises what unmerge_case raises."""
    held = case_merging.unmerge_case(session, scope, case_id)
    _note_merge(session, scope, case_id, "unmerged", held.kept_id)
    return held.kept_id


def keep_apart(session: Session, scope: Scope, case_id: UUID, other_id: UUID) -> None:
    """Remember that two cases are not the same. Raises what `layers.case_merging.keep_apart` raises."""
    case_merging.keep_apart(session, scope, case_id, other_id)
    _note_merge(session, scope, case_id, "apart", other_id)


def unsettled(session: Session, scope: Scope, within: str, number: int) -> tuple[list[Unsettled], int]:
    """Return a page of an area's cases whose area is in doubt, and how many there are. Raises AreaNotFound."""
    area = get_area(session, within)
    record(session, scope, "list", kind="area_choice", details={"area": area.code})
    return list_unsettled(session, area.code, number), count_unsettled(session, area.code)


def check_writable(engine: Engine, scope: Scope, case_id: UUID) -> None:
    """Let through who may change a case, as the database's rules have it. Raises CaseNotFound."""
    with transaction(engine, scope) as session:
        if not may_write(session, case_id):
            raise CaseNotFound(id=case_id)


def choose(own: Session, scope: Scope, case_id: UUID, chosen: Chosen, area: str | None = None) -> CaseRecord:
    """Settle the area of a case; return it as it is then. Raises what choose_area raises."""
    made = choose_area(own, scope, case_id, chosen, area)
    _note_choice(own, scope, case_id, chosen, made.area_code)
    return made


def take_back(own: Session, scope: Scope, case_id: UUID) -> CaseRecord:
    """Take the last choice of a case's area back. Raises what take_back_choice raises."""
    made = take_back_choice(own, scope, case_id)
    _note_choice(own, scope, case_id, "back")
    return made


def _note_merge(session: Session, scope: Scope, case_id: UUID, change: str, other: UUID) -> None:
    record(session, scope, "case_merge", kind="case", object_id=case_id, details={"change": change, "other": other})


def _note_choice(own: Session, scope: Scope, case_id: UUID, change: str, area: str | None = None) -> None:
    details = {"change": change} | ({"area": area} if area else {})
    record(own, scope, "area_choice", kind="case", object_id=case_id, details=details)
