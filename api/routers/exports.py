"""Layers as files for other programs and offices. Exact figures and cases are asked for with POST, saying why."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import REVALIDATE, etag, not_modified, unchanged
from api.dependencies import Asking, CodeQuery, LevelQuery, ReadSession, TextQuery, known_parameters, require
from api.exporting import Made, make_areas, make_assets, make_cases, make_figures, make_indicators, note_export
from api.made_files import Turns, answer_file
from api.routers.cases import Reading
from api.schemas.cases import Reason
from boundaries.areas import Detail
from boundaries.editions import get_active
from layers.exporting.formats import FORMATS, Format, write
from layers.scope import Scope

router = APIRouter(prefix="/api/v1/exports", tags=["exports"], dependencies=[Depends(known_parameters)])

FormatPath = Annotated[Format, Path()]
MeasureQuery = Annotated[Literal["count", "rate", "weight"] | None, Query()]
Exporting = Annotated[Scope, Depends(require("export.make"))]


async def for_others(scope: Asking) -> Scope:
    """Return what leaves the office without a reason: the committee's figures for staff, else the asker's own."""
    return replace(scope, audience="committee") if scope.audience == "internal" else scope


def get_turns(request: Request) -> Turns:
    """Return the queue of those for whom files are made."""
    turns: Turns = request.app.state.exports
    return turns


Lowered = Annotated[Scope, Depends(for_others)]
Queue = Annotated[Turns, Depends(get_turns)]


@dataclass(frozen=True)
class FigureQuery:
    """Which figures are asked for, as /api/v1/figures is asked."""

    problem: CodeQuery = None
    target_group: CodeQuery = None
    period: TextQuery = None
    level: LevelQuery = None
    within: CodeQuery = None
    measure: MeasureQuery = None


AskedFigures = Annotated[FigureQuery, Depends()]


@router.get("/areas.{format}")
def export_areas(
    request: Request,
    session: ReadSession,
    scope: Asking,
    turns: Queue,
    format: FormatPath,
    level: LevelQuery = None,
    within: CodeQuery = None,
    detail: Annotated[Detail, Query()] = "full",
) -> Response:
    """เขตการปกครองเป็นแฟ้ม / Boundaries with names and codes."""
    with turns.taken():
        return send(request, session, scope, make_areas(session, within, level, detail), format)


@router.get("/figures.{format}")
def export_figures(
    request: Request, session: ReadSession, scope: Lowered, turns: Queue, format: FormatPath, asked: AskedFigures
) -> Response:
    """ตัวเลขรายพื้นที่เป็นแฟ้ม / Figures as the public map shows them, to staff as the committee sees them."""
    with turns.taken():
        return send(request, session, scope, make_figures(session, scope, **vars(asked)), format)


@router.post("/figures.{format}")
def export_exact_figures(
    request: Request,
    session: ReadSession,
    scope: Exporting,
    turns: Queue,
    format: FormatPath,
    asked: AskedFigures,
    given: Reason,
) -> Response:
    """ตัวเลขจริงพร้อมเหตุผล / Exact figures of your own areas, saying why."""
    with turns.taken():
        made = make_figures(session, scope, **vars(asked))
        return send(request, session, scope.with_reason(given.reason), made, format)


@router.get("/indicators.{format}")
def export_indicators(
    request: Request,
    session: ReadSession,
    scope: Lowered,
    turns: Queue,
    format: FormatPath,
    indicator: TextQuery = None,
    level: LevelQuery = None,
    within: CodeQuery = None,
    period: TextQuery = None,
) -> Response:
    """ตัวชี้วัดเป็นแฟ้ม / Values of an indicator, which are open to everybody."""
    with turns.taken():
        made = make_indicators(session, scope, indicator, within=within, level=level, period=period)
        return send(request, session, scope, made, format)


@router.get("/assets.{format}")
def export_assets(
    request: Request,
    session: ReadSession,
    scope: Asking,
    turns: Queue,
    format: FormatPath,
    within: CodeQuery = None,
    kind: TextQuery = None,
) -> Response:
    """ทุนทางสังคมเป็นแฟ้ม / Social assets as points."""
    with turns.taken():
        return send(request, session, scope, make_assets(session, within, kind), format)


@router.post("/cases.{format}")
def export_cases(
    request: Request,
    session: ReadSession,
    scope: Exporting,
    reading: Reading,
    turns: Queue,
    format: FormatPath,
    given: Reason,
    within: CodeQuery = None,
    problem: CodeQuery = None,
    status: Annotated[int | None, Query(ge=0, le=99)] = None,
) -> Response:
    """รายเรื่องที่ท่านอ่านได้ พร้อมเหตุผล / The cases that you may read, saying why; nothing of persons."""
    with turns.taken():
        made = make_cases(session, within, problem, status)
        return send(request, session, scope.with_reason(given.reason), made, format)


def send(request: Request, session: Session, scope: Scope, made: Made, format: Format) -> Response:
    """Put the export on record, then make the file and answer it; who has it already is sent nothing."""
    content = made.content
    edition = get_active(session).activation
    tag = etag(format, repr(edition), repr(content.about), repr(content.rows), repr(content.style))
    if request.method == "GET" and unchanged(request, tag):
        return not_modified(tag)
    note_export(session, scope, made, format)
    session.rollback()  # its connection goes back: making the file needs none
    headers = {"ETag": tag, "Cache-Control": REVALIDATE} if request.method == "GET" else {"Cache-Control": "no-store"}
    if format == "csv":
        headers["Link"] = f'<{_dictionary(request)}>; rel="describedby"; type="text/csv"'
    folder = request.app.state.settings.socialmap_home
    name, media_type = f"{made.file_name}.{format}", FORMATS[format].media_type
    return answer_file(folder, name, media_type, lambda file: write(content, format, file), headers)


def _dictionary(request: Request) -> str:
    query = request.url.query
    return request.url.path.removesuffix("csv") + "dictionary.csv" + (f"?{query}" if query else "")
