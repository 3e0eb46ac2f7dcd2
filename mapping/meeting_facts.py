"""What of a prepared meeting may be changed: committee, number, day, place and release; or all, by deleting it."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from boundaries.dates import BE
from layers.scope import Scope
from mapping.meeting_asking import MeetingExists, MeetingNotPrepared, day_of, line_of, number_of
from mapping.meeting_models import Committee, Meeting
from mapping.meetings import MeetingRecord, committee_of, get_meeting, lock_meeting, release_out


def update_facts(
    session: Session,
    scope: Scope,
    meeting_id: UUID,
    held_on: date,
    place: str,
    release_id: int | None,
    committee: str | None = None,
    number: int | None = None,
) -> MeetingRecord:
    """Change the facts of a prepared meeting; without a committee or number these stay.

    A new name renames the committee where it has no other meeting; else the meeting becomes one of the committee of
    that name. Raises MeetingNotPrepared and what create_meeting raises.
    """
    meeting = _prepared(session, scope, meeting_id)
    values = {
        "held_on": day_of("held_on", held_on),
        "place": line_of("place", place),
        "release_id": release_out(session, release_id),
        "number": meeting.number if number is None else number_of(number),
        "committee_id": meeting.committee_id if committee is None else _renamed(session, meeting, committee),
    }
    try:
        with session.begin_nested():
            session.execute(update(Meeting).where(*_mine(meeting)).values(values))
    except IntegrityError as error:
        if "uq_meeting_number" not in str(error.orig):
            raise
        raise MeetingExists(number=values["number"], year=held_on.year + BE) from None
    return get_meeting(session, scope, meeting.id)


def delete_meeting(session: Session, scope: Scope, meeting_id: UUID) -> MeetingRecord:
    """Delete a prepared meeting with its agenda, for good; return what it was. Raises MeetingNotPrepared."""
    meeting = _prepared(session, scope, meeting_id)
    session.execute(delete(Meeting).where(*_mine(meeting)))
    return meeting


def _prepared(session: Session, scope: Scope, meeting_id: UUID) -> MeetingRecord:
    meeting = lock_meeting(session, scope, meeting_id)
    if meeting.state != "prepared":
        raise MeetingNotPrepared
    return meeting


def _mine(meeting: MeetingRecord) -> tuple[ColumnElement[bool], ...]:
    return (Meeting.province_code == meeting.province_code, Meeting.id == meeting.id)


def _renamed(session: Session, meeting: MeetingRecord, name: str) -> UUID:
    """Return the committee of a name, which is this meeting's own under its new name where it has no other meeting."""
    name = line_of("committee", name)
    if name == meeting.committee:
        return meeting.committee_id
    same = (Committee.province_code == meeting.province_code, Committee.area_code == meeting.area_code)
    others = (Meeting.province_code == meeting.province_code, Meeting.committee_id == meeting.committee_id)
    shared = exists().where(*others, Meeting.id != meeting.id)
    taken = exists().where(*same, Committee.name == name)
    if session.execute(select(shared | taken)).scalar_one():
        return committee_of(session, meeting.area_code, name)
    session.execute(update(Committee).where(*same, Committee.id == meeting.committee_id).values(name=name))
    return meeting.committee_id
