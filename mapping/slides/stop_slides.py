"""A stop of a briefing on one slide: where it lies, its leading figures, its mind map: what addresses which cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from boundaries.messages import text
from mapping import labels
from mapping.area_map import AreaMap
from mapping.legends import number
from mapping.map_drawings import outlined
from mapping.mindmap_ways import tag_text
from mapping.mindmaps import MindMap
from mapping.sheet import words as said
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.ground import Ground
from mapping.sheet.layouts import map_words
from mapping.sheet.plan import letter
from mapping.sheet.tree import printed
from mapping.sheet.words import Fact
from mapping.slides.frame import Opened, Show, fitted, open_slide, stamps_of
from mapping.slides.map_slide import MAP_WIDTH, beside_map, put_facts, put_map, put_strip
from mapping.slides.tree_slides import CHIP, put_card, tree_slides
from mapping.slides.writing import Look, Words, circle, height_of, joined, put_words
from mapping.styles import TOKENS

SIZES = (14.0, 13.5, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
GAP, ACROSS, NUMBER = 2.0, 12.0, 2.6


@dataclass(frozen=True)
class Stop:
    """A stop: the map it is shown on, as it was drawn, and its code there; the map's own area for a province."""

    area_map: AreaMap
    ground: Ground
    drawn: DrawnMap
    code: str

    @property
    def name(self) -> str:
        """The full name of the stop."""
        return self.area_map.names.get(self.code, self.area_map.area.full_name_th)

    @property
    def mind_map(self) -> MindMap | None:
        """Its mind map, where the reader is shown one."""
        return self.area_map.mind_maps.get(self.code)


def stop_slide(show: Show, stop: Stop) -> None:
    """Add the slide of a stop, and its mind map's own where that does not fit beside the map."""
    area_map, mind_map = stop.area_map, stop.mind_map
    opened = open_slide(show, area_map, _title(stop), stamps_of(area_map, mind_map))
    alt, canvas = map_words(area_map), stop.drawn.canvas
    if stop.code in area_map.names:
        canvas = outlined(stop.drawn, stop.ground, stop.code)
        alt = text("slides.alt.stop", map=alt, area=stop.name).th
    put_map(opened, canvas, alt)
    put_strip(show, opened, area_map, opened.top + stop_map_height(canvas) + 1.0)
    x, width = beside_map(show)
    y = put_facts(show, opened, facts_of(stop), (x, opened.top, width))
    if mind_map is not None:
        _put_mind_map(show, opened, area_map, mind_map, (x, y + 1.0, width))


def stop_map_height(canvas: Canvas) -> float:
    """Return the height of a map on a stop's slide, which leaves room for its legend."""
    return canvas.height * MAP_WIDTH / canvas.width


def _title(stop: Stop) -> str:
    around = stop.area_map.area
    named = stop.name
    if stop.code != around.code:
        named += f" {around.full_name_th}"
    mind_map = stop.mind_map
    return f"{named}: {mind_map.title}" if mind_map else named


def facts_of(stop: Stop) -> Sequence[Fact]:
    """Return the leading figures of a stop as the audience may read them."""
    return facts_about(stop.area_map, stop.code)


def facts_about(area_map: AreaMap, code: str) -> Sequence[Fact]:
    """Return the leading figures of an area on its map, of the whole map where it is no area of that."""
    if code not in area_map.names:
        return said.facts(area_map)[:2]
    table, figure, named = area_map.figures, area_map.figure(code), area_map.names[code]
    whole, around = table.total, area_map.area.full_name_th
    counted = table.counted.th
    if figure.cases is None:
        return (Fact(labels.state_text(figure, table), "", labels.reason_text(figure, table), "ink-2"),)
    beside = text("slides.fact.here", area=named).th
    if whole.cases is not None:
        beside = text("slides.fact.of", area=named, cases=number(whole.cases), counted=counted).th
    found = [Fact(number(figure.cases), counted, beside, "ink")]
    if table.measure != "rate" or figure.value is None:
        return found
    key = "slides.fact.unstable" if figure.state == "unstable" else "slides.fact.rate"
    words = text(key, unit=table.unit.th, interval=labels.interval_text(figure) or "–").th
    dagger = "†" if figure.state == "unstable" else ""
    found.append(Fact(f"{number(figure.value)}{dagger}", "", words, "effect"))
    if whole.value and figure.state == "ok":
        times = text("slides.fact.times", area=around, value=number(whole.value), unit=table.unit.th).th
        found.append(Fact(f"{figure.value / whole.value:.1f}", text("sheet.fact.times").th, times, "solution"))
    return found


