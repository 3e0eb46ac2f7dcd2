"""The figures of a map as tables: as many columns as there is room for, side by side where the areas are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from boundaries.messages import text
from layers.figures import Figure
from mapping import labels
from mapping.area_map import AreaMap, level_word
from mapping.legends import number
from mapping.sheet.badges import badges, radius_of
from mapping.sheet.fills import colour_of
from mapping.sheet.paper import PT, Paper, TooNarrow
from mapping.sheet.tables import INSET, Align, Column, Table, broken_cell, make_table
from mapping.styles import TOKENS
from mapping.thai_text import widest_run


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

    @cached_property
    def badges(self) -> Mapping[str, str]:
        """The badge of every area."""
        return badges(self.area_map)

    @property
    def kind(self) -> str:
        """What is shown: rates or counts."""
        return "rate" if self.area_map.figures.measure == "rate" else "count"

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
            made.append(make_table(self.paper, laid, rows, strong_last=part[-1] == ""))
        return made

    def highest(self, width: float, count: int) -> Table:
        """Return the areas with the highest stable values."""
        stable = [code for code in self.codes if self.area_map.figure(code).state == "ok"]
        laid = self._fitting(width, without="state")
        rows = [self._row(laid, code) for code in sorted(stable, key=self._order)[:count]]
        return make_table(self.paper, laid, rows)

    def _order(self, code: str) -> tuple[float, str]:
        """Order by value, highest first; what has none comes last."""
        figure = self.area_map.figure(code)
        worth = {"hidden": -1.0, "left_out": -2.0}.get(figure.state, -3.0)
        return -(figure.value if figure.value is not None else worth), code

    def _fitting(self, width: float, without: str = "") -> list[Column]:
        for choice in _CHOICES[self.area_map.figures.measure == "rate"]:
            hidden = {without} if self.badges else {without, "plan"}
            keys = [key for key in choice if key not in hidden]
            spare = width - sum(self.widths[key] for key in keys)
            if spare >= 0:
                plot = min(spare, 22.0) if "plot" in keys else 0.0
                rest = (spare - plot) / len(keys)
                return [self._column(key, rest + plot * (key == "plot")) for key in keys]
        raise TooNarrow(words=self.heads["name"], room=f"{width:.0f}")

    def _column(self, key: str, more: float) -> Column:
        align: Align = "left" if key in ("name", "plot", "state", "plan") else "right"
        return Column(self.widths[key] + more, self.heads[key], align, key)

    def _row(self, columns: Sequence[Column], code: str) -> tuple[dict[str, Any], ...]:
        figure = self.area_map.figure(code) if code else self.area_map.figures.total
        cells = []
        for column in columns:
            made = broken_cell(self.paper, column, self.words[column.key][code], 400 if code else 700)
            if column.key == "plan":
                made["badge"] = self.badges.get(code, "")
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
        ("number", "name", "plan", "count", "base", "value", "interval", "plot", "state"),
        ("number", "name", "plan", "count", "base", "value", "interval", "state"),
        ("number", "name", "plan", "count", "value", "interval", "state"),
        ("number", "name", "plan", "count", "value", "interval"),
        ("number", "name", "plan", "count", "value"),
        ("number", "name", "count", "value"),
    ),
    False: (
        ("number", "name", "plan", "count", "state"),
        ("number", "name", "plan", "count"),
        ("number", "name", "count"),
    ),
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
        written = _written(figure, area_map) | {"number": numbers[code], "name": names[code], "plot": "", "plan": ""}
        for key in heads:
            words[key][code] = written[key]
    widths = {}
    for key, head in heads.items():
        needs = [widest_run(paper.words(head), size * PT, 600), PLOT - 2 * INSET if key == "plot" else 0.0]
        needs.append(2.4 * radius_of(paper) if key == "plan" else 0.0)
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
        "plan": text("sheet.plan_state").th,
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
