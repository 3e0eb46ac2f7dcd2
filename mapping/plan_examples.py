"""Two worked examples of plans, invented from first to last, as approved plans of an area that the caller names."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import yaml
from sqlalchemy.orm import Session

from boundaries.areas import list_areas
from boundaries.messages import text
from layers.dates import fiscal_year_start
from layers.scope import Scope
from mapping.plan_approving import approve
from mapping.plan_making import Made, added, create_from_steps, linked
from mapping.plans import PlanRecord, list_plans

Name = Literal["a", "b"]
FOLDER = Path(__file__).parent / "examples"
EXAMPLE = "example:"
SHOWN_IN = "70"
SHOWN: Mapping[Name, str] = {"a": "7004", "b": "7003"}
"""Districts whose maps show the examples in a demonstration."""


def load_example(session: Session, scope: Scope, name: Name, area_code: str, today: date) -> PlanRecord:
    """Make an example the approved plan of an area, marked as invented; leave it where the area has such a plan."""
    content = example(name)
    year = fiscal_year_start(content["fiscal_year"])
    for plan in list_plans(session, scope, area=area_code, problem=content["problem"], fiscal_year=year):
        return plan
    steps = steps_of_example(content, f"{EXAMPLE}{name}")
    plan = create_from_steps(session, scope, area_code, content["problem"], year, steps, f"{EXAMPLE}{name}")
    return approve(session, scope, plan.id, text("plan.example.meeting").th, min(today, year), today)


def load_examples(session: Session, scope: Scope, today: date) -> Iterator[PlanRecord]:
    """Yield the examples newly made the plans of the districts that show them, where the boundaries have those."""
    known = {area.code for area in list_areas(session, "district", SHOWN_IN)}
    for name, code in SHOWN.items():
        if code in known:
            year = fiscal_year_start(example(name)["fiscal_year"])
            held = list_plans(session, scope, area=code, problem=example(name)["problem"], fiscal_year=year)
            if not held:
                yield load_example(session, scope, name, code, today)


@cache
def example(name: Name) -> Mapping[str, Any]:
    """Return what an example's file says."""
    found: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return found


def steps_of_example(content: Mapping[str, Any], origin: str) -> Iterator[Made]:
    """Yield the steps that make a plan of an example's file; its title says that it is invented."""
    title = text("plan.example.title", title=content["text"]).th
    root, step = added("problem", None, {"text": title, "size": content["size"]}, origin)
    yield root, step
    for words in content["effects"]:
        yield added("effect", root, {"text": words}, origin)
    causes = []
    for cause in content["causes"]:
        direct, step = added("cause", root, {"text": cause["text"]}, origin)
        causes.append(direct)
        yield direct, step
        for words in cause["roots"]:
            yield added("cause", direct, {"text": words}, origin)
    for words in content["assets"]:
        yield added("asset", root, {"text": words}, origin)
    goal, step = added("goal", root, {"text": content["goal"]}, origin)
    yield goal, step
    for solution in content["solutions"]:
        yield from _solution(solution, goal, causes, content["fiscal_year"], origin)


def _solution(content: Mapping[str, Any], goal: UUID, causes: list[UUID], year: int, origin: str) -> Iterator[Made]:
    objective, step = added("objective", goal, {"text": content["objective"]}, origin)
    yield objective, step
    fields = {name: content[name] for name in ("text", "type", "welfare_system")}
    solution, step = added("solution", objective, fields, origin)
    yield solution, step
    for number in content["addresses"]:
        yield linked(solution, causes[number - 1])
    for each in content["activities"]:
        fields = {name: value for name, value in each.items() if name != "indicators"} | {"fiscal_year": year}
        activity, step = added("activity", solution, fields, origin)
        yield activity, step
        for indicator in each["indicators"]:
            yield added("indicator", activity, indicator, origin)
