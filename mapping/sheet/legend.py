"""The legend on paper: classes, the symbols beside them and circles, each with how many areas wear it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from boundaries.messages import text
from mapping.area_map import AreaMap, level_word
from mapping.legends import number
from mapping.sheet.badges import badge_entries, draw_badge, radius_of
from mapping.sheet.canvas import Canvas
from mapping.sheet.fills import GROUNDS, fill_key, ramp_colour, swatch
from mapping.sheet.paper import PT, Paper
from mapping.styles import RAMP, TOKENS

SWATCH = 7.0
COLUMN_GAP = 5.0
PAD = 2.6


@dataclass(frozen=True)
class Entry:
    """One line of the legend: its key among the fills, what it is drawn as, its words, how many areas wear it."""

    key: str
    symbol: str
    colour: str
    words: str
    areas: int


def entries(area_map: AreaMap) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return the classes, and the symbols beside them that are worn, with the number of areas of each."""
    worn = wearing(area_map)
    legend = area_map.legend
    classes = tuple(
        Entry(f"class {i}", "class", ramp_colour(legend.ramp[i]), words, worn.get(f"class {i}", 0))
        for i, words in enumerate(legend.classes)
    )
    if not area_map.filled:
        classes = (Entry("plain", "plain", TOKENS["paper"], text("sheet.plain").th, worn.get("plain", 0)),)
    grounds: Mapping[str, str] = {**GROUNDS, "unstable": RAMP[2], "zero": TOKENS["paper"]}
    beside = tuple(
        Entry(key, key, grounds[key], ("† " if key == "unstable" else "") + words, worn.get(key, 0))
        for key, words in legend.symbols
        if key in worn
    )
    return classes, beside


def wearing(area_map: AreaMap) -> dict[str, int]:
    """Count the areas of each class, unstable ones among them, and of each symbol."""
    worn: dict[str, int] = {}
    for code in area_map.names:
        key, level = fill_key(area_map, code), area_map.classes.get(code)
        for one in {key, f"class {level}" if key == "unstable" and level is not None else key}:
            worn[one] = worn.get(one, 0) + 1
    return worn


def draw_legend(
    paper: Paper,
    area_map: AreaMap,
    *,
    circles: float,
    boxed: bool = True,
    room: float = math.inf,
    part: Literal["all", "fills", "marks"] = "all",
) -> Canvas:
    """Draw the legend as large as it needs, its columns side by side while there is `room`, then under each other.

    `circles` is the radius in mm of one case's circle, 0 for none. Of its two parts, fills are classes and the symbols
    beside them, marks are circles and badges.
    """
    drawn, pad = Canvas(paper, 0, 0), PAD if boxed else 0.0
    x = y = pad
    low = 0.0
    columns: list[Canvas] = []
    columns += _fill_columns(paper, area_map) if part != "marks" else []
    columns += _mark_columns(paper, area_map, circles) if part != "fills" else []
    for column in columns:
        if x > pad and x + column.width + pad > room:
            x, y = pad, low + 3
        drawn.paste(column, x, y)
        drawn.width = max(drawn.width, x + column.width + pad)
        low = max(low, y + column.height)
        x += column.width + COLUMN_GAP
    drawn.height = low + pad
    if not boxed:
        return drawn
    framed = Canvas(paper, drawn.width, drawn.height)
    framed.rectangle((0, 0, drawn.width, drawn.height), fill=TOKENS["paper"], stroke=TOKENS["ink"], line=0.22)
    framed.paste(drawn, 0, 0)
    return framed


def _fill_columns(paper: Paper, area_map: AreaMap) -> Iterator[Canvas]:
    """Yield the columns that have something to say: classes, symbols beside them."""
    classes, beside = entries(area_map)
    legend, word = area_map.legend, level_word(area_map.area, area_map.level)
    for title, note, column in ((legend.title, legend.unit, classes), (text("page.beside").th, "", beside)):
        if column:
            canvas = Canvas(paper, 0, 0)
            canvas.width, canvas.height = _column(canvas, 0, 0, title, note, column, word)
            yield canvas


