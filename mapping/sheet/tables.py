"""The tables of a sheet as cells with lines broken to their columns: figures of the areas, rows of the action plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from boundaries.messages import text
from layers.figures import Figure
from mapping import labels
from mapping.area_map import AreaMap, level_word
from mapping.legends import number
from mapping.mindmap_radial import figures_text, tag_text
from mapping.mindmaps import Activity, MindMap, Solution
from mapping.sheet.fills import colour_of
from mapping.sheet.paper import Paper, height_of

Align = Literal["left", "right"]
INSET = 1.1
"""Room left and right of a cell's text, in mm."""
LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธ"


@dataclass(frozen=True)
class Column:
    """A column: its width in mm, its heading, how its cells are set."""

    width: float
    head: str
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table as Typst sets it: column widths, alignments, cells of the head and the rows, heights of all rows."""

    widths: tuple[float, ...]
    aligns: tuple[Align, ...]
    head: tuple[dict[str, Any], ...]
    rows: tuple[tuple[dict[str, Any], ...], ...]
    heights: tuple[float, ...]
    strong_last: bool = False
    size: float = 0.0

    @property
    def height(self) -> float:
        """Height of the whole table, the head included."""
        return sum(self.heights)

    @property
    def width(self) -> float:
        """Width of the whole table."""
        return sum(self.widths)

    def to_json(self) -> dict[str, Any]:
        """Return the table as Typst reads it."""
        return {
            "widths": self.widths,
            "aligns": self.aligns,
            "head": self.head,
            "rows": self.rows,
            "heights": self.heights,
            "last": self.strong_last,
            "size": self.size,
        }


def cell(lines: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return a cell of whole lines; `more` is weight, colour, chip, plot, blank."""
    return {"lines": list(lines), **more}


def figure_columns(area_map: AreaMap, width: float, full: bool) -> list[Column]:
    """Return the columns of the figures that fit a width: all with the plot of intervals, or the few of a narrow one."""
    table = area_map.figures
    rated = table.measure == "rate"
    word = level_word(area_map.area, area_map.level)
    columns = [Column(7, text("table.number").th, "right")]
    rest = [Column(15, text("fact.count", counted=table.counted.th).th, "right")]
    if rated and full:
        title = table.denominator_title.th if table.denominator_title else text("table.denominator").th
        rest += [Column(20, title, "right"), Column(21, table.unit.th, "right")]
        rest += [Column(21, text("fact.interval").th, "right"), Column(30, text("sheet.plot").th)]
    elif rated:
        rest += [Column(13, text("measure.rate").th, "right")]
        if width > 74:
            rest += [Column(19, text("sheet.interval_short").th, "right")]
    if full:
        rest += [Column(22, text("fact.state").th)]
    name = width - sum(column.width for column in (*columns, *rest))
    return [*columns, Column(name, word), *rest]


