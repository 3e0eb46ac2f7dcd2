"""A province's map on paper: UTM, a round scale, every district labelled or numbered, legend and corner on the map."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.messages import text
from mapping import labels as words_of
from mapping.area_map import AreaMap
from mapping.geography import SEAS
from mapping.legends import number
from mapping.sheet.canvas import Canvas
from mapping.sheet.fills import colour_of, fill_key, is_dark, paint
from mapping.sheet.furniture import (
    BAND, draw_frame, draw_graticule, inner, locator, north_arrow, scale_bar, spacing,
)  # fmt: skip
from mapping.sheet.ground import Ground
from mapping.sheet.legend import draw_legend
from mapping.sheet.paper import PT, Paper
from mapping.sheet.placing import Field, Label, NoRoom, Spot, find_inside, heart, largest, line_pitch, place_all
from mapping.sheet.view import View, extent, round_scales, utm, utm_zone, view_around
from mapping.styles import TOKENS
from mapping.thai_text import runs

MOST_CIRCLES = 20
"""On maps of more areas that show rates, counts stand in the table alone."""
CIRCLE_SIZES = (1.0, 0.75, 0.55)
"""Where circles and names do not find room, the circles are drawn smaller before they are left to the table."""
SMALL_SIZES = (0.55, 0.4, 0.28, 0.2)
"""Sizes of circles beside numbers, on maps of counts, which are nothing without circles."""
BIGGEST = {"A3": 6.2, "A4": 4.4}
"""Radius of the largest circle in mm."""
CLEAR = 1.6
"""Distance in mm that panels keep from the areas."""
Panel = tuple[float, float, float, float]
"""Left, top, right, bottom of a block that stands on the map."""
LEGEND_ROOMS = (1000.0, 105.0, 60.0)
"""Widths that a legend on the map is tried in: lying, in two rows, upright."""
CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))
FINEST = 0.05
"""What is finer than this on paper, in mm, is not drawn."""
SMALL_ISLAND = 12.0
"""In mm²."""
CASING, BORDER, OUTLINE = 0.55, 0.2, 0.55


@dataclass(frozen=True)
class DrawnMap:
    """A map as it was drawn, with what its words and checks need: view, zone, where labels stand, their fills."""

    canvas: Canvas
    view: View
    zone: int | None
    spots: tuple[Spot, ...]
    unit: float
    """Radius in mm of one case's circle, 0 where counts stand in the table alone."""

    @property
    def keyed(self) -> bool:
        """Whether numbers stand for some names."""
        return any(spot.keyed for spot in self.spots)


def draw_province(
    paper: Paper, area_map: AreaMap, ground: Ground, width: float, height: float, *, legend: bool = True
) -> DrawnMap:
    """Draw the areas of a map; with circles where all find a place, else with labels alone. Raises NoRoom.

    Without `legend` it stands elsewhere on the sheet.
    """
    tries = [(size, False) for size in CIRCLE_SIZES if len(area_map.names) <= MOST_CIRCLES or not area_map.filled]
    tries += [(0.0, True)] if area_map.filled else [(size, True) for size in SMALL_SIZES]
    for size, numbers in tries:
        try:
            return _Sheet(paper, area_map, ground, width, height, circles=size, numbers=numbers, legend=legend).draw()
        except NoRoom as error:
            failed = error
    raise failed


def circle_unit(paper: Paper, area_map: AreaMap, size: float) -> float:
    """Return the radius in mm of the circle of one case, so that the largest has its size."""
    most = max([figure.cases or 0 for figure in area_map.figures.rows()] + [*area_map.legend.sizes, 0])
    return size * BIGGEST[paper.name] / most**0.5 if most else 0.0


