"""The slide of a map: the picture at the left, at its right what the figures say, and the legend as editable shapes."""

from collections.abc import Sequence

from boundaries.messages import text
from mapping.area_map import AreaMap, level_word
from mapping.legends import number
from mapping.map_drawings import to_picture
from mapping.sheet import words as said
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.fills import swatch
from mapping.sheet.layouts import map_words
from mapping.sheet.legend import Entry, entries
from mapping.sheet.paper import PT
from mapping.slides.frame import Opened, Show, fitted, open_slide, stamps_of
from mapping.slides.writing import LINE, Box, Look, Words, bar, circle, height_of, picture, put_words
from mapping.styles import TOKENS

MAP_WIDTH, GUTTER = 176.0, 7.0
MAP_HEIGHT = 137.0
"""As high as every map slide has room for."""
COUNTRY = 1.3
"""How much larger the country is drawn than shown: its names and codes find no place else."""
FACT = 17.4
SWATCH, STRIP_SWATCH = 8.0, 5.0
STRIP = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Types that a legend under a map is tried in."""


def map_slide(show: Show, area_map: AreaMap, drawn: DrawnMap, title: str) -> None:
    """Add the slide of a map."""
    opened = open_slide(show, area_map, title, stamps_of(area_map), whole=True)
    put_map(opened, drawn.canvas, map_words(area_map))
    x, width = beside_map(show)
    y = opened.top
    headline = fitted(show.paper, said.headline(area_map), width, 15.6, 15.5, bold=True, colour=TOKENS["effect"])
    high = height_of([headline])
    put_words(opened.slide, (x, y - 0.8, width, high), [headline], "headline")
    y = put_facts(show, opened, said.facts(area_map), (x, y + high + 2.0, width))
    put_legend(show, opened, area_map, drawn, (x, y + 1.4, width))


def beside_map(show: Show) -> tuple[float, float]:
    """Return where the column beside a map begins, and its width."""
    x = show.paper.margin + MAP_WIDTH + GUTTER
    return x, show.paper.width - show.paper.margin - x


def put_map(opened: Opened, canvas: Canvas, alt: str) -> None:
    """Put the picture of a map at the left, as high as there is room."""
    factor = _factor(opened, canvas)
    box = (10.0, opened.top, canvas.width * factor, canvas.height * factor)
    picture(opened.slide, to_picture(canvas), box, alt, "map")


def _factor(opened: Opened, canvas: Canvas) -> float:
    """Return how large a map's picture is beside its drawing."""
    return min(opened.height / canvas.height, MAP_WIDTH / canvas.width)


def put_facts(show: Show, opened: Opened, facts: Sequence[said.Fact], place: tuple[float, float, float]) -> float:
    """Put facts under each other and return where they end."""
    x, y, width = place
    for fact in facts:
        colour = TOKENS[fact.colour]
        bar(opened.slide, (x, y + 0.4, 1.4, FACT - 1.8), colour)
        big = Words([show.paper.words(f"{fact.big} {fact.unit}".strip())], 22, True, colour)
        if show.paper.width_of(big.lines[0], big.size, 700) > (width - 4) * 0.96:
            big = fitted(show.paper, big.lines[0], width - 4, 10.2, 22, bold=True, colour=colour)
        small = fitted(show.paper, fact.words, width - 4, FACT - 10.6, 12.5, colour=TOKENS["ink-2"])
        put_words(opened.slide, (x + 3.6, y - 0.6, width - 3.6, FACT), [big, small], "fact")
        y += FACT + 1.0
    return y


def put_legend(
    show: Show, opened: Opened, area_map: AreaMap, drawn: DrawnMap, place: tuple[float, float, float]
) -> None:
    """Put the legend as shapes and text that can be changed: classes, symbols beside them, circles."""
    x, y, width = place
    slide, paper, word = opened.slide, show.paper, level_word(area_map.area, area_map.level)
    head = Words([paper.words(text("page.legend").th)], 12.5, True)
    put_words(slide, (x, y, width, 6.0), [head], "legend heading", Look(anchor="middle"))
    bar(slide, (x, y + 6.2, width, 0.35), TOKENS["ink"])
    y += 7.6
    legend = area_map.legend
    heading = fitted(paper, f"{legend.title} ({legend.unit})", width, 5.0, 11, bold=True)
    put_words(slide, (x, y, width, 5.0), [heading], "legend title", Look(anchor="middle"))
    classes, beside = entries(area_map)
    beside = tuple(entry for entry in beside if entry.areas)
    y += 6.0
    used = 5.0 * _keyed(drawn) + 18.0 * _circled(drawn, area_map)
    size, pitch = _row_size(opened.bottom - y - used, max(len(classes), len(beside)))
    half = width * 0.44
    rooms = ((classes, half - 5 - SWATCH), (beside, width - half - 2 - SWATCH))
    said_ = [(_entry_words(entry, word), wide) for column, wide in rooms for entry in column]
    size = min([fitted(paper, words, wide, size * LINE * PT + 0.1, size).size for words, wide in said_], default=size)
    for at, (column, wide) in enumerate(((classes, half - 3), (beside, width - half))):
        for row, entry in enumerate(column):
            box = (x + at * half, y + row * pitch, wide)
            _entry(show, opened, entry, box, (size, pitch), word)
    y += max(len(classes), len(beside)) * pitch + 1.0
    if _keyed(drawn):
        key = "slides.keyed.codes" if area_map.area.level == "country" else "slides.keyed"
        note = fitted(paper, text(key, level=word).th, width, 4.8, 10, colour=TOKENS["ink-2"])
        put_words(slide, (x, y, width, 4.8), [note], "legend note", Look(anchor="middle"))
        y += 5.0
    if _circled(drawn, area_map):
        unit = drawn.unit * _factor(opened, drawn.canvas)
        _circles(show, opened, area_map, unit, (x, y, width))


