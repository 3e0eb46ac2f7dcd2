"""Work on cases as pages and addresses do it: by who may, and on record. Alerts of the work hang on these functions.

Where a `session` is the scope's own, the database checks again who may; `own` is a session of the product itself.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import teams
from api.audit import record
from api.auth.errors import NotAllowed
from api.auth.models import Account
from api.identity_use import identity_keys
from boundaries.dates import BANGKOK
from layers import assignments, case_closing, case_steps, referrals, time_limits
from layers.assistance import correct_assistance, note_assistance
from layers.case_work import CaseWork, get_case_work
from layers.cases import CaseRecord, get_case
from layers.identity import IdentityNotAllowed, IdentityNotFound, get_identity
from layers.referrals import Answer, Received, State
from layers.scope import Scope
from layers.taxonomy import CLOSED
from layers.visits import note_visit, plan_visit


def step(
    session: Session, scope: Scope, case_id: UUID, to: int, *, note: str | None = None, evidence: str | None = None
) -> int:
    """Take a case one step further; return the event's number. Raises what take_step raises."""
    waiting = case_closing.find_closing(session, case_id)
    made = case_steps.take_step(session, scope, case_id, to, note=note, evidence=evidence)
    _note_withdrawn(session, scope, case_id, waiting)
    _note(session, scope, case_id, "step", status=to)
    return made


def propose(session: Session, scope: Scope, case_id: UUID, reason: str, evidence: str) -> UUID:
    """Propose to close a case; return the proposal's id. Raises what propose_closing raises."""
    made = case_closing.propose_closing(session, scope, case_id, reason, evidence)
    _note(session, scope, case_id, "closing.proposed")
    return made


def confirm(session: Session, scope: Scope, case_id: UUID) -> int:
    """Confirm the closing that somebody else proposed; return the event's number. Raises as confirm_closing does."""
    made = case_closing.confirm_closing(session, scope, case_id)
    _note(session, scope, case_id, "closing.confirmed", status=CLOSED)
    return made


def decline(session: Session, scope: Scope, case_id: UUID, note: str | None = None) -> None:
    """Decline a closing. Raises what decline_closing raises."""
    case_closing.decline_closing(session, scope, case_id, note)
    _note(session, scope, case_id, "closing.declined")


def unmerge(session: Session, scope: Scope, case_id: UUID, note: str | None = None) -> int:
    """Take a merge back; return the event's number. Raises what take_back_merge raises."""
    made = case_steps.take_back_merge(session, scope, case_id, note=note)
    _note(session, scope, case_id, "unmerged")
    return made


def assign(own: Session, by: Scope, case_id: UUID, unit_id: int, logins: Iterable[str] = ()) -> bool:
    """Give a case to a unit and put people of it into its team; return whether the unit changed.

    Raises NotAllowed, and what assign_unit and add_member raise.
    """
    if not by.may("case.assign"):
        raise NotAllowed(permission="case.assign")
    changed = assignments.assign_unit(own, by, case_id, unit_id)
    # The case may be another unit's by now; whoever gave it there names its first team.
    giving = replace(by, units=by.units | {unit_id})
    for login in logins:
        teams.add_member(own, giving, case_id, login)
    if changed:
        _note(own, by, case_id, "assigned", unit=unit_id)
    return changed


def awaiting_team(own: Session, by: Scope) -> list[assignments.Awaiting]:
    """Return the secret cases of own units that wait for a team, for who may name one. Raises NotAllowed."""
    if not by.may("case.assign"):
        raise NotAllowed(permission="case.assign")
    found = assignments.list_awaiting_team(own, by)
    record(own, by, "list", kind="awaiting_team", details={"count": len(found)})
    return found