def _put_mind_map(
    show: Show, opened: Opened, area_map: AreaMap, mind_map: MindMap, place: tuple[float, float, float]
) -> None:
    """Put problem, causes and solutions beside the map in the largest type that fits, else on slides of their own."""
    x, y, width = place
    shown = printed(mind_map, show.paper)
    for size in SIZES:
        problem, causes, solutions = _laid(show, shown, width, size)
        heads = problem[1] + 1.5 + size * 0.5
        need = heads + max(sum(high + GAP for _, high in side) for side in (causes, solutions))
        if y + need <= opened.bottom:
            _put(show, opened, shown, place, (problem, causes, solutions), size)
            return
    note = fitted(show.paper, text("slides.tree_follows").th, width, 6.0, 12, colour=TOKENS["ink-2"])
    put_words(opened.slide, (x, y, width, 6.0), [note], "note")
    tree_slides(show, area_map, mind_map)


Part = tuple[tuple[Words, ...], float]
"""Paragraphs and the height of their box."""


def _laid(show: Show, mind_map: MindMap, width: float, size: float) -> tuple[Part, list[Part], list[Part]]:
    """Break the texts of problem, causes and solutions in a size of type."""
    paper, half = show.paper, (width - ACROSS) / 2
    head = [Words(paper.lines(mind_map.title, width - 5, size + 1.5, 700), size + 1.5, True)]
    if mind_map.size.strip():
        head.append(Words(paper.lines(mind_map.size, width - 5, size - 1), size - 1))
    room = half - 2 * NUMBER - 5
    causes = [(Words(paper.lines(one.text, room, size), size),) for one in mind_map.causes]
    room = half - CHIP - 5
    solutions = [
        (
            Words(paper.lines(one.text, room, size, 700), size, True),
            Words(paper.lines(tag_text(one), room, size - 1), size - 1, False, TOKENS["cause"]),
        )
        for one in mind_map.solutions
    ]
    return _part(tuple(head)), [_part(one) for one in causes], [_part(one) for one in solutions]


def _part(words: tuple[Words, ...]) -> Part:
    return words, height_of(words) + 2.0


def _put(
    show: Show, opened: Opened, mind_map: MindMap, place: tuple[float, float, float],
    laid: tuple[Part, list[Part], list[Part]], size: float,
) -> None:  # fmt: skip
    """Put the problem on top, causes at the left, solutions at the right, and lines between what belongs together."""
    (x, y, width), (problem, causes, solutions) = place, laid
    draft, slide, half = mind_map.stamp is not None, opened.slide, (width - ACROSS) / 2
    ink = TOKENS["ink"] if draft else TOKENS["paper"]
    look = Look(TOKENS["paper"] if draft else TOKENS["ink"], TOKENS["ink"], 1.4, draft, 1.5, "center", "middle")
    words = [Words(one.lines, one.size, one.bold, ink) for one in problem[0]]
    put_words(slide, (x, y, width, problem[1]), words, text("mapping.mindmap.caption.problem").th, look)
    top, high = y + problem[1] + 1.0, size * 0.5
    for side, (key, colour) in enumerate((("mapping.mindmap.caption.cause", "cause"), ("slides.solution", "solution"))):
        caption = Words([text(key).th], size - 0.5, True, TOKENS[colour])
        put_words(slide, (x + side * (half + ACROSS), top, half, high), [caption], "caption", Look(anchor="middle"))
    top += high + 0.5
    shapes: list[Any] = []
    for number_, (one, tall, at) in enumerate(_spread(causes, top, opened.bottom), start=1):
        shapes.append(_cause(opened, (x, at, half, tall), number_, one, draft=draft))
    for at_, (one, tall, at) in enumerate(_spread(solutions, top, opened.bottom)):
        card = put_card(opened, (x + half + ACROSS, at, half, tall), letter(at_), one, draft=draft)
        for cause in mind_map.solutions[at_].addresses:
            joined(slide, shapes[cause - 1], card, (3, 1), TOKENS["solution"])


def _spread(parts: Sequence[Part], top: float, bottom: float) -> list[tuple[tuple[Words, ...], float, float]]:
    """Give each box its height and place, the room that is left shared out among them."""
    if not parts:
        return []
    spare = bottom - top - sum(high + GAP for _, high in parts) + GAP
    more = min(max(spare, 0.0) / len(parts), 5.0)
    placed, y = [], top
    for words, high in parts:
        placed.append((words, high + more * 0.6, y))
        y += high + more + GAP
    return placed


def _cause(
    opened: Opened, box: tuple[float, float, float, float], number_: int, words: Sequence[Words], *, draft: bool
) -> Any:
    name = f"{text('mapping.mindmap.caption.cause').th} {number_}"
    look = Look(TOKENS["cause-bg"], TOKENS["cause"], 1.2, draft, 1.2, "left", "middle", (2 * NUMBER + 3, 0.4, 1.0, 0.4))
    shape = put_words(opened.slide, box, words, name, look)
    disc = Look(TOKENS["cause"], align="center", anchor="middle")
    at = (box[0] + NUMBER + 1.4, box[1] + box[3] / 2)
    circle(opened.slide, *at, NUMBER, disc, [Words([str(number_)], 10.5, True, TOKENS["paper"])], name)
    return shape
