"""A map as inline SVG that needs no script: outlines, class fills, patterns of states, circles of counts.

Pure: it is given shapes in degrees (EPSG:4326) and what stands for each, and knows neither figures nor a database.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.styles import BETWEEN, RAMP, TOKENS, Symbol

WIDTH = 1000
"""Units across a drawing: about two for each pixel of a screen."""
MARGIN = 30
"""Units around the outlines of a drawing with marks, within which marks are drawn too."""
BIGGEST = 54
"""Radius of the largest circle, in units of the drawing."""


@dataclass(frozen=True)
class Drawing:
    """Outlines as path data and a point well inside each, by code, on an equal-area projection."""

    width: int
    height: int
    paths: Mapping[str, str]
    points: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class DrawnArea:
    """What stands for an area: its place in the ramp, its name and figure in words, the size 0 to 1 of a circle."""

    code: str
    symbol: Symbol
    place: int | None
    words: str
    href: str | None = None
    size: float = 0.0


def draw(shapes: Sequence[tuple[str, BaseGeometry, float, float]], width: int = WIDTH) -> Drawing:
    """Draw (code, shape, longitude and latitude of a point inside) from above, north up, `width` units across."""
    if not shapes:
        return Drawing(width, width, {}, {})
    place, bottom = projection([shape for _, shape, _, _ in shapes], width)
    drawn = {code: outline(shapely.transform(shape, place)) for code, shape, _, _ in shapes}
    inside = {code: place(np.array([[lon, lat]]))[0] for code, _, lon, lat in shapes}
    return Drawing(width, max(bottom, 1), drawn, {code: (int(x), int(y)) for code, (x, y) in inside.items()})


def projection(shapes: Sequence[BaseGeometry], width: int) -> tuple[Callable[[np.ndarray], np.ndarray], int]:
    """Return how degrees (lon, lat) become units of a drawing of these shapes, and how high the drawing is."""
    west, south, east, north = shapely.total_bounds(shapes)
    middle = math.cos(math.radians((south + north) / 2))
    scale = width / (math.radians(east - west) * middle)

    def place(degrees: np.ndarray) -> np.ndarray:
        """Project by the cylinder that is true at the middle latitude: areas keep their proportions."""
        x = np.radians(degrees[:, 0] - west) * middle
        y = (math.sin(math.radians(north)) - np.sin(np.radians(degrees[:, 1]))) / middle
        return np.rint(np.column_stack([x, y]) * scale).astype(np.int64)

    return place, int(place(np.array([[west, south]]))[0, 1])


def draw_marked(
    shapes: Sequence[tuple[str, BaseGeometry]],
    at: np.ndarray,
    marks: Sequence[tuple[str, str]],
    symbols: Mapping[str, str],
    label: str,
) -> str:
    """Draw named outlines and, at points (lon, lat), marks of a kind with their words.

    `symbols` holds each kind's markup around 0, 0, those that matter most last. Points beyond the outlines are not
    drawn.
    """
    place, bottom = projection([shape for _, shape in shapes], WIDTH)
    outlines = "".join(
        f'<path d="{outline(shapely.transform(shape, place))}"><title>{escape(name)}</title></path>'
        for name, shape in shapes
    )
    known = "".join(f'<g id="mark-{kind}">{shape}</g>' for kind, shape in symbols.items())
    placed = place(at)
    drawn = dict[str, list[str]]()
    for (x, y), (kind, words) in zip(placed.tolist(), marks, strict=True):
        if -MARGIN <= x <= WIDTH + MARGIN and -MARGIN <= y <= bottom + MARGIN:
            use = f'<use href="#mark-{kind}" x="{x}" y="{y}"><title>{escape(words)}</title></use>'
            drawn.setdefault(kind, []).append(use)
    points = "".join("".join(drawn.get(kind, ())) for kind in symbols)
    box = f"{-MARGIN} {-MARGIN} {WIDTH + 2 * MARGIN} {max(bottom, 1) + 2 * MARGIN}"
    return (
        f'<svg class="map" viewBox="{box}" role="img" aria-label="{escape(label)}"><defs>{known}</defs>'
        f'<g fill="{TOKENS["paper"]}" stroke="{TOKENS["edge"]}" stroke-width="1.4" stroke-linejoin="round">{outlines}'
        f"</g>{points}</svg>"
    )


def outline(shape: BaseGeometry) -> str:
    """Return path data; rings that vanish at this size are left out, but of each area something is seen."""
    rings = [
        shapely.get_coordinates(ring).astype(np.int64)
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
    coded = "".join(filter(None, map(_ring, rings)))
    if coded or not rings:
        return coded
    x, y = rings[0][0]
    return f"M{x - 2} {y - 2}h4v4h-4z"


def _ring(points: np.ndarray) -> str:
    steps = np.diff(points, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if len(steps) < 3:
        return ""
    moves = " ".join(f"{x} {y}" for x, y in steps[:-1].tolist())
    return f"M{points[0][0]} {points[0][1]}l{moves.replace(' -', '-')}z"


def to_svg(drawing: Drawing, areas: Iterable[DrawnArea], label: str) -> str:
    """Write the map; every area that has an address is a link that says its words to those who do not see it."""
    areas = list(areas)
    shapes = "".join(_area(drawing, area) for area in areas)
    circles = "".join(_circle(drawing, area) for area in sorted(areas, key=lambda area: -area.size) if area.size > 0)
    return (
        f'<svg class="map" viewBox="-4 -4 {drawing.width + 8} {drawing.height + 8}" role="group"'
        f' aria-label="{escape(label)}">{patterns()}<g stroke="{TOKENS["border"]}" stroke-width="1.4"'
        f' stroke-linejoin="round">{shapes}</g><g class="circles" aria-hidden="true">{circles}</g></svg>'
    )


def _area(drawing: Drawing, area: DrawnArea) -> str:
    words = escape(area.words)
    path = f'<path d="{drawing.paths[area.code]}" fill="{fill(area.symbol, area.place)}"><title>{words}</title></path>'
    if area.href is None:
        return f'<g role="img" aria-label="{words}">{path}</g>'
    return f'<a href="{escape(area.href)}" aria-label="{words}">{path}</a>'


def _circle(drawing: Drawing, area: DrawnArea) -> str:
    x, y = drawing.points[area.code]
    # The area of a circle follows the count; the smallest can still be seen.
    return f'<circle cx="{x}" cy="{y}" r="{max(radius(area.size), 4):.1f}"/>'


def radius(size: float) -> float:
    """Return the radius of a circle in units of the drawing, from its size of 0 to 1."""
    return BIGGEST * math.sqrt(size)


def fill(symbol: Symbol, place: int | None) -> str:
    """Return what an area is filled with; the patterns are those of `patterns`."""
    if symbol == "class":
        return RAMP[place] if place is not None and place < len(RAMP) else BETWEEN.get(place or 0, TOKENS["paper"])
    if symbol == "zero":
        return TOKENS["paper"]
    return f"url(#sm-{symbol})"


def swatch(symbol: Symbol, place: int | None) -> str:
    """Write the small box of a legend's entry."""
    return (
        '<svg class="swatch" width="26" height="15" aria-hidden="true"><rect x=".5" y=".5" width="25" height="14"'
        f' fill="{fill(symbol, place)}" stroke="{TOKENS["edge"]}"/></svg>'
    )


