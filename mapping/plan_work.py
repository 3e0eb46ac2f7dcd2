"""What the plans of many areas add up to: budget by source and activities by status, drafts and approved ones apart.

One statement counts every activity once, in its plan; a plan belongs to its area and adds up to those above.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from boundaries.areas import AreaRecord, get_area, list_areas
from boundaries.codes import COUNTRY, child_level, digits_of
from layers.scope import Scope
from mapping.mindmaps import ActivityStatus
from mapping.models import Plan, PlanPart
from mapping.plan_fields import StoredStatus
from mapping.plan_places import areas_named
from mapping.plans import PlanRecord, readable

WorkState = Literal["approved", "draft"]
STATES: tuple[WorkState, ...] = get_args(WorkState)
STATUSES: tuple[ActivityStatus, ...] = get_args(ActivityStatus)
MOST_OVERDUE = 500


@dataclass(frozen=True)
class WorkRow:
    """Activities of one area's plans in one state, with one source of budget and one status; `code` names the area."""

    code: str
    state: WorkState
    source: str | None
    status: ActivityStatus
    activities: int
    budget: Decimal
    unpriced: int
    """Activities for which no budget is stated; 0 baht is stated."""


@dataclass
class Tally:
    """What rows add up to; `plans` and `overdue` count plans, the rest activities and baht."""

    plans: int = 0
    overdue: int = 0
    activities: int = 0
    unpriced: int = 0
    budget: Decimal = Decimal(0)
    statuses: dict[ActivityStatus, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))

    def add(self, row: WorkRow) -> None:
        """Count a row in."""
        self.activities += row.activities
        self.unpriced += row.unpriced
        self.budget += row.budget
        self.statuses[row.status] += row.activities


Tallies = Mapping[WorkState, Tally]


@dataclass(frozen=True)
class RollUp:
    """The plans within an area of a fiscal year; `places` are the area itself and those one level below, by code."""

    area: AreaRecord
    fiscal_year: date
    today: date
    places: Mapping[str, Tallies]
    names: Mapping[str, AreaRecord]
    whole: Tallies
    sources: Mapping[str | None, Tallies]
    rows: tuple[WorkRow, ...]
    without: int
    """Areas one level below in which no plan was found."""


@dataclass(frozen=True)
class Overdue:
    """An activity of an approved plan whose last day has passed and that is not done."""

    plan_id: UUID
    part_id: UUID
    area: AreaRecord
    problem_code: str
    text: str
    lead: str | None
    status: StoredStatus
    ends_on: date


def roll_up(session: Session, scope: Scope, area_code: str, fiscal_year: date, today: date) -> RollUp:
    """Add up what the reader may see of the plans of an area and of all within it. Raises AreaNotFound."""
    area = get_area(session, area_code)
    level = child_level(area.level)
    below = {one.code: one for one in list_areas(session, level, area.code)} if level else {}
    names = {area.code: area, **below}
    found = session.execute(_counted(scope, area, fiscal_year, today)).all()
    plans = [row for row in found if row.whole]
    rows = tuple(_row(row) for row in found if not row.whole and row.activities)
    places: dict[str, Tallies] = {}
    whole, sources = _tallies(), {row.source: _tallies() for row in sorted(rows, key=_source)}
    for row in plans:
        here = places.setdefault(row.place, _tallies())
        for tally in (here[row.state], whole[row.state]):
            tally.plans += row.plans
            tally.overdue += row.overdue if row.state == "approved" else 0
    for each in rows:
        for tally in (places[each.code][each.state], whole[each.state], sources[each.source][each.state]):
            tally.add(each)
    names |= areas_named(session, places.keys() - names.keys(), area)
    without = len(below.keys() - places.keys())
    ordered = {code: places[code] for code in sorted(places)}
    return RollUp(area, fiscal_year, today, ordered, names, whole, sources, rows, without)


def list_overdue(
    session: Session, scope: Scope, area_code: str, fiscal_year: date, today: date, limit: int = MOST_OVERDUE
) -> list[Overdue]:
    """List what is late in approved plans, the oldest first. Raises AreaNotFound."""
    area = get_area(session, area_code)
    live = live_activities()
    asked = (
        select(Plan.id, Plan.area_code, Plan.problem_code, live.c.part, live.c.said, live.c.lead, live.c.status)
        .add_columns(live.c.ends_on)
        .join(live, and_(live.c.province_code == Plan.province_code, live.c.plan_id == Plan.id))
        .where(readable(scope), Plan.state == "approved", Plan.fiscal_year == fiscal_year, within(area))
        .where(_late(live, today))
        .order_by(live.c.ends_on, Plan.area_code, Plan.id, live.c.part)
        .limit(limit)
    )
    found = session.execute(asked).all()
    areas = areas_named(session, {row.area_code for row in found}, area)
    return [
        Overdue(
            plan_id=row.id,
            part_id=row.part,
            area=areas[row.area_code],
            problem_code=row.problem_code,
            text=row.said,
            lead=row.lead,
            status=row.status or "draft",
            ends_on=row.ends_on,
        )
        for row in found
    ]


