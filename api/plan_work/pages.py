"""The page of what plans add up to, for an area and a fiscal year. Works without scripts; open as plans are."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth.asking import Caller
from api.auth.depends import Anybody
from api.auth.web.pages import PageRoute, page
from api.database import reading
from api.dependencies import Asking, CodeQuery, known_parameters
from api.errors import status_of
from api.plan_work.asked import WorkQuery, own_area, today_in_bangkok
from api.schemas.plans import Year
from boundaries.areas import AreaNotFound, AreaRecord, get_area, list_areas
from boundaries.codes import COUNTRY, BadCode, ancestors_of
from boundaries.errors import SocialMapError
from layers.dates import fiscal_year, fiscal_year_start
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.plan_country import country_plans
from mapping.plan_work import STATES, STATUSES, WorkState, list_overdue, roll_up, sources_by_budget
from mapping.plan_years import year_with_plans

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)])
YearQuery = Annotated[Year | None, Query()]
SHOWN_OVERDUE, SHOWN_COUNTRY = 100, 100
YEARS_BACK, YEARS_AHEAD = 4, 1


@router.get("/work")
def get_work(
    request: Request, caller: Anybody, scope: Asking, area: CodeQuery = None, fiscal_year: YearQuery = None
) -> Response:
    """Show budget and status of an area's plans, drafts apart, and what is late."""
    error: SocialMapError | None = None
    with reading(request.app.state.engine, scope) as session:
        try:
            found = get_area(session, area or own_area(scope))
        except (AreaNotFound, BadCode) as unknown:
            error, found = unknown, get_area(session, own_area(scope))
        asked = _asked(session, scope, found, fiscal_year, STATES)
        shown = _shown(session, scope, asked)
    status = status_of(error) if error else 200
    return page(request, "work", caller, status, error.text if error else None, **shown, **work_frame(caller, asked))


@router.get("/work/country")
def get_country(request: Request, caller: Anybody, scope: Asking, fiscal_year: YearQuery = None) -> Response:
    """Show what approved plans of the whole country say: causes, solutions, costs."""
    with reading(request.app.state.engine, scope) as session:
        asked = _asked(session, scope, get_area(session, COUNTRY), fiscal_year, ("approved",))
        found = country_plans(session, scope, asked.first, SHOWN_COUNTRY)
    frame = work_frame(caller, asked)
    return page(request, "work_country", caller, found=found, problem_of=get_problem, most=SHOWN_COUNTRY, **frame)


def _asked(
    session: Session, scope: Scope, area: AreaRecord, year: int | None, states: tuple[WorkState, ...]
) -> WorkQuery:
    """Return what is shown: the year that was chosen, else one that has plans."""
    today = today_in_bangkok()
    running = fiscal_year_start(year or fiscal_year(today))
    return WorkQuery(area.code, running if year else year_with_plans(session, scope, area, running, states), today)


def work_frame(caller: Caller | None, asked: WorkQuery) -> dict[str, Any]:
    """Return what all pages about work share: the year chosen and those to choose from."""
    now = fiscal_year(asked.today)
    years = sorted({asked.year, *range(now - YEARS_BACK, now + YEARS_AHEAD + 1)}, reverse=True)
    staff = bool(caller and caller.complete and caller.scope.audience == "internal")
    return {"asked": asked, "years": years, "staff": staff}


def _shown(session: Session, scope: Scope, asked: WorkQuery) -> dict[str, Any]:
    found = roll_up(session, scope, asked.area, asked.first, asked.today)
    late = list_overdue(session, scope, asked.area, asked.first, asked.today, SHOWN_OVERDUE + 1)
    states = [state for state in STATES if state == "approved" or found.whole[state].plans]
    return {
        "found": found,
        "states": states,
        "statuses": STATUSES,
        "sources": sources_by_budget(found.sources),
        "late": late[:SHOWN_OVERDUE],
        "late_more": len(late) > SHOWN_OVERDUE,
        "late_most": SHOWN_OVERDUE,
        "problem_of": get_problem,
        "choices": area_choices(session, found.area),
        "up": _up(session, found.area),
        "query": urlencode({"area": asked.area, "fiscal_year": asked.year}),
        "most": max((float(sum(each.budget for each in one.values())) for one in found.sources.values()), default=0.0),
    }


def area_choices(session: Session, area: AreaRecord) -> list[AreaRecord]:
    """List the areas that a form offers: the country, its provinces, and what lies around the one chosen."""
    found = [get_area(session, COUNTRY), *list_areas(session, "province")]
    if area.level != "country":
        found += list_areas(session, "district", area.code[:2])
    if area.level in ("district", "subdistrict"):
        found += list_areas(session, "subdistrict", area.code[:4])
    return found


def _up(session: Session, area: AreaRecord) -> AreaRecord | None:
    above = ancestors_of(area.code)
    return get_area(session, above[0]) if above else None
