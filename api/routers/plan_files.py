"""Plans as files of other programs: out for whoever may read them, in as new drafts of one's own areas; on record."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.answers import REVALIDATE, answer, etag, not_modified, unchanged
from api.auth.errors import FormBad
from api.dependencies import Asking, ReadSession, known_parameters, require
from api.errors import NotFound, shortened
from api.plan_files.making import file_name, make_file, note_file, read_out
from api.plan_files.receiving import receive
from api.plan_files.taking import take, take_into
from api.routers.exports import Queue
from api.schemas.plan_files import (
    PlanFiles,
    PlanFileTaken,
    Target,
    to_plan_file_line,
    to_plan_file_taken,
)
from layers.scope import Scope
from mapping.plan_files.formats import FORMATS, allowed, format_of, get_format, lacking, read_plan_file
from mapping.plan_files.schema import plan_schema
from mapping.plans import get_plan

router = APIRouter(prefix="/api/v1", tags=["plans"], dependencies=[Depends(known_parameters)])

UPLOAD = "/api/v1/plans/files"
SCHEMA_TYPE = "application/schema+json"
Bringing = Annotated[Scope, Depends(require("plan.write"))]
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "area": {"type": "string"},
                        "problem": {"type": "string"},
                        "fiscal_year": {"type": "integer"},
                        "format": {"enum": list(FORMATS)},
                        "into": {"type": "string", "format": "uuid"},
                        "take_away": {"type": "boolean"},
                        "dry_run": {"type": "boolean"},
                    },
                }
            }
        },
    }
}
"""How the document tells a form with a file, which is read piece by piece and not by the framework."""


class PlanFileMissing(NotFound):
    """A plan's file of a format that is none."""

    key = "plan_files.unknown"


@router.get("/schemas/plan.json", response_class=Response, responses={200: {"content": {SCHEMA_TYPE: {}}}})
def get_plan_schema(request: Request) -> Response:
    """รูปแบบแฟ้ม JSON ของแผน / The JSON Schema (draft 2020-12) of plans' files."""
    return answer(request, json.dumps(plan_schema(), ensure_ascii=False, indent=1).encode(), SCHEMA_TYPE)


@router.post("/plans/files", status_code=201, openapi_extra=FORM)
async def post_plan_file(request: Request, response: Response, scope: Bringing, turns: Queue) -> PlanFileTaken:
    """นำแฟ้มแผนเข้าเป็นร่างใหม่หรือใส่ในร่างที่มี / Make a file a new draft, or with `into` bring it into one that is there.

    With `dry_run` it is told what would come of it.
    """
    try:
        sent = await receive(request)
    except ClientDisconnect:
        raise FormBad from None
    try:
        target = Target(**{name: value for name, value in sent.fields.items() if value and name != "csrf"})
    except (ValidationError, TypeError):
        raise FormBad from None

    def work() -> PlanFileTaken:
        format = get_format(target.format) if target.format else format_of(sent.name)
        with turns.taken():
            found = read_plan_file(sent.name, sent.content, format)
        engine, keep = request.app.state.engine, not target.dry_run
        if target.into:
            made = take_into(engine, scope, target.into, found, format, take_away=target.take_away, keep=keep)
        else:
            area, problem, year = target.area, target.problem, target.fiscal_year
            made = take(engine, scope, found, format, area=area, problem=problem, year=year, keep=keep)
        return to_plan_file_taken(made, kept=not target.dry_run)

    response.status_code = 200 if target.dry_run or target.into else 201
    return await run_in_threadpool(work)


@router.get("/plans/{plan_id}/files")
def get_plan_files(session: ReadSession, scope: Asking, plan_id: UUID) -> PlanFiles:
    """แฟ้มที่ขอแผนนี้ได้ และสิ่งที่แต่ละชนิดเก็บไม่ได้ / The files of a plan, and what each cannot hold."""
    plan = get_plan(session, scope, plan_id)
    held = read_out(session, scope, plan)
    lines = [
        to_plan_file_line(name, one.media_type, file_name(plan, name), lacking(held, name))
        for name, one in FORMATS.items()
    ]
    return PlanFiles(files=lines)


@router.get("/plans/{plan_id}/files/{format}", response_class=Response)
def get_plan_file(request: Request, session: ReadSession, scope: Asking, plan_id: UUID, format: str) -> Response:
    """แผนเป็นแฟ้ม / A plan as a file: json (whole), mm (Freeplane), opml, md or xmind."""
    plan = get_plan(session, scope, plan_id)
    if format not in FORMATS:
        raise PlanFileMissing(name=shortened(format), allowed=allowed())
    made = make_file(session, scope, plan, get_format(format))
    tag = etag(made.content)
    if unchanged(request, tag):
        return not_modified(tag)
    note_file(session, scope, plan, made)
    headers = {
        "ETag": tag,
        "Cache-Control": REVALIDATE,
        "Content-Disposition": f'attachment; filename="{made.name}"',
    }
    return Response(made.content, headers=headers, media_type=made.media_type)
