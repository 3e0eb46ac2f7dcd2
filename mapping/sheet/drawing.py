"""What the maps of a sheet have in common: sea and neighbours, areas with their borders, labels, names around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.area_map import AreaMap
from mapping.geography import SEAS
from mapping.legends import number
from mapping.sheet.badges import GAP, badges, draw_badge, radius_of
from mapping.sheet.canvas import Canvas
from mapping.sheet.fills import colour_of, fill_key, is_dark, paint
from mapping.sheet.furniture import draw_graticule, inner
from mapping.sheet.ground import Ground
from mapping.sheet.paper import PT, Paper
from mapping.sheet.places import find_inside, largest
from mapping.sheet.placing import FRAME, Field, Spot, line_pitch
from mapping.sheet.view import View, whole_of
from mapping.styles import TOKENS

BIGGEST, BIGGEST_A4 = 6.2, 4.4
"""Radius of the largest circle in mm."""
SMALL_SIZES = (0.55, 0.4, 0.28, 0.2)
"""Sizes of circles beside numbers, on maps of counts, which are nothing without circles."""
SMALL_ISLAND = 12.0
"""In mm²: a thick outline would blot smaller ones out."""
Around = dict[tuple[str, str], BaseGeometry]
"""What may be named around the areas: ("near", "far" or "sea", name) and where, in mm."""


@dataclass(frozen=True)
class Weights:
    """Lines of a map in mm: the white casing under borders, borders, outline, leaders; and what is too fine to draw."""

    casing: float
    border: float
    outline: float
    leader: float
    finest: float
    frame: float
    """Line around a number that stands for a name, so that nobody takes it for a value; 0 where none are shown."""


PROVINCE = Weights(casing=0.55, border=0.2, outline=0.55, leader=0.22, finest=0.05, frame=0.15)
COUNTRY = Weights(casing=0.34, border=0.14, outline=0.28, leader=0.16, finest=0.1, frame=0.0)


@dataclass(frozen=True)
class DrawnMap:
    """A map as it was drawn, with what its words and checks need: view, zone, where labels stand."""

    canvas: Canvas
    view: View
    zone: int | None
    spots: tuple[Spot, ...]
    unit: float
    """Radius in mm of one case's circle, 0 where counts stand in the table alone."""


def circle_unit(paper: Paper, area_map: AreaMap, size: float) -> float:
    """Return the radius in mm of the circle of one case, so that the largest has its size; 0 without any case."""
    most = max([figure.cases or 0 for figure in area_map.figures.rows()] + [*area_map.legend.sizes, 0])
    return size * (BIGGEST if paper.large else BIGGEST_A4) / most**0.5 if most else 0.0


def placed_areas(ground: Ground, view: View, weights: Weights) -> dict[str, BaseGeometry]:
    """Return the areas in mm, as one coverage without what is too fine to be seen."""
    codes = list(ground.areas)
    shapes = view.place(np.array([ground.areas[code] for code in codes], dtype=object))
    return dict(zip(codes, shapely.coverage_simplify(shapes, weights.finest), strict=True))


def draw_surroundings(
    canvas: Canvas, view: View, ground: Ground, own: BaseGeometry, code: str, weights: Weights, step: int
) -> Around:
    """Draw sea, lands abroad, provinces around and the graticule; `own` are the areas of `code`, in mm."""
    window = inner(canvas.width, canvas.height)
    west, south, east, north = view.window
    seen = (west - 0.1, south - 0.1, east + 0.1, north + 0.1)
    canvas.path(window, fill=TOKENS["sea"])
    abroad = {}
    for name, shape in ground.lands_abroad(seen):
        part = shapely.make_valid(shapely.simplify(view.place(shape), weights.finest)).intersection(window)
        canvas.path(part, fill=TOKENS["far"], stroke="#B9B3A6", line=0.2)
        abroad[name] = part
    near = {} if code == "TH" else _neighbours(canvas, view, ground, own, code)
    named: Around = {("near", name): part for name, part in near.items()}
    country = shapely.union_all([own, *near.values()])
    named |= {("far", name): part.difference(country) for name, part in abroad.items()}
    water = window.difference(shapely.union_all([country, *abroad.values()]))
    for sea in SEAS:
        named["sea", sea.name] = water.intersection(view.place(shapely.Polygon(sea.around)))
    draw_graticule(canvas, view, step)
    return named


def _neighbours(canvas: Canvas, view: View, ground: Ground, own: BaseGeometry, code: str) -> dict[str, BaseGeometry]:
    """Draw the provinces around; one that a district lies in shows what is left of it."""
    window, seen, found = inner(canvas.width, canvas.height), shapely.box(*view.window).buffer(0.1), {}
    for other, (name, shape) in ground.provinces.items():
        if other == code or not shape.intersects(seen):
            continue
        part = shapely.clip_by_rect(view.place(shape), *window.bounds)
        if other == code[:2]:
            part = part.difference(own)
        canvas.path(part, fill=TOKENS["near"], stroke="#9AA5AE", line=0.22)
        found[name] = part
    return found


@dataclass(frozen=True)
class Land:
    """Areas in mm by code, their common outline, the borders between them."""

    areas: Mapping[str, BaseGeometry]
    outline: BaseGeometry
    edges: BaseGeometry

    @cached_property
    def lines(self) -> BaseGeometry:
        """Every line that a label must stay off."""
        return shapely.union_all([self.edges, self.outline.boundary])

    @cached_property
    def coast(self) -> BaseGeometry:
        """The outline in no more detail than placing labels needs."""
        return shapely.simplify(self.outline, 0.2)

    @cached_property
    def off(self) -> BaseGeometry:
        """The lines in no more detail than placing labels needs."""
        return shapely.simplify(self.lines, 0.1)


