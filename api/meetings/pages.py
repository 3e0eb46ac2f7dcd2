"""Pages of meetings; all but playing works without scripts. The presentation itself is made in turns, as sheets are."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.auth.errors import FormBad
from api.auth.forms import Form, Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import TextQuery, known_parameters
from api.errors import status_of
from api.meetings import forms
from api.meetings.content import list_content, meeting_content, today
from api.meetings.recording import note_change
from api.pages import new_nonce
from api.prints.press import Press
from boundaries.errors import SocialMapError
from boundaries.messages import text
from mapping.meeting_facts import delete_meeting, update_facts
from mapping.meetings import create_meeting, get_meeting, list_stops, set_agenda, set_state
from mapping.offline import AssetServer, Library
from mapping.resolutions import add_resolution, close_resolution

router = APIRouter(
    prefix="/meetings", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset({"saved", "deleted", "resolved", "closed", "state"})
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


Reader = Annotated[Caller, Depends(signed_in_with("meeting.read"))]
Writer = Annotated[Caller, Depends(signed_in_with("meeting.write"))]


@router.get("")
def get_list(request: Request, reader: Reader, said: TextQuery = None) -> Response:
    """List the meetings that one may read, newest first, with the form of a new one."""
    return list_page(request, reader, done=said)


@router.post("")
def post_meeting(request: Request, writer: Writer, form: Sent) -> Response:
    """Prepare a meeting."""
    try:
        day, number, release = (
            forms.said_day(form, "held_on"),
            forms.said_number(form, "number"),
            forms.said_number(form, "release"),
        )
        with transaction(request.app.state.engine, writer.scope) as session:
            given = (form.get("area"), form.get("committee"), day, form.get("place"), number, release)
            made = create_meeting(session, writer.scope, *given)
            note_change(session, writer.scope, made, "prepared")
    except SocialMapError as error:
        return list_page(request, writer, error, form)
    return back_to(f"/meetings/{made.id}")


@router.get("/{meeting_id}")
def get_one(request: Request, reader: Reader, meeting_id: UUID, said: TextQuery = None) -> Response:
    """Show a meeting with its agenda, resolutions and what earlier ones left open."""
    return meeting_page(request, reader, meeting_id, done=said)


@router.post("/{meeting_id}")
def post_one(request: Request, writer: Writer, meeting_id: UUID, form: Sent) -> Response:
    """Change committee, number, day, place and release of a meeting that is prepared."""

    def do(session: Any) -> str:
        day, release = forms.said_day(form, "held_on"), forms.said_number(form, "release")
        number, committee = forms.said_number(form, "number"), form.get("committee") or None
        given = (day, form.get("place"), release or 0, committee, number)
        made = update_facts(session, writer.scope, meeting_id, *given)
        note_change(session, writer.scope, made, "facts")
        return "saved"

    return _done(request, writer, meeting_id, form, do)


@router.post("/{meeting_id}/delete")
def post_delete(request: Request, writer: Writer, meeting_id: UUID, form: Sent) -> Response:
    """Delete a prepared meeting, once whoever asks has said that they mean it."""
    try:
        if form.get("sure") != "yes":
            raise FormBad
        with transaction(request.app.state.engine, writer.scope) as session:
            note_change(session, writer.scope, delete_meeting(session, writer.scope, meeting_id), "deleted")
    except SocialMapError as error:
        return meeting_page(request, writer, meeting_id, error, form)
    return back_to("/meetings", "deleted")


@router.post("/{meeting_id}/stops")
def post_stop(request: Request, writer: Writer, meeting_id: UUID, form: Sent) -> Response:
    """Add a stop to the end of the agenda."""

    def do(session: Any) -> str:
        meeting = get_meeting(session, writer.scope, meeting_id)
        asked = [*forms.kept(list_stops(session, meeting)), forms.said_stop(form)]
        set_agenda(session, writer.scope, meeting_id, asked)
        note_change(session, writer.scope, meeting, "agenda")
        return "saved"

    return _done(request, writer, meeting_id, form, do)


@router.post("/{meeting_id}/stops/{stop_id}")
def post_one_stop(request: Request, writer: Writer, meeting_id: UUID, stop_id: UUID, form: Sent) -> Response:
    """Move a stop up or down, take it away, or change it."""

    def do(session: Any) -> str:
        meeting = get_meeting(session, writer.scope, meeting_id)
        asked = forms.changed(list_stops(session, meeting), stop_id, form)
        set_agenda(session, writer.scope, meeting_id, asked)
        note_change(session, writer.scope, meeting, "agenda")
        return "saved"

    return _done(request, writer, meeting_id, form, do)


@router.post("/{meeting_id}/state")
def post_state(request: Request, writer: Writer, meeting_id: UUID, form: Sent) -> Response:
    """Begin a meeting, or close it."""

    def do(session: Any) -> str:
        state = form.get("state")
        if state not in ("held", "closed"):
            raise FormBad
        made = set_state(session, writer.scope, meeting_id, state, today())  # type: ignore[arg-type]
        note_change(session, writer.scope, made, state)
        return "state"

    return _done(request, writer, meeting_id, form, do)


@router.post("/{meeting_id}/resolutions")
def post_resolution(request: Request, writer: Writer, meeting_id: UUID, form: Sent) -> Response:
    """Note a resolution, and do it."""

    def do(session: Any) -> str:
        asked = forms.said_resolution(form)
        add_resolution(session, writer.scope, meeting_id, asked, today())
        made = get_meeting(session, writer.scope, meeting_id)
        note_change(session, writer.scope, made, f"resolved.{asked.kind}")
        return "resolved"

    return _done(request, writer, meeting_id, form, do)


@router.post("/{meeting_id}/resolutions/{resolution_id}/close")
def post_close(request: Request, writer: Writer, meeting_id: UUID, resolution_id: UUID, form: Sent) -> Response:
    """Close a resolution, saying what became of it."""

    def do(session: Any) -> str:
        close_resolution(session, writer.scope, meeting_id, resolution_id, form.get("words"))
        made = get_meeting(session, writer.scope, meeting_id)
        note_change(session, writer.scope, made, "resolution.closed")
        return "closed"

    return _done(request, writer, meeting_id, form, do)


@router.get("/{meeting_id}/play")
def get_play(request: Request, reader: Reader, meeting_id: UUID) -> Response:
    """Play the meeting full-screen; without scripts its steps stand below each other."""
    from api.meetings.showing import play
    from mapping.briefing.player import served_policy

    nonce, state = new_nonce(), request.app.state
    assets = AssetServer(_library(request), nonce)
    html = _press(request).alone(lambda: play(state.engine, reader.scope, meeting_id, assets))
    return HTMLResponse(html, headers={"Content-Security-Policy": served_policy(nonce), "Cache-Control": "no-store"})


@router.get("/{meeting_id}/briefing.html")
def get_briefing(request: Request, reader: Reader, meeting_id: UUID) -> Response:
    """Hand out the meeting as one file that needs no network."""
    from api.meetings.showing import briefing

    state = request.app.state
    made = _press(request).alone(lambda: briefing(state.engine, reader.scope, meeting_id, _library(request)))
    headers = {"Content-Disposition": f'attachment; filename="meeting-{meeting_id}.html"', "Cache-Control": "no-store"}
    return Response(made, headers=headers, media_type="text/html")


@router.get("/{meeting_id}/minutes.docx")
def get_minutes(request: Request, reader: Reader, meeting_id: UUID) -> Response:
    """Hand out the skeleton of the minutes."""
    from api.meetings.showing import minutes

    state = request.app.state
    made = _press(request).alone(lambda: minutes(state.engine, reader.scope, meeting_id, _library(request)))
    headers = {"Content-Disposition": f'attachment; filename="minutes-{meeting_id}.docx"', "Cache-Control": "no-store"}
    return Response(made, headers=headers, media_type=DOCX)


def list_page(
    request: Request,
    caller: Caller,
    error: SocialMapError | None = None,
    form: Form | None = None,
    done: str | None = None,
) -> Response:
    """Make the list; after an error with what was typed."""
    with reading(request.app.state.engine, caller.scope) as session:
        shown = list_content(session, caller.scope)
    status = status_of(error) if error else 200
    given = form or Form([])
    words = text("meetings.said.deleted") if done == "deleted" and error is None else None
    return page(request, "meetings", caller, status, error.text if error else None, done=words, form=given, **shown)


def meeting_page(
    request: Request,
    caller: Caller,
    meeting_id: UUID,
    error: SocialMapError | None = None,
    form: Form | None = None,
    done: str | None = None,
) -> Response:
    """Make the page of a meeting; after an error with what was typed. Raises MeetingNotFound."""
    with reading(request.app.state.engine, caller.scope) as session:
        shown = meeting_content(session, caller.scope, get_meeting(session, caller.scope, meeting_id))
    words = text(f"meetings.said.{done}") if done in SAID and error is None else None
    status = status_of(error) if error else 200
    given = form or Form([])
    return page(request, "meeting", caller, status, error.text if error else None, done=words, form=given, **shown)


def _done(request: Request, writer: Caller, meeting_id: UUID, form: Form, do: Any) -> Response:
    """Do something in one transaction and go back to the meeting; what was refused is told there."""
    try:
        with transaction(request.app.state.engine, writer.scope) as session:
            said = do(session)
    except SocialMapError as error:
        return meeting_page(request, writer, meeting_id, error, form)
    return back_to(f"/meetings/{meeting_id}", said)


def _press(request: Request) -> Press:
    held: Press = request.app.state.press
    return held


def _library(request: Request) -> Library:
    return Library(request.app.state.settings.socialmap_web_library)
