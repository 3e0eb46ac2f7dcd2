"""Which part stands where on which paper. The map takes what the words leave, so nothing is squeezed or cut."""

import math
from collections.abc import Callable, Sequence
from functools import cache

from mapping.mindmaps import MindMap
from mapping.sheet.content import GUTTER, Content, Laid, Parts, close, map_words, open_page
from mapping.sheet.drawing import DrawnMap, circle_unit
from mapping.sheet.figure_tables import figure_words
from mapping.sheet.further_pages import further_pages
from mapping.sheet.pages import Page, SheetFull, height_of_part
from mapping.sheet.paper import TooNarrow
from mapping.sheet.placing import NoRoom
from mapping.sheet.province import draw_province
from mapping.sheet.stacks import (
    column_parts,
    figure_parts,
    gaps_of,
    height_of_stack,
    legend_parts,
    plan_parts,
    told_of_key,
    tree_parts,
)

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


def lay_province(content: Content) -> Laid:
    """Lay out the sheet of a province: on A3 one page, unless its plan is long; on A4 the mind map has its own."""
    lay = _beside if content.paper.orientation == "landscape" else _under
    if content.paper.large:
        try:
            return lay(content)
        except (SheetFull, NoRoom) as error:  # a long plan, or so many areas that their map needs the room
            if content.mind_map is None and isinstance(error, SheetFull):
                raise
    try:
        first, apart = lay(content, mind_map=False), []
    except NoRoom:  # many small areas: the map gets the page, their figures the next one
        first = lay(content, mind_map=False, figures=False)
        apart = figure_parts(content, figure_words(content.paper, content.area_map), content.width, 4)
    first.pages += further_pages(content, apart, content.mind_map)
    return first


def _map(
    content: Content, page: Page, place: tuple[float, float], size: tuple[float, float], *, legend: bool = True
) -> DrawnMap:
    if min(size) < LEAST_MAP:
        raise SheetFull(part="map", need=f"{LEAST_MAP:.0f}", room=f"{min(size):.0f}")
    drawn = draw_province(content.paper, content.area_map, content.ground, size, legend=legend)
    page.put("map", drawn.canvas, *place, map_words(content.area_map))
    return drawn


def _beside(content: Content, *, mind_map: bool = True, figures: bool = True) -> Laid:
    """Map at the left, words and figures at its right, the plan beneath both; the legend where there is room for it."""
    page, top, bottom = open_page(content)
    margin, shown = content.paper.margin, content.mind_map if mind_map else None
    plan = plan_parts(content, shown, content.width) if shown else []
    gaps = gaps_of(plan, section=3.0, rest=1.0)
    map_height = bottom - top - sum(height_of_part(part[1]) for part in plan) - sum(gaps)
    width, column = _fitting_column(content, shown, map_height, with_figures=figures)
    beside = legend_parts(content, width, circle_unit(content.paper, content.area_map, 1.0))
    apart = height_of_stack(column, 3.4, 1.4) + height_of_stack(beside, 3.4, 1.4) <= map_height
    map_width = content.width - width - GUTTER
    drawn = _map(content, page, (margin, top), (map_width, map_height), legend=not apart)
    if apart:
        at = next((place for place, part in enumerate(column) if part[0] == "section"), len(column))
        column[at:at] = legend_parts(content, width, drawn.unit)
    column = told_of_key(column, content, drawn)
    sections = sum(part[0] == "section" for part in column)
    more = min((map_height - height_of_stack(column, 3.4, 1.4)) / max(sections, 1), 5.0)
    page.stack(column, margin + map_width + GUTTER, top, gaps_of(column, section=3.4 + more, rest=1.4))
    page.stack(plan, margin, top + map_height, gaps)
    return Laid([close(page, content)], [drawn])


def _fitting_column(
    content: Content, mind_map: MindMap | None, room: float, *, with_figures: bool = True
) -> tuple[float, Parts]:
    """Return the narrowest column whose parts fit, so that the map is as wide as can be. Raises SheetFull."""
    widest = 226 if content.paper.zoom == 1 else 300
    widths = range(150, widest, 5) if content.paper.large else range(88, 141, 4)
    many = len(content.area_map.names) > MANY
    choices = ((2, True), (3, True), (2, False), (3, False), (4, False)) if many else ((1, True), (2, True), (2, False))
    figures = figure_words(content.paper, content.area_map) if with_figures else None
    tree = cache(lambda width: tree_parts(content, mind_map, float(width)) if mind_map else [])
    least = math.inf

    def tried(width: int, columns: int, with_facts: bool) -> Parts | None:
        nonlocal least
        try:
            column = column_parts(content, figures, tree(width), float(width), columns, with_facts=with_facts)
        except TooNarrow:
            return None
        least = min(least, height_of_stack(column, 3.4, 1.4))
        return column if height_of_stack(column, 3.4, 1.4) <= room else None

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


def _under(content: Content, *, mind_map: bool = True, figures: bool = True) -> Laid:
    """Map on top over the whole width, everything else beneath it; the map grows until its names find room."""
    page, top, bottom = open_page(content)
    width, shown = content.width, content.mind_map if mind_map else None
    rooms = [
        (bottom - top - height_of_stack(stack, 3.0, 1.2) - 2.4, stack) for stack in _stacks(content, shown, figures)
    ]
    wide = [place for place, (high, _) in enumerate(rooms) if high >= width * WIDE_ENOUGH]
    first = rooms[wide[0]] if wide else max(rooms, key=lambda one: one[0])
    higher = sorted((one for one in rooms if one[0] > first[0]), key=lambda one: one[0])
    for map_height, stack in (first, *higher):
        if shown and map_height < width * LOWEST:
            raise SheetFull(part="map", need=f"{width * LOWEST:.0f}", room=f"{map_height:.0f}")
        try:
            drawn = _map(content, page, (content.paper.margin, top), (width, map_height))
        except NoRoom as error:
            failed = error
            continue
        stack = told_of_key(stack, content, drawn)
        page.stack(stack, content.paper.margin, top + map_height + 2.4, gaps_of(stack, section=3.0, rest=1.2))
        return Laid([close(page, content)], [drawn])
    raise failed


def _stacks(content: Content, mind_map: MindMap | None, with_figures: bool) -> list[Parts]:
    """Return what stands beneath a map, its figures in one table to four side by side. Raises SheetFull for none."""
    width = content.width
    figures = figure_words(content.paper, content.area_map) if with_figures else None
    tree = tree_parts(content, mind_map, width) if mind_map else []
    plan = plan_parts(content, mind_map, width) if mind_map else []
    fewest = 2 if len(content.area_map.names) > MANY and width > WIDE else 1
    found = []
    for columns in range(fewest, 5):
        try:
            found.append([*column_parts(content, figures, tree, width, columns), *plan])
        except TooNarrow:
            continue
    if not found:
        raise SheetFull(part="figures", need="?", room=f"{width:.0f}")
    return found