def land_of(areas: Mapping[str, BaseGeometry]) -> Land:
    """Return areas with their outline and borders, each border once."""
    outline = whole_of(areas.values())
    edges = shapely.union_all(shapely.boundary(list(areas.values()))).difference(outline.boundary)
    return Land(areas, outline, edges)


def draw_areas(canvas: Canvas, area_map: AreaMap, land: Land, weights: Weights) -> None:
    """Fill the areas and draw every border once."""
    for code, shape in land.areas.items():
        paint(canvas, shape, area_map.symbol(code), colour_of(area_map, code))
        key = fill_key(area_map, code)
        canvas.fills[key] = canvas.fills.get(key, 0) + 1
    canvas.path(land.edges, stroke=TOKENS["paper"], line=weights.casing)
    canvas.path(land.edges, stroke=TOKENS["border"], line=weights.border)
    for part in shapely.get_parts(land.outline):
        line = weights.outline if part.area > SMALL_ISLAND else weights.border
        canvas.path(part, stroke=TOKENS["ink"], line=line)


def draw_spot(canvas: Canvas, area_map: AreaMap, spot: Spot, weights: Weights) -> None:
    """Draw a label with its leader and circle; on patterns and beside areas it has a ground of its own."""
    code = spot.label.code
    white = is_dark(area_map, code) and spot.tip is None and not (spot.keyed and weights.frame)
    ink = TOKENS["paper"] if white else TOKENS["ink"]
    top = spot.y - spot.height / 2 + (2 * spot.radius + 0.7 if spot.radius and spot.tip is None else 0.0)
    if spot.tip is not None:
        canvas.line([spot.point, spot.tip], TOKENS["ink"], weights.leader)
        canvas.marks.append((f"area {code}", shapely.linestrings([spot.point, spot.tip]).buffer(0.15)))
        if not spot.radius:
            canvas.circle(*spot.point, 2.2 * weights.leader, fill=TOKENS["ink"])
    half, bottom = spot.width / 2, spot.y + spot.height / 2
    if spot.keyed and weights.frame:
        half = canvas.paper.width_of(*spot.lines[0]) / 2 + FRAME / 2
        box = (spot.x - half, top + 0.15, spot.x + half, bottom - 0.1)
        canvas.rectangle(box, 0.5, fill=TOKENS["paper"], stroke=TOKENS["ink"], line=weights.frame)
    halo = _halo(area_map, spot, framed=bool(spot.keyed and weights.frame))
    if spot.label.radius:
        _circle(canvas, area_map, spot)
    if spot.lifted:
        _badge(canvas, area_map, spot, spot.x + radius_of(canvas.paper) + GAP, top + radius_of(canvas.paper))
        top += spot.label.badge
    for place, (words, size, weight) in enumerate(spot.lines):
        middle, x = top + line_pitch(size) * 0.5, spot.x
        if place == 0 and spot.label.badge and not spot.keyed and not spot.lifted:
            x += spot.label.badge / 2
            _badge(canvas, area_map, spot, x - canvas.paper.width_of(words, size, weight) / 2, middle)
        canvas.text(x, middle + size * PT * 0.36, words, size, weight, ink, what=f"area {code}", halo=halo)
        top += line_pitch(size)


def _halo(area_map: AreaMap, spot: Spot, *, framed: bool) -> str:
    """Return the colour of a label's rim: on a pattern its ground, beside the areas white, elsewhere none."""
    if framed:
        return ""
    if spot.tip is not None:
        return TOKENS["paper"]
    code = spot.label.code
    return colour_of(area_map, code) if area_map.symbol(code) not in ("class", "zero", "plain") else ""


def _badge(canvas: Canvas, area_map: AreaMap, spot: Spot, right: float, y: float) -> None:
    """Draw the badge of an area's plan before its name."""
    radius, state = radius_of(canvas.paper), badges(area_map)[spot.label.code]
    draw_badge(canvas, right - GAP - radius, y, state, radius, f"area {spot.label.code}")
    canvas.badges[state] = canvas.badges.get(state, 0) + 1


def _circle(canvas: Canvas, area_map: AreaMap, spot: Spot) -> None:
    """Draw an area's circle, its count in it where it fits and no number stands there."""
    code, radius, paper = spot.label.code, spot.label.radius, canvas.paper
    x, y = spot.point
    canvas.circle(x, y, radius, fill=TOKENS["paper"], stroke=TOKENS["ink"], line=0.25, opacity=0.92)
    canvas.marks.append((f"area {code}", shapely.points(x, y).buffer(radius)))
    words = number(area_map.figure(code).cases or 0)
    for size in (paper.sizes["note"], paper.sizes["degrees"]) if area_map.filled and not spot.keyed else ():
        if paper.width_of(words, size, 600) < 1.7 * radius:
            canvas.text(x, y + size * PT * 0.34, words, size, 600, what=f"area {code}")
            return


def name_around(canvas: Canvas, field: Field, named: Around) -> None:
    """Name neighbours, countries and seas where there is room."""
    size = canvas.paper.sizes["near"]
    for (kind, name), shape in named.items():
        free = largest(shapely.simplify(shape, 0.3).intersection(field.window))
        if not name or free.geom_type != "Polygon" or free.is_empty:
            continue
        width, height = canvas.paper.width_of(name, size), line_pitch(size)
        place = find_inside(free, width, height, field.taken, 1.0)
        if place:
            x, y = place
            colour = TOKENS[f"{kind}-ink"]
            canvas.text(x, y + size * PT * 0.36, name, size, 400, colour, what="around", halo=TOKENS[kind])
            field.taken.append(shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
