"""Meetings as they are asked for and answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.common import Schema, Words, to_words
from layers.dates import fiscal_year
from mapping.follow_ups import FollowUp
from mapping.meeting_asking import SHOWN, AskedStop, MeetingState, Shown
from mapping.meeting_models import MOST_STOPS
from mapping.meetings import MeetingRecord, StopRecord
from mapping.plan_fields import FIRST_YEAR, LAST_YEAR
from mapping.resolutions import AskedResolution, ResolutionKind, ResolutionRecord

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Code = Annotated[str, Field(max_length=16)]
Line = Annotated[str, Field(max_length=1000)]


class Asked(BaseModel):
    """Base of all bodies: nothing that is not declared."""

    model_config = ConfigDict(extra="forbid")


class NewMeeting(Asked):
    """A meeting to be prepared; without number the next of its year, without release the newest."""

    area: Code
    committee: Line
    held_on: date
    place: Line
    number: Annotated[int, Field(ge=1, le=999)] | None = None
    release: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class MeetingFacts(Asked):
    """What a prepared meeting is changed to; without committee or number these stay, without release the newest."""

    held_on: date
    place: Line
    committee: Line | None = None
    number: Annotated[int, Field(ge=1, le=999)] | None = None
    release: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class NewStop(Asked):
    """A stop of an agenda; `id` keeps one that is there. The fiscal year is in พ.ศ."""

    area: Code
    fiscal_year: Year
    problem: Code | None = None
    shows: Annotated[list[Shown], Field(min_length=1, max_length=3)] = list(SHOWN)
    note: Annotated[str, Field(max_length=4000)] | None = None
    id: UUID | None = None
    draft: bool = False
    """Whether the draft is shown where an approved plan stands too."""

    def to_stop(self) -> AskedStop:
        """Return it as the rules know it."""
        return AskedStop(self.area, self.fiscal_year, self.problem, tuple(self.shows), self.note, self.id, self.draft)


class NewAgenda(Asked):
    """All stops in their order."""

    stops: Annotated[list[NewStop], Field(max_length=MOST_STOPS)]


class NewMeetingState(Asked):
    """The next state of a meeting."""

    state: MeetingState


class NewResolution(Asked):
    """A resolution: a new activity under a solution of a plan, the approval of a draft, or something to follow up."""

    kind: ResolutionKind
    text: Line
    plan: UUID | None = None
    solution: UUID | None = None
    lead: Line | None = None
    due_on: date | None = None
    stop: UUID | None = None

    def to_resolution(self) -> AskedResolution:
        """Return it as the rules know it."""
        return AskedResolution(self.kind, self.text, self.plan, self.solution, self.lead, self.due_on, self.stop)


class Closing(Asked):
    """What became of a resolution that is closed."""

    words: Line


class MeetingLine(Schema):
    """A meeting without its agenda; `year` in พ.ศ., `as_of` the day of its figures."""

    id: UUID
    area: str
    committee: str
    number: int
    year: int
    held_on: date
    place: str
    release: int
    as_of: date
    state: MeetingState


class Meetings(Schema):
    """Meetings that you may read, newest first."""

    meetings: list[MeetingLine]


class MeetingStop(Schema):
    """A stop; `fiscal_year` in พ.ศ."""

    id: UUID
    area: str
    problem: str | None
    fiscal_year: int
    shows: list[Shown]
    note: str | None
    draft: bool


class MeetingResolution(Schema):
    """A resolution, numbered within the committee's year (พ.ศ.), and what became of it until today."""

    id: UUID
    meeting: UUID
    number: int
    year: int
    kind: ResolutionKind
    text: str
    lead: str | None
    due_on: date | None
    stop: UUID | None
    plan: UUID | None
    part: UUID | None
    closed: bool
    late: bool
    became: Words


class WholeMeeting(MeetingLine):
    """A meeting with its agenda, what it resolved, and what earlier ones left open."""

    stops: list[MeetingStop]
    resolutions: list[MeetingResolution]
    follow_ups: list[MeetingResolution]


def to_meeting_line(meeting: MeetingRecord) -> MeetingLine:
    """Turn a meeting into a line of a list."""
    return MeetingLine(**_line(meeting))


def to_whole_meeting(
    meeting: MeetingRecord, stops: list[StopRecord], resolutions: list[FollowUp], follow_ups: list[FollowUp]
) -> WholeMeeting:
    """Turn a meeting with all that belongs to it into its public form."""
    return WholeMeeting(
        **_line(meeting),
        stops=[_stop(one) for one in stops],
        resolutions=[to_resolution(one) for one in resolutions],
        follow_ups=[to_resolution(one) for one in follow_ups],
    )


def to_resolution(one: FollowUp) -> MeetingResolution:
    """Turn a resolution with what became of it into its public form."""
    held: ResolutionRecord = one.resolution
    same = ("id", "number", "year", "kind", "text", "lead", "due_on")
    return MeetingResolution(
        **{name: getattr(held, name) for name in same},
        meeting=held.meeting_id,
        stop=held.stop_id,
        plan=one.plan.id if one.plan else held.plan_id,
        part=held.part_id,
        closed=held.closed_in is not None,
        late=one.late,
        became=to_words(one.became),
    )


def _line(meeting: MeetingRecord) -> dict[str, object]:
    same = ("id", "committee", "number", "year", "held_on", "place", "as_of", "state")
    found: dict[str, object] = {name: getattr(meeting, name) for name in same}
    return found | {"area": meeting.area_code, "release": meeting.release_id}


def _stop(stop: StopRecord) -> MeetingStop:
    year = fiscal_year(stop.fiscal_year)
    shown = {
        "id": stop.id,
        "area": stop.area_code,
        "problem": stop.problem_code,
        "note": stop.note,
        "draft": stop.draft,
    }
    return MeetingStop(**shown, fiscal_year=year, shows=list(stop.shows))
