"""`socialmap meeting`: look at meetings, write one's presentation as a file, write the skeleton of its minutes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy.orm import Session

from api.cli.common import database, errors, told, working
from api.files import write_whole
from api.settings import Settings
from boundaries.dates import thai_date
from boundaries.messages import text
from layers.scope import Scope
from mapping.offline import Inline, Library

if TYPE_CHECKING:
    from mapping.briefing.show import Show
    from mapping.follow_ups import FollowUp
    from mapping.meetings import MeetingRecord

app = typer.Typer(no_args_is_help=True, help="การประชุม / Meetings")
output = Console(highlight=False, markup=False, soft_wrap=True)

Meeting = Annotated[UUID, typer.Argument(help="รหัสการประชุม / Id of the meeting")]
Out = Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / File to write")]
Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]
Draw = Callable[[Session, "Show"], bytes]
SYSTEM = Scope.system("meeting")


@app.command()
def show(
    area: Annotated[str | None, typer.Argument(help="รหัสพื้นที่ของคณะกรรมการ / Area of the committee")] = None,
    as_json: Json = False,
) -> None:
    """แสดงการประชุม มติ และผลของมติ / Show meetings with their resolutions and what became of them."""
    from api.routers.meetings import today
    from api.schemas.meetings import to_whole_meeting
    from mapping.follow_ups import follow, list_follow_ups
    from mapping.meetings import list_meetings, list_stops
    from mapping.resolutions import list_resolutions

    found = []
    with told(as_json), database(reason="meeting") as session:
        for meeting in list_meetings(session, SYSTEM, area):
            made = follow(session, SYSTEM, list_resolutions(session, meeting), today())
            earlier = list_follow_ups(session, SYSTEM, meeting, today())
            found.append(to_whole_meeting(meeting, list_stops(session, meeting), made, earlier).model_dump(mode="json"))
            if not as_json:
                _say(meeting, made)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))


def _say(meeting: "MeetingRecord", made: "list[FollowUp]") -> None:
    state = text(f"meeting.state.{meeting.state}").th
    output.print(f"{meeting.id}  {meeting.name.th}  {thai_date(meeting.held_on)}  {state}")
    for one in made:
        resolution = one.resolution
        output.print(f"  {text('meeting.resolution').th} {resolution.label} {resolution.text}: {one.became.th}")


@app.command()
def briefing(meeting: Meeting, out: Out = None, as_json: Json = False) -> None:
    """เขียนการนำเสนอเป็นแฟ้มเดียวที่ไม่ต้องต่อเครือข่าย / Write the presentation as one file without a network."""

    def draw(session: Session, show: "Show") -> bytes:
        from api.meetings.showing import write_show

        return write_show(show, Inline(_library())).encode()

    _write(meeting, out, "html", draw, as_json)


@app.command()
def minutes(meeting: Meeting, out: Out = None, as_json: Json = False) -> None:
    """เขียนร่างรายงานการประชุมเป็น DOCX / Write the skeleton of the minutes as DOCX."""

    def draw(session: Session, show: "Show") -> bytes:
        from api.meetings.showing import minutes_of

        return minutes_of(session, SYSTEM, show)

    _write(meeting, out, "docx", draw, as_json)


def _write(meeting: UUID, out: Path | None, ending: str, draw: Draw, as_json: bool) -> None:
    """Make a file and write it whole or not at all; that it was made is on record before it appears."""
    from api.meetings.recording import note_print
    from api.meetings.showing import show_of

    with told(as_json):
        settings = Settings()
        path = out or settings.socialmap_output / f"meeting-{meeting}.{ending}"
        with working("cli.meeting.working"), database(settings, reason="meeting", recorded=False) as session:
            shown = show_of(session, SYSTEM, meeting, _library())
            content = draw(session, shown)
            note_print(session, SYSTEM, shown.meeting, ending, len(shown.stops))
        size = write_whole(path, content)
    if as_json:
        typer.echo(json.dumps({"path": str(path), "bytes": size}))
        return
    words = text("cli.meeting.written", path=path, size=f"{size / 1000:,.0f} kB")
    errors.print(words.th)
    errors.print(words.en)


def _library() -> Library:
    return Library(Settings().socialmap_web_library)
