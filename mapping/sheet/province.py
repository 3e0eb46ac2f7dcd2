"""A map in UTM on paper: a round scale, every area labelled or numbered, legend and corner block on free ground."""

from collections.abc import Mapping, Sequence
from itertools import product

import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.messages import text
from mapping import labels as words_of
from mapping.area_map import AreaMap
from mapping.legends import number
from mapping.sheet.arranging import Arrangement, arrange
from mapping.sheet.badges import GAP, badges, radius_of
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import (
    PROVINCE,
    SMALL_SIZES,
    DrawnMap,
    Land,
    circle_unit,
    draw_areas,
    draw_spot,
    draw_surroundings,
    land_of,
    name_around,
    placed_areas,
)
from mapping.sheet.furniture import draw_frame, inner, locator, north_arrow, scale_bar, spacing
from mapping.sheet.ground import Ground
from mapping.sheet.legend import PAD, draw_legend
from mapping.sheet.paper import PT, Paper
from mapping.sheet.places import largest
from mapping.sheet.placing import Field, Label, NoRoom, Spot, place_all
from mapping.sheet.view import View, utm, utm_zone, whole_of
from mapping.styles import TOKENS
from mapping.thai_text import runs
from mapping.thai_words import split

MOST_CIRCLES = 20
"""On maps of more areas that show rates, counts stand in the table alone."""
CIRCLE_SIZES = (1.0, 0.75, 0.55)
"""Where circles and names do not find room, the circles are drawn smaller before they are left to the table."""
LEGEND_ROOMS = (1000.0, 105.0, 60.0)
"""Widths that a legend on the map is tried in: lying, in two rows, upright."""
LONG_NAME = 11
"""Letters from which on a name may be parted in two."""


def draw_province(
    paper: Paper, area_map: AreaMap, ground: Ground, size: tuple[float, float], *, legend: bool = True
) -> DrawnMap:
    """Draw the areas of a map; with circles where all find a place, else with labels alone. Raises NoRoom.

    Without `legend` it stands elsewhere on the sheet.
    """
    tries = [(each, False) for each in CIRCLE_SIZES if len(area_map.names) <= MOST_CIRCLES or not area_map.filled]
    tries += [(0.0, True)] if area_map.filled else [(each, True) for each in SMALL_SIZES]
    whole, lands = whole_of(ground.areas.values()), {}
    zone = utm_zone(float(whole.centroid.x))
    for circles, numbers in tries:
        unit = circle_unit(paper, area_map, circles)
        legends = _legends(paper, area_map, unit) if legend else [()]
        arranged = arrange(whole, utm(zone), size, legends, corner_size(paper), paper.zoom)
        if arranged.view not in lands:
            lands[arranged.view] = land_of(placed_areas(ground, arranged.view, PROVINCE))
        land = lands[arranged.view]
        field = _field(paper, arranged, land, size)
        try:
            spots = place_all(field, _labels(paper, area_map, land.areas, unit), numbers=numbers)
        except NoRoom as error:
            failed = error
            continue
        canvas = _drawn(paper, area_map, ground, arranged, land, field, spots, zone)
        return DrawnMap(canvas, arranged.view, zone, tuple(spots), unit)
    raise failed


def _field(paper: Paper, arranged: Arrangement, land: Land, size: tuple[float, float]) -> Field:
    """Return what labels are placed on: the window without the panels, the areas and their lines in no more detail."""
    taken = [shapely.box(*panel).buffer(1) for panel in arranged.panels]
    return Field(paper, inner(*size).buffer(-1), land.coast, land.off, taken)


def _drawn(
    paper: Paper,
    area_map: AreaMap,
    ground: Ground,
    arranged: Arrangement,
    land: Land,
    field: Field,
    spots: Sequence[Spot],
    zone: int,
) -> Canvas:
    """Draw everything from the ground up, now that every label has its place."""
    view = arranged.view
    canvas, step = Canvas(paper, view.width, view.height), spacing(view)
    named = draw_surroundings(canvas, view, ground, land.outline, area_map.area.code, PROVINCE, step)
    draw_areas(canvas, area_map, land, PROVINCE)
    for spot in sorted(spots, key=lambda one: -one.label.radius):
        draw_spot(canvas, area_map, spot, PROVINCE)
    name_around(canvas, field, named)
    draw_frame(canvas, view, step)
    corner = _corner_block(paper, ground, area_map.area.code, view, zone, step)
    for block, panel in zip((corner, *arranged.legend), arranged.panels, strict=True):
        canvas.paste(block, *panel[:2])
    return canvas


