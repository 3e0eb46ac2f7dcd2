"""What approved plans of the whole country say: which causes provinces name, which solutions, at what cost.

Causes and solutions are put together by the category of their problem and by their words, without regard to spaces,
punctuation and capitals; the words shown are those used most.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from layers.scope import Scope
from mapping.mindmaps import SolutionType, WelfareSystem
from mapping.models import Plan, PlanPart
from mapping.plans import readable

MOST_LISTED = 200
NOISE = r"[\s.,;:!?()\[\]“”‘’\"'/\-–—·…]+"
"""What tells two spellings of the same words apart and means nothing."""


@dataclass(frozen=True)
class NamedCause:
    """A cause with the category of its problem, and how many provinces and plans name it."""

    category: str
    text: str
    provinces: int
    plans: int


@dataclass(frozen=True)
class NamedSolution:
    """A solution with what it costs; `unpriced` counts activities that state no budget."""

    category: str
    text: str
    provinces: int
    plans: int
    activities: int
    budget: Decimal
    unpriced: int


@dataclass(frozen=True)
class SolutionKind:
    """All solutions of one type within one welfare system."""

    type: SolutionType
    welfare_system: WelfareSystem
    solutions: int
    provinces: int
    activities: int
    budget: Decimal
    unpriced: int


@dataclass(frozen=True)
class CountryPlans:
    """What approved plans of a fiscal year say; lists hold the most widely named first."""

    plans: int
    provinces: int
    causes: tuple[NamedCause, ...]
    solutions: tuple[NamedSolution, ...]
    kinds: tuple[SolutionKind, ...]


def country_plans(session: Session, scope: Scope, fiscal_year: date, limit: int = MOST_LISTED) -> CountryPlans:
    """Read what approved plans of a year say, as far as the reader may see them; at most `limit` of each list."""
    counted = select(func.count(), func.count(Plan.province_code.distinct())).where(*_approved(scope, fiscal_year))
    plans, provinces = session.execute(counted).one()
    causes = [NamedCause(**row._mapping) for row in session.execute(_causes(scope, fiscal_year, limit))]
    named, kinds = [], []
    for row in session.execute(_solutions(scope, fiscal_year)).mappings():
        told = {name: row[name] for name in ("provinces", "activities", "unpriced")} | {
            "budget": Decimal(row["budget"])
        }
        if row["kind_row"]:
            whole = {"type": row["type"], "welfare_system": row["welfare_system"], "solutions": row["solutions"]}
            kinds.append(SolutionKind(**whole, **told))
        else:
            named.append(NamedSolution(category=row["category"], text=row["text"], plans=row["plans"], **told))
    named.sort(key=lambda one: (-one.provinces, -one.plans, -one.budget, one.text))
    kinds.sort(key=lambda one: (-one.budget, one.type, one.welfare_system))
    return CountryPlans(plans, provinces, tuple(causes), tuple(named[:limit]), tuple(kinds))


def _approved(scope: Scope, fiscal_year: date) -> tuple[ColumnElement[bool], ...]:
    return (readable(scope), Plan.state == "approved", Plan.fiscal_year == fiscal_year)


def _causes(scope: Scope, fiscal_year: date, limit: int) -> Select[Any]:
    """Causes that stand in their plans, direct and root ones: neither they nor what is above them was taken away."""
    of_plan = and_(PlanPart.province_code == Plan.province_code, PlanPart.plan_id == Plan.id)
    words = PlanPart.fields["text"].astext.label("words")
    root = select(Plan.province_code, Plan.id.label("plan_id"), Plan.problem_code, PlanPart.id, PlanPart.kind, words)
    root = root.join(PlanPart, of_plan).where(*_approved(scope, fiscal_year), PlanPart.parent_id.is_(None))
    shown = root.cte("shown", recursive=True)
    below = aliased(PlanPart, name="below")
    step = select(shown.c.province_code, shown.c.plan_id, shown.c.problem_code)
    step = step.add_columns(below.id, below.kind, below.fields["text"].astext).where(
        below.province_code == shown.c.province_code,
        below.plan_id == shown.c.plan_id,
        below.parent_id == shown.c.id,
        below.kind == "cause",
        below.removed.is_(None),
    )
    row = shown.union_all(step).c
    category = func.substr(row.problem_code, 1, 3)
    provinces, plans = func.count(row.province_code.distinct()), func.count(row.plan_id.distinct())
    said = func.mode().within_group(row.words.asc())
    return (
        select(category.label("category"), said.label("text"), provinces.label("provinces"), plans.label("plans"))
        .where(row.kind == "cause")
        .group_by(category, normalised(row.words))
        .order_by(provinces.desc(), plans.desc(), said)
        .limit(limit)
    )


def _solutions(scope: Scope, fiscal_year: date) -> Select[Any]:
    """Solutions by their words, and in the same statement by type and welfare system, each with its activities."""
    solution, objective, goal, activity = (aliased(PlanPart, name=name) for name in ("s", "o", "g", "a"))
    fields = solution.fields
    under = and_(_above(activity, solution), activity.kind == "activity", activity.removed.is_(None))
    # The activities are joined and not added up first: a sum for each solution would be looked for in all of them.
    shown = (
        select(Plan.province_code, Plan.id.label("plan_id"), func.substr(Plan.problem_code, 1, 3).label("category"))
        .add_columns(
            solution.id.label("solution"),
            fields["text"].astext.label("words"),
            normalised(fields["text"].astext).label("same"),
            func.coalesce(fields["type"].astext, "develop").label("type"),
            func.coalesce(fields["welfare_system"].astext, "social_service").label("welfare_system"),
            activity.id.label("activity"),
            activity.budget,
        )
        .join(solution, and_(solution.province_code == Plan.province_code, solution.plan_id == Plan.id))
        .join(objective, _above(solution, objective))
        .join(goal, _above(objective, goal))
        .outerjoin(activity, under)
        .where(*_approved(scope, fiscal_year), solution.kind == "solution")
        .where(*(each.removed.is_(None) for each in (solution, objective, goal)))
        .subquery("shown")
    )
    row = shown.c
    return (
        select(row.category, row.type, row.welfare_system, (func.grouping(row.same) == 1).label("kind_row"))
        .add_columns(
            func.mode().within_group(row.words.asc()).label("text"),
            func.count(row.solution.distinct()).label("solutions"),
            func.count(row.province_code.distinct()).label("provinces"),
            func.count(row.plan_id.distinct()).label("plans"),
            func.count(row.activity).label("activities"),
            func.coalesce(func.sum(row.budget), 0).label("budget"),
            (func.count(row.activity) - func.count(row.budget)).label("unpriced"),
        )
        .group_by(func.grouping_sets(tuple_(row.category, row.same), tuple_(row.type, row.welfare_system)))
    )


def _above(lower: Any, upper: Any) -> ColumnElement[bool]:
    keys = and_(upper.province_code == lower.province_code, upper.plan_id == lower.plan_id)
    return and_(keys, upper.id == lower.parent_id)


def normalised(words: ColumnElement[str]) -> ColumnElement[str]:
    """Return SQL for words without what means nothing in them, so that spellings of the same meet."""
    return func.lower(func.regexp_replace(words, NOISE, "", "g"))
