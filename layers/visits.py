"""Follow-up visits of a case: planned, made, and those that are still to be made. The session is the scope's own."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.case_steps import lock_single
from layers.case_words import checked_words
from layers.case_work_models import Visit
from layers.cases import new_id
from layers.scope import Scope

FIRST, LAST = date(2000, 1, 1), date(2200, 1, 1)


class VisitNotFound(SocialMapError):
    """No visit of the case has this id."""

    key = "case_work.visit_not_found"


class VisitDone(SocialMapError):
    """A visit that was made is neither moved nor made again."""

    key = "case_work.visit_done"


class DayBad(SocialMapError):
    """A day out of reason: too far away, or done in the future."""

    key = "case_work.day_bad"


@dataclass(frozen=True)
class PlannedVisit:
    """A visit: when it is due, when it was made (None before), what was seen."""

    id: UUID
    due_on: date
    done_on: date | None
    note: str | None
    planned_by: UUID | None
    done_by: UUID | None


def plan_visit(session: Session, scope: Scope, case_id: UUID, due_on: date, note: str | None = None) -> UUID:
    """Plan a visit and return its id. Raises CaseNotFound, NoSingleCase, DayBad, WordsBad."""
    case = lock_single(session, case_id)
    check_day(due_on, LAST)
    made = new_id()
    row = {"province_code": case.province_code, "case_id": case_id, "id": made, "due_on": due_on}
    session.execute(insert(Visit).values(row | {"note": checked_words(note, "note"), "planned_by": scope.actor_id}))
    return made


def note_visit(
    session: Session, scope: Scope, case_id: UUID, visit_id: UUID, done_on: date, today: date, note: str | None = None
) -> None:
    """Note that a visit was made, on `today` at the latest; a note replaces the one of the plan.

    Raises CaseNotFound, VisitNotFound, VisitDone, DayBad, WordsBad.
    """
    case = lock_single(session, case_id)
    check_day(done_on, today)
    mine = (Visit.province_code == case.province_code, Visit.case_id == case_id, Visit.id == visit_id)
    held = session.execute(select(Visit.done_on).where(*mine)).one_or_none()
    if held is None:
        raise VisitNotFound(id=visit_id)
    if held.done_on is not None:
        raise VisitDone
    words = checked_words(note, "note")
    values = {"done_on": done_on, "done_by": scope.actor_id} | ({"note": words} if words else {})
    session.execute(update(Visit).where(*mine).values(values))


def list_visits(session: Session, case_id: UUID) -> list[PlannedVisit]:
    """Return the visits of a case that the session may read, by the day they are due."""
    columns = [getattr(Visit, name) for name in PlannedVisit.__dataclass_fields__]
    rows = session.execute(select(*columns).where(Visit.case_id == case_id).order_by(Visit.due_on, Visit.id))
    return [PlannedVisit(**row._mapping) for row in rows]


def check_day(day: date, last: date) -> None:
    """Raise DayBad for a day before FIRST or after `last`."""
    if not FIRST <= day <= last:
        raise DayBad(first=FIRST.isoformat(), last=last.isoformat())
