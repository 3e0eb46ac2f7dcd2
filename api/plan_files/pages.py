"""Pages of plans as files: what a plan may be had as; a file that becomes a draft after a look. No scripts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.auth.asking import Caller
from api.auth.depends import Anybody, SignedIn
from api.auth.errors import NotAllowed
from api.auth.forms import Form
from api.auth.forms import Sent as SentForm
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading
from api.dependencies import PLAIN, Asking, known_parameters
from api.errors import shortened, status_of
from api.plan_files import waiting
from api.plan_files.filling import draft_named, drafts_to_fill
from api.plan_files.making import file_name, read_out
from api.plan_files.receiving import receive
from api.plan_files.taking import take, take_into, this_year
from boundaries.areas import AreaRecord, get_area, list_areas
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.dates import fiscal_year
from layers.taxonomy import get_problem, problems
from mapping.plan_fields import FIRST_YEAR, LAST_YEAR
from mapping.plan_files.formats import FORMATS, Format, format_of, lacking, read_plan_file
from mapping.plan_files.values import LARGEST, MEGABYTE, PlanFile
from mapping.plan_files.words import label
from mapping.plans import PlanNotFound, get_plan

router = APIRouter(
    prefix="/plans", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
UPLOAD = "/plans/import"
SAID = frozenset({"dropped"})
MADE = {"brought": "draft_made", "updated": "draft_updated"}
SaidQuery = Annotated[str, Query(max_length=20, pattern=PLAIN)]


class NoneWaiting(SocialMapError):
    """A file was decided on that does not wait any more."""

    key = "plan_files.none_waiting"


def get_planner(caller: SignedIn) -> Caller:
    """Give who may make plans. Raises NotSignedIn, NotAllowed."""
    if not caller.scope.may("plan.write"):
        raise NotAllowed(permission="plan.write")
    return caller


Planner = Annotated[Caller, Depends(get_planner)]


@router.get("/import")
def get_import(request: Request, planner: Planner, said: SaidQuery = "") -> Response:
    """Show the form for a file, or what would come of the one that waits."""
    return _import_page(request, planner, done=text(f"plan_files.said.{said}") if said in SAID else None)


@router.post("/import")
async def post_import(request: Request, planner: Planner) -> Response:
    """Take a file and read it; one that is no plan is told at once and not kept."""
    try:
        sent = await receive(request)
        await run_in_threadpool(_reading, request, sent.name, sent.content)
        home = request.app.state.settings.socialmap_home
        await run_in_threadpool(waiting.keep, home, planner.id, sent.name, sent.content)
    except ClientDisconnect:
        return Response(status_code=400)
    except SocialMapError as error:
        return await run_in_threadpool(_import_page, request, planner, error)
    return back_to(UPLOAD)


@router.post("/import/draft")
def post_draft(request: Request, planner: Planner, form: SentForm) -> Response:
    """Make the waiting file a draft of the area, problem and year of the form."""
    home = request.app.state.settings.socialmap_home
    held = waiting.find(home, planner.id)
    try:
        if held is None:
            raise NoneWaiting
        format, found = _reading(request, held.name, held.content)
        made = take(
            request.app.state.engine,
            planner.scope,
            found,
            format,
            area=_code(form),
            problem=form.get("problem"),
            year=_year(form),
            keep=True,
        )
    except SocialMapError as error:
        return _import_page(request, planner, error, form)
    waiting.drop(home, planner.id)
    return back_to(f"/plans/{made.plan.id}/files?said=brought")


@router.post("/import/into")
def post_into(request: Request, planner: Planner, form: SentForm) -> Response:
    """Change a draft to what the waiting file says, or tell what would be changed."""
    home, keep = request.app.state.settings.socialmap_home, form.get("act") != "look"
    held = waiting.find(home, planner.id)
    try:
        if held is None:
            raise NoneWaiting
        format, found = _reading(request, held.name, held.content)
        chosen, engine = _plan_id(form), request.app.state.engine
        away = form.get("take_away") == "yes"
        made = take_into(engine, planner.scope, chosen, found, format, take_away=away, keep=keep)
    except SocialMapError as error:
        return _import_page(request, planner, error, form)
    if not keep:
        would = text("plan_files.changes", **(made.changes or {}))
        return _import_page(request, planner, None, form, would=would, would_notes=made.notes)
    waiting.drop(home, planner.id)
    return back_to(f"/plans/{made.plan.id}/files?said=updated")


@router.post("/import/drop")
def post_drop(request: Request, planner: Planner) -> Response:
    """Take the waiting file away."""
    waiting.drop(request.app.state.settings.socialmap_home, planner.id)
    return back_to(UPLOAD, "dropped")


@router.get("/{plan_id}/files")
def get_files(request: Request, caller: Anybody, scope: Asking, plan_id: UUID, said: SaidQuery = "") -> Response:
    """Show what a plan may be had as, and what each kind of file cannot hold."""
    with reading(request.app.state.engine, scope) as session:
        plan = get_plan(session, scope, plan_id)
        held, area = read_out(session, scope, plan), get_area(session, plan.area_code)
    files = [(one, file_name(plan, one), lacking(held, one)) for one in FORMATS]
    shown: dict[str, Any] = {
        "plan": plan,
        "area": area,
        "problem": get_problem(plan.problem_code),
        "year": fiscal_year(plan.fiscal_year),
        "title": held.parts[0].text,
        "count": len(held.parts),
        "files": files,
        "names": {one: text(f"plan_files.format.{one}") for one in FORMATS},
        "brings": bool(caller and caller.complete and caller.scope.may("plan.write")),
    }
    done = text(f"plan_files.said.{MADE[said]}") if said in MADE else None
    return page(request, "plan_files", caller, done=done, **shown)


def _import_page(
    request: Request, planner: Caller, error: SocialMapError | None = None, form: Form | None = None, **more: Any
) -> Response:
    home = request.app.state.settings.socialmap_home
    held = waiting.find(home, planner.id)
    format, read = _read(request, held)
    with reading(request.app.state.engine, planner.scope) as session:
        areas = _areas(session, planner)
        drafts = drafts_to_fill(session, planner.scope) if held else []
    about = read.about if read else None
    chosen = {
        "area": form.get("area") if form else (about.area if about else None) or "",
        "problem": form.get("problem") if form else (about.problem if about else None) or "",
        "year": form.get("fiscal_year") if form else str((about.fiscal_year if about else None) or this_year()),
    }
    shown: dict[str, Any] = {
        "waiting": held,
        "format": format,
        "rows": _rows(read) if read else [],
        "notes": read.notes if read else (),
        "areas": areas,
        "drafts": drafts,
        "would": None,
        "into": form.get("plan") if form else draft_named(drafts, about),
        "take_away": form.get("take_away") == "yes" if form else False,
        "chosen": chosen,
        "problems": [(code, one.short_th) for code, one in problems().items()],
        "years": (FIRST_YEAR, LAST_YEAR),
        "limit": LARGEST // MEGABYTE,
        "kinds": [text(f"plan_files.format.{one}") for one in FORMATS],
    }
    status = status_of(error) if error else 200
    return page(request, "plan_import", planner, status, error.text if error else None, **shown | more)


def _reading(request: Request, name: str, content: bytes) -> tuple[Format, PlanFile]:
    """Read a file in its turn: a few at a time bound what all of them take."""
    format = format_of(name)
    with request.app.state.exports.taken():
        return format, read_plan_file(name, content, format)


def _read(request: Request, held: waiting.Waiting | None) -> tuple[Format | None, PlanFile | None]:
    if held is None:
        return None, None
    try:
        return _reading(request, held.name, held.content)
    except SocialMapError:  # of an earlier version of the product, or as many are read as may be
        return None, None


def _rows(read: PlanFile) -> list[dict[str, Any]]:
    """Return the parts with their depth and facts, as the page lists them."""
    depths: dict[str | None, int] = {None: -1}
    rows = []
    for part in read.parts:
        depths[part.id] = depths[part.parent] + 1
        facts = [label(name)[0] for name in part.fields if name != "text"]
        rows.append({"kind": part.kind, "text": part.text, "depth": depths[part.id], "facts": facts})
    return rows


def _areas(session: Session, planner: Caller) -> list[AreaRecord]:
    """List the provinces and districts of a caller, and further areas that are theirs by name."""
    codes = planner.scope.areas
    tops = [COUNTRY] if codes is None else sorted(codes)
    found: dict[str, AreaRecord] = {}
    for code in tops:
        level = "province" if code == COUNTRY else "district"
        own = [] if code == COUNTRY else [get_area(session, code)]
        below = list_areas(session, level, code) if len(code) == 2 else []  # type: ignore[arg-type]
        found |= {area.code: area for area in (*own, *below)}
    return list(found.values())


def _plan_id(form: Form) -> UUID:
    try:
        return UUID(form.get("plan"))
    except ValueError:
        raise PlanNotFound(id=shortened(form.get("plan")) or "–") from None


def _code(form: Form) -> str:
    """Return the code at the beginning of what was chosen or typed."""
    return form.get("area").strip().partition(" ")[0][:16]


def _year(form: Form) -> int | None:
    words = form.get("fiscal_year").strip()
    year = int(words) if words.isascii() and words.isdigit() and len(words) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
