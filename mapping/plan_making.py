"""New plans: a draft made from a template, from another plan, or from steps; each part keeps where it comes from."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.areas import get_area
from layers.cases import new_id
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.mindmaps import MindMap
from mapping.plan_asking import Step
from mapping.plan_bindings import FILTER
from mapping.plan_changes import write_tree
from mapping.plan_fields import OF_ONE_AREA, Kind, Value, checked_fields
from mapping.plan_tree import Part, Tree
from mapping.plans import COPY, TEMPLATE, PlanRecord, get_plan, get_tree, insert_plan
from mapping.templates import draft

Made = tuple[UUID, Step]
"""A part and the step that is about it."""


def create_from_template(
    session: Session, scope: Scope, area_code: str, problem_code: str, fiscal_year: date
) -> PlanRecord:
    """Make a draft from the template of a problem, bound to the number of its cases unless the problem is secret (L3).

    It holds no figure itself: whoever reads sees the one that is theirs to see.

    Raises what insert_plan raises.
    """
    origin = f"{TEMPLATE}{get_problem(problem_code).category}"
    plan = insert_plan(session, scope, area_code, problem_code, fiscal_year, origin)
    return _filled(
        session, scope, plan, steps_of_mind_map(draft(problem_code, get_area(session, area_code), ""), origin)
    )


def create_copy(session: Session, scope: Scope, area_code: str, plan_id: UUID, fiscal_year: date) -> PlanRecord:
    """Make a draft from another plan, whole for the same area and year; for others without what is said of one alone.

    Raises PlanNotFound and what insert_plan raises.
    """
    source = get_plan(session, scope, plan_id)
    tree = get_tree(session, source)
    plan = insert_plan(session, scope, area_code, source.problem_code, fiscal_year, f"{COPY}{source.id}")
    same = (plan.area_code, plan.fiscal_year) == (source.area_code, source.fiscal_year)
    return _filled(session, scope, plan, _steps_of_tree(tree, source.id, frozenset() if same else OF_ONE_AREA))


def create_from_steps(
    session: Session,
    scope: Scope,
    area_code: str,
    problem_code: str,
    fiscal_year: date,
    steps: Iterator[Made],
    origin: str,
) -> PlanRecord:
    """Make a draft from steps that add its parts and links, the problem first."""
    plan = insert_plan(session, scope, area_code, problem_code, fiscal_year, origin)
    return _filled(session, scope, plan, steps)


def _filled(session: Session, scope: Scope, plan: PlanRecord, steps: Iterator[Made]) -> PlanRecord:
    write_tree(session, scope, plan, steps)
    return get_plan(session, scope, plan.id)


def added(
    kind: Kind, parent: UUID | None, fields: Mapping[str, Value], origin: str | None, part_id: UUID | None = None
) -> Made:
    """Return the step that adds a part at the end of those under its parent, with its new id."""
    given = {name: value for name, value in fields.items() if value is not None}
    under = str(parent) if parent else None
    new: dict[str, Any] = {"kind": kind, "parent": under, "before": None, "fields": checked_fields(kind, given)}
    chosen = part_id or new_id()
    return chosen, Step("add", chosen, new=new | {"origin": origin})


def linked(solution: UUID, cause: UUID) -> Made:
    """Return the step that says that a solution addresses a cause."""
    return solution, Step("link", solution, new={"to": str(cause), "kind": "addresses"})


def steps_of_mind_map(mind_map: MindMap, origin: str) -> Iterator[Made]:
    """Yield the steps that make a plan of a mind map as templates give it: without budgets, periods and leads."""
    secret = get_problem(mind_map.problem_code).sensitivity == "L3"
    figure = None if secret else {"layer": "cases", "measure": "count"}
    root, step = added("problem", None, {"text": mind_map.title, FILTER: figure}, origin)
    yield root, step
    for words in mind_map.effects:
        yield added("effect", root, {"text": words}, origin)
    causes = []
    for cause in mind_map.causes:
        direct, step = added("cause", root, {"text": cause.text}, origin)
        causes.append(direct)
        yield direct, step
        for words in cause.roots:
            yield added("cause", direct, {"text": words}, origin)
    for words in mind_map.assets:
        yield added("asset", root, {"text": words}, origin)
    goal, step = added("goal", root, {"text": mind_map.goal}, origin)
    yield goal, step
    yield from _solutions_of(mind_map, goal, causes, origin)


def _solutions_of(mind_map: MindMap, goal: UUID, causes: list[UUID], origin: str) -> Iterator[Made]:
    for each in mind_map.solutions:
        objective, step = added("objective", goal, {"text": each.objective}, origin)
        yield objective, step
        fields = {"text": each.text, "type": each.type, "welfare_system": each.welfare_system}
        solution, step = added("solution", objective, fields, origin)
        yield solution, step
        for number in each.addresses:
            yield linked(solution, causes[number - 1])
        for row in each.activities:
            activity, step = added("activity", solution, {"text": row.text, "status": "draft"}, origin)
            yield activity, step
            for indicator in row.indicators:
                fields = {"text": indicator.name, "unit": indicator.unit, "direction": indicator.direction}
                yield added("indicator", activity, fields, origin)


def _steps_of_tree(tree: Tree, source: UUID, without: frozenset[str]) -> Iterator[Made]:
    """Yield the steps that make a copy of what a plan shows, under new ids."""
    shown: list[Part] = [tree.root, *tree.walk(tree.root.id)]
    ids = {part.id: new_id() for part in shown}
    for part in shown:
        fields = {name: value for name, value in part.fields.items() if name not in without}
        parent = ids[part.parent_id] if part.parent_id else None
        yield added(part.kind, parent, fields, f"{COPY}{source}/{part.id}", ids[part.id])
    for link in sorted(tree.links):
        if link.from_id in ids and link.to_id in ids:
            new = {"to": str(ids[link.to_id]), "kind": link.kind}
            yield ids[link.from_id], Step("link", ids[link.from_id], new=new)
