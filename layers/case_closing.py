"""Closing a case: proposed with evidence by one, confirmed or declined by another, or withdrawn by a further step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.case_steps import lock_single, move
from layers.case_words import SHORTEST_EVIDENCE, checked_words
from layers.cases import CaseRecord, check_step, new_id, told
from layers.outbox import enqueue
from layers.scope import Scope
from layers.taxonomy import CLOSED


class ClosingReasonBad(SocialMapError):
    """A reason for closing that the taxonomy does not hold."""

    key = "case_work.closing_reason_bad"


class ClosingProposed(SocialMapError):
    """A closing was proposed already and waits for somebody else."""

    key = "case_work.closing_proposed"


class NoClosing(SocialMapError):
    """No closing waits to be confirmed or declined."""

    key = "case_work.no_closing"


class ClosingOwn(SocialMapError):
    """Nobody confirms the closing that they proposed themselves."""

    key = "case_work.closing_own"


@dataclass(frozen=True)
class Closing:
    """A proposal that waits: why, with which evidence, by whom."""

    id: UUID
    reason: str
    evidence: str
    proposed_by: UUID
    proposed_at: datetime


def propose_closing(session: Session, scope: Scope, case_id: UUID, reason: str, evidence: str) -> UUID:
    """Propose to close a case and return the proposal's id; the session is the scope's own, of an account.

    Raises CaseNotFound, BadStatus, NoSingleCase, ClosingReasonBad, ClosingProposed, WordsBad.
    """
    case = lock_single(session, case_id)
    if case.values.status == CLOSED:
        check_step(CLOSED, -1)
    check_step(case.values.status, CLOSED)
    if reason not in taxonomy.close_reasons():
        raise ClosingReasonBad(allowed=", ".join(taxonomy.close_reasons()))
    words = checked_words(evidence, "evidence", shortest=SHORTEST_EVIDENCE)
    if find_closing(session, case_id) is not None:
        raise ClosingProposed
    made = new_id()
    row = {"province": case.province_code, "case_id": case_id, "id": made, "reason": reason, "evidence": words}
    with told():
        session.execute(_PROPOSE, row | {"by": scope.actor_id})
    if case.unit_id is not None:
        about: Any = {"province": case.province_code, "case_id": case_id, "caused_by": scope.actor_id}
        enqueue(session, "closing_proposed", key=f"closing_proposed:{made}", unit_id=case.unit_id, **about)
    return made


def confirm_closing(session: Session, scope: Scope, case_id: UUID) -> int:
    """Confirm what somebody else proposed, which closes the case; return the event's number.

    Raises CaseNotFound, NoClosing, ClosingOwn, BadStatus.
    """
    case, closing = _waiting(session, case_id)
    if closing.proposed_by == scope.actor_id:
        raise ClosingOwn
    check_step(case.values.status, CLOSED)
    _decide(session, scope, case, closing, "confirmed", None)
    about = {"proposed_by": closing.proposed_by, "closing_id": closing.id}
    return move(session, scope, case, CLOSED, "step", close_reason=closing.reason, **about)


def decline_closing(session: Session, scope: Scope, case_id: UUID, note: str | None = None) -> None:
    """Decline a proposal, or take one's own back; the case stays as it is. Raises CaseNotFound, NoClosing, WordsBad."""
    case, closing = _waiting(session, case_id)
    _decide(session, scope, case, closing, "declined", checked_words(note, "note"))


def find_closing(session: Session, case_id: UUID) -> Closing | None:
    """Return the proposal that waits for somebody, if the session may read the case; None without one."""
    row = session.execute(_FIND, {"id": case_id}).one_or_none()
    return Closing(**row._mapping) if row else None


def _waiting(session: Session, case_id: UUID) -> tuple[CaseRecord, Closing]:
    case = lock_single(session, case_id)
    closing = find_closing(session, case_id)
    if closing is None:
        raise NoClosing
    return case, closing


def _decide(session: Session, scope: Scope, case: CaseRecord, closing: Closing, state: str, note: str | None) -> None:
    at = {"province": case.province_code, "case_id": case.id, "id": closing.id}
    with told():
        session.execute(_DECIDE, at | {"state": state, "by": scope.actor_id, "note": note})


_PROPOSE = text(
    "INSERT INTO case_closing (province_code, case_id, id, reason, evidence, proposed_by)"
    " VALUES (:province, :case_id, :id, :reason, :evidence, :by)"
)
_FIND = text(
    "SELECT id, reason, evidence, proposed_by, proposed_at FROM case_closing WHERE case_id = :id AND state = 'proposed'"
)
_DECIDE = text(
    "UPDATE case_closing SET state = :state, decided_by = :by, decided_at = now(), note = :note"
    " WHERE province_code = :province AND case_id = :case_id AND id = :id"
)
