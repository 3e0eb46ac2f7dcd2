"""The page of print jobs: one's own, how far they are, their files; begun from the page of a print."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse, Response

from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.auth.forms import Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading
from api.dependencies import TextQuery, known_parameters
from api.errors import status_of
from api.prints import jobs
from api.prints.asked import asked
from api.prints.batch import WRITERS, parts_of
from api.prints.errors import JobNotFound
from api.prints.folder import JobFolder
from api.prints.logos import logo_path, with_logo
from api.prints.readers import exact_scope, reader, usual_audience
from api.prints.wanted import Wanted
from api.prints.workshop import Order, Workshop
from boundaries.areas import get_area
from boundaries.dates import BANGKOK
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.cases import new_id

router = APIRouter(
    prefix="/prints", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset({"begun", "cancelled"})
MEDIA = {"pdf": "application/pdf", "zip": "application/zip"}


def get_workshop(request: Request) -> Workshop:
    """Give where jobs are worked on."""
    held: Workshop = request.app.state.workshop
    return held


Printer = Annotated[Caller, Depends(signed_in_with("print.many"))]
Held = Annotated[Workshop, Depends(get_workshop)]
Asked = Annotated[Wanted, Depends(asked)]


@router.get("")
def get_jobs(request: Request, printer: Printer, workshop: Held, said: TextQuery = None) -> Response:
    """List one's own jobs, newest first."""
    return jobs_page(request, printer, workshop, done=text(f"prints.said.{said}") if said in SAID else None)


@router.post("/all/{code}")
def post_job(request: Request, printer: Printer, workshop: Held, wanted: Asked, form: Sent) -> Response:
    """Begin to print all parts of an area; with a reason, of exact figures."""
    kind, reason = form.get("form") if form.get("form") in WRITERS else "pdf", form.get("reason")
    workshop.settle()
    try:
        usual = reader(usual_audience(printer.scope))
        scope = exact_scope(printer.scope, wanted.code, reason) if reason else usual
        with reading(request.app.state.engine, scope) as session:
            codes = parts_of(session, wanted.code)
        at = datetime.now(UTC).replace(second=0, microsecond=0)
        home = request.app.state.settings.socialmap_home
        wanted, kept = with_logo(request, printer.scope, wanted)
        logo = logo_path(home, printer.id) if kept else None
        workshop.begin(Order(new_id(), printer.scope, scope, kind, wanted, codes, at, logo))
    except SocialMapError as error:
        return jobs_page(request, printer, workshop, error)
    return back_to("/prints", "begun")


@router.get("/{job_id}/file")
def get_file(request: Request, printer: Printer, job_id: UUID) -> Response:
    """Give the file of one's own job. Raises JobNotFound, for others' as for none."""
    job = _own(request, printer, job_id)
    path = JobFolder(request.app.state.settings.socialmap_home, job.id).result
    if not job.waits or not path.is_file():
        raise JobNotFound
    day = job.made_at.astimezone(BANGKOK).strftime("%Y%m%d-%H%M")
    name = f"{job.area_code}-all-{job.wanted.paper}-{day}.{job.form}"
    return FileResponse(path, media_type=MEDIA[job.form], filename=name, headers={"Cache-Control": "no-store"})


@router.post("/{job_id}/cancel")
def post_cancel(request: Request, printer: Printer, workshop: Held, job_id: UUID) -> Response:
    """Cancel one's own job, or take its file away."""
    workshop.cancel(_own(request, printer, job_id).id)
    return back_to("/prints", "cancelled")


def jobs_page(
    request: Request,
    printer: Caller,
    workshop: Workshop,
    error: SocialMapError | None = None,
    done: Text | None = None,
) -> Response:
    """Show the list; what went wrong stands above it."""
    workshop.settle()
    with reading(request.app.state.engine, printer.scope) as session:
        found = jobs.list_jobs(session)
        areas = {code: get_area(session, code) for code in {one.area_code for one in found}}
    shown: dict[str, Any] = {
        "jobs": [(one, _name(one, areas[one.area_code])) for one in found],
        "open": sum(one.open for one in found),
    }
    status = status_of(error) if error else 200
    answer = page(request, "prints", printer, status, error.text if error else None, done=done, **shown)
    # The page asks for itself again; nothing else may be asked for.
    policy = answer.headers["content-security-policy"]
    answer.headers["content-security-policy"] = f"{policy}; connect-src 'self'"
    return answer


def _own(request: Request, printer: Caller, job_id: UUID) -> jobs.Job:
    with reading(request.app.state.engine, printer.scope) as session:
        return jobs.get_job(session, job_id)


def _name(job: jobs.Job, area: Any) -> Text:
    level = text("level.province" if area.level == "country" else "level.district")
    named = {"level_th": level.th, "level_en": level.en}
    thai, english = (
        text("prints.job_name", area=name, **named) for name in (area.full_name_th, area.name_en or area.code)
    )
    return Text(thai.th, english.en)
