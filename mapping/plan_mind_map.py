"""From a plan's parts to the mind map that is drawn, printed and answered; what is late follows from the day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from boundaries.areas import AreaRecord
from boundaries.dates import BE, MONTHS_SHORT, thai_date
from boundaries.messages import text
from mapping.mindmaps import Activity, ActivityStatus, Cause, Indicator, MindMap, PlanState, Solution
from mapping.plan_bindings import Bindings
from mapping.plan_fields import Value
from mapping.plan_tree import Part, Tree
from mapping.plans import PlanRecord


def to_mind_map(plan: PlanRecord, tree: Tree, area: AreaRecord, today: date, bound: Bindings | None = None) -> MindMap:
    """Return a plan as a mind map: without what was taken away, effects and root causes each in one row.

    An approved plan is overdue when one of its activities is. Causes below a direct one are its roots; a solution that
    addresses a root addresses the direct cause above it. The figures in `bound` stand beside the texts of their parts.
    """
    tree = _beside(tree, bound or {})
    root = tree.root
    causes = tree.under(root.id, "cause")
    solutions = _solutions(tree, causes, today)
    late = any(activity.status == "late" for solution in solutions for activity in solution.activities)
    state: PlanState = "draft" if plan.state != "approved" else "overdue" if late else "approved"
    goals = tree.under(root.id, "goal")
    return MindMap(
        area_code=area.code,
        area_name=area.full_name_th,
        problem_code=plan.problem_code,
        title=root.text,
        size=str(root.fields.get("size", "")),
        state=state,
        stamp=None if plan.state == "approved" else text(f"plan.stamp.{plan.state}"),
        effects=tuple(part.text for part in tree.walk(root.id, "effect")),
        causes=tuple(Cause(part.text, tuple(each.text for each in tree.walk(part.id, "cause"))) for part in causes),
        goal=goals[0].text if goals else text("plan.open.goal").th,
        solutions=solutions,
        assets=tuple(_assets(tree)),
        plan_id=plan.id,
    )


def _beside(tree: Tree, bound: Bindings) -> Tree:
    """Return the tree with each figure behind the text of its part, the problem's in the line that tells its size.

    In brackets, so that it is not taken for the team's words, nor for another text where several stand in a row.
    """
    if not bound:
        return tree
    parts = dict(tree.parts)
    for part_id, binding in bound.items():
        part = parts[part_id]
        size = str(part.fields.get("size", ""))
        shown = {"text": f"{part.text} [{binding.beside}]"}
        if part.kind == "problem":
            shown = {"size": " · ".join(filter(None, (size, binding.beside)))}
        parts[part_id] = replace(part, fields={**part.fields, **shown})
    return replace(tree, parts=parts)


def _solutions(tree: Tree, causes: list[Part], today: date) -> tuple[Solution, ...]:
    """Return the solutions in the order of their objectives; an objective without one says that it is open."""
    made = []
    for goal in tree.under(tree.root.id, "goal"):
        for objective in tree.under(goal.id, "objective"):
            under = tree.under(objective.id, "solution")
            made += [_solution(tree, objective, part, causes, today) for part in under]
            if not under:
                open_ = text("plan.open.solution").th
                made.append(Solution(objective.text, open_, (), "develop", "social_service", ()))
    return tuple(made)


def _solution(tree: Tree, objective: Part, part: Part, causes: list[Part], today: date) -> Solution:
    numbers = {cause.id: number for number, cause in enumerate(causes, start=1)}
    linked = [link.to_id for link in tree.links if link.from_id == part.id and link.kind == "addresses"]
    direct = (each for to in linked if tree.shown(to) for each in (to, *(above.id for above in tree.above(to))))
    return Solution(
        objective=objective.text,
        text=part.text,
        addresses=tuple(sorted({numbers[each] for each in direct if each in numbers})),
        type=part.fields.get("type", "develop"),
        welfare_system=part.fields.get("welfare_system", "social_service"),
        activities=tuple(_activity(tree, each, today) for each in tree.under(part.id, "activity")),
    )


def _activity(tree: Tree, part: Part, today: date) -> Activity:
    fields = part.fields
    budget = fields.get("budget")
    return Activity(
        text=part.text,
        lead=fields.get("lead"),
        joint=tuple(fields.get("joint", ())),
        indicators=tuple(_indicator(each) for each in tree.under(part.id, "indicator")),
        budget=None if budget is None else budget_words(budget),
        budget_source=fields.get("budget_source"),
        period=period_words(_day(fields, "starts_on"), _day(fields, "ends_on")),
        status=status_on(fields, today),
    )


def _indicator(part: Part) -> Indicator:
    fields = part.fields
    return Indicator(
        name=part.text,
        unit=fields.get("unit") or text("plan.open.unit").th,
        base=fields.get("baseline"),
        target=fields.get("target"),
        direction=fields.get("direction", "neutral"),
    )


def _assets(tree: Tree) -> list[str]:
    """Return what the plan builds on, of the whole and of each solution, each text once."""
    found = [
        part.text for part in tree.walk(tree.root.id, "goal", "objective", "solution", "asset") if part.kind == "asset"
    ]
    return list(dict.fromkeys(found))


def status_on(fields: Mapping[str, Value], today: date) -> ActivityStatus:
    """Return how far an activity is on a day: late when its last day has passed and it is not done."""
    status: ActivityStatus = fields.get("status", "draft")
    ends = _day(fields, "ends_on")
    return "late" if ends is not None and ends < today and status != "done" else status


def budget_words(baht: float) -> str:
    """Write an amount of money: `92,000 บาท`."""
    return text("plan.baht", amount=f"{baht:,.0f}" if baht == int(baht) else f"{baht:,.2f}").th


def period_words(first: date | None, last: date | None) -> str | None:
    """Write a period in พ.ศ.: `ต.ค.–ธ.ค. 2568`, `ต.ค. 2568–มี.ค. 2569`, or days where it is not of whole months."""
    if first is None or last is None:
        single = first or last
        key = "plan.period.from" if first else "plan.period.until"
        return text(key, day=thai_date(single)).th if single else None
    if first.day != 1 or (last + timedelta(days=1)).day != 1 or last < first:
        return f"{thai_date(first)} – {thai_date(last)}"
    begin, end = MONTHS_SHORT[first.month - 1], f"{MONTHS_SHORT[last.month - 1]} {last.year + BE}"
    if first.year != last.year:
        return f"{begin} {first.year + BE}–{end}"
    return end if first.month == last.month else f"{begin}–{end}"


def _day(fields: Mapping[str, Value], name: str) -> date | None:
    value = fields.get(name)
    return date.fromisoformat(value) if value else None
