"""The drafts that a file may be brought into, and the one that it is of."""

from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.codes import COUNTRY
from layers.dates import fiscal_year
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.plan_files.values import About
from mapping.plan_places import areas_named
from mapping.plans import PlanRecord, list_plans

MOST_DRAFTS = 300
"""Drafts of one list to choose from."""

Drafts = list[tuple[PlanRecord, str]]
"""Drafts with what they are called."""


def drafts_to_fill(session: Session, scope: Scope) -> Drafts:
    """List the drafts of a caller's own areas, those of the newest year first."""
    found = [one for one in list_plans(session, scope) if one.state == "draft" and scope.covers(one.area_code)]
    shown = found[:MOST_DRAFTS]
    names = areas_named(session, {one.area_code for one in shown}, get_area(session, COUNTRY))
    return [(one, _called(one, names[one.area_code].full_name_th)) for one in shown]


def _called(plan: PlanRecord, area: str) -> str:
    return f"{get_problem(plan.problem_code).short_th} · {area} · {fiscal_year(plan.fiscal_year)}"


def draft_named(drafts: Drafts, about: About | None) -> str:
    """Return the id of the draft of the area, problem and year that a file names, empty where there is none."""
    said = (about.area, about.problem, about.fiscal_year) if about else None
    for one, _ in drafts:
        if (one.area_code, one.problem_code, fiscal_year(one.fiscal_year)) == said:
            return str(one.id)
    return ""
