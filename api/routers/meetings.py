"""Meetings: prepared, held and closed by the staff of their areas, read by those who sit in them; all on record."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from api.dependencies import CodeQuery, ReadSession, WriteSession, known_parameters, require
from api.meetings.recording import note_change
from api.schemas.meetings import (
    Closing,
    MeetingFacts,
    MeetingResolution,
    Meetings,
    NewAgenda,
    NewMeeting,
    NewMeetingState,
    NewResolution,
    WholeMeeting,
    to_meeting_line,
    to_resolution,
    to_whole_meeting,
)
from boundaries.dates import BANGKOK
from layers.scope import Scope
from mapping.follow_ups import follow, list_follow_ups
from mapping.meeting_facts import delete_meeting, update_facts
from mapping.meetings import (
    MeetingRecord,
    create_meeting,
    get_meeting,
    list_meetings,
    list_stops,
    set_agenda,
    set_state,
)
from mapping.resolutions import add_resolution, close_resolution, list_resolutions

router = APIRouter(prefix="/api/v1/meetings", tags=["meetings"], dependencies=[Depends(known_parameters)])

MOST_MEETINGS = 500
MeetingReading = Annotated[Scope, Depends(require("meeting.read"))]
MeetingWriting = Annotated[Scope, Depends(require("meeting.write"))]


def today() -> date:
    """Return the day in Thailand."""
    return datetime.now(BANGKOK).date()


@router.get("")
def get_meetings(session: ReadSession, scope: MeetingReading, area: CodeQuery = None) -> Meetings:
    """การประชุมที่ท่านอ่านได้ / The meetings that you may read, newest first."""
    return Meetings(meetings=[to_meeting_line(one) for one in list_meetings(session, scope, area, MOST_MEETINGS)])


@router.post("", status_code=201)
def post_meeting(session: WriteSession, scope: MeetingWriting, given: NewMeeting) -> WholeMeeting:
    """เตรียมการประชุม / Prepare a meeting: its figures are those of one release from now on."""
    facts = (given.area, given.committee, given.held_on, given.place, given.number, given.release)
    return _noted(session, scope, create_meeting(session, scope, *facts), "prepared")


@router.get("/{meeting_id}")
def get_one_meeting(session: ReadSession, scope: MeetingReading, meeting_id: UUID) -> WholeMeeting:
    """การประชุมหนึ่งพร้อมวาระ มติ และเรื่องสืบเนื่อง / One meeting with agenda, resolutions, and matters arising."""
    return whole(session, scope, get_meeting(session, scope, meeting_id))


@router.put("/{meeting_id}")
def put_meeting(session: WriteSession, scope: MeetingWriting, meeting_id: UUID, given: MeetingFacts) -> WholeMeeting:
    """แก้ข้อมูลการประชุมที่เตรียมอยู่ / Change committee, number, day, place and release of a prepared meeting."""
    facts = (given.held_on, given.place, given.release, given.committee, given.number)
    return _noted(session, scope, update_facts(session, scope, meeting_id, *facts), "facts")


@router.delete("/{meeting_id}", status_code=204)
def delete_one_meeting(session: WriteSession, scope: MeetingWriting, meeting_id: UUID) -> None:
    """ลบการประชุมที่เตรียมอยู่ / Delete a prepared meeting with its agenda; one that was held stays."""
    note_change(session, scope, delete_meeting(session, scope, meeting_id), "deleted")


@router.put("/{meeting_id}/agenda")
def put_agenda(session: WriteSession, scope: MeetingWriting, meeting_id: UUID, given: NewAgenda) -> WholeMeeting:
    """กำหนดวาระทั้งหมด / Make these the stops of a prepared meeting, in this order."""
    set_agenda(session, scope, meeting_id, [one.to_stop() for one in given.stops])
    return _noted(session, scope, get_meeting(session, scope, meeting_id), "agenda")


@router.post("/{meeting_id}/state")
def post_state(session: WriteSession, scope: MeetingWriting, meeting_id: UUID, given: NewMeetingState) -> WholeMeeting:
    """เริ่มหรือปิดการประชุม / Begin a meeting, or close it."""
    return _noted(session, scope, set_state(session, scope, meeting_id, given.state, today()), given.state)


@router.post("/{meeting_id}/resolutions", status_code=201)
def post_resolution(
    session: WriteSession, scope: MeetingWriting, meeting_id: UUID, given: NewResolution
) -> MeetingResolution:
    """บันทึกมติ / Note a resolution and do it: a new activity comes into the plan, an approved draft is the plan."""
    made = add_resolution(session, scope, meeting_id, given.to_resolution(), today())
    answer = to_resolution(follow(session, scope, [made], today())[0])
    note_change(session, scope, get_meeting(session, scope, meeting_id), f"resolved.{given.kind}")
    return answer


@router.post("/{meeting_id}/resolutions/{resolution_id}/close")
def post_close(
    session: WriteSession, scope: MeetingWriting, meeting_id: UUID, resolution_id: UUID, given: Closing
) -> MeetingResolution:
    """ปิดมติพร้อมผลการดำเนินงาน / Close a resolution, saying what became of it."""
    made = close_resolution(session, scope, meeting_id, resolution_id, given.words)
    answer = to_resolution(follow(session, scope, [made], today())[0])
    note_change(session, scope, get_meeting(session, scope, meeting_id), "resolution.closed")
    return answer


def whole(session: Session, scope: Scope, meeting: MeetingRecord) -> WholeMeeting:
    """Read all that belongs to a meeting."""
    made = follow(session, scope, list_resolutions(session, meeting), today())
    earlier = list_follow_ups(session, scope, meeting, today())
    return to_whole_meeting(meeting, list_stops(session, meeting), made, earlier)


def _noted(session: Session, scope: Scope, meeting: MeetingRecord, change: str) -> WholeMeeting:
    answer = whole(session, scope, meeting)
    note_change(session, scope, meeting, change)
    return answer