def bar(size: float, symbol: Symbol, place: int | None) -> str:
    """Write a bar of 0 to 1, filled as the area is on the map."""
    return (
        '<svg class="bar" width="120" height="12" viewBox="0 0 120 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect x=".5" y=".5" height="11"'
        f' width="{max(size, 0) * 119:.1f}" fill="{fill(symbol, place)}" stroke="{TOKENS["edge"]}"/></svg>'
    )


def patterns() -> str:
    """Write the patterns of what stands beside the classes, once a page."""
    grounds = {
        "no_data": (7, "#F4F4F3", '<path d="M-1,8L8,-1M-1,1L1,-1M6,8L8,6" stroke="#97A0A8" stroke-width="1.2"/>'),
        "hidden": (8, "#E9EDF1", '<circle cx="2" cy="2" r="1.3"/><circle cx="6" cy="6" r="1.3"/>'),
        "unstable": (8, RAMP[2], '<path d="M-1,1L1,-1M-1,9L9,-1M7,9L9,7" stroke="#fff" stroke-width="1.7"/>'),
        "left_out": (9, "#FBFAF7", '<path d="M1.5,1.5L5.5,5.5M5.5,1.5L1.5,5.5" stroke="#8A7F6C"/>'),
    }
    made = "".join(
        f'<pattern id="sm-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
        f'<rect width="{size}" height="{size}" fill="{ground}"/>{marks}</pattern>'
        for name, (size, ground, marks) in grounds.items()
    )
    return f'<defs fill="{TOKENS["edge"]}">{made}</defs>'