def late_plans(session: Session, plans: Iterable[PlanRecord], today: date) -> set[UUID]:
    """Return the ids of those among plans that have an activity whose last day has passed and that is not done."""
    ids = {plan.id: plan.province_code for plan in plans}
    if not ids:
        return set()
    live = live_activities()
    asked = (
        select(live.c.plan_id)
        .distinct()
        .where(live.c.province_code.in_(sorted(set(ids.values()))), live.c.plan_id.in_(ids), _late(live, today))
    )
    return set(session.execute(asked).scalars())


def within(area: AreaRecord) -> ColumnElement[bool]:
    """Return the condition under which a plan is one of an area or of one within it."""
    if area.code == COUNTRY:
        return true()
    inside = Plan.area_code.startswith(area.code, autoescape=True)
    return and_(Plan.province_code == area.code[:2], inside)


def live_activities() -> Subquery:
    """Select the activities that stand in their plans: neither they nor what is above them was taken away.

    What is above is looked up for each activity by the key of its plan. Joined like equals, a planner that has no
    statistics yet may go through a province's parts four times over.
    """
    activity, solution, objective, goal = (aliased(PlanPart, name=name) for name in ("a", "s", "o", "g"))
    above = select(literal(True))
    for lower, upper in ((activity, solution), (solution, objective), (objective, goal)):
        same_plan = and_(upper.province_code == activity.province_code, upper.plan_id == activity.plan_id)
        above = above.where(same_plan, upper.id == lower.parent_id, upper.removed.is_(None))
    return (
        select(
            activity.province_code,
            activity.plan_id,
            activity.id.label("part"),
            activity.parent_id.label("solution"),
            activity.fields["text"].astext.label("said"),
            activity.fields["lead"].astext.label("lead"),
            func.nullif(func.btrim(activity.fields["budget_source"].astext), "").label("source"),
            activity.budget,
            activity.status,
            activity.ends_on,
        )
        .where(activity.kind == "activity", activity.removed.is_(None))
        .where(above.select_from(solution, objective, goal).correlate(activity).scalar_subquery())
        .subquery("live")
    )


def _late(live: Subquery, today: date) -> ColumnElement[bool]:
    return and_(live.c.ends_on < today, or_(live.c.status.is_(None), live.c.status != "done"))


def _counted(scope: Scope, area: AreaRecord, fiscal_year: date, today: date) -> Select[Any]:
    """Count by state, place, source and status, and in the same statement plans by state and place."""
    live = live_activities()
    level = child_level(area.level)
    place = func.substr(Plan.area_code, 1, digits_of(level)) if level else literal(area.code)
    late = _late(live, today)
    status = case((live.c.part.is_(None), None), (late, "late"), else_=func.coalesce(live.c.status, "draft"))
    joined = and_(live.c.province_code == Plan.province_code, live.c.plan_id == Plan.id)
    placed = (
        select(Plan.id, Plan.state, place.label("place"), live.c.part, live.c.source, live.c.budget)
        .add_columns(status.label("status"))
        .outerjoin(live, joined)
        .where(readable(scope), Plan.fiscal_year == fiscal_year, Plan.state.in_(STATES), within(area))
        .subquery("placed")
    )
    row = placed.c
    finest = func.grouping_sets(tuple_(row.state, row.place, row.source, row.status), tuple_(row.state, row.place))
    return (
        select(row.state, row.place, row.source, row.status)
        .add_columns(
            (func.grouping(row.status) == 1).label("whole"),
            func.count(row.part).label("activities"),
            func.coalesce(func.sum(row.budget), 0).label("budget"),
            (func.count(row.part) - func.count(row.budget)).label("unpriced"),
            func.count(row.id.distinct()).label("plans"),
            func.count(row.id.distinct()).filter(row.status == "late").label("overdue"),
        )
        .group_by(finest)
        .order_by(row.state, row.place, row.source, row.status)
    )


def _tallies() -> dict[WorkState, Tally]:
    return {state: Tally() for state in STATES}


def _row(row: Row[Any]) -> WorkRow:
    budget = Decimal(row.budget)
    return WorkRow(row.place, row.state, row.source, row.status, row.activities, budget, row.unpriced)


def _source(row: WorkRow) -> tuple[bool, str]:
    return (row.source is None, row.source or "")


def sources_by_budget(sources: Mapping[str | None, Tallies]) -> Iterable[tuple[str | None, Tallies]]:
    """Give sources with the largest sum first, what has none last."""
    return sorted(sources.items(), key=lambda one: (one[0] is None, -sum(each.budget for each in one[1].values())))
