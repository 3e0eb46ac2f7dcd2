"""Pages of imports that were made: the list with the form for the next file, one import, and its undoing."""

import time
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import CSV
from api.audit import record
from api.auth.asking import Caller
from api.auth.errors import FormBad
from api.auth.forms import Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import transaction
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from api.imports.beginning import sign_of
from api.imports.caller import Importer, get_uploads
from api.imports.doing import Doing
from api.imports.receiving import MEGABYTE, file_limit
from api.imports.uploads import DAY, REFUSED
from api.imports.working import note_refused, product, provinces_of, working, writing
from api.imports.works import Work, Works
from api.routers.audit import logins_of
from boundaries.areas import list_areas
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.importing.runs import RunNotFound, RunRecord, RunWorkedOn, count_worked_on, get_run, list_runs, undo_run
from layers.scope import Scope

router = APIRouter(
    prefix="/imports", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
YAML = "application/yaml; charset=utf-8"
SHOWN, CHOICES = 100, 20
LARGEST = 2**31 - 1
SAID = frozenset(
    {"imported", "already", "undone", "cancelled", "not_written", "name_open", "decided", "one_at_a_time", "forgotten"}
)
Said = Annotated[str, Query(max_length=20, pattern=PLAIN)]


@router.get("")
def get_imports(request: Request, importer: Importer, said: Said = "") -> Response:
    """List the imports of one's provinces, newest first, above the form for a file."""
    return imports_page(request, importer, done=done_words(said))


@router.get("/runs/{run_id}")
def get_import(request: Request, importer: Importer, run_id: str, said: Said = "") -> Response:
    """Show one import."""
    if said == "worked_on":
        return _run_page(request, importer, run_id, asks=True)
    return _run_page(request, importer, run_id, done=done_words(said))


@router.get("/runs/{run_id}/recipe")
def get_recipe_of_run(request: Request, importer: Importer, run_id: str) -> Response:
    """Give how an import read its file, to be used again."""
    with transaction(request.app.state.engine, product(importer)) as session:
        run = own_run(session, importer.scope, run_id)
    return attached(run.recipe.encode(), YAML, f"recipe-{run.id}.yaml")


@router.get("/runs/{run_id}/refused")
def get_refused_of_run(request: Request, importer: Importer, run_id: str) -> Response:
    """Give the rows that an import did not take, to whoever made it, for a day; that they were taken is on record."""
    with transaction(request.app.state.engine, product(importer)) as session:
        run = own_run(session, importer.scope, run_id)
    uploads = get_uploads(request)
    upload = uploads.find_of_run(run.id, importer.id)
    content = uploads.read(upload, REFUSED) if upload else None
    if not upload or not content:
        return back_to(f"/imports/runs/{run.id}")
    note_refused(request.app.state.engine, importer, upload.not_taken)
    return attached(content, CSV, f"refused-rows-{run.id}.csv")


@router.post("/runs/{run_id}/undo")
def post_undo(request: Request, importer: Importer, run_id: str, form: Sent) -> Response:
    """Undo an import whole."""
    if form.get("undo") != "yes":
        raise FormBad
    engine = request.app.state.engine
    with transaction(engine, product(importer)) as session:
        run = own_run(session, importer.scope, run_id)
    back, worked_on = f"/imports/runs/{run.id}", bool(form.get("worked_on"))
    work = Work("undo", str(run.id), run.file_name, back, time.time(), sign_of(form))
    works: Works = request.app.state.works

    def do(doing: Doing) -> str:
        try:
            undo(engine, importer, run_id, worked_on, doing)
        except RunWorkedOn:
            if time.time() - work.began < works.patience:
                raise
            return f"{back}?said=worked_on"  # whoever waited is asked on the page of the import
        return f"{back}?said=undone"

    try:
        return back_to(works.begin(importer.id, work, do))
    except RunNotFound:
        raise
    except SocialMapError as error:
        return _run_page(request, importer, run_id, error)


def undo(engine: Engine, importer: Caller, run_id: str, worked_on: bool, doing: Doing) -> None:
    """Undo an import whole, on record. Raises what `undo_run` raises, and WorkStopped."""
    with working(), writing(engine, importer, doing) as session:
        doing.at("undo")
        run = own_run(session, importer.scope, run_id)
        undone = undo_run(session, run.id, actor_id=importer.id, worked_on=worked_on)
        details = {"removed": undone.removed, "restored": undone.restored}
        record(session, importer.scope, "import", kind="undo", object_id=str(run.id), details=details)


def own_run(session: Session, scope: Scope, run_id: str) -> RunRecord:
    """Return an import of somebody's provinces. Raises RunNotFound, for others' as for none."""
    number = int(run_id) if run_id.isascii() and run_id.isdecimal() and len(run_id) < 11 else 0
    if not 0 < number <= LARGEST:
        raise RunNotFound(id="–")
    run = get_run(session, number)
    if scope.areas is not None and run.area_code not in provinces_of(scope):
        raise RunNotFound(id=number)
    return run


def own_runs(session: Session, scope: Scope) -> list[RunRecord]:
    """Return the newest imports of somebody's provinces."""
    found = [one for province in provinces_of(scope) for one in list_runs(session, province, SHOWN)]
    return sorted(found, key=lambda one: -one.id)[:SHOWN]


def imports_page(
    request: Request, importer: Caller, error: SocialMapError | None = None, done: Text | None = None
) -> Response:
    """Show the form and the list; what went wrong with a file stands above them."""
    with transaction(request.app.state.engine, product(importer)) as session:
        runs = own_runs(session, importer.scope)
        names = {one.code: one.full_name_th for one in list_areas(session, "province")}
    names[COUNTRY] = text("imports.country").th
    settings = request.app.state.settings
    shown: dict[str, Any] = {
        "runs": runs,
        "logins": logins_of(request.app.state.engine, runs),  # type: ignore[arg-type]
        "waiting": get_uploads(request).list(importer.id),
        "work": request.app.state.works.find(importer.id),
        "homes": [(code, names.get(code, code)) for code in provinces_of(importer.scope)],
        "alike": [one for one in runs if one.undone_at is None][:CHOICES],
        "limit": file_limit(settings) // MEGABYTE,
    }
    status = status_of(error) if error else 200
    return page(request, "imports", importer, status, error.text if error else None, done=done, **shown)


def done_words(said: str) -> Text | None:
    """Return what a page says after something was done."""
    return text(f"imports.said.{said}") if said in SAID else None


def attached(content: bytes, media_type: str, name: str) -> Response:
    """Answer a file to be kept."""
    return Response(content, headers={"Content-Disposition": f'attachment; filename="{name}"'}, media_type=media_type)


def _run_page(
    request: Request,
    importer: Caller,
    run_id: str,
    error: SocialMapError | None = None,
    done: Text | None = None,
    asks: bool = False,
) -> Response:
    """Show one import; `asks` whether the work on its cases may be lost."""
    engine = request.app.state.engine
    asks = asks or isinstance(error, RunWorkedOn)
    with transaction(engine, product(importer)) as session:
        run = own_run(session, importer.scope, run_id)
        cases = count_worked_on(session, run) if asks and run.undone_at is None else 0
    shown = {
        "run": run,
        "login": logins_of(engine, [run]).get(run.actor_id) if run.actor_id else None,  # type: ignore[list-item]
        "refused": _refused_until(request, importer, run.id),
        "asks_worked_on": bool(cases),
        "cases": cases,
    }
    told = text("imports.worked_on") if cases else error.text if error else None
    return page(request, "import_run", importer, status_of(error) if error else 200, told, done=done, **shown)


def _refused_until(request: Request, importer: Caller, run_id: int) -> datetime | None:
    """Return until when the rows that an import did not take can be had, None where there are none."""
    uploads = get_uploads(request)
    upload = uploads.find_of_run(run_id, importer.id)
    if upload is None or not uploads.read(upload, REFUSED):
        return None
    return datetime.fromtimestamp(upload.made_at + DAY, UTC)
