"""Which part stands where on which paper. The map takes what the words leave, so nothing is squeezed or cut."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from boundaries.messages import text
from mapping.area_map import AreaMap, level_word
from mapping.mindmaps import MindMap
from mapping.sheet import parts, words
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import DrawnMap, circle_unit
from mapping.sheet.figure_tables import FigureWords, figure_words
from mapping.sheet.ground import Ground
from mapping.sheet.legend import draw_legend
from mapping.sheet.pages import Page, SheetFull, height_of_part
from mapping.sheet.paper import Paper, TooNarrow
from mapping.sheet.parts import Imprint
from mapping.sheet.plan import plan_table
from mapping.sheet.province import draw_province
from mapping.sheet.tables import Table
from mapping.sheet.tree import draw_tree

GUTTER = 6.0
MANY = 14
"""Beyond so many areas their figures stand in several tables side by side."""
WIDE = 300.0
"""On wider paper one column of many figures is too far for the eye to follow its rows."""
WIDE_ENOUGH = 0.5
"""A map over the whole width is high enough for tables in full when it has this share of its width."""
LOWEST = 0.42
"""Where it has less, the mind map gets a page of its own."""
LEAST_MAP = 70.0
"""A map lower or narrower than this tells nothing."""
Parts = list[tuple[str, Canvas | Table | Sequence[Table], str]]


@dataclass
class Laid:
    """The pages of a sheet and the maps on them."""

    pages: list[Page]
    maps: list[DrawnMap] = field(default_factory=list)


@dataclass(frozen=True)
class Content:
    """What a sheet is made of."""

    paper: Paper
    area_map: AreaMap
    ground: Ground
    imprint: Imprint

    @property
    def mind_map(self) -> MindMap | None:
        """The mind map of the area itself; the country has none."""
        return self.area_map.mind_maps.get(self.area_map.area.code)

    @property
    def width(self) -> float:
        """Room between the margins."""
        return self.paper.width - 2 * self.paper.margin


def lay_province(content: Content) -> Laid:
    """Lay out the sheet of a province: on A3 one page, unless its plan is long; on A4 the mind map has its own."""
    lay = _beside if content.paper.orientation == "landscape" else _under
    if content.paper.large:
        try:
            return lay(content)
        except SheetFull:  # a long plan
            if content.mind_map is None:
                raise
    first = lay(content, mind_map=False)
    if content.mind_map:
        first.pages += _mind_map_pages(content, content.mind_map)
    return first


def open_page(content: Content, *, first: bool = True) -> tuple[Page, float, float]:
    """Begin a page with head and foot; return where its inside begins and ends."""
    paper, margin = content.paper, content.paper.margin
    page = Page(paper)
    top = page.put(
        "head", parts.head(paper, content.area_map, content.imprint, content.width, first=first), margin, margin
    )
    foot = parts.foot(paper, content.area_map, content.width)
    bottom = paper.height - margin - foot.height
    return page, top + 2.2, bottom - 1.2


def close(page: Page, content: Content) -> Page:
    """Put the foot on a page."""
    foot = parts.foot(content.paper, content.area_map, content.width)
    page.put("foot", foot, content.paper.margin, content.paper.height - content.paper.margin - foot.height)
    return page


def _map(
    content: Content, page: Page, place: tuple[float, float], size: tuple[float, float], *, legend: bool = True
) -> DrawnMap:
    if min(size) < LEAST_MAP:
        raise SheetFull(part="map", need=f"{LEAST_MAP:.0f}", room=f"{min(size):.0f}")
    drawn = draw_province(content.paper, content.area_map, content.ground, size, legend=legend)
    page.put("map", drawn.canvas, *place, map_words(content.area_map))
    return drawn


def map_words(area_map: AreaMap) -> str:
    """Tell the map to those who cannot see it."""
    return text("sheet.alt.map", title=area_map.title, period=area_map.period, said=words.headline(area_map)).th


def _beside(content: Content, *, mind_map: bool = True) -> Laid:
    """Map at the left, words and figures at its right, the plan beneath both; the legend where there is room for it."""
    page, top, bottom = open_page(content)
    margin, shown = content.paper.margin, content.mind_map if mind_map else None
    plan = _plan_parts(content, shown, content.width) if shown else []
    gaps = _gaps(plan, section=3.0, rest=1.0)
    map_height = bottom - top - sum(height_of_part(part[1]) for part in plan) - sum(gaps)
    width, column = _fitting_column(content, shown, map_height)
    beside = _legend_parts(content, width, circle_unit(content.paper, content.area_map, 1.0))
    apart = _height(column, 3.4, 1.4) + _height(beside, 3.4, 1.4) <= map_height
    map_width = content.width - width - GUTTER
    drawn = _map(content, page, (margin, top), (map_width, map_height), legend=not apart)
    if apart:
        at = next(place for place, part in enumerate(column) if part[0] == "section")
        column[at:at] = _legend_parts(content, width, drawn.unit)
    sections = sum(part[0] == "section" for part in column)
    more = min((map_height - _height(column, 3.4, 1.4)) / max(sections, 1), 5.0)
    page.stack(column, margin + map_width + GUTTER, top, _gaps(column, section=3.4 + more, rest=1.4))
    page.stack(plan, margin, top + map_height, gaps)
    return Laid([close(page, content)], [drawn])


def _legend_parts(content: Content, width: float, unit: float) -> Parts:
    legend = draw_legend(content.paper, content.area_map, circles=unit, boxed=False, room=width)
    heading = parts.section(content.paper, width, text("page.legend").th)
    return [("section", heading, ""), ("legend", legend, "")]


def _fitting_column(content: Content, mind_map: MindMap | None, room: float) -> tuple[float, Parts]:
    """Return the narrowest column whose parts fit, so that the map is as wide as can be. Raises SheetFull."""
    widest = 226 if content.paper.zoom == 1 else 300
    widths = range(150, widest, 5) if content.paper.large else range(88, 141, 4)
    many = len(content.area_map.names) > MANY
    choices = ((2, True), (3, True), (2, False), (3, False), (4, False)) if many else ((1, True), (2, True), (2, False))
    figures = figure_words(content.paper, content.area_map)
    tree = cache(lambda width: _tree_parts(content, mind_map, float(width)) if mind_map else [])
    least = math.inf

    def tried(width: int, columns: int, with_facts: bool) -> Parts | None:
        nonlocal least
        try:
            column = _column_parts(content, figures, tree(width), float(width), columns, with_facts=with_facts)
        except TooNarrow:
            return None
        least = min(least, _height(column, 3.4, 1.4))
        return column if _height(column, 3.4, 1.4) <= room else None

    for columns, with_facts in choices:
        fitting = _first_fitting(widths, lambda width: tried(width, columns, with_facts))  # noqa: B023
        if fitting:
            return float(fitting[0]), fitting[1]
    raise SheetFull(part="figures", need=f"{least:.0f}", room=f"{room:.0f}")


def _first_fitting(widths: Sequence[int], tried: Callable[[int], Parts | None]) -> tuple[int, Parts] | None:
    """Return the narrowest width that fits, by halves: what fits a width fits wider ones too, or nearly always."""
    low, high, found = 0, len(widths), None
    while low < high:
        middle = (low + high) // 2
        parts_ = tried(widths[middle])
        if parts_ is not None:
            found, high = (widths[middle], parts_), middle
        else:
            low = middle + 1
    return found


def _column_parts(
    content: Content, figures: FigureWords, tree: Parts, width: float, columns: int, *, with_facts: bool = True
) -> Parts:
    paper, area_map = content.paper, content.area_map
    found: Parts = [("message", parts.message(paper, area_map, width), "")]
    if with_facts:
        found.append(("facts", parts.facts(paper, words.facts(area_map)[: 3 if paper.large else 2], width), ""))
    return [*found, *tree, *_figure_parts(content, figures, width, columns)]


def _figure_parts(content: Content, figures: FigureWords, width: float, columns: int) -> Parts:
    word = level_word(content.area_map.area, content.area_map.level)
    name = text("sheet.figures", level=word).th
    note = text("sheet.figures_note").th
    heading = parts.section(content.paper, width, name, note)
    return [("section", heading, ""), ("figures", figures.tables(width, columns), "")]


def _tree_parts(content: Content, mind_map: MindMap, width: float) -> Parts:
    paper = content.paper
    name = text("sheet.tree", area=mind_map.area_name).th
    stamped = mind_map.stamp.th if mind_map.stamp else ""
    note = f"{text('mapping.mindmap.questions').th} · {text('sheet.plan_note').th}" if mind_map.stamp else ""
    found: Parts = [("section", parts.section(paper, width, name, note, stamped), "")]
    found.append(("tree", draw_tree(paper, mind_map, width), tree_words(mind_map)))
    capital = parts.capital(paper, mind_map, width)
    return [*found, ("assets", capital, "")] if capital.height else found


def tree_words(mind_map: MindMap) -> str:
    """Tell the tree to those who cannot see it."""
    return text("sheet.alt.tree", title=mind_map.title, effects=len(mind_map.effects), causes=len(mind_map.causes)).th


def _plan_parts(content: Content, mind_map: MindMap, width: float) -> Parts:
    paper = content.paper
    made = plan_table(paper, mind_map, width)
    return [("section", parts.plan_head(paper, mind_map, width), ""), ("plan", made, "")]


def _gaps(found: Parts, *, section: float, rest: float) -> list[float]:
    return [
        0.0 if place == 0 and part[0] == "message" else section if part[0] == "section" else rest
        for place, part in enumerate(found)
    ]


def _height(found: Parts, section: float, rest: float) -> float:
    return sum(height_of_part(part[1]) for part in found) + sum(_gaps(found, section=section, rest=rest))


def _under(content: Content, *, mind_map: bool = True) -> Laid:
    """Map on top over the whole width, everything else beneath it."""
    page, top, bottom = open_page(content)
    margin, width = content.paper.margin, content.width
    shown = content.mind_map if mind_map else None
    figures = figure_words(content.paper, content.area_map)
    tree = _tree_parts(content, shown, width) if shown else []
    best: Parts | None = None
    fewest = 2 if len(content.area_map.names) > MANY and width > WIDE else 1
    for columns in range(fewest, 5):
        try:
            tried = _column_parts(content, figures, tree, width, columns)
        except TooNarrow:
            continue
        tried += _plan_parts(content, shown, width) if shown else []
        high = bottom - top - _height(tried, 3.0, 1.2) - 2.4
        if best is None or high > bottom - top - _height(best, 3.0, 1.2) - 2.4:
            best = tried
        if high >= width * WIDE_ENOUGH:
            break
    if best is None:
        raise SheetFull(part="figures", need="?", room=f"{width:.0f}")
    gaps = _gaps(best, section=3.0, rest=1.2)
    map_height = bottom - top - _height(best, 3.0, 1.2) - 2.4
    if shown and map_height < width * LOWEST:
        raise SheetFull(part="map", need=f"{width * LOWEST:.0f}", room=f"{map_height:.0f}")
    drawn = _map(content, page, (margin, top), (width, map_height))
    page.stack(best, margin, top + map_height + 2.4, gaps)
    return Laid([close(page, content)], [drawn])


def _mind_map_pages(content: Content, mind_map: MindMap) -> list[Page]:
    """Give the mind map and its plan a page of their own, and the plan further ones where it is long."""
    page, top, bottom = open_page(content, first=False)
    tree, plan = _tree_parts(content, mind_map, content.width), _plan_parts(content, mind_map, content.width)
    for section, rest in ((3.0, 1.6), (2.0, 1.0)):
        found = [*tree, *plan]
        gaps = [0.0, *_gaps(found, section=section, rest=rest)[1:]]
        if sum(height_of_part(part[1]) for part in found) + sum(gaps) <= bottom - top:
            page.stack(found, content.paper.margin, top, gaps)
            return [close(page, content)]
    page.stack(tree, content.paper.margin, top, [0.0, *_gaps(tree, section=3.0, rest=1.6)[1:]])
    return [close(page, content), *_plan_pages(content, mind_map)]


def _plan_pages(content: Content, mind_map: MindMap) -> list[Page]:
    """Give the plan pages of its own, as many as its rows need. Raises SheetFull for a row higher than a page."""
    head, (name, table, _) = _plan_parts(content, mind_map, content.width)
    assert isinstance(table, Table)
    pages = []
    rest: Table | None = table
    while rest is not None:
        page, top, bottom = open_page(content, first=False)
        room = bottom - top - height_of_part(head[1]) - 2
        part, rest = rest.split(room)
        page.stack([head, (name, part, "")], content.paper.margin, top, [0.0, 1.0])
        pages.append(close(page, content))
    return pages
