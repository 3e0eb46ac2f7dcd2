"""The action plan as a table: solutions with their activities; what the team has not stated is a line to write on."""

from collections.abc import Sequence
from typing import Any

from boundaries.messages import text
from mapping.mindmap_ways import figures_text, tag_text
from mapping.mindmaps import Activity, Indicator, MindMap, Solution
from mapping.sheet.paper import Paper
from mapping.sheet.tables import Column, Table, broken_cell, cell, make_table

LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธ"
PLAN_SHARES = (24, 27, 13, 22, 10, 9, 6)
"""Columns of the plan in parts of its width: solution, activity, agencies, indicator, budget, period, status."""


def letter(place: int) -> str:
    """Return the letter of a solution, counted from 0; a number after the last letter."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def plan_table(paper: Paper, mind_map: MindMap, width: float, shares: Sequence[float] = PLAN_SHARES) -> Table:
    """Return the rows of the plan; what the team has not stated is a line to write on."""
    parts = [width * share / sum(shares) for share in shares]
    names = ("activity", "lead", "indicator", "budget", "period", "status")
    heads = [text("mapping.mindmap.caption.solution").th.split(" ")[0]]
    heads += [text(f"mapping.mindmap.column.{name}").th for name in names]
    columns = [Column(w, head) for w, head in zip(parts, heads, strict=True)]
    rows = []
    for number, solution in enumerate(mind_map.solutions):
        for place, activity in enumerate(solution.activities or (None,)):
            first = _solution_cell(paper, columns[0], letter(number), solution) if place == 0 else cell([])
            rows.append((first, *_activity_cells(paper, columns, activity)))
    return make_table(paper, columns, rows)


def _solution_cell(paper: Paper, column: Column, letter: str, solution: Solution) -> dict[str, Any]:
    chip = 5.6
    narrow = Column(column.width - chip, "")
    tag = f" · {tag_text(solution)}" if solution.addresses else ""
    small = broken_cell(paper, narrow, solution.objective + tag, size=paper.sizes["note"] + 0.4)["lines"]
    main = broken_cell(paper, narrow, solution.text, 600)
    return main | {"chip": letter, "small": small, "small_lines": len(small)}


def _activity_cells(paper: Paper, columns: Sequence[Column], activity: Activity | None) -> list[dict[str, Any]]:
    if activity is None:
        return [cell([], blank=True) for _ in columns[1:]]
    status = text(f"mapping.mindmap.status.{activity.status}").th
    joint = ", ".join(activity.joint)
    lead = " / ".join(part for part in (activity.lead, joint) if part)
    budget = " ".join(part for part in (activity.budget, activity.budget_source) if part)
    measured = [f"{one.name} {_ends(one)}".strip() for one in activity.indicators]
    cells = [broken_cell(paper, columns[1], activity.text), broken_cell(paper, columns[2], lead)]
    lines = [line for words in measured for line in broken_cell(paper, columns[3], words)["lines"]]
    cells += [
        cell(lines),
        broken_cell(paper, columns[4], budget),
        broken_cell(paper, columns[5], activity.period or ""),
    ]
    for one in cells:
        if not one["lines"]:
            one["blank"] = True
    return [*cells, broken_cell(paper, columns[6], status, 600) | {"colour": _STATUS[activity.status]}]


_STATUS = {"draft": "ink-2", "planned": "ink-2", "doing": "focus", "done": "solution", "late": "late"}


def _ends(indicator: Indicator) -> str:
    """Write base and target, with lines to write on where the team has not stated them."""
    if indicator.base is None and indicator.target is None:
        return text("sheet.open_ends", unit=indicator.unit).th
    return figures_text(indicator)
