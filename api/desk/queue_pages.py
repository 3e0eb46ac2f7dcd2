"""The queue: open cases in the order in which they need somebody, their map beside the list. Works without scripts."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.audit import record
from api.auth.web.pages import PageRoute, page
from api.database import reading
from api.dependencies import TextQuery, known_parameters
from api.desk.asked import Asked, Reader, area_options
from api.desk.drawing import draw_queue
from api.desk.shown import area_names, known_words
from boundaries.areas import get_area
from boundaries.dates import BANGKOK
from boundaries.messages import text
from layers.area_choices import count_unsettled
from layers.desk import PAGE, QueueAsked, count_queue, list_queue, list_queue_places
from layers.scope import Scope
from layers.taxonomy import categories
from layers.time_limits import list_overdue

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)])

SAID = frozenset({"assigned", "area", "left"})
"""What was done with a case that its doer sees no more."""


@router.get("/desk")
def get_queue(request: Request, reader: Reader, asked: Asked, said: TextQuery = None) -> Response:
    """Show one page of the queue with its map, and how many cases there are by status and urgency."""
    with reading(request.app.state.engine, reader.scope) as session:
        area = get_area(session, asked.within)
        told = {"area": area.code} | ({"problem": asked.problem} if asked.problem else {})
        record(session, reader.scope, "list", kind="case", details=told)
        shown = _shown(session, reader.scope, asked)
    done = text(f"desk.said.{said}") if said in SAID else None
    return page(request, "desk", reader, area=area, asked=asked, done=done, **shown, **known_words())


def _shown(session: Session, scope: Scope, asked: QueueAsked) -> dict[str, Any]:
    late = {one.case_id: one for one in reversed(list_overdue(session, datetime.now(BANGKOK)))}
    lines, counts = list_queue(session, asked, list(reversed(late))), count_queue(session, asked)
    return {
        "late": late,
        "lines": lines,
        "counts": counts,
        "names": area_names(session, [line.area_code for line in lines]),
        "svg": draw_queue(session, asked.within, lines, list_queue_places(session, asked)),
        "areas": area_options(session, scope, asked.within),
        "problems": categories(),
        "unsettled": count_unsettled(session, asked.within),
        "pages": max(1, -(-counts.listed // PAGE)),
        "first": (asked.page - 1) * PAGE + 1,
        "address": address(asked),
    }


def address(asked: QueueAsked) -> Any:
    """Make the function that gives the address of the same queue with something of it changed."""
    held = {"area": asked.within, "urgency": asked.urgency, "status": asked.status, "problem": asked.problem}

    def changed(**more: object) -> str:
        given = {name: value for name, value in {**held, **more}.items() if value not in (None, "")}
        return f"/desk?{urlencode(given)}"

    return changed