def figures_tables(paper: Paper, area_map: AreaMap, width: float, columns: int, gap: float = 4.0) -> list[Table]:
    """Return the figures of all areas, side by side in so many tables; one alone has all columns, sorted by value."""
    codes = list(area_map.names)
    numbers = {code: i for i, code in enumerate(codes, start=1)}
    full = columns == 1 and width >= 120
    if columns == 1:
        codes.sort(key=lambda code: (-_order(area_map.figure(code)), code))
    each = (width - gap * (columns - 1)) / columns
    laid = figure_columns(area_map, each, full)
    per = -(-(len(codes) + (columns > 1)) // columns)
    wholes = [*codes, ""] if True else codes
    made = []
    for start in range(0, len(wholes), per if columns > 1 else len(wholes)):
        part = wholes[start : start + (per if columns > 1 else len(wholes))]
        rows = [_figure_row(paper, area_map, laid, numbers.get(code, 0), code, full) for code in part]
        made.append(_table(paper, laid, rows, strong_last=part[-1] == ""))
    return made


def _order(figure: Figure) -> float:
    """Order by value; what has none comes last, zero before it."""
    return figure.value if figure.value is not None else {"hidden": -1.0, "left_out": -2.0}.get(figure.state, -3.0)


def _figure_row(
    paper: Paper, area_map: AreaMap, columns: list[Column], place: int, code: str, full: bool
) -> tuple[dict[str, Any], ...]:
    """Return an area's row; an empty code stands for the whole."""
    table = area_map.figures
    figure = area_map.figure(code) if code else table.total
    names = {shape.code: shape.name for shape in area_map.shapes}
    rated = table.measure == "rate"
    dagger = "†" if figure.state == "unstable" else ""
    name = names[code] if code else text("sheet.whole").th
    words = [str(place) if code else "", name, labels.count_text(figure, table)]
    value = number(figure.value) + dagger if figure.value is not None else "–"
    if rated and full:
        base = number(figure.denominator) if figure.denominator is not None else "–"
        words += [base, value, labels.interval_text(figure) or "–", ""]
    elif rated:
        words += [value]
        words += [labels.interval_text(figure) or "–"] * (len(columns) > 4)
    if full:
        words += [_state(figure, area_map)]
    weight = 400 if code else 700
    cells = [_cell(paper, column, one, weight) for column, one in zip(columns, words, strict=True)]
    if rated and full:
        cells[6] |= _plot(area_map, figure, colour_of(area_map, code) if code else "#FFFFFF")
    if full and figure.state not in ("ok", "zero"):
        cells[-1]["colour"] = "late"
    return tuple(cells)


def _state(figure: Figure, area_map: AreaMap) -> str:
    if figure.state == "unstable":
        return f"† {text('state.unstable').th}"
    return text("state.zero").th if figure.state == "zero" else labels.state_text(figure, area_map.figures)


def _plot(area_map: AreaMap, figure: Figure, colour: str) -> dict[str, Any]:
    """Return value and interval as shares of the axis, and where the whole stands."""
    ends = [f.high for f in area_map.figures.rows() if f.state == "ok" and f.high is not None]
    top = axis_end(area_map, ends)
    whole = area_map.figures.total.value
    share = {"value": figure.value, "low": figure.low, "high": figure.high, "whole": whole}
    plot = {name: None if value is None else min(value / top, 1.0) for name, value in share.items()}
    return {"plot": plot | {"colour": colour, "cut": (figure.high or 0) > top, "steady": figure.state == "ok"}}


def axis_end(area_map: AreaMap, ends: Sequence[float]) -> float:
    """Return where the axis of the intervals ends: at the highest end of a stable one."""
    values = [figure.value for figure in area_map.figures.rows() if figure.value]
    return max([*ends, *(value * 1.05 for value in values)], default=1.0) or 1.0


def _cell(paper: Paper, column: Column, words: str, weight: int = 400, size: float = 0.0) -> dict[str, Any]:
    size = size or paper.sizes["table"]
    lines = paper.lines(words, column.width - 2 * INSET, size, weight) if words else []
    return cell(lines, weight=weight)


def _table(paper: Paper, columns: Sequence[Column], rows: Sequence[Any], *, strong_last: bool = False) -> Table:
    size = paper.sizes["table"]
    head = tuple(cell(paper.lines(c.head, c.width - 2 * INSET, size, 600), weight=600) for c in columns)
    heights = [height_of(max(len(one["lines"]) for one in head), size) + 1.0]
    heights += [_row_height(row, size) for row in rows]
    widths, aligns = tuple(c.width for c in columns), tuple(c.align for c in columns)
    return Table(widths, aligns, head, tuple(rows), tuple(heights), strong_last, size)


def _row_height(row: Sequence[dict[str, Any]], size: float) -> float:
    lines = max(max(len(one["lines"]), 1) + one.get("small_lines", 0) for one in row)
    return height_of(lines, size) + 1.0


# ---------------------------------------------------------------- the action plan


PLAN_SHARES = (24, 27, 13, 22, 10, 9, 6)
"""Columns of the plan in parts of its width: solution, activity, agencies, indicator, budget, period, status."""


def plan_table(paper: Paper, mind_map: MindMap, width: float) -> Table:
    """Return the rows of the plan; what the team has not stated is a line to write on."""
    parts = [width * share / sum(PLAN_SHARES) for share in PLAN_SHARES]
    names = ("activity", "lead", "indicator", "budget", "period", "status")
    heads = [text("mapping.mindmap.caption.solution").th.split(" ")[0]]
    heads += [text(f"mapping.mindmap.column.{name}").th for name in names]
    columns = [Column(w, head) for w, head in zip(parts, heads, strict=True)]
    rows = []
    for letter, solution in zip(LETTERS, mind_map.solutions, strict=False):
        for place, activity in enumerate(solution.activities or (None,)):
            first = _solution_cell(paper, columns[0], letter, solution) if place == 0 else cell([])
            rows.append((first, *_activity_cells(paper, columns, activity)))
    return _table(paper, columns, rows)


def _solution_cell(paper: Paper, column: Column, letter: str, solution: Solution) -> dict[str, Any]:
    chip = 5.6
    narrow = Column(column.width - chip, "")
    tag = f" · {tag_text(solution)}" if solution.addresses else ""
    small = _cell(paper, narrow, solution.objective + tag, size=paper.sizes["note"] + 0.4)["lines"]
    main = _cell(paper, narrow, solution.text, 600)
    return main | {"chip": letter, "small": small, "small_lines": len(small)}


def _activity_cells(paper: Paper, columns: Sequence[Column], activity: Activity | None) -> list[dict[str, Any]]:
    if activity is None:
        return [cell([], blank=True) for _ in columns[1:]]
    status = text(f"mapping.mindmap.status.{activity.status}").th
    joint = ", ".join(activity.joint)
    lead = " / ".join(part for part in (activity.lead, joint) if part)
    budget = " ".join(part for part in (activity.budget, activity.budget_source) if part)
    measured = [f"{one.name} {_ends(one)}".strip() for one in activity.indicators]
    cells = [_cell(paper, columns[1], activity.text), _cell(paper, columns[2], lead)]
    lines = [line for words in measured for line in _cell(paper, columns[3], words)["lines"]]
    cells += [cell(lines), _cell(paper, columns[4], budget), _cell(paper, columns[5], activity.period or "")]
    for one in cells:
        if not one["lines"]:
            one["blank"] = True
    return [*cells, _cell(paper, columns[6], status, 600) | {"colour": _STATUS[activity.status]}]


_STATUS = {"draft": "ink-2", "planned": "ink-2", "doing": "focus", "done": "solution", "late": "late"}


def _ends(indicator: Any) -> str:
    """Write base and target, with lines to write on where the team has not stated them."""
    if indicator.base is None and indicator.target is None:
        return text("sheet.open_ends", unit=indicator.unit).th
    return figures_text(indicator)


