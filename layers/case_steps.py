"""Steps of cases by people: allowed ones, one at a time, and the history of all. Closing has a module of its own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.case_words import checked_words
from layers.cases import BadCase, CaseRecord, Way, check_step, count_step, lock_case, log_status, told
from layers.scope import Scope
from layers.taxonomy import CLOSED, MERGED, REOPENED

REOPENING_DAYS = 30
"""After so many days a closed case is not opened again: a new one is begun. The trigger says the same."""


class NoSingleCase(SocialMapError):
    """A row that stands for a number of cases: nobody works on it."""

    key = "case_work.no_single_case"


class ClosingTakesTwo(SocialMapError):
    """A case is not closed by one person's step: it is proposed, and confirmed by somebody else."""

    key = "case_work.closing_takes_two"


class ReopenedTooLate(SocialMapError):
    """A case that was closed longer ago than REOPENING_DAYS."""

    key = "case_work.reopened_too_late"


class NotMerged(SocialMapError):
    """A case that is not merged with another has no merge to take back."""

    key = "case_work.not_merged"


@dataclass(frozen=True)
class Event:
    """A change of a case's status: its number in the case's history, by whom, and words of who did it."""

    number: int
    happened_at: datetime
    from_status: int
    to_status: int
    way: Way
    actor_id: UUID | None
    proposed_by: UUID | None
    """Of a closing: who proposed it."""
    note: str | None
    evidence: str | None


@dataclass(frozen=True)
class Closings:
    """How often cases were closed by two persons, and how often opened again."""

    closed: int
    reopened: int


def next_statuses(status: int) -> tuple[int, ...]:
    """Return where one step leads; to a closed case only by `layers.case_closing`."""
    return taxonomy.statuses()[status].next


def take_step(
    session: Session,
    scope: Scope,
    case_id: UUID,
    to: int,
    *,
    note: str | None = None,
    evidence: str | None = None,
) -> int:
    """Take a case one allowed step further and return the event's number; the session is the scope's own.

    Raises CaseNotFound, BadStatus, ClosingTakesTwo, ReopenedTooLate, NoSingleCase, WordsBad.
    """
    case = lock_single(session, case_id)
    if to == case.values.status:
        check_step(to, -1)
    check_step(case.values.status, to)
    if to == CLOSED:
        raise ClosingTakesTwo
    words = {"note": checked_words(note, "note"), "evidence": checked_words(evidence, "evidence")}
    return move(session, scope, case, to, "step", **words)


def take_back_merge(session: Session, scope: Scope, case_id: UUID, *, note: str | None = None) -> int:
    """Give a merged case the status back that it had before; return the event's number.

    Raises CaseNotFound, NotMerged, WordsBad.
    """
    case = lock_single(session, case_id)
    if case.values.status != MERGED:
        raise NotMerged
    before = session.execute(
        _BEFORE, {"province": case.province_code, "id": case_id, "number": case.last_event, "merged": MERGED}
    )
    status = before.scalar_one_or_none()
    if status is None:  # a file said that it is one of two: nobody merged it here
        raise NotMerged
    return move(session, scope, case, status, "unmerge", note=checked_words(note, "note"))


def lock_single(session: Session, case_id: UUID) -> CaseRecord:
    """Return a case that is one case and that the session may write, locked. Raises CaseNotFound, NoSingleCase."""
    case = lock_case(session, case_id)
    if case.values.cases != 1:
        raise NoSingleCase(cases=case.values.cases)
    return case


def move(
    session: Session,
    scope: Scope,
    case: CaseRecord,
    to: int,
    way: Way,
    *,
    close_reason: str | None = None,
    **more: object,
) -> int:
    """Write the event of a locked case's step and the step itself, figures follow; return the event's number.

    A closing that waits to be confirmed is withdrawn.
    """
    at = {"province": case.province_code, "id": case.id, "status": to, "reason": close_reason}
    try:
        with session.begin_nested(), told():
            # A proposal speaks of the case as it was; the one that this step confirms waits no more.
            session.execute(_WITHDRAW, {"province": case.province_code, "id": case.id, "by": scope.actor_id})
            number = log_status(session, case, to, way, actor_id=scope.actor_id, **more)
            session.execute(_MOVE, at | {"number": number})
            count_step(session, case, to)
    except BadCase as error:
        if error.params["rule"] == "ck_case_reopened":
            raise ReopenedTooLate(days=REOPENING_DAYS) from error
        raise
    return number


def list_history(session: Session, case_id: UUID) -> list[Event]:
    """Return all changes of a case's status that the session may read, oldest first."""
    return [Event(**row._mapping) for row in session.execute(_HISTORY, {"id": case_id})]


def count_reopened(session: Session, case_id: UUID) -> int:
    """Return how many times a case was opened again."""
    return int(session.execute(_REOPENED, {"id": case_id, "status": REOPENED}).scalar_one())


def count_closings(session: Session, since: datetime) -> Closings:
    """Return how many closings and reopenings there were since a moment, of the cases that the session may read."""
    row = session.execute(_CLOSINGS, {"since": since, "closed": CLOSED, "reopened": REOPENED}).one()
    return Closings(row.closed, row.reopened)


_WITHDRAW = text(
    "UPDATE case_closing SET state = 'withdrawn', decided_by = :by, decided_at = now()"
    " WHERE province_code = :province AND case_id = :id AND state = 'proposed'"
)
_MOVE = text(
    'UPDATE "case" SET status = :status, close_reason = :reason, last_event = :number'
    " WHERE province_code = :province AND id = :id"
)
_BEFORE = text(
    "SELECT from_status FROM case_event"
    " WHERE province_code = :province AND case_id = :id AND number = :number AND to_status = :merged AND way = 'step'"
)
_HISTORY = text("""
SELECT e.number, e.happened_at, e.from_status, e.to_status, e.way, e.actor_id, e.proposed_by, e.note,
       coalesce(nullif(c.evidence, '-'), e.evidence) AS evidence
FROM case_event AS e
LEFT JOIN case_closing AS c
  ON c.province_code = e.province_code AND c.case_id = e.case_id AND c.id = e.closing_id
WHERE e.case_id = :id ORDER BY e.number
""")
_REOPENED = text("SELECT count(*) FROM case_event WHERE case_id = :id AND to_status = :status AND way = 'step'")
_CLOSINGS = text("""
SELECT count(*) FILTER (WHERE to_status = :closed) AS closed, count(*) FILTER (WHERE to_status = :reopened) AS reopened
FROM case_event WHERE way = 'step' AND to_status IN (:closed, :reopened) AND happened_at >= :since
""")