def _legends(paper: Paper, area_map: AreaMap, unit: float) -> list[Sequence[Canvas]]:
    """Return the forms of the legend: in one block, lying to upright, then in two, fills and marks."""
    whole = [(draw_legend(paper, area_map, circles=unit, room=room),) for room in LEGEND_ROOMS]
    fills = [draw_legend(paper, area_map, circles=0, room=room, part="fills") for room in (1000.0, 60.0)]
    marks = [draw_legend(paper, area_map, circles=unit, room=room, part="marks") for room in (1000.0, 60.0)]
    return [*whole, *(pair for pair in product(fills, marks) if all(one.height > 2 * PAD for one in pair))]


def _labels(paper: Paper, area_map: AreaMap, areas: Mapping[str, BaseGeometry], unit: float) -> list[Label]:
    """Return what is to be written of every area: its name, its value, the number of its row in the table."""
    names, sizes, wanted = {shape.code: shape.name for shape in area_map.shapes}, paper.sizes, []
    for place, code in enumerate(area_map.names, start=1):
        figure = area_map.figure(code)
        value = (short_value(area_map, code), sizes["value"], 600 if figure.value else 400)
        parts = [(part, sizes["label"], 700) for part in parted(names[code])]
        wanted.append(
            Label(
                code,
                shapely.simplify(largest(areas[code]), 0.1),
                ((names[code], sizes["label"], 700), value),
                (str(place), sizes["value"], 700),
                unit * (figure.cases or 0) ** 0.5,
                (*parts, value) if len(parts) > 1 else (),
                2 * radius_of(paper) + GAP if badges(area_map) else 0.0,
            )
        )
    return wanted


def _corner_block(paper: Paper, ground: Ground, code: str, view: View, zone: int, step: int) -> Canvas:
    """Draw where the province lies, north, the scale as number and bar, and the coordinate system."""
    sizes, (width, height) = paper.sizes, corner_size(paper)
    block = Canvas(paper, width, height)
    block.rectangle((0, 0, width, height), fill=TOKENS["paper"], stroke=TOKENS["ink"], line=0.22)
    picture = locator(paper, ground, code, height - 3)
    block.paste(picture, 2, 1.5)
    left = 2 + picture.width + 3
    block.text(left, 7, f"1:{view.scale / paper.zoom:,.0f}", sizes["heading"], 700, anchor="start", what="scale")
    minutes = f"{step // 60}°" if step % 60 == 0 else f"{step}′"
    lines = (text("sheet.utm", zone=zone).th, text("sheet.lines", step=minutes).th)
    for place, line in enumerate(lines, start=1):
        y = 7 + place * sizes["note"] * PT * 1.55
        block.text(left, y, line, sizes["note"], colour=TOKENS["ink-2"], anchor="start", what="scale")
    north_arrow(block, width - 6, 10.2)
    scale_bar(block, view, left + 1, height - 3.4, width - left - 3)
    return block


def corner_size(paper: Paper) -> tuple[float, float]:
    """Return the size of the block with scale and north arrow."""
    return (76, 30) if paper.large else (68, 27)


def parted(name: str) -> tuple[str, ...]:
    """Part a long name in two where one may: after เมือง, else between words of even length."""
    if name.startswith("เมือง") and len(name) > len("เมือง") + 3:
        return ("เมือง", name.removeprefix("เมือง"))
    found = runs(name)
    found = found if len(found) > 1 else tuple(split(name))
    if len(found) < 2 or len(name) < LONG_NAME:
        return (name,)
    cut = min(range(1, len(found)), key=lambda at: abs(len("".join(found[:at])) * 2 - len(name)))
    return ("".join(found[:cut]).strip(), "".join(found[cut:]).strip())


def short_value(area_map: AreaMap, code: str) -> str:
    """Return the words under an area's name: the value, a dagger beside an unstable one, or why there is none."""
    figure, table = area_map.figure(code), area_map.figures
    if figure.state == "unstable" and figure.value is not None:
        return f"{number(figure.value)}†"
    return words_of.value_text(figure, table)
