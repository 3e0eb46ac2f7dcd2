"""A meeting's whole presentation, read from the database and ready to be written as a page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from boundaries.dates import thai_date
from boundaries.messages import text
from layers.scope import Scope
from mapping.briefing.steps import Step, day_line, follow_up_step, opening, stop_steps
from mapping.briefing.stops import ShownStop, build_stops
from mapping.follow_ups import FollowUp, list_follow_ups
from mapping.meetings import MeetingRecord
from mapping.offline import Library


@dataclass(frozen=True)
class Show:
    """What is presented: the meeting with its stops and what earlier ones left open."""

    meeting: MeetingRecord
    stops: tuple[ShownStop, ...]
    follow_ups: tuple[FollowUp, ...]

    @property
    def stamps(self) -> tuple[str, ...]:
        """What stands above every step: for whom it is, and the day of its figures."""
        return (text("sheet.audience.committee").th, day_line(self.meeting.as_of))

    def steps(self) -> list[Step]:
        """Draw all steps; this takes a second or so a stop and needs no database. Raises SheetFull."""
        meeting = self.meeting
        when = text("meeting.play.day", day=thai_date(meeting.held_on, "long"), place=meeting.place).th
        lines = (when, text("meeting.release", id=meeting.release_id, day=thai_date(meeting.as_of, "long")).th)
        made = [opening(meeting.name.th, lines, self.stops)]
        if self.follow_ups:
            made.append(follow_up_step([follow_up_row(one) for one in self.follow_ups]))
        return [*made, *stop_steps(self.stops)]


def build_show(
    session: Session, scope: Scope, meeting: MeetingRecord, *, library: Library | None = None, today: date
) -> Show:
    """Read what a meeting presents on a day, as far as the reader may see it; figures are always the committee's."""
    stops = build_stops(session, scope, meeting, library=library, today=today)
    return Show(meeting, tuple(stops), tuple(list_follow_ups(session, scope, meeting, today)))


def follow_up_row(one: FollowUp) -> tuple[str, str, str, str, bool]:
    """Return number, text, lead and day, what became of it, and whether it is late."""
    resolution = one.resolution
    due = thai_date(resolution.due_on) if resolution.due_on else ""
    lead = " / ".join(part for part in (resolution.lead, due) if part) or "–"
    return resolution.label, resolution.text, lead, one.became.th, one.late
