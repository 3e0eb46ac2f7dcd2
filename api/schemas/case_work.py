"""Work on cases as it is asked for, and short answers about it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.common import Schema, Words, to_words
from boundaries.messages import Text
from layers import taxonomy
from layers.assignments import Awaiting
from layers.case_words import LONGEST
from layers.time_limits import Deadline, limited_steps

Code = Annotated[str, Field(max_length=200)]
Note = Annotated[str, Field(max_length=2 * LONGEST)]
Names = Mapping[UUID, str]


class Asked(BaseModel):
    """Base of all bodies: nothing that is not declared."""

    model_config = ConfigDict(extra="forbid")


class NewStep(Asked):
    """A step to a status, with words about it."""

    to: Annotated[int, Field(ge=0, le=99)]
    note: Note | None = None
    evidence: Note | None = None


class NewClosing(Asked):
    """Why a case should be closed, and what shows it."""

    reason: Code
    evidence: Note


class Noted(Asked):
    """Words about what is done."""

    note: Note | None = None


class NewAssignment(Asked):
    """The unit that a case is given to, by key, and who of it works in its team, by login name."""

    unit: Code
    team: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=20)] = []


class NewVisit(Asked):
    """A visit that is planned."""

    due_on: date
    note: Note | None = None


class MadeVisit(Asked):
    """A visit that was made."""

    done_on: date
    note: Note | None = None


class NewAssistance(Asked):
    """Help that was given; `amount` in baht."""

    welfare_system: Code
    kind: Code
    given_on: date
    amount: Annotated[Decimal, Field(max_digits=12, decimal_places=2)] | None = None
    note: Note | None = None


class Made(Schema):
    """The id of what was made."""

    id: UUID


class Moved(Schema):
    """Where a case is now, and the number of the event that took it there."""

    status: int
    title: Words
    event: int


class AwaitingCase(Schema):
    """A secret case without a team; nothing of what it is about."""

    id: UUID
    district: str | None
    urgency: str
    received_at: datetime


class AwaitingCases(Schema):
    """Secret cases of own units that wait for a team, oldest first."""

    cases: list[AwaitingCase]


class OverdueCase(Schema):
    """A step or visit of a case that should have been done."""

    id: UUID
    district: str | None
    urgency: str
    status: int
    step: str
    title: Words
    since: datetime
    deadline: datetime


class Overdue(Schema):
    """What is overdue among the cases that one reads, the longest overdue first; at most 500."""

    cases: list[OverdueCase]


class ClosingCounts(Schema):
    """Closings by two persons and reopenings from a day on, of the cases that one reads."""

    since: date
    closed: int
    reopened: int


VISIT = Text("เยี่ยมติดตามตามนัด", "planned visit")


def status_title(status: int) -> Words:
    """Return the name of a status."""
    known = taxonomy.statuses()[status]
    return Words(th=known.th, en=known.en)


def to_moved(status: int, event: int) -> Moved:
    """Say where a case is now."""
    return Moved(status=status, title=status_title(status), event=event)


def to_awaiting(found: list[Awaiting]) -> AwaitingCases:
    """Turn cases that wait for a team into their answered form."""
    return AwaitingCases(
        cases=[
            AwaitingCase(id=one.id, district=one.district_code, urgency=one.urgency, received_at=one.received_at)
            for one in found
        ]
    )


def to_overdue(found: list[Deadline]) -> Overdue:
    """Turn deadlines that have passed into their answered form."""
    return Overdue(
        cases=[
            OverdueCase(
                id=one.case_id,
                district=one.district_code,
                urgency=one.urgency,
                status=one.status,
                step=one.step,
                title=step_title(one),
                since=one.since,
                deadline=one.deadline,
            )
            for one in found
        ]
    )


def step_title(one: Deadline) -> Words:
    """Return the name of a limited step, or of a planned visit."""
    return to_words(limited_steps().get(one.step, VISIT))


def name_of(names: Names, actor: UUID | None) -> str | None:
    """Return the name of who did something, None where nobody is known."""
    return names.get(actor) if actor else None
