"""What an area is filled with on paper: the colours and patterns of the screen, the patterns as plain lines and dots.

Plain geometry is drawn alike by every viewer and printer, and is cut exactly at the border.
"""

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.area_map import AreaMap
from mapping.sheet.canvas import Box, Canvas
from mapping.styles import BETWEEN, DARK_PLACES, RAMP, TOKENS

GROUNDS = {"no_data": "#F4F4F3", "hidden": "#E9EDF1", "left_out": "#FBFAF7"}
MARKS = {"no_data": "#97A0A8", "hidden": "#5F6F7E", "left_out": "#8A7F6C", "unstable": "#FFFFFF"}
GAPS = {"no_data": 1.5, "hidden": 1.5, "left_out": 1.9, "unstable": 1.9}
"""Distance of lines and dots in mm."""


def colour_of(area_map: AreaMap, code: str) -> str:
    """Return the flat colour of an area, which a pattern may be drawn over."""
    symbol, level = area_map.symbol(code), area_map.classes.get(code)
    if symbol in ("class", "unstable") and level is not None:
        return ramp_colour(area_map.legend.ramp[level])
    return GROUNDS.get(symbol, TOKENS["paper"])


def ramp_colour(place: int) -> str:
    """Return the colour of a place in the ramp."""
    return RAMP[place] if place < len(RAMP) else BETWEEN[place]


def fill_key(area_map: AreaMap, code: str) -> str:
    """Name what the legend says of an area's fill: a class by its number, or the symbol beside the classes."""
    symbol = area_map.symbol(code)
    return f"class {area_map.classes[code]}" if symbol == "class" else symbol


def is_dark(area_map: AreaMap, code: str) -> bool:
    """Say whether text on an area must be white."""
    level = area_map.classes.get(code)
    return area_map.symbol(code) in ("class", "unstable") and level is not None and (
        area_map.legend.ramp[level] in DARK_PLACES
    )  # fmt: skip


def paint(canvas: Canvas, shape: BaseGeometry, symbol: str, colour: str) -> None:
    """Fill a shape, in mm."""
    canvas.path(shape, fill=colour)
    mark = MARKS.get(symbol)
    if mark is None:
        return
    if symbol in ("no_data", "unstable"):
        canvas.path(hatch(shape, GAPS[symbol]), stroke=mark, line=0.22 if symbol == "no_data" else 0.5)
    elif symbol == "hidden":
        canvas.path(dots(shape, GAPS[symbol]), fill=mark)
    else:
        canvas.path(crosses(shape, GAPS[symbol]), stroke=mark, line=0.22)


def swatch(canvas: Canvas, box: Box, symbol: str, colour: str) -> None:
    """Draw the small box of a legend's entry, filled as the areas are."""
    paint(canvas, shapely.box(*box), symbol, colour)
    canvas.rectangle(box, stroke=TOKENS["edge"], line=0.18)


def hatch(shape: BaseGeometry, gap: float) -> BaseGeometry:
    """Return rising lines within a shape; those of neighbours meet."""
    left, top, right, bottom = shape.bounds
    step = gap * math.sqrt(2)
    sums = np.arange(math.floor((left + top) / step) * step, right + bottom + step, step)
    lines = [[(left - 1, s - left + 1), (right + 1, s - right - 1)] for s in sums]
    return shapely.multilinestrings(lines).intersection(shape)


def dots(shape: BaseGeometry, gap: float, radius: float = 0.21) -> BaseGeometry:
    """Return dots within a shape, whole ones only."""
    inner = shape.buffer(-radius)
    spots = _lattice(shape, gap)
    return shapely.multipolygons(shapely.buffer(shapely.points(spots[_within(inner, spots)]), radius, quad_segs=3))


def crosses(shape: BaseGeometry, gap: float, half: float = 0.38) -> BaseGeometry:
    """Return small crosses within a shape, whole ones only."""
    spots = _lattice(shape, gap)
    kept = spots[_within(shape.buffer(-half * 1.4), spots)]
    ends = [((x - half, y - half), (x + half, y + half)) for x, y in kept]
    ends += [((x - half, y + half), (x + half, y - half)) for x, y in kept]
    return shapely.multilinestrings(ends)


def _within(shape: BaseGeometry, spots: np.ndarray) -> np.ndarray:
    shapely.prepare(shape)
    return np.asarray(shapely.contains_xy(shape, spots[:, 0], spots[:, 1]))


def _lattice(shape: BaseGeometry, gap: float) -> np.ndarray:
    left, top, right, bottom = shape.bounds
    columns = np.arange(math.floor(left / gap), right / gap + 1)
    rows = np.arange(math.floor(top / gap), bottom / gap + 1)
    x, y = np.meshgrid(columns * gap, rows * gap)
    return np.column_stack([(x + (rows % 2 * gap / 2)[:, None]).ravel(), y.ravel()])
