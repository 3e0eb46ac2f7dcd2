"""The tables of a sheet as cells with lines broken to their columns: figures of the areas, rows of the action plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from boundaries.messages import text
from layers.figures import Figure
from mapping import labels
from mapping.area_map import AreaMap, level_word
from mapping.legends import number
from mapping.mindmap_radial import figures_text, tag_text
from mapping.mindmaps import Activity, MindMap, Solution
from mapping.sheet.fills import colour_of
from mapping.sheet.paper import PT, Paper, TooNarrow, height_of
from mapping.styles import TOKENS
from mapping.thai_text import widest_run

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
    key: str = ""


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

    def split(self, room: float) -> tuple["Table", "Table | None"]:
        """Return the rows that fit a height, at least one, and the rest."""
        high, count = self.heights[0], 0
        while count < len(self.rows) and (count == 0 or high + self.heights[count + 1] <= room):
            high += self.heights[count + 1]
            count += 1
        first = replace(self, rows=self.rows[:count], heights=self.heights[: count + 1])
        if count == len(self.rows):
            return first, None
        return first, replace(self, rows=self.rows[count:], heights=(self.heights[0], *self.heights[count + 1 :]))

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


@dataclass(frozen=True)
class FigureWords:
    """The figures of a map in words: by key of a column and code of an area, an empty code standing for the whole."""

    paper: Paper
    area_map: AreaMap
    codes: tuple[str, ...]
    heads: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    widths: Mapping[str, float]
    """What a column needs so that no word of it is cut, in mm."""
    axis: float

    def tables(self, width: float, columns: int, gap: float = 4.0) -> list[Table]:
        """Return the figures in so many tables side by side with all columns there is room for. Raises TooNarrow."""
        each = (width - gap * (columns - 1)) / columns
        laid = self._fitting(each)
        codes = [*(sorted(self.codes, key=self._order) if columns == 1 else self.codes), ""]
        per = -(-len(codes) // columns)
        made = []
        for start in range(0, len(codes), per):
            part = codes[start : start + per]
            rows = [self._row(laid, code) for code in part]
            made.append(_table(self.paper, laid, rows, strong_last=part[-1] == ""))
        return made

    def highest(self, width: float, count: int) -> Table:
        """Return the areas with the highest stable values."""
        stable = [code for code in self.codes if self.area_map.figure(code).state == "ok"]
        laid = self._fitting(width, without="state")
        rows = [self._row(laid, code) for code in sorted(stable, key=self._order)[:count]]
        return _table(self.paper, laid, rows)

    def _order(self, code: str) -> tuple[float, str]:
        """Order by value, highest first; what has none comes last."""
        figure = self.area_map.figure(code)
        worth = {"hidden": -1.0, "left_out": -2.0}.get(figure.state, -3.0)
        return -(figure.value if figure.value is not None else worth), code

    def _fitting(self, width: float, without: str = "") -> list[Column]:
        for choice in _CHOICES[self.area_map.figures.measure == "rate"]:
            keys = [key for key in choice if key != without]
            spare = width - sum(self.widths[key] for key in keys)
            if spare >= 0:
                plot = min(spare, 22.0) if "plot" in keys else 0.0
                rest = (spare - plot) / len(keys)
                return [self._column(key, rest + plot * (key == "plot")) for key in keys]
        raise TooNarrow(words=self.heads["name"], room=f"{width:.0f}")

    def _column(self, key: str, more: float) -> Column:
        align: Align = "left" if key in ("name", "plot", "state") else "right"
        return Column(self.widths[key] + more, self.heads[key], align, key)

    def _row(self, columns: Sequence[Column], code: str) -> tuple[dict[str, Any], ...]:
        figure = self.area_map.figure(code) if code else self.area_map.figures.total
        cells = []
        for column in columns:
            made = _cell(self.paper, column, self.words[column.key][code], 400 if code else 700)
            if column.key == "plot":
                made |= self._plot(figure, colour_of(self.area_map, code) if code else TOKENS["paper"])
            elif column.key == "state" and figure.state not in ("ok", "zero"):
                made["colour"] = "late"
            cells.append(made)
        return tuple(cells)

    def _plot(self, figure: Figure, colour: str) -> dict[str, Any]:
        """Return value and interval as shares of the axis, and where the whole stands."""
        ends = {"value": figure.value, "low": figure.low, "high": figure.high}
        ends["whole"] = self.area_map.figures.total.value
        plot = {name: None if value is None else min(value / self.axis, 1.0) for name, value in ends.items()}
        return {"plot": plot | {"colour": colour, "steady": figure.state == "ok"}}


_CHOICES: Mapping[bool, Sequence[Sequence[str]]] = {
    True: (
        ("number", "name", "count", "base", "value", "interval", "plot", "state"),
        ("number", "name", "count", "base", "value", "interval", "state"),
        ("number", "name", "count", "value", "interval", "state"),
        ("number", "name", "count", "value", "interval"),
        ("number", "name", "count", "value"),
    ),
    False: (("number", "name", "count", "state"), ("number", "name", "count")),
}
WIDEST_NAME = 36.0
"""Longer names take a second line, in mm."""
PLOT = 26.0
"""Least width of the plot of intervals."""


def figure_words(paper: Paper, area_map: AreaMap, *, codes: bool = False) -> FigureWords:
    """Write the figures of a map and measure them; with `codes` these are the areas' numbers."""
    by_code, codes_ = codes, tuple(area_map.names)
    heads, size = _heads(area_map), paper.sizes["table"]
    if by_code:
        heads = {**heads, "number": text("sheet.code").th}
    names = {shape.code: shape.name for shape in area_map.shapes} | {"": text("sheet.whole").th}
    numbers = {code: code if by_code else str(i) for i, code in enumerate(codes_, start=1)} | {"": ""}
    words: dict[str, dict[str, str]] = {key: {} for key in heads}
    for code in (*codes_, ""):
        figure = area_map.figure(code) if code else area_map.figures.total
        written = _written(figure, area_map) | {"number": numbers[code], "name": names[code], "plot": ""}
        for key in heads:
            words[key][code] = written[key]
    widths = {}
    for key, head in heads.items():
        needs = [widest_run(paper.words(head), size * PT, 600), PLOT - 2 * INSET if key == "plot" else 0.0]
        needs.append(paper.width_of(head, size, 600) * 0.55)  # a head of at most two lines or so
        whole = [paper.width_of(said, size, 400 if code else 700) for code, said in words[key].items()]
        needs += [min(one, WIDEST_NAME) if key == "name" else one for one in whole]
        widths[key] = max(needs) + 2 * INSET + 0.1
    return FigureWords(paper, area_map, codes_, heads, words, widths, _axis_end(area_map))


