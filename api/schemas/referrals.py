"""Referrals as they are asked for and answered: to those who work on the case, and to the agency's unit."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.case_work import Asked, Code, Names, Note, name_of
from api.schemas.common import Schema, Words, to_words
from layers.agencies import Agency, get_agency
from layers.referrals import Answer, Received, Sent, State


class NewReferral(Asked):
    """The agency that a case is sent to; `unit` names the one that stands for it here."""

    agency: Code
    unit: Code | None = None
    note: Note | None = None


class NewAnswer(Asked):
    """What an agency answers."""

    state: Answer
    note: Note | None = None


class SentReferral(Schema):
    """A referral, as those see it who work on the case."""

    id: UUID
    agency: str
    title: Words
    phone: str
    state: State
    sent_at: datetime
    sent_by: str | None
    note: str | None
    answered_at: datetime | None
    answered_by: str | None
    answer: str | None


class SuggestedAgency(Schema):
    """An agency that takes such problems, and what it would be shown."""

    key: str
    title: Words
    phone: str
    fields: list[str]
    first: bool


class ReferredCase(Schema):
    """What of a case the agency's rule names; null where it does not, or where nothing is known."""

    problem: str | None = None
    urgency: str | None = None
    target_groups: list[str] | None = None
    area: str | None = None
    reported_on: date | None = None
    place: Annotated[list[float] | None, Field(description="Longitude and latitude, EPSG:4326")] = None


class ReferredPerson(Schema):
    """What of the person the agency's rule names; null where it does not, or where nothing is known."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None
    guardian: str | None = None
    national_id: str | None = None


class ReceivedReferral(Schema):
    """What an agency's unit is shown of a case that was sent to it: the fields of its rule, and nothing else."""

    id: UUID
    agency: str
    title: Words
    state: State
    sent_at: datetime
    answered_at: datetime | None
    secret: Annotated[bool, Field(description="A secret case: only urgency and district; ask the office")]
    case: ReferredCase
    person: Annotated[ReferredPerson | None, Field(description="Null in a list")]


class ReceivedReferrals(Schema):
    """Referrals to own units, newest first."""

    referrals: list[ReceivedReferral]


def to_received(one: Received, person: dict[str, str] | None = None) -> ReceivedReferral:
    """Turn a referral into what the agency is shown."""
    return ReceivedReferral(
        id=one.id,
        agency=one.agency,
        title=to_words(get_agency(one.agency).title),
        state=one.state,
        sent_at=one.sent_at,
        answered_at=one.answered_at,
        secret=one.secret,
        case=ReferredCase(**one.shown),
        person=None if person is None else ReferredPerson(**person),
    )


def to_sent(one: Sent, names: Names) -> SentReferral:
    agency = get_agency(one.agency)
    return SentReferral(
        id=one.id,
        agency=one.agency,
        title=to_words(agency.title),
        phone=agency.phone,
        state=one.state,
        sent_at=one.sent_at,
        sent_by=name_of(names, one.sent_by),
        note=one.note,
        answered_at=one.answered_at,
        answered_by=name_of(names, one.answered_by),
        answer=one.answer,
    )


def to_agency(one: Agency, first: bool) -> SuggestedAgency:
    return SuggestedAgency(
        key=one.key, title=to_words(one.title), phone=one.phone, fields=list(one.fields), first=first
    )