def refer(
    session: Session, scope: Scope, case_id: UUID, agency: str, unit_id: int | None = None, note: str | None = None
) -> UUID:
    """Refer a case to an agency; return the referral's id. Raises what send_referral raises."""
    waiting = case_closing.find_closing(session, case_id)
    made = referrals.send_referral(session, scope, case_id, agency, unit_id, note)
    _note_withdrawn(session, scope, case_id, waiting)
    _note(session, scope, case_id, "referral.sent", agency=agency, unit=unit_id)
    return made


def note_answer(
    session: Session, scope: Scope, case_id: UUID, referral_id: UUID, state: Answer, note: str | None = None
) -> None:
    """Note what an agency answered by other means. Raises what `layers.referrals.note_answer` raises."""
    referrals.note_answer(session, scope, case_id, referral_id, state, note)
    _note(session, scope, case_id, f"referral.{state}")


def answer(own: Session, by: Scope, referral_id: UUID, state: Answer, note: str | None = None) -> Received:
    """Answer as the agency's unit. Raises NotAllowed, and what answer_received raises."""
    _need_referrals(by)
    made = referrals.answer_received(own, by, referral_id, state, note)
    _note(own, by, made.case_id, f"referral.{state}", agency=made.agency)
    return made


def received(own: Session, by: Scope, state: State | None = None) -> list[Received]:
    """Return what was referred to own units, nothing of persons. Raises NotAllowed."""
    _need_referrals(by)
    found = referrals.list_received(own, by, state)
    record(own, by, "list", kind="referral", details={"count": len(found)})
    return found


def read_received(own: Session, by: Scope, referral_id: UUID) -> tuple[Received, dict[str, str]]:
    """Return a referral to an own unit and what its agency's rule names of the person; the look is on record.

    `own` must be opened with READING. Raises NotAllowed, ReferralNotFound.
    """
    _need_referrals(by)
    found = referrals.get_received(own, by, referral_id)
    person: dict[str, str] = {}
    if found.person_fields:
        person = _person(own, found)
        details = {"sensitivity": "L2", "identity": True}
        record(own, by, "case_read", kind="identity", object_id=found.case_id, details=details)
    else:
        record(own, by, "list", kind="referral", details={"count": 1})
    return found, person


READING = replace(Scope.system("what an agency needs of a case"), permissions=frozenset({"identity.read"}))
"""The product reading for an agency: identity data of a case referred to it, and of no secret or closed one."""


def _person(own: Session, found: Received) -> dict[str, str]:
    try:
        held = get_identity(own, READING, identity_keys(own), found.case_id)
    except (IdentityNotFound, IdentityNotAllowed):  # there is none, or it is restricted by law
        return {}
    said = {name: getattr(held, name) for name in found.person_fields}
    return {name: value for name, value in said.items() if value}


def plan(session: Session, scope: Scope, case_id: UUID, due_on: date, note: str | None = None) -> UUID:
    """Plan a visit; return its id. Raises what plan_visit raises."""
    made = plan_visit(session, scope, case_id, due_on, note)
    _note(session, scope, case_id, "visit.planned")
    return made


def visited(
    session: Session, scope: Scope, case_id: UUID, visit_id: UUID, done_on: date, note: str | None = None
) -> None:
    """Note that a visit was made. Raises what note_visit raises."""
    note_visit(session, scope, case_id, visit_id, done_on, today(), note)
    _note(session, scope, case_id, "visit.made")


def give(
    session: Session,
    scope: Scope,
    case_id: UUID,
    welfare_system: str,
    kind: str,
    given_on: date,
    *,
    amount: Decimal | None = None,
    note: str | None = None,
) -> UUID:
    """Note help that was given; return its id. Raises what note_assistance raises."""
    more = {"amount": amount, "note": note}
    made = note_assistance(session, scope, case_id, welfare_system, kind, given_on, today(), **more)  # type: ignore[arg-type]
    _note(session, scope, case_id, "assistance", system=welfare_system)
    return made


