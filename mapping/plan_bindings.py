"""Figures that parts of a plan are bound to: of the plan's area and fiscal year, as whoever reads may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.messages import Text, text
from layers.area_cells import Wanted
from layers.area_figures import AreaFigure, area_figures
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.legends import number
from mapping.plan_tree import Part, Tree
from mapping.plans import PlanRecord

FILTER = "filter"
"""The field that binds a part."""


@dataclass(frozen=True)
class Binding:
    """The figure of one part, and what it says beside the part's text."""

    part_id: UUID
    found: AreaFigure
    words: Text
    trend_words: Text

    @property
    def beside(self) -> str:
        """What stands beside the part's text on maps and sheets: the figure, and its trend where it has one."""
        moved = text(f"binding.short.{self.found.trend.direction}").th
        return f"{self.words.th} {moved}" if self.found.trend.direction in ("up", "down") else self.words.th


Bindings = Mapping[UUID, Binding]
"""By part."""


def bindings(
    session: Session, scope: Scope, plans: Iterable[tuple[PlanRecord, Tree]], now: datetime
) -> dict[UUID, Bindings]:
    """Return the bindings of plans by the plans' ids, all figures read at once; nothing is read where nothing is bound.

    Staff see what their areas hold at this moment, everybody else what was released.
    """
    bound = {(plan.id, part.id): (plan, part, _wanted(plan, part)) for plan, tree in plans for part in _bound(tree)}
    if not bound:
        return {}
    found = area_figures(session, scope, {wanted for _, _, wanted in bound.values()}, now)
    made: dict[UUID, dict[UUID, Binding]] = {}
    for plan, part, wanted in bound.values():
        figure = found[wanted]
        words = Binding(part.id, figure, _words(plan, wanted, figure), _trend_words(figure))
        made.setdefault(plan.id, {})[part.id] = words
    return dict(made)


def _bound(tree: Tree) -> Iterable[Part]:
    parts = [tree.root, *tree.walk(tree.root.id)]
    return (part for part in parts if FILTER in part.fields)


def _wanted(plan: PlanRecord, part: Part) -> Wanted:
    chosen = part.fields[FILTER]
    return Wanted(plan.area_code, chosen.get("problem") or plan.problem_code, chosen["measure"], plan.fiscal_year)


def _words(plan: PlanRecord, wanted: Wanted, found: AreaFigure) -> Text:
    """Say the figure in a few words; of another problem than the plan's, with its name."""
    said = _value(wanted, found)
    if wanted.problem == plan.problem_code:
        return said
    problem = get_problem(wanted.problem)
    return text("binding.of", problem_th=problem.short_th, problem_en=problem.en, said_th=said.th, said_en=said.en)


def _value(wanted: Wanted, found: AreaFigure) -> Text:
    figure = found.figure
    if figure.value is None or figure.cases is None:
        few = figure.reason == "reason.small_count"
        return text("binding.few", below=found.hidden_below) if few else text(f"binding.{figure.state}")
    if figure.state == "zero":
        return text("binding.zero")
    cases = number(figure.cases)
    if wanted.measure == "count":
        return text("binding.count", amount=cases)
    key = "binding.rate_unstable" if figure.state == "unstable" else "binding.rate"
    unit = found.unit
    return text(key, amount=cases, rate=number(figure.value), unit_th=unit.th, unit_en=unit.en)


def _trend_words(found: AreaFigure) -> Text:
    moved = found.trend
    if moved.direction == "unknown":
        return text(moved.reason or "trend.no_figure")
    numbers = {"now": number(moved.now or 0), "before": number(moved.before or 0)}
    return text(f"trend.{moved.direction}", **numbers)
