"""New drafts from a form: for which areas, on which problem, for which fiscal year."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from api.auth.errors import NotAllowed
from boundaries.areas import AreaRecord, get_area, list_areas
from boundaries.errors import SocialMapError
from layers.aggregation import newest_period
from layers.dates import fiscal_year, fiscal_year_start
from layers.scope import Scope
from layers.taxonomy import categories, get_problem
from mapping.plan_making import create_from_template
from mapping.plans import PlanRecord
from mapping.templates import FALLBACK, draft_of_area

FROM_DATA = "data"
"""What the form says in place of a problem's code."""
YEARS_BACK, YEARS_AHEAD = 2, 3
MOST_AREAS = 1_300
"""Areas of one list to choose from: all provinces and districts of the country are 1,005."""


class AreaMissing(SocialMapError):
    """A new draft without an area."""

    key = "plan.list.choose_area"


def draft_plan(session: Session, scope: Scope, area_code: str, problem: str, year: int) -> PlanRecord:
    """Make a draft from a template; FROM_DATA in place of the problem takes the area's leading one.

    Raises NotAllowed, AreaMissing and what create_from_template raises.
    """
    if not scope.may("plan.write"):
        raise NotAllowed(permission="plan.write")
    if not area_code:
        raise AreaMissing
    chosen = leading_problem(session, scope, get_area(session, area_code)) if problem == FROM_DATA else problem
    return create_from_template(session, scope, area_code, chosen, fiscal_year_start(year))


def leading_problem(session: Session, scope: Scope, area: AreaRecord) -> str:
    """Return the problem that stands out in an area by disclosed figures, else in the one above it, else livelihood."""
    made = draft_of_area(session, scope, area, newest_period(session, scope))
    return made.problem_code if made else FALLBACK


def areas_to_draft(session: Session, scope: Scope) -> list[AreaRecord]:
    """List the areas for which somebody may draft: each own area with those below it, provinces and districts first."""
    if not scope.may("plan.write"):
        return []
    return list(_areas(session, scope))[:MOST_AREAS]


def _areas(session: Session, scope: Scope) -> Iterator[AreaRecord]:
    if scope.areas is None:
        yield from list_areas(session, "province")
        yield from list_areas(session, "district")
        return
    for code in sorted(scope.areas):
        area = get_area(session, code)
        yield area
        if area.level == "province":
            yield from list_areas(session, "district", code)
        if area.level in ("province", "district"):
            yield from list_areas(session, "subdistrict", code)


def problem_choices() -> list[tuple[str, str]]:
    """Return (code, short Thai name) of the problems of which plans are made."""
    return [(code, get_problem(code).short_th) for code in categories()]


def year_choices(today: date) -> list[int]:
    """Return the fiscal years (พ.ศ.) for which plans are drafted, the present one first."""
    now = fiscal_year(today)
    return [now, *range(now + 1, now + YEARS_AHEAD + 1), *range(now - 1, now - YEARS_BACK - 1, -1)]