def _mark_columns(paper: Paper, area_map: AreaMap, circles: float) -> Iterator[Canvas]:
    """Yield the columns that have something to say: circles, badges."""
    legend, word = area_map.legend, level_word(area_map.area, area_map.level)
    if circles and legend.sizes:
        canvas = Canvas(paper, 0, 0)
        canvas.width, canvas.height = _circles(canvas, 0, 0, area_map, circles)
        yield canvas
    worn = badge_entries(area_map)
    if worn:
        canvas = Canvas(paper, 0, 0)
        states = [Entry(state, "badge", "", words, areas) for state, words, areas in worn]
        canvas.width, canvas.height = _column(canvas, 0, 0, text("page.plans").th, "", states, word)
        yield canvas


def _head(canvas: Canvas, x: float, y: float, title: str, note: str) -> float:
    """Write a column's title and note; return where its entries begin."""
    sizes = canvas.paper.sizes
    first = y + sizes["body"] * PT * 0.95
    canvas.text(x, first, title, sizes["body"], 700, anchor="start", what="legend")
    canvas.text(x, first + 3.6, note, sizes["note"], colour=TOKENS["ink-2"], anchor="start", what="legend")
    return first + 5.2


def _column(
    canvas: Canvas, x: float, y: float, title: str, note: str, column: Sequence[Entry], word: str
) -> tuple[float, float]:
    """Draw a column of entries and return its width and bottom."""
    sizes, paper = canvas.paper.sizes, canvas.paper
    size, row = sizes["table"], sizes["table"] * PT * 1.6
    top = _head(canvas, x, y, title, note)
    widest = max(paper.width_of(entry.words, size) for entry in column)
    counted = max(paper.width_of(word, sizes["note"]), paper.width_of("00", size))
    heads = max(paper.width_of(title, sizes["body"], 700), paper.width_of(note, sizes["note"]) + 2.5 + counted)
    right = x + max(SWATCH + 1.5 + widest + 2.5 + counted, heads)
    canvas.text(right, top - 1.6, word, sizes["note"], colour=TOKENS["ink-2"], anchor="end", what="legend count")
    for place, entry in enumerate(column):
        at = top + place * row
        if entry.symbol == "badge":
            draw_badge(canvas, x + SWATCH / 2, at + (row - 1.1) / 2, entry.key, radius_of(paper), "legend")
        else:
            swatch(canvas, (x, at, x + SWATCH, at + row - 1.1), entry.symbol, entry.colour)
        base = at + (row - 1.1) / 2 + size * PT * 0.33
        canvas.text(x + SWATCH + 1.5, base, entry.words, size, anchor="start", what="legend")
        canvas.text(right, base, str(entry.areas), size, colour=TOKENS["ink-2"], anchor="end", what="legend count")
    return right - x, top + len(column) * row - 1.1


def _circles(canvas: Canvas, x: float, y: float, area_map: AreaMap, unit: float) -> tuple[float, float]:
    """Draw nested circles of readable counts and return width and bottom."""
    legend, paper = area_map.legend, canvas.paper
    size = paper.sizes["table"]
    top = _head(canvas, x, y, legend.size_title, legend.size_note)
    radii = [unit * count**0.5 for count in legend.sizes]
    pitch = size * PT * 1.3
    base = top + max(2 * radii[-1], len(radii) * pitch) + 2.0
    middle, label_y = x + radii[-1] + 0.3, base + pitch - size * PT * 0.3
    for radius in reversed(radii):
        canvas.circle(middle, base - radius, radius, fill=TOKENS["paper"], stroke=TOKENS["ink"], line=0.25)
    for count, radius in zip(legend.sizes, radii, strict=True):
        rim = base - 2 * radius
        label_y = min(rim + size * PT * 0.3, label_y - pitch)
        turn = middle + radii[-1] + 1.5
        canvas.line([(middle, rim), (turn, rim), (turn + 1.5, label_y - size * PT * 0.3)], TOKENS["ink-2"], 0.15)
        canvas.text(turn + 2, label_y, number(count), size, anchor="start", what="legend")
    heads = max(
        paper.width_of(legend.size_title, paper.sizes["body"], 700),
        paper.width_of(legend.size_note, paper.sizes["note"]),
    )
    return max(heads, 2 * radii[-1] + 4 + paper.width_of(number(legend.sizes[-1]), size)), base