def _row_size(room: float, rows: int) -> tuple[float, float]:
    """Return size of type and pitch of the legend's rows, as large as there is room for."""
    pitch = min(max(room / max(rows, 1), 3.6), 7.2)
    return min(12.5, pitch * 0.92 / PT / LINE), pitch


def _keyed(drawn: DrawnMap) -> bool:
    return any(spot.keyed for spot in drawn.spots)


def _circled(drawn: DrawnMap, area_map: AreaMap) -> bool:
    return bool(drawn.unit and area_map.legend.sizes)


def _entry_words(entry: Entry, word: str) -> str:
    return f"{entry.words} · {entry.areas} {word}"


def put_strip(show: Show, opened: Opened, area_map: AreaMap, y: float) -> None:
    """Put a legend of what the map shows into lines under it, as large as there is room for."""
    classes, beside = entries(area_map)
    shown = [entry for entry in (*classes, *beside) if entry.areas]
    title = show.paper.words(f"{area_map.legend.title} ({area_map.legend.unit})")
    for size in STRIP:
        pitch = size * LINE * PT + 0.6
        placed = _in_lines(show, title, shown, size)
        if y + (placed[-1][1] + 1) * pitch <= opened.bottom + 0.5 or size == STRIP[-1]:
            break
    x = show.paper.margin
    box = (x, y, MAP_WIDTH, pitch)
    put_words(opened.slide, box, [Words([title], size, True)], "legend title", Look(anchor="middle"))
    for (at, line), entry in zip(placed[1:], shown, strict=True):
        left, top = x + at, y + line * pitch
        _swatch(show, opened, entry, (left, top + 0.7, STRIP_SWATCH, pitch - 1.4))
        wide = show.paper.width_of(entry.words, size) * 1.05 + 1
        box = (left + STRIP_SWATCH + 1.2, top, wide, pitch)
        put_words(opened.slide, box, [Words([show.paper.words(entry.words)], size)], "legend", Look(anchor="middle"))


def _in_lines(show: Show, title: str, shown: Sequence[Entry], size: float) -> list[tuple[float, int]]:
    """Return for title and entries where each begins: mm from the left, and the line counted from 0."""
    placed, x, line = [(0.0, 0)], show.paper.width_of(title, size, 700) * 1.05 + 4, 0
    for entry in shown:
        wide = STRIP_SWATCH + 1.2 + show.paper.width_of(entry.words, size) * 1.05 + 4
        if x and x + wide > MAP_WIDTH:
            x, line = 0.0, line + 1
        placed.append((x, line))
        x += wide
    return placed


def _swatch(show: Show, opened: Opened, entry: Entry, box: Box) -> None:
    """Put the small box of an entry: flat colours as a shape, patterns as they are on the map."""
    if entry.symbol in ("class", "plain", "zero"):
        put_words(opened.slide, box, [], "legend swatch", Look(entry.colour, TOKENS["edge"], 0.6))
        return
    canvas = Canvas(show.paper, box[2], box[3])
    swatch(canvas, (0, 0, box[2], box[3]), entry.symbol, entry.colour)
    alt = text("slides.alt.swatch", words=entry.words).th
    picture(opened.slide, to_picture(canvas, 300), box, alt, "legend swatch")


def _entry(
    show: Show, opened: Opened, entry: Entry, place: tuple[float, float, float], row: tuple[float, float], word: str
) -> None:
    """Put one line of the legend."""
    (x, y, wide), (size, pitch) = place, row
    _swatch(show, opened, entry, (x, y + 0.6, SWATCH, pitch - 1.2))
    words = fitted(show.paper, _entry_words(entry, word), wide - SWATCH - 2, pitch, size)
    put_words(opened.slide, (x + SWATCH + 2, y, wide - SWATCH - 2, pitch), [words], "legend", Look(anchor="middle"))


def _circles(show: Show, opened: Opened, area_map: AreaMap, unit: float, place: tuple[float, float, float]) -> None:
    """Put circles of readable counts side by side, as large as those of the map."""
    (x, y, width), legend, paper = place, area_map.legend, show.paper
    note = fitted(paper, f"{legend.size_title} · {legend.size_note}", width, 5.0, 10.5, bold=True)
    put_words(opened.slide, (x, y, width, 5.0), [note], "legend title", Look(anchor="middle"))
    largest = unit * legend.sizes[-1] ** 0.5
    middle, at = y + 5.4 + largest, x
    for count in legend.sizes:
        radius, words = unit * count**0.5, paper.words(number(count))
        circle(opened.slide, at + radius, middle, radius, Look(TOKENS["paper"], TOKENS["ink"], 0.9))
        wide = paper.width_of(words, 11) + 4
        put_words(
            opened.slide, (at + 2 * radius + 1.2, middle - 3, wide, 6.0), [Words([words], 11)], "legend",
            Look(anchor="middle"),
        )  # fmt: skip
        at += 2 * radius + wide + 5
