"""Stored plans as the mind maps of many areas at once: three statements however many areas a map has.

Where parts are bound to figures, two more read those of all plans, as whoever reads may see them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, get_area
from boundaries.codes import COUNTRY
from boundaries.dates import BANGKOK
from layers.periods import Period
from layers.scope import Scope
from mapping.mindmaps import MindMap
from mapping.plan_bindings import bindings
from mapping.plan_mind_map import to_mind_map
from mapping.plan_work import late_plans
from mapping.plans import PlanRecord, StoredState, plans_of_areas, trees


def stored_mind_maps(
    session: Session,
    scope: Scope,
    areas: Iterable[AreaRecord],
    period: Period,
    problem: str | None = None,
    leading: Mapping[str, str] | None = None,
    today: date | None = None,
) -> dict[str, MindMap]:
    """Return the plan of each area that has one for the fiscal years of a period, by the area's code.

    Of several an approved one comes first, then one whose work is late, so that no badge hides it, then one of the
    area's `leading` problem, then the newest. `problem` asks for plans of one problem and its subtypes. Only what the
    reader may see is among them.
    """
    by_code = {area.code: area for area in areas}
    found = plans_of_areas(session, scope, sorted(by_code), period.fiscal_years(), problem)
    now = datetime.now(BANGKOK)
    day = today or now.date()
    late = late_plans(session, _rivals(found), day)
    chosen: dict[str, PlanRecord] = {}
    for plan in sorted(found, key=lambda one: _rank(one, problem, (leading or {}).get(one.area_code), late)):
        chosen.setdefault(plan.area_code, plan)
    held = trees(session, chosen.values())
    bound = bindings(session, scope, [(plan, held[plan.id]) for plan in chosen.values()], now)
    return {
        code: to_mind_map(plan, held[plan.id], by_code[code], day, bound.get(plan.id)) for code, plan in chosen.items()
    }


@dataclass(frozen=True)
class PlanAbove:
    """The plan of an area above one that has none of its own: where its words are looked for."""

    id: UUID
    area_code: str
    area_name: str
    problem_code: str
    state: StoredState


def plan_above(
    session: Session,
    scope: Scope,
    area_code: str,
    period: Period,
    problem: str | None = None,
    leading: str | None = None,
    *,
    itself: bool = False,
) -> PlanAbove | None:
    """Return the plan of the nearest area above one, that of the area where `itself` may be it; None without any.

    It is chosen as stored_mind_maps chooses; only what the reader may see is looked at.
    """
    held = {area_code[:length] for length in (2, 4, 6)} if area_code != COUNTRY else set()
    codes = sorted(held if itself else held - {area_code})
    found = plans_of_areas(session, scope, codes, period.fiscal_years(), problem) if codes else []
    if not found:
        return None
    late = late_plans(session, _rivals(found), datetime.now(BANGKOK).date())
    plan = min(found, key=lambda one: (-len(one.area_code), _rank(one, problem, leading, late)))
    area = get_area(session, plan.area_code)
    return PlanAbove(plan.id, area.code, area.full_name_th, plan.problem_code, plan.state)


def _rivals(plans: list[PlanRecord]) -> list[PlanRecord]:
    """Return the approved plans of areas that have several."""
    many = Counter(plan.area_code for plan in plans if plan.state == "approved")
    return [plan for plan in plans if plan.state == "approved" and many[plan.area_code] > 1]


def _rank(
    plan: PlanRecord, problem: str | None, leading: str | None, late: set[UUID]
) -> tuple[bool, bool, bool, bool, int, str]:
    return (
        plan.state != "approved",
        problem is not None and plan.problem_code != problem,
        plan.id not in late,
        plan.problem_code.partition(".")[0] != (leading or "").partition(".")[0],
        -plan.fiscal_year.year,
        plan.problem_code,
    )
