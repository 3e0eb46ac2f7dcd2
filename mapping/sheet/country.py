"""The country on paper: an equal-area conic with its graticule, the capital's surroundings enlarged, every province.

Names that do not fit are codes, and the table of all provinces is their key. No scale number, no arrow: neither would
be true across the sheet.
"""

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from mapping.area_map import AreaMap
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import (
    COUNTRY,
    DrawnMap,
    draw_areas,
    draw_spot,
    draw_surroundings,
    land_of,
    name_around,
    placed_areas,
)
from mapping.sheet.furniture import BAND, draw_frame, inner
from mapping.sheet.ground import Ground
from mapping.sheet.paper import Paper
from mapping.sheet.places import largest
from mapping.sheet.placing import Field, Label, place_all
from mapping.sheet.province import parted
from mapping.sheet.view import CONIC, View, extent, view_around
from mapping.styles import TOKENS

AROUND_CAPITAL = ("10", "11", "12", "13", "14", "15", "17", "19", "26", "73", "74", "75")
"""The capital and the small provinces around it, which are named on the inset alone."""
STEP = 120
"""Minutes between the lines of the graticule."""
NAME, CODE, LARGER = 6.6, 6.2, 1.3
"""Sizes of names and codes on the map in pt, and how much larger names are on the inset."""


def draw_country(paper: Paper, area_map: AreaMap, ground: Ground, width: float, height: float, unit: float) -> DrawnMap:
    """Draw all provinces, each by name or code; `unit` is the radius in mm of one case's circle."""
    canvas = Canvas(paper, width, height)
    view = _fitting_view(list(ground.areas.values()), width, height, BAND + 3)
    areas = placed_areas(ground, view, COUNTRY)
    land = land_of(areas)
    window, coast = inner(width, height).buffer(-0.5), shapely.simplify(land.outline, 0.15)
    field = Field(paper, window, coast, land.lines, [])
    named_here = {code: shape for code, shape in areas.items() if code not in AROUND_CAPITAL} or areas
    spots = place_all(field, _labels(area_map, named_here, unit))
    named = draw_surroundings(canvas, view, ground, land.outline, "TH", COUNTRY, STEP)
    draw_areas(canvas, area_map, land, COUNTRY)
    ring = [areas[code] for code in AROUND_CAPITAL if code in areas]
    canvas.path(shapely.union_all(ring).boundary, stroke=TOKENS["late"], line=0.45)
    for spot in sorted(spots, key=lambda one: -one.label.radius):
        draw_spot(canvas, area_map, spot, COUNTRY)
    name_around(canvas, field, named)
    draw_frame(canvas, view, STEP)
    return DrawnMap(canvas, view, None, tuple(spots), unit)


def draw_inset(paper: Paper, area_map: AreaMap, ground: Ground, size: tuple[float, float], unit: float) -> DrawnMap:
    """Draw the capital and its neighbours enlarged, each by name; the whole country where it has no such provinces."""
    width, height = size
    canvas, window = Canvas(paper, width, height), shapely.box(0.2, 0.2, width - 0.2, height - 0.2)
    inside = {code: shape for code, shape in ground.areas.items() if code in AROUND_CAPITAL} or dict(ground.areas)
    view = _fitting_view(list(inside.values()), width, height, 4)
    placed = {code: shape.intersection(window) for code, shape in placed_areas(ground, view, COUNTRY).items()}
    near = {code: shape for code, shape in placed.items() if not shape.is_empty}
    canvas.path(window, fill=TOKENS["sea"])
    for shape in near.values():
        canvas.path(shape, fill=TOKENS["near"], stroke="#9AA5AE", line=0.18)
    land = land_of({code: near[code] for code in inside})
    draw_areas(canvas, area_map, land, COUNTRY)
    field = Field(paper, window.buffer(-1), shapely.simplify(land.outline, 0.15), land.lines, [])
    spots = place_all(field, _labels(area_map, land.areas, unit, larger=LARGER))
    for spot in spots:
        draw_spot(canvas, area_map, spot, COUNTRY)
    names = {code: name for code, (name, _) in ground.provinces.items()}
    name_around(canvas, field, {("near", names[code]): near[code] for code in near if code not in inside})
    canvas.rectangle((0.2, 0.2, width - 0.2, height - 0.2), stroke=TOKENS["late"], line=0.4)
    return DrawnMap(canvas, view, None, tuple(spots), unit)


def _fitting_view(shapes: list[BaseGeometry], width: float, height: float, margin: float) -> View:
    """Return the view in which shapes fill a window but for a margin."""
    bounds = extent(shapes, CONIC)
    room = (width - 2 * margin, height - 2 * margin)
    scale = max((bounds[2] - bounds[0]) / room[0], (bounds[3] - bounds[1]) / room[1]) * 1000
    return view_around(bounds, CONIC, scale, width, height)


def _labels(
    area_map: AreaMap,
    areas: Mapping[str, BaseGeometry],
    unit: float,
    *,
    larger: float = 1.0,
) -> list[Label]:
    """Return what is to be written of every province: its name, and the code that may stand for it."""
    names, wanted = {shape.code: shape.name for shape in area_map.shapes}, []
    for code, shape in areas.items():
        radius = unit * (area_map.figure(code).cases or 0) ** 0.5
        size = NAME * larger
        two = tuple((part, size, 600) for part in parted(names[code]))
        inside = shapely.simplify(largest(shape), 0.12)
        short = (code, CODE, 700)
        wanted.append(Label(code, inside, ((names[code], size, 600),), short, radius, two if len(two) > 1 else ()))
    return wanted
