"""Meetings of committees: prepared with an agenda and one release, held, closed; figures shown are that release's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, false, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.codes import COUNTRY
from boundaries.dates import BE
from boundaries.messages import Text, text
from layers.cases import new_id
from layers.models import Release
from layers.scope import SYSTEM, Scope
from mapping.meeting_asking import (
    AskedStop,
    BadMeetingArea,
    BadMeetingStep,
    MeetingExists,
    MeetingNotFound,
    MeetingNotPrepared,
    MeetingReadOnly,
    MeetingState,
    NothingReleased,
    Shown,
    checked_stops,
    day_of,
    line_of,
    number_of,
)
from mapping.meeting_models import Committee, Meeting, MeetingStop


@dataclass(frozen=True)
class MeetingRecord:
    """A meeting without its agenda; `year` in พ.ศ., `as_of` the day up to which its release's figures go."""

    id: UUID
    committee_id: UUID
    committee: str
    area_code: str
    number: int
    year: int
    held_on: date
    place: str
    release_id: int
    as_of: date
    state: MeetingState

    @property
    def province_code(self) -> str:
        """The first column of every key."""
        return self.area_code[:2]

    @property
    def name(self) -> Text:
        """Its committee with number and year, as minutes name it."""
        return text("meeting.name", committee=self.committee, number=self.number, year=self.year)


@dataclass(frozen=True)
class StopRecord:
    """One point of an agenda; `fiscal_year` is its first day."""

    id: UUID
    position: int
    area_code: str
    problem_code: str | None
    fiscal_year: date
    shows: tuple[Shown, ...]
    note: str | None
    draft: bool = False


def readable(scope: Scope) -> ColumnElement[bool]:
    """Return the condition under which a meeting is shown to a reader, as the database's policies have it."""
    if scope.role == SYSTEM:
        return true()
    if not scope.may("meeting.read") or scope.audience not in ("internal", "committee"):
        return false()
    if scope.areas is None:
        return true()
    inside = [Meeting.area_code.startswith(code, autoescape=True) for code in scope.areas]
    above = [code[:length] for code in scope.areas for length in (2, 4, 6, 8) if len(code) >= length]
    return or_(false(), *inside, Meeting.area_code.in_(above))


def writes(scope: Scope, area_code: str) -> bool:
    """Say whether somebody prepares and minutes the meetings of an area."""
    return scope.role == SYSTEM or (scope.may("meeting.write") and scope.covers(area_code))


def list_meetings(
    session: Session, scope: Scope, area: str | None = None, limit: int | None = None
) -> list[MeetingRecord]:
    """List the meetings that the reader may see, newest first, of an area's committees or of all."""
    asked = _asked().where(readable(scope))
    asked = asked if area is None else asked.where(Meeting.area_code == area)
    order = (Meeting.held_on.desc(), Meeting.number.desc(), Meeting.id)
    return [_record(row) for row in session.execute(asked.order_by(*order).limit(limit))]


def get_meeting(session: Session, scope: Scope, meeting_id: UUID) -> MeetingRecord:
    """Return a meeting, or raise MeetingNotFound."""
    row = session.execute(_asked().where(Meeting.id == meeting_id, readable(scope))).one_or_none()
    if row is None:
        raise MeetingNotFound(id=meeting_id)
    return _record(row)


def find_earlier(session: Session, scope: Scope, meeting: MeetingRecord) -> MeetingRecord | None:
    """Return the committee's meeting before this one, or None."""
    before = _asked().where(_earlier(meeting), readable(scope))
    row = session.execute(before.order_by(Meeting.year.desc(), Meeting.number.desc()).limit(1)).one_or_none()
    return _record(row) if row else None


def list_stops(session: Session, meeting: MeetingRecord) -> list[StopRecord]:
    """List the agenda in its order."""
    columns = [getattr(MeetingStop, name) for name in StopRecord.__dataclass_fields__]
    mine = (MeetingStop.province_code == meeting.province_code, MeetingStop.meeting_id == meeting.id)
    rows = session.execute(select(*columns).where(*mine).order_by(MeetingStop.position))
    return [StopRecord(**{**row._mapping, "shows": tuple(row.shows)}) for row in rows]


def create_meeting(
    session: Session,
    scope: Scope,
    area_code: str,
    committee: str,
    held_on: date,
    place: str,
    number: int | None = None,
    release_id: int | None = None,
) -> MeetingRecord:
    """Prepare a meeting; without a number the next one of the year, without a release the newest.

    Raises AreaNotFound, BadMeetingArea, MeetingReadOnly, BadMeetingField, PersonalDataInText, NothingReleased,
    MeetingExists.
    """
    area = get_area(session, area_code)
    if area.code == COUNTRY:
        raise BadMeetingArea(area=area.full_name_th)
    if not writes(scope, area.code):
        raise MeetingReadOnly(area=area.full_name_th)
    held_on, place = day_of("held_on", held_on), line_of("place", place)
    held_by = committee_of(session, area.code, line_of("committee", committee))
    row = {
        "province_code": area.code[:2],
        "id": new_id(),
        "committee_id": held_by,
        "area_code": area.code,
        "number": _next(session, held_by, held_on) if number is None else number_of(number),
        "held_on": held_on,
        "place": place,
        "release_id": release_out(session, release_id),
        "created_by": scope.actor_id,
    }
    try:
        with session.begin_nested():
            session.execute(insert(Meeting).values(row))
    except IntegrityError as error:
        if "uq_meeting_number" not in str(error.orig):
            raise
        raise MeetingExists(number=row["number"], year=held_on.year + BE) from None
    return get_meeting(session, scope, row["id"])  # type: ignore[arg-type]


