"""The page of work in the background: how far it is, ending it, and what came of work that was interrupted."""

import time
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Engine
from starlette.responses import JSONResponse, Response

from api.auth.asking import Caller
from api.auth.web.pages import HEADERS, PageRoute, back_to, page
from api.database import transaction
from api.dependencies import known_parameters
from api.imports.caller import Importer, get_uploads
from api.imports.errors import UploadNotFound
from api.imports.runs import Said, done_words
from api.imports.uploads import Uploads
from api.imports.working import product
from api.imports.works import PAGE, Work, Works
from boundaries.messages import Text, text
from layers.importing.runs import RunNotFound, find_run_of, get_run

router = APIRouter(
    prefix=PAGE, route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
AGAIN = 4
"""Seconds after which a browser without scripts looks again."""


@router.get("")
def get_work(request: Request, importer: Importer, said: Said = "") -> Response:
    """Show how far one's work is; work that is over leads where it leads."""
    works: Works = request.app.state.works
    work = works.find(importer.id)
    if work is not None and work.standing == "interrupted":
        work = settled(request.app.state.engine, get_uploads(request), importer, work)
    if work is None or work.standing == "done":
        works.forget(importer.id)
        return back_to(work.goal if work else "/imports")
    shown: dict[str, Any] = {
        "work": work,
        "phase": phase_words(work),
        "seconds": seconds_of(work),
        "began": datetime.fromtimestamp(work.began, UTC),
        "again": AGAIN,
    }
    return page(request, "import_work", importer, 200, work.why, done=done_words(said), connects=True, **shown)


@router.get("/state")
def get_state(request: Request, importer: Importer) -> Response:
    """Tell a script how far one's work is."""
    work = request.app.state.works.find(importer.id)
    if work is None:
        return JSONResponse({"standing": "none"}, headers=HEADERS)
    phase = phase_words(work)
    told = {"rows": work.rows, "expected": work.expected, "seconds": seconds_of(work)}
    return JSONResponse({"standing": work.standing, "th": phase.th, "en": phase.en, **told}, headers=HEADERS)


@router.post("/stop")
def post_stop(request: Request, importer: Importer) -> Response:
    """End one's work; nothing of it stays."""
    works: Works = request.app.state.works
    if works.find(importer.id) is None:
        return back_to("/imports")
    works.stop(importer.id)
    return back_to(PAGE)


def phase_words(work: Work) -> Text:
    """Say what is being done."""
    return text(f"imports.work.phase.{work.phase}")


def seconds_of(work: Work) -> int:
    """Return for how long the work has been going on."""
    return max(0, int((work.ended or time.time()) - work.began))


def settled(engine: Engine, uploads: Uploads, importer: Caller, work: Work) -> Work:
    """Tell interrupted work that had reached the database whole from work of which nothing is there."""
    goal = ""
    with transaction(engine, product(importer)) as session:
        if work.kind == "commit":
            goal = _committed(session, uploads, importer, work)
        elif work.kind == "undo":
            goal = _undone(session, work)
    return Work(**{**vars(work), "standing": "done", "goal": goal}) if goal else work


def _committed(session: Any, uploads: Uploads, importer: Caller, work: Work) -> str:
    try:
        upload = uploads.find(work.subject, importer.id)
    except UploadNotFound:
        return ""
    since = datetime.fromtimestamp(work.began, UTC)
    run_id = upload.run_id or find_run_of(session, importer.id, upload.checksum, since)
    if run_id is None:
        return ""
    uploads.finish(upload, run_id)
    return f"/imports/runs/{run_id}?said=imported"


def _undone(session: Any, work: Work) -> str:
    try:
        run = get_run(session, int(work.subject))
    except RunNotFound:
        return ""
    undone = run.undone_at is not None and run.undone_at.timestamp() >= work.began - 1
    return f"/imports/runs/{run.id}?said=undone" if undone else ""
