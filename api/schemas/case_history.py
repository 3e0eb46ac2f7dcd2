"""All work on a case as it is answered; its words about persons go to those alone who may read the case."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from api.schemas.case_work import Names, name_of, status_title, step_title
from api.schemas.common import Schema, Words, to_words
from api.schemas.referrals import SentReferral, SuggestedAgency, to_agency, to_sent
from layers import taxonomy
from layers.case_steps import Event
from layers.case_work import CaseWork
from layers.cases import CaseRecord


class HistoryEvent(Schema):
    """A change of status: the way that allowed it, by whom, and of a closing who proposed it."""

    number: int
    happened_at: datetime
    from_status: int
    to_status: int
    title: Words
    way: Literal["step", "stated", "undo", "unmerge"]
    by: str | None
    proposed_by: str | None
    note: str | None
    evidence: str | None


class WaitingClosing(Schema):
    """A closing that waits for somebody else than who proposed it."""

    reason: str
    title: Words
    evidence: str
    proposed_by: str | None
    proposed_at: datetime


class AssignedUnit(Schema):
    """That a case was given to a unit."""

    unit: Words
    by: str | None
    happened_at: datetime


class CaseVisit(Schema):
    """A visit: due, and made where `done_on` is set."""

    id: UUID
    due_on: date
    done_on: date | None
    note: str | None
    planned_by: str | None
    done_by: str | None


class CaseAssistance(Schema):
    """Help that was given; `amount` in baht. What `corrects` another stands in its place; `current` is what counts."""

    id: UUID
    corrects: UUID | None
    current: bool
    welfare_system: str
    kind: str
    title: Words
    amount: Decimal | None
    given_on: date
    note: str | None
    by: str | None


class CaseDeadline(Schema):
    """Until when a step or visit should be done."""

    step: str
    title: Words
    since: datetime
    deadline: datetime


class History(Schema):
    """All work on a case."""

    id: UUID
    status: int
    title: Words
    next: list[int]
    reopened: int
    events: list[HistoryEvent]
    closing: WaitingClosing | None
    assignments: list[AssignedUnit]
    referrals: list[SentReferral]
    agencies: list[SuggestedAgency]
    visits: list[CaseVisit]
    assistance: list[CaseAssistance]
    deadlines: list[CaseDeadline]


def to_history(case: CaseRecord, work: CaseWork, names: Names) -> History:
    """Turn the work on a case into its answered form; `names` are those of the people who did it."""
    suggested, current = work.suggested, work.current_assistance
    return History(
        id=case.id,
        status=case.values.status,
        title=status_title(case.values.status),
        next=list(work.next),
        reopened=work.reopened,
        events=[_event(one, names) for one in work.events],
        closing=_closing(work, names),
        assignments=[
            AssignedUnit(
                unit=Words(th=one.unit_th, en=one.unit_en), by=name_of(names, one.actor_id), happened_at=one.happened_at
            )
            for one in work.assignments
        ],
        referrals=[to_sent(one, names) for one in work.referrals],
        agencies=[to_agency(one, one in suggested.first) for one in (*suggested.first, *suggested.also)],
        visits=[
            CaseVisit(
                id=one.id, due_on=one.due_on, done_on=one.done_on, note=one.note,
                planned_by=name_of(names, one.planned_by), done_by=name_of(names, one.done_by),
            )
            for one in work.visits
        ],
        assistance=[
            CaseAssistance(
                id=one.id, corrects=one.corrects, current=one in current, welfare_system=one.welfare_system,
                kind=one.kind,
                title=to_words(taxonomy.assistance_kinds()[one.kind]), amount=one.amount, given_on=one.given_on,
                note=one.note, by=name_of(names, one.made_by),
            )
            for one in work.assistance
        ],
        deadlines=[
            CaseDeadline(step=one.step, title=step_title(one), since=one.since, deadline=one.deadline)
            for one in work.deadlines
        ],
    )  # fmt: skip


def _event(one: Event, names: Names) -> HistoryEvent:
    return HistoryEvent(
        number=one.number,
        happened_at=one.happened_at,
        from_status=one.from_status,
        to_status=one.to_status,
        title=status_title(one.to_status),
        way=one.way,
        by=name_of(names, one.actor_id),
        proposed_by=name_of(names, one.proposed_by),
        note=one.note,
        evidence=one.evidence,
    )


def _closing(work: CaseWork, names: Names) -> WaitingClosing | None:
    one = work.closing
    if one is None:
        return None
    return WaitingClosing(
        reason=one.reason,
        title=to_words(taxonomy.close_reasons()[one.reason]),
        evidence=one.evidence,
        proposed_by=name_of(names, one.proposed_by),
        proposed_at=one.proposed_at,
    )
