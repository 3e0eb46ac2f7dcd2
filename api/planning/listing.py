"""Which plans a list shows: by state, fiscal year, problem and area, those of one's own areas unless told otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy.orm import Session

from api.cache import AreaCache
from api.dependencies import CodeQuery
from api.schemas.plans import Year
from boundaries.areas import AreaRecord
from boundaries.codes import COUNTRY, Level
from layers.dates import fiscal_year_start
from layers.scope import Scope
from mapping.plans import PlanRecord, StoredState, list_plans

MOST_READ = 20_000
"""Plans of which those of a list are chosen."""
LEVELS: Mapping[int, Level] = {2: "province", 4: "district", 6: "subdistrict"}
"""The levels whose names are kept, by the length of their codes."""


@dataclass(frozen=True)
class Chosen:
    """Which plans of those that one may read are listed; None stands for all."""

    area: str | None
    problem: str | None
    year: int | None
    state: StoredState | None


def chosen(
    area: CodeQuery = None,
    problem: CodeQuery = None,
    fiscal_year: Annotated[Year | Literal[""] | None, Query()] = None,
    state: Annotated[StoredState | Literal[""] | None, Query()] = None,
) -> Chosen:
    """Read the form above the list; an empty choice is none."""
    return Chosen(area or None, problem or None, fiscal_year or None, state or None)


def plans_chosen(session: Session, scope: Scope, asked: Chosen) -> list[PlanRecord]:
    """List the plans that were asked for; to whoever has areas those of them and above them, unless told otherwise."""
    year = fiscal_year_start(asked.year) if asked.year else None
    found = list_plans(session, scope, fiscal_year=year, limit=MOST_READ)
    if asked.area is None and scope.areas:
        own = scope.areas
        found = [plan for plan in found if scope.covers(plan.area_code) or _above(plan.area_code, own)]
    if asked.state:
        found = [plan for plan in found if plan.state == asked.state]
    if asked.area and asked.area != COUNTRY:
        found = [plan for plan in found if plan.area_code.startswith(asked.area)]
    if asked.problem:
        found = [plan for plan in found if plan.problem_code[:3] == asked.problem[:3]]
    return found


def _above(code: str, own: frozenset[str]) -> bool:
    return any(each.startswith(code) for each in own)


def names_of(session: Session, areas: AreaCache, plans: list[PlanRecord]) -> dict[str, str]:
    """Return the names of the plans' areas by code; one that is no more in the boundaries goes by its code."""
    found: dict[str, str] = {}
    for code in {plan.area_code for plan in plans}:
        area = _near(session, areas, code).get(code)
        found[code] = area.full_name_th if area else code
    return found


def _near(session: Session, areas: AreaCache, code: str) -> Mapping[str, AreaRecord]:
    if len(code) not in LEVELS:
        return {}
    return areas.areas(session, LEVELS[len(code)], code[:2] if len(code) > 4 else COUNTRY)