def correct(
    session: Session,
    scope: Scope,
    case_id: UUID,
    assistance_id: UUID,
    welfare_system: str,
    kind: str,
    given_on: date,
    *,
    amount: Decimal | None = None,
    note: str | None = None,
) -> UUID:
    """Correct what was noted of help; return the id of what stands now. Raises what correct_assistance raises."""
    more = {"amount": amount, "note": note}
    about = (welfare_system, kind, given_on, today())
    made = correct_assistance(session, scope, case_id, assistance_id, *about, **more)  # type: ignore[arg-type]
    _note(session, scope, case_id, "assistance.corrected", system=welfare_system)
    return made


def read_work(session: Session, scope: Scope, case_id: UUID, reason: str | None = None) -> tuple[CaseRecord, CaseWork]:
    """Return a case and all work on it; the look is on record, of a secret case with a reason. Raises CaseNotFound."""
    case = get_case(session, case_id)
    details = {"sensitivity": case.sensitivity}
    record(session, scope, "case_read", kind="case", object_id=case_id, reason=reason, details=details)
    return case, get_case_work(session, case)


def overdue(session: Session, scope: Scope) -> list[time_limits.Deadline]:
    """Return what is overdue now among the cases that the scope reads."""
    record(session, scope, "list", kind="overdue")
    return time_limits.list_overdue(session, datetime.now(BANGKOK))


def closings(session: Session, scope: Scope, since: date) -> case_steps.Closings:
    """Return how many closings and reopenings there were from a day on, of the cases that the scope reads."""
    record(session, scope, "list", kind="closing")
    return case_steps.count_closings(session, datetime.combine(since, datetime.min.time(), BANGKOK))


def set_limits(
    session: Session, scope: Scope, limits: list[time_limits.Limit], holidays: list[time_limits.ClosedDay]
) -> None:
    """Say anew how long steps may take and when offices are closed. Raises LimitBad, WordsBad."""
    time_limits.set_limits(session, limits)
    time_limits.set_holidays(session, holidays)
    _note_limits(session, scope, len(limits), len(holidays))


def change_limits(session: Session, scope: Scope, limits: list[time_limits.Limit]) -> None:
    """Say anew how long steps may take; holidays stay as they are. Raises LimitBad."""
    time_limits.set_limits(session, limits)
    _note_limits(session, scope, len(limits), len(time_limits.list_holidays(session)))


def add_holiday(session: Session, scope: Scope, day: time_limits.ClosedDay) -> None:
    """Add a day on which offices are closed. Raises LimitBad, WordsBad."""
    _note_limits(session, scope, 0, time_limits.add_holiday(session, day))


def remove_holiday(session: Session, scope: Scope, day: date) -> None:
    """Take a holiday away."""
    _note_limits(session, scope, 0, time_limits.remove_holiday(session, day))


def names_of(own: Session, actors: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of accounts by id, for showing who did something."""
    rows = own.execute(select(Account.id, Account.name).where(Account.id.in_(list(actors))))
    return {row.id: row.name for row in rows}


def today() -> date:
    """Return the day in Thailand."""
    return datetime.now(BANGKOK).date()


def _need_referrals(by: Scope) -> None:
    if not by.may("referral.answer"):
        raise NotAllowed(permission="referral.answer")


def _note_withdrawn(session: Session, scope: Scope, case_id: UUID, waiting: case_closing.Closing | None) -> None:
    """Record that a proposal that waited waits no more, if so."""
    if waiting is not None and case_closing.find_closing(session, case_id) is None:
        _note(session, scope, case_id, "closing.withdrawn")


def _note_limits(session: Session, scope: Scope, limits: int, holidays: int) -> None:
    record(session, scope, "limit_change", kind="time_limit", details={"count": limits, "days": holidays})


def _note(session: Session, scope: Scope, case_id: UUID, change: str, **more: object) -> None:
    details = {"change": change, **more}
    record(session, scope, "case_change", kind="case", object_id=case_id, details=details)
