"""Mind maps as they are answered."""

from typing import Literal
from uuid import UUID

from api.schemas.common import Schema, Words, to_words_or_none
from mapping import mindmaps, plan_maps
from mapping.plans import StoredState


class Indicator(Schema):
    """What an activity is measured by."""

    name: str
    unit: str
    base: str | None
    target: str | None
    direction: mindmaps.Direction


class Activity(Schema):
    """One row of the action plan."""

    text: str
    lead: str | None
    joint: list[str]
    indicators: list[Indicator]
    budget: str | None
    budget_source: str | None
    period: str | None
    status: mindmaps.ActivityStatus


class Cause(Schema):
    """A direct cause with its root causes."""

    text: str
    roots: list[str]


class Solution(Schema):
    """An objective and the way to it; `addresses` counts causes from 1."""

    objective: str
    text: str
    addresses: list[int]
    type: mindmaps.SolutionType
    welfare_system: mindmaps.WelfareSystem
    activities: list[Activity]


class PlanAbove(Schema):
    """The plan of the nearest area above, where an area has none of its own; `href` is its page."""

    plan: UUID
    href: str
    area: str
    area_name: str
    problem: str
    state: StoredState


class MindMap(Schema):
    """The problem tree, objectives and activities of one area and one problem; `stamp` says what kind of text it is."""

    area_code: str
    area_name: str
    problem_code: str
    title: str
    size: str
    state: Literal["none", "template", "draft", "approved", "overdue"]
    stamp: Words | None
    effects: list[str]
    causes: list[Cause]
    goal: str
    solutions: list[Solution]
    assets: list[str]
    above: PlanAbove | None


def to_mind_map(mind_map: mindmaps.MindMap, above: plan_maps.PlanAbove | None = None) -> MindMap:
    """Turn a mind map into its public form, with the plan above where its area has none of its own."""
    return MindMap(
        area_code=mind_map.area_code,
        area_name=mind_map.area_name,
        problem_code=mind_map.problem_code,
        title=mind_map.title,
        size=mind_map.size,
        state=mind_map.state,
        stamp=to_words_or_none(mind_map.stamp),
        effects=list(mind_map.effects),
        causes=[Cause(text=each.text, roots=list(each.roots)) for each in mind_map.causes],
        goal=mind_map.goal,
        solutions=[_solution(each) for each in mind_map.solutions],
        assets=list(mind_map.assets),
        above=_above(above) if above else None,
    )


def _above(plan: plan_maps.PlanAbove) -> PlanAbove:
    return PlanAbove(
        plan=plan.id,
        href=f"/plans/{plan.id}",
        area=plan.area_code,
        area_name=plan.area_name,
        problem=plan.problem_code,
        state=plan.state,
    )


def _solution(solution: mindmaps.Solution) -> Solution:
    return Solution(
        objective=solution.objective,
        text=solution.text,
        addresses=list(solution.addresses),
        type=solution.type,
        welfare_system=solution.welfare_system,
        activities=[_activity(each) for each in solution.activities],
    )


def _activity(activity: mindmaps.Activity) -> Activity:
    indicators = [
        Indicator(name=each.name, unit=each.unit, base=each.base, target=each.target, direction=each.direction)
        for each in activity.indicators
    ]
    return Activity(
        text=activity.text,
        lead=activity.lead,
        joint=list(activity.joint),
        indicators=indicators,
        budget=activity.budget,
        budget_source=activity.budget_source,
        period=activity.period,
        status=activity.status,
    )
