"""A meeting's presentation and files: read within the database, drawn without it. Loaded late: drawing is heavy."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.database import reading, transaction
from api.meetings.recording import note_print
from boundaries.dates import BANGKOK
from layers.scope import Scope
from mapping.briefing.player import render
from mapping.briefing.show import Show, build_show
from mapping.documents.minutes import write_minutes
from mapping.meetings import find_earlier, get_meeting
from mapping.offline import AssetServer, Inline, Library
from mapping.resolutions import list_resolutions


def play(engine: Engine, scope: Scope, meeting_id: UUID, assets: AssetServer) -> str:
    """Make the served page; the connection goes back before anything is drawn. Raises MeetingNotFound."""
    with reading(engine, scope) as session:
        show = show_of(session, scope, meeting_id, assets.library)
    return write_show(show, assets)


def briefing(engine: Engine, scope: Scope, meeting_id: UUID, library: Library) -> bytes:
    """Make the one file that needs no network, on record before it is handed out. Raises MeetingNotFound."""
    with reading(engine, scope) as session:
        show = show_of(session, scope, meeting_id, library)
    content = write_show(show, Inline(library)).encode()
    _note(engine, scope, show, "html")
    return content


def minutes(engine: Engine, scope: Scope, meeting_id: UUID, library: Library) -> bytes:
    """Make the skeleton of the minutes, on record before it is handed out. Raises MeetingNotFound."""
    with reading(engine, scope) as session:
        show = show_of(session, scope, meeting_id, library)
        content = minutes_of(session, scope, show)
    _note(engine, scope, show, "docx")
    return content


def show_of(session: Session, scope: Scope, meeting_id: UUID, library: Library) -> Show:
    """Read what a meeting presents today. Raises MeetingNotFound."""
    meeting = get_meeting(session, scope, meeting_id)
    return build_show(session, scope, meeting, library=library, today=datetime.now(BANGKOK).date())


def write_show(show: Show, assets: Inline | AssetServer) -> str:
    """Write a presentation as one page."""
    return render(show.meeting.name.th, show.stamps, show.steps(), assets)


def minutes_of(session: Session, scope: Scope, show: Show) -> bytes:
    """Write the minutes of a meeting whose presentation is at hand."""
    earlier = find_earlier(session, scope, show.meeting)
    resolutions = list_resolutions(session, show.meeting)
    return write_minutes(show, earlier, resolutions, datetime.now(UTC).replace(microsecond=0))


def _note(engine: Engine, scope: Scope, show: Show, format: str) -> None:
    with transaction(engine, scope) as session:
        note_print(session, scope, show.meeting, format, len(show.stops))
