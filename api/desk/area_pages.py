"""Cases whose area is in doubt, both places of each side by side. Works without scripts."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import case_doubts
from api.auth.asking import Caller
from api.auth.forms import Form, Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import CodeQuery, TextQuery, known_parameters
from api.desk.asked import Reader, Writer, area_options, asked_page
from api.desk.case_pages import settle
from api.desk.drawing import draw_places
from api.desk.shown import area_names, known_words
from api.errors import status_of
from api.plan_work.asked import own_area
from boundaries.areas import get_area
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.area_choices import CHOICES, PAGE, Unsettled
from layers.cases import CaseNotFound
from layers.taxonomy import get_problem

router = APIRouter(
    prefix="/desk/areas", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)


@router.get("")
def get_list(
    request: Request, reader: Reader, area: CodeQuery = None, page: CodeQuery = None, said: TextQuery = None
) -> Response:
    """List cases whose area somebody should look at."""
    return list_page(request, reader, area or own_area(reader.scope), asked_page(page), said=said)


@router.post("/{case_id}")
def post_choice(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Choose where a case is and go on with the list."""
    within = form.get("within")[:16] or own_area(writer.scope)
    try:
        case_doubts.check_writable(request.app.state.engine, writer.scope, case_id)
        with transaction(request.app.state.engine, case_doubts.CHOOSING) as session:
            settle(session, writer.scope, case_id, form)
    except CaseNotFound:
        raise
    except SocialMapError as error:
        return list_page(request, writer, own_area(writer.scope), 1, error, form)
    with reading(request.app.state.engine, writer.scope) as session:
        within = get_area(session, within).code
    return back_to(f"/desk/areas?area={within}&said=area")


def list_page(
    request: Request,
    caller: Caller,
    within: str,
    number: int,
    error: SocialMapError | None = None,
    form: Form | None = None,
    said: str | None = None,
) -> Response:
    """Make the list, each case with a map of its places."""
    with reading(request.app.state.engine, caller.scope) as session:
        found, count = case_doubts.unsettled(session, caller.scope, within, number)
        shown = {
            "area": get_area(session, within),
            "cases": [(one, draw(session, one)) for one in found],
            "names": area_names(session, [code for one in found for code in (one.area_code, one.stated_code)]),
            "areas": area_options(session, caller.scope, within),
            "count": count,
        }
    status, words = (status_of(error), error.text) if error else (200, None)
    done = text("desk.said.area") if said == "area" and error is None else None
    more = {"number": number, "choices": CHOICES, "writes": caller.scope.may("case.write"), "form": form or Form([])}
    pages = max(1, -(-int(str(shown["count"])) // PAGE))
    return page(request, "desk_areas", caller, status, words, done=done, pages=pages, **shown, **more, **known_words())


def draw(session: Session, one: Unsettled) -> str:
    """Draw the places of a case."""
    point = (one.lon, one.lat) if one.lon is not None and one.lat is not None else None
    stated = one.stated_code if one.area_match == "conflict" else None
    said = get_problem(one.problem_code).short_th
    return draw_places(session, point, one.area_code, stated, one.urgency, said)
