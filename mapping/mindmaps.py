"""The mind map of an area and a problem: effects ← problem ← causes, objective → solution → activities.

The values say what is drawn; `faults` holds the rules of the method that every mind map keeps, draft or approved.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from mapping.plan_words import choices_words, place_words

PlanState = Literal["none", "template", "draft", "approved", "overdue"]
ActivityStatus = Literal["draft", "planned", "doing", "done", "late"]
SolutionType = Literal["prevent", "protect", "remedy", "develop"]
WelfareSystem = Literal["social_service", "social_assistance", "social_insurance", "social_partnership"]
Direction = Literal["higher_better", "lower_better", "neutral"]


class BadMindMap(SocialMapError):
    """A mind map breaks a rule of the method; names the place and the rule."""

    key = "mapping.mindmap.bad"


@dataclass(frozen=True)
class Indicator:
    """What an activity is measured by; `base` and `target` are None while the team has not stated them."""

    name: str
    unit: str
    base: str | None
    target: str | None
    direction: Direction


@dataclass(frozen=True)
class Activity:
    """One row of the action plan; None marks what the team still has to decide."""

    text: str
    lead: str | None
    joint: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    budget: str | None
    budget_source: str | None
    period: str | None
    status: ActivityStatus


@dataclass(frozen=True)
class Cause:
    """A direct cause with its root causes."""

    text: str
    roots: tuple[str, ...]


@dataclass(frozen=True)
class Solution:
    """The objective (a cause turned positive) and the way to it; `addresses` counts causes from 1."""

    objective: str
    text: str
    addresses: tuple[int, ...]
    type: SolutionType
    welfare_system: WelfareSystem
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class MindMap:
    """The whole tree of one area and one problem; `size` is one line of figures or empty."""

    area_code: str
    area_name: str
    problem_code: str
    title: str
    size: str
    state: PlanState
    stamp: Text | None
    effects: tuple[str, ...]
    causes: tuple[Cause, ...]
    goal: str
    solutions: tuple[Solution, ...]
    assets: tuple[str, ...]
    plan_id: UUID | None = dataclasses.field(default=None, compare=False)
    """The stored plan that it shows; None for a draft from a template."""


@dataclass(frozen=True)
class Fault:
    """A broken rule: where it stands in the tree ("solutions.2.addresses") and what the rule asks."""

    place: str
    rule: Text


def faults(mind_map: MindMap) -> tuple[Fault, ...]:
    """List every broken rule; empty when the mind map is sound."""
    found = [Fault(place, text("mapping.mindmap.empty_text")) for place, words in _texts(mind_map) if not words.strip()]
    for number, solution in enumerate(mind_map.solutions, start=1):
        found += _solution_faults(f"solutions.{number}", solution, causes=len(mind_map.causes))
    return tuple(found)


def check(mind_map: MindMap) -> MindMap:
    """Return the mind map unchanged, or raise BadMindMap for its first fault."""
    for fault in faults(mind_map):
        raise broken(mind_map, fault)
    return mind_map


def broken(mind_map: MindMap, fault: Fault) -> BadMindMap:
    """Return the error that tells a fault, with its place in words."""
    place, rule = place_words(fault.place), fault.rule
    return BadMindMap(area=mind_map.area_name, place_th=place.th, place_en=place.en, rule_th=rule.th, rule_en=rule.en)


def _solution_faults(place: str, solution: Solution, causes: int) -> Iterator[Fault]:
    if not solution.addresses:
        yield Fault(f"{place}.addresses", text("mapping.mindmap.no_cause"))
    elif not all(1 <= cause <= causes for cause in solution.addresses):
        yield Fault(f"{place}.addresses", text("mapping.mindmap.unknown_cause", causes=causes))
    if solution.type not in get_args(SolutionType):
        yield Fault(f"{place}.type", _unknown("type", get_args(SolutionType)))
    if solution.welfare_system not in get_args(WelfareSystem):
        yield Fault(f"{place}.welfare_system", _unknown("welfare_system", get_args(WelfareSystem)))
    for number, activity in enumerate(solution.activities, start=1):
        if not activity.indicators:
            yield Fault(f"{place}.activities.{number}.indicators", text("mapping.mindmap.no_indicator"))


def _unknown(field: str, allowed: tuple[str, ...]) -> Text:
    words = choices_words(field, allowed)
    return text("mapping.mindmap.unknown_word", allowed_th=words.th, allowed_en=words.en)


def _texts(mind_map: MindMap) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of every text a reader sees; an optional field counts only when it is stated."""
    yield from (("area_name", mind_map.area_name), ("title", mind_map.title), ("goal", mind_map.goal))
    yield from _numbered("effects", mind_map.effects)
    yield from _numbered("assets", mind_map.assets)
    for number, cause in enumerate(mind_map.causes, start=1):
        yield f"causes.{number}", cause.text
        yield from _numbered(f"causes.{number}.roots", cause.roots)
    for number, solution in enumerate(mind_map.solutions, start=1):
        place = f"solutions.{number}"
        yield from ((f"{place}.objective", solution.objective), (f"{place}.text", solution.text))
        for row, activity in enumerate(solution.activities, start=1):
            yield from _activity_texts(f"{place}.activities.{row}", activity)


def _activity_texts(place: str, activity: Activity) -> Iterator[tuple[str, str]]:
    yield f"{place}.text", activity.text
    yield from _numbered(f"{place}.joint", activity.joint)
    for field in ("lead", "budget", "budget_source", "period"):
        words = getattr(activity, field)
        if words is not None:
            yield f"{place}.{field}", words
    for number, indicator in enumerate(activity.indicators, start=1):
        yield f"{place}.indicators.{number}.name", indicator.name
        yield f"{place}.indicators.{number}.unit", indicator.unit


def _numbered(place: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for number, words in enumerate(texts, start=1):
        yield f"{place}.{number}", words