class _Sheet:
    """The drawing of one map, step by step; a value that its steps share."""

    def __init__(
        self, paper: Paper, area_map: AreaMap, ground: Ground, width: float, height: float, *, circles: float,
        numbers: bool, legend: bool,
    ) -> None:  # fmt: skip
        self.with_legend = legend
        self.paper, self.map, self.ground = paper, area_map, ground
        self.numbers = numbers
        self.unit = circle_unit(paper, area_map, circles)
        self.zone = utm_zone(float(shapely.union_all(list(ground.areas.values())).centroid.x))
        self.canvas = Canvas(paper, width, height)
        self.view, self.legend, self.panels = self._arranged()
        codes = list(ground.areas)
        placed = self.view.place(np.array([ground.areas[code] for code in codes], dtype=object))
        placed = shapely.coverage_simplify(placed, FINEST)
        self.areas: dict[str, BaseGeometry] = dict(zip(codes, placed, strict=True))
        self.outline = shapely.coverage_union_all(list(placed))

    # ---- where everything goes

    def _arranged(self) -> tuple[View, Canvas, list[Panel]]:
        """Return the largest round scale at which a legend and the corner leave the areas free, and where they do."""
        crs = utm(self.zone)
        bounds = extent(self.ground.areas.values(), crs)
        room_x, room_y = self.canvas.width - 2 * BAND, self.canvas.height - 2 * BAND
        least = max((bounds[2] - bounds[0]) / (room_x - 4), (bounds[3] - bounds[1]) / (room_y - 4)) * 1000
        whole = shapely.union_all(list(self.ground.areas.values()))
        drawn = [
            draw_legend(self.paper, self.map, circles=self.unit, room=room) for room in LEGEND_ROOMS
        ]
        drawn = drawn if self.with_legend else [Canvas(self.paper, 0, 0)]
        for scale in round_scales(least):
            view = view_around(bounds, crs, scale, self.canvas.width, self.canvas.height)
            shape = shapely.simplify(view.place(whole), 0.3).buffer(CLEAR)
            shapely.prepare(shape)
            for legend in drawn:
                found = self._free_corners(shape, legend)
                if found:
                    return view.moved(*found[0]), legend, found[1]
        raise AssertionError("scales never end")

    def _free_corners(self, shape: BaseGeometry, legend: Canvas) -> tuple[tuple[float, float], list[Panel]] | None:
        """Return how far the areas are moved, and the panels of legend and corner, with nothing covered."""
        left, top, right, bottom = shape.bounds
        room_x, room_y = self.canvas.width - 2 * BAND, self.canvas.height - 2 * BAND
        slack_x, slack_y = (room_x - (right - left)) / 2, (room_y - (bottom - top)) / 2
        moves = [(x, y) for y in _steps(slack_y) for x in _steps(slack_x)]
        moves.sort(key=lambda move: abs(move[0]) + abs(move[1]))
        legends = self._free(shape, moves, (legend.width, legend.height))
        corners = self._free(shape, moves, corner_size(self.paper))
        for place, move in enumerate(moves):
            for one, other in product(CORNERS, CORNERS):
                if one == other or not (legends[one][place] and corners[other][place]):
                    continue
                panels = [self._corner(one, (legend.width, legend.height)), self._corner(other, corner_size(self.paper))]
                if not shapely.box(*panels[0]).buffer(2).intersects(shapely.box(*panels[1])):
                    return move, panels
        return None

    def _free(
        self, shape: BaseGeometry, moves: Sequence[tuple[float, float]], size: tuple[float, float]
    ) -> dict[tuple[int, int], Any]:
        """Say for each corner and move whether a panel of a size covers nothing of the moved areas."""
        found = {}
        for corner in CORNERS:
            left, top, right, bottom = self._corner(corner, size)
            x, y = np.array(moves).T
            # the panel is moved the other way, so that the prepared shape stays
            boxes = shapely.box(left - x, top - y, right - x, bottom - y)
            found[corner] = ~shapely.intersects(shape, boxes)
        return found

    def _corner(self, place: tuple[int, int], size: tuple[float, float]) -> Panel:
        x = BAND if place[0] == 0 else self.canvas.width - BAND - size[0]
        y = BAND if place[1] == 0 else self.canvas.height - BAND - size[1]
        return (x, y, x + size[0], y + size[1])

    # ---- drawing

    def draw(self) -> DrawnMap:
        """Draw everything from the ground up."""
        step = spacing(self.view)
        others = self._surroundings(step)
        for code, shape in self.areas.items():
            paint(self.canvas, shape, self.map.symbol(code), colour_of(self.map, code))
            key = fill_key(self.map, code)
            self.canvas.fills[key] = self.canvas.fills.get(key, 0) + 1
        edges = shapely.union_all(shapely.boundary(list(self.areas.values()))).difference(self.outline.boundary)
        self.canvas.path(edges, stroke=TOKENS["paper"], line=CASING)
        self.canvas.path(edges, stroke=TOKENS["border"], line=BORDER)
        for part in shapely.get_parts(self.outline):  # a thick line would blot small islands out
            self.canvas.path(part, stroke=TOKENS["ink"], line=OUTLINE if part.area > SMALL_ISLAND else BORDER)
        spots, field = self._labels(shapely.union_all([edges, self.outline.boundary]))
        self._around(field, others)
        draw_frame(self.canvas, self.view, step)
        self.canvas.paste(self.legend, *self.panels[0][:2])
        self.canvas.paste(self._corner_block(step), *self.panels[1][:2])
        return DrawnMap(self.canvas, self.view, self.zone, tuple(spots), self.unit)

    def _surroundings(self, step: int) -> dict[str, BaseGeometry]:
        """Draw sea, land abroad, neighbours and graticule; return what may be named around the areas."""
        window = inner(self.canvas.width, self.canvas.height)
        self.canvas.path(window, fill=TOKENS["sea"])
        west, south, east, north = self.view.window
        seen = (west - 0.1, south - 0.1, east + 0.1, north + 0.1)
        named: dict[str, BaseGeometry] = {}
        land = [self.outline]
        for name, shape in self.ground.lands_abroad(seen):
            part = shapely.make_valid(self.view.place(shape)).intersection(window)
            self.canvas.path(part, fill=TOKENS["far"], stroke="#B9B3A6", line=0.2)
            named["far " + name] = part
        for code, (name, shape) in self.ground.provinces.items():
            if code != self.map.area.code and shape.intersects(shapely.box(*seen)):
                part = shapely.clip_by_rect(self.view.place(shape), *window.bounds)
                if code == self.map.area.code[:2]:  # the province around a district
                    part = part.difference(self.outline)
                self.canvas.path(part, fill=TOKENS["near"], stroke="#9AA5AE", line=0.22)
                named["near " + name] = part
                land.append(part)
        own = shapely.union_all(land)
        for name, part in list(named.items()):
            if name.startswith("far "):
                named[name] = part.difference(own)
                land.append(part)
        water = window.difference(shapely.union_all(land))
        for sea in SEAS:
            around = self.view.place(shapely.Polygon(sea.around))
            named["sea " + sea.name] = water.intersection(around)
        draw_graticule(self.canvas, self.view, step)
        return named

    def _labels(self, edges: BaseGeometry) -> tuple[list[Spot], Field]:
        window = inner(self.canvas.width, self.canvas.height).buffer(-1)
        taken = [shapely.box(*panel).buffer(1) for panel in self.panels if panel[2] > panel[0]]
        land = shapely.simplify(self.outline, 0.2)
        field = Field(self.paper, window, land, shapely.simplify(edges, 0.1), taken)
        wanted = [self._label(i, code) for i, code in enumerate(self.map.names, start=1)]
        spots = place_all(field, wanted, numbers=self.numbers)
        for spot in sorted(spots, key=lambda one: -one.radius):
            self._draw_spot(spot)
        return spots, field

    def _label(self, place: int, code: str) -> Label:
        figure, sizes = self.map.figure(code), self.paper.sizes
        names = {shape.code: shape.name for shape in self.map.shapes}
        value = (short_value(self.map, code), sizes["value"], 600 if figure.value else 400)
        named = [(part, sizes["label"], 700) for part in parted(names[code])]
        radius = self.unit * (figure.cases or 0) ** 0.5
        return Label(
            code,
            shapely.simplify(largest(self.areas[code]), 0.1),
            ((names[code], sizes["label"], 700), value),
            (str(place), sizes["value"], 700),
            radius,
            (*named, value) if len(named) > 1 else (),
        )

    def _draw_spot(self, spot: Spot) -> None:
        """Draw a label with its leader and circle; on patterns and beside areas it has a ground of its own."""
        code, canvas = spot.label.code, self.canvas
        white = is_dark(self.map, code) and spot.tip is None
        ink = TOKENS["paper"] if white else TOKENS["ink"]
        head = 2 * spot.radius + 0.7 if spot.radius and spot.tip is None else 0.0
        top = spot.y - spot.height / 2 + head
        if spot.tip is not None:
            canvas.line([spot.point, spot.tip], TOKENS["ink"], 0.22)
            if not spot.radius:
                canvas.circle(*spot.point, 0.5, fill=TOKENS["ink"])
        if spot.tip is not None or self.map.symbol(code) not in ("class", "zero", "plain"):
            ground = colour_of(self.map, code)
            if spot.tip is not None:
                ground = TOKENS["paper"]
            half = spot.width / 2 + 0.5
            box = (spot.x - half, top - 0.2, spot.x + half, spot.y + spot.height / 2 + 0.3)
            canvas.rectangle(box, 0.6, fill=ground, opacity=0.88 if spot.tip is None or spot.keyed else 0.7)
        radius = spot.label.radius
        if radius:
            x, y = (spot.x, spot.y) if spot.tier == "number" else spot.point
            canvas.circle(x, y, radius, fill=TOKENS["paper"], stroke=TOKENS["ink"], line=0.25, opacity=0.92)
            canvas.marks.append((f"area {code}", shapely.points(x, y).buffer(radius)))
            if not spot.keyed:
                self._count(code, x, y, radius)
        for words, size, weight in spot.lines:
            base = top + line_pitch(size) * 0.5 + size * PT * 0.36
            canvas.text(spot.x, base, words, size, weight, ink, what=f"area {code}")
            top += line_pitch(size)

    def _count(self, code: str, x: float, y: float, radius: float) -> None:
        """Write the count into its circle where it fits."""
        words = number(self.map.figure(code).cases or 0)
        for size in (self.paper.sizes["note"], self.paper.sizes["degrees"]):
            if self.map.filled and self.paper.width_of(words, size, 600) < 1.7 * radius:
                self.canvas.text(x, y + size * PT * 0.34, words, size, 600, what=f"area {code}")
                return

    def _around(self, field: Field, named: dict[str, BaseGeometry]) -> None:
        """Name neighbours, countries and seas where there is room."""
        size = self.paper.sizes["near"]
        for key, shape in named.items():
            kind, _, name = key.partition(" ")
            free = largest(shape.intersection(field.window))
            if not name or free.geom_type != "Polygon" or free.is_empty:
                continue
            width, height = self.paper.width_of(name, size), line_pitch(size)
            spot = find_inside(free, width, height, field.taken, 1.0)
            if spot:
                self.canvas.text(*_base(spot, size), name, size, 400, TOKENS[f"{kind}-ink"], what="around")
                half = width / 2
                field.taken.append(shapely.box(spot[0] - half, spot[1] - height / 2, spot[0] + half, spot[1] + height / 2))

    def _corner_block(self, step: int) -> Canvas:
        """Draw where the province lies, north, the scale as number and bar, and the coordinate system."""
        sizes = self.paper.sizes
        width, height = corner_size(self.paper)
        block = Canvas(self.paper, width, height)
        block.rectangle((0, 0, width, height), fill=TOKENS["paper"], stroke=TOKENS["ink"], line=0.22)
        picture = locator(self.paper, self.ground, self.map.area.code, height - 3)
        block.paste(picture, 2, 1.5)
        left = 2 + picture.width + 3
        block.text(left, 7, f"1:{self.view.scale:,.0f}", sizes["heading"], 700, anchor="start", what="scale")
        lines = (text("sheet.utm", zone=self.zone).th, text("sheet.lines", step=_step_text(step)).th)
        for place, line in enumerate(lines):
            y = 7 + (place + 1) * sizes["note"] * PT * 1.55
            block.text(left, y, line, sizes["note"], colour=TOKENS["ink-2"], anchor="start", what="scale")
        north_arrow(block, width - 6, 10.2)
        scale_bar(block, self.view, left + 1, height - 3.4, width - left - 3)
        return block