def _heads(area_map: AreaMap) -> Mapping[str, str]:
    table = area_map.figures
    base = table.denominator_title.th if table.denominator_title else text("table.denominator").th
    return {
        "number": text("table.number").th,
        "name": level_word(area_map.area, area_map.level),
        "count": text("fact.count", counted=table.counted.th).th,
        "base": base,
        "value": text("measure.rate").th,
        "interval": text("fact.interval").th,
        "plot": text("sheet.plot", top=number(_axis_end(area_map))).th,
        "state": text("fact.state").th,
    }


def _written(figure: Figure, area_map: AreaMap) -> dict[str, str]:
    """Return a figure's words by the key of their column."""
    table = area_map.figures
    dagger = "†" if figure.state == "unstable" else ""
    return {
        "count": labels.count_text(figure, table),
        "base": number(figure.denominator) if figure.denominator is not None else "–",
        "value": number(figure.value) + dagger if figure.value is not None else "–",
        "interval": labels.interval_text(figure) or "–",
        "state": _state(figure, area_map),
    }


def _state(figure: Figure, area_map: AreaMap) -> str:
    if figure.state == "unstable":
        return f"† {text('state.unstable').th}"
    return text("state.zero").th if figure.state == "zero" else labels.state_text(figure, area_map.figures)


def _axis_end(area_map: AreaMap) -> float:
    """Return where the axis of the intervals ends: with the highest stable interval, beyond every value."""
    rows = area_map.figures.rows()
    ends = [figure.high for figure in rows if figure.state == "ok" and figure.high is not None]
    return max([*ends, *(figure.value * 1.05 for figure in rows if figure.value)], default=1.0) or 1.0


def _cell(paper: Paper, column: Column, words: str, weight: int = 400, size: float = 0.0) -> dict[str, Any]:
    """Break a cell's words to the width of its column."""
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
    return height_of(lines, size) + 1.2


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