def lock_meeting(session: Session, scope: Scope, meeting_id: UUID) -> MeetingRecord:
    """Return a meeting that nobody else changes until the transaction ends. Raises MeetingNotFound, MeetingReadOnly."""
    found = get_meeting(session, scope, meeting_id)
    if not writes(scope, found.area_code):
        raise MeetingReadOnly(area=found.area_code)
    mine = (Meeting.province_code == found.province_code, Meeting.id == found.id)
    # Of a closed one there is nothing to lock: the database shows it to no writer.
    state: Any = session.execute(select(Meeting.state).where(*mine).with_for_update()).scalar_one_or_none()
    return replace(found, state=state or "closed")


def set_agenda(session: Session, scope: Scope, meeting_id: UUID, stops: Sequence[AskedStop]) -> list[StopRecord]:
    """Make these the stops of a prepared meeting, in this order. Raises MeetingNotPrepared and as checked_stops."""
    meeting = lock_meeting(session, scope, meeting_id)
    if meeting.state != "prepared":
        raise MeetingNotPrepared
    rows = checked_stops(session, meeting.province_code, stops)
    key = {"province_code": meeting.province_code, "meeting_id": meeting.id}
    mine = (MeetingStop.province_code == meeting.province_code, MeetingStop.meeting_id == meeting.id)
    known = {one.id for one in list_stops(session, meeting)}
    session.execute(delete(MeetingStop).where(*mine))
    taken: set[object] = set()
    for row in rows:
        row["id"] = row["id"] if row["id"] in known - taken else new_id()
        taken.add(row["id"])
    if rows:
        session.execute(insert(MeetingStop), [key | row for row in rows])
    return list_stops(session, meeting)


def set_state(session: Session, scope: Scope, meeting_id: UUID, state: MeetingState, today: date) -> MeetingRecord:
    """Begin a prepared meeting, not before its day, or close one that is held. Raises BadMeetingStep."""
    meeting = lock_meeting(session, scope, meeting_id)
    steps: dict[str, MeetingState] = {"prepared": "held", "held": "closed"}
    if steps.get(meeting.state) != state or meeting.held_on > today:
        raise BadMeetingStep
    stamp = "held_at" if state == "held" else "closed_at"
    mine = (Meeting.province_code == meeting.province_code, Meeting.id == meeting.id)
    session.execute(update(Meeting).where(*mine).values({"state": state, stamp: datetime.now(UTC)}))
    return get_meeting(session, scope, meeting.id)


def committee_of(session: Session, area_code: str, name: str) -> UUID:
    """Return the id of an area's committee, made when it is new; locked, so that its meetings are counted in turn."""
    own = (Committee.province_code == area_code[:2], Committee.area_code == area_code, Committee.name == name)
    asked = select(Committee.id).where(*own).with_for_update()
    found = session.execute(asked).scalar_one_or_none()
    if found is not None:
        return found
    made = {"province_code": area_code[:2], "id": new_id(), "area_code": area_code, "name": name}
    try:
        with session.begin_nested():
            session.execute(insert(Committee).values(made))
    except IntegrityError:  # somebody else made it meanwhile
        return session.execute(asked).scalar_one()
    return made["id"]  # type: ignore[return-value]


def _next(session: Session, committee_id: UUID, held_on: date) -> int:
    same = (Meeting.committee_id == committee_id, Meeting.year == held_on.year + BE)
    return int(session.execute(select(func.coalesce(func.max(Meeting.number), 0) + 1).where(*same)).scalar_one())


def release_out(session: Session, wanted: int | None) -> int:
    """Return the number of a release that is out: the one wanted, else the newest. Raises NothingReleased."""
    asked = select(Release.id).where(Release.state == "released").order_by(Release.id.desc()).limit(1)
    if wanted is not None:
        asked = asked.where(Release.id == min(max(wanted, 0), 2**31 - 1))
    found = session.execute(asked).scalar_one_or_none()
    if found is None:
        raise NothingReleased
    return int(found)


def _earlier(meeting: MeetingRecord) -> ColumnElement[bool]:
    before = or_(Meeting.year < meeting.year, (Meeting.year == meeting.year) & (Meeting.number < meeting.number))
    return (Meeting.province_code == meeting.province_code) & (Meeting.committee_id == meeting.committee_id) & before


def _asked() -> Select[Any]:
    names = [name for name in MeetingRecord.__dataclass_fields__ if name not in ("committee", "as_of")]
    columns = [getattr(Meeting, name) for name in names]
    same = (Committee.province_code == Meeting.province_code) & (Committee.id == Meeting.committee_id)
    asked = select(*columns, Committee.name.label("committee"), Release.as_of)
    return asked.join(Committee, same).join(Release, Release.id == Meeting.release_id)


def _record(row: Row[Any]) -> MeetingRecord:
    return MeetingRecord(**row._mapping)