def corner_size(paper: Paper) -> tuple[float, float]:
    """Return the size of the block with scale and north arrow."""
    return (76, 30) if paper.large else (68, 27)


def parted(name: str) -> tuple[str, ...]:
    """Part a long name in two where one may: after เมือง, else between words of even length."""
    if name.startswith("เมือง") and len(name) > 8:
        return ("เมือง", name.removeprefix("เมือง"))
    found = runs(name)
    if len(found) < 2 or len(name) < 11:
        return (name,)
    cut = min(range(1, len(found)), key=lambda at: abs(len("".join(found[:at])) * 2 - len(name)))
    return ("".join(found[:cut]).strip(), "".join(found[cut:]).strip())


def short_value(area_map: AreaMap, code: str) -> str:
    """Return the words under an area's name: the value, a dagger beside an unstable one, or why there is none."""
    figure, table = area_map.figure(code), area_map.figures
    if figure.state == "unstable" and figure.value is not None:
        return f"{number(figure.value)}†"
    return words_of.value_text(figure, table)


def _steps(slack: float) -> Iterator[float]:
    """Yield moves from the middle outwards."""
    slack = max(slack - 0.5, 0)
    yield 0.0
    for share in range(1, 9):
        yield from (share / 8 * slack, -share / 8 * slack)


def _step_text(minutes: int) -> str:
    return f"{minutes // 60}°" if minutes % 60 == 0 else f"{minutes}′"


def _base(spot: tuple[float, float], size: float) -> tuple[float, float]:
    return spot[0], spot[1] + size * PT * 0.36


