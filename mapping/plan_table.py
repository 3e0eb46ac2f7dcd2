"""ตารางแผนปฏิบัติการ: a plan's activities as rows under their solutions, with the causes that these address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mapping.mindmaps import ActivityStatus
from mapping.plan_fields import Value
from mapping.plan_mind_map import budget_words, period_words, status_on
from mapping.plan_tree import Part, Tree


@dataclass(frozen=True)
class ActivityRow:
    """One activity; `number` is that of its solution and its own: 2.1."""

    number: str
    part: Part
    indicators: tuple[Part, ...]
    status: ActivityStatus
    starts_on: date | None
    ends_on: date | None

    @property
    def fields(self) -> Mapping[str, Value]:
        """What the activity says."""
        return self.part.fields

    @property
    def budget(self) -> str | None:
        """The budget in words."""
        baht = self.fields.get("budget")
        return None if baht is None else budget_words(baht)

    @property
    def period(self) -> str | None:
        """From when to when, in พ.ศ."""
        return period_words(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class SolutionRows:
    """A solution with its objective, the numbered causes that it addresses, and its activities."""

    number: int
    part: Part
    objective: Part
    causes: tuple[tuple[int, Part], ...]
    rows: tuple[ActivityRow, ...]


def solution_rows(tree: Tree, today: date) -> tuple[SolutionRows, ...]:
    """Return the solutions of a plan in its order, without what was taken away; what is late is said for a day."""
    causes = {cause.id: place for place, cause in enumerate(tree.under(tree.root.id, "cause"), start=1)}
    found: list[SolutionRows] = []
    for goal in tree.under(tree.root.id, "goal"):
        for objective in tree.under(goal.id, "objective"):
            for solution in tree.under(objective.id, "solution"):
                number = len(found) + 1
                rows = tuple(
                    _row(tree, f"{number}.{place}", activity, today)
                    for place, activity in enumerate(tree.under(solution.id, "activity"), start=1)
                )
                found.append(SolutionRows(number, solution, objective, _causes(tree, solution, causes), rows))
    return tuple(found)


def all_rows(groups: tuple[SolutionRows, ...]) -> tuple[ActivityRow, ...]:
    """Return the activities of all solutions, one after the other."""
    return tuple(row for group in groups for row in group.rows)


def stated_budget(groups: tuple[SolutionRows, ...]) -> float:
    """Add up the budgets that are stated, in baht."""
    return round(sum(row.fields.get("budget", 0) for row in all_rows(groups)), 2)


def _causes(tree: Tree, solution: Part, direct: Mapping[UUID, int]) -> tuple[tuple[int, Part], ...]:
    """Return the direct causes above those that a solution is linked to."""
    linked = [each.to_id for each in tree.links if each.from_id == solution.id and each.kind == "addresses"]
    reached = {each for to in linked if tree.shown(to) for each in (to, *(above.id for above in tree.above(to)))}
    return tuple(sorted(((direct[each], tree.parts[each]) for each in reached & direct.keys()), key=lambda one: one[0]))


def _row(tree: Tree, number: str, part: Part, today: date) -> ActivityRow:
    indicators = tuple(tree.under(part.id, "indicator"))
    days = [_day(part.fields.get(name)) for name in ("starts_on", "ends_on")]
    return ActivityRow(number, part, indicators, status_on(part.fields, today), *days)


def _day(value: Value) -> date | None:
    return date.fromisoformat(value) if value else None
