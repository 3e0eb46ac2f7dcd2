"""What stands around a map: neat line with degrees, graticule, scale bar in true kilometres, north arrow, locator."""

import math
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.messages import text
from mapping.sheet.canvas import Canvas
from mapping.sheet.ground import Ground
from mapping.sheet.paper import PT, Paper
from mapping.sheet.view import CONIC, View, bar_length, extent, view_around, whole_of
from mapping.styles import RAMP, TOKENS

BAND = 3.2
"""Width of the frame that carries the degrees, in mm."""
WIDEST_LOCATOR = 20.0
"""In mm."""
SPACINGS = (2, 5, 10, 15, 20, 30, 60, 120, 300)
"""Minutes between the lines of a graticule."""


def inner(width: float, height: float) -> BaseGeometry:
    """Return the window within a frame."""
    return shapely.box(BAND, BAND, width - BAND, height - BAND)


def spacing(view: View) -> int:
    """Return the minutes between lines that give a map about four of them each way."""
    west, south, east, north = view.window
    wanted = max(east - west, north - south) * 60 / 4.5
    return next((step for step in SPACINGS if step >= wanted), SPACINGS[-1])


def graticule(view: View, step: int) -> Iterator[tuple[str, int, BaseGeometry]]:
    """Yield ("lon" or "lat", minutes, line in mm) for every line of a graticule within the view."""
    west, south, east, north = view.window
    for axis, low, high in (("lon", west, east), ("lat", south, north)):
        for minutes in range(math.floor(low * 60 / step) * step, math.ceil(high * 60) + step, step):
            run = (
                np.linspace(south - 0.2, north + 0.2, 80) if axis == "lon" else np.linspace(west - 0.2, east + 0.2, 80)
            )
            fixed = np.full(run.shape, minutes / 60)
            points = np.column_stack([fixed, run] if axis == "lon" else [run, fixed])
            yield axis, minutes, shapely.linestrings(view.mm(points))


def degrees(minutes: int, axis: str) -> str:
    """Write a longitude or latitude: 99°20′ ต.อ."""
    whole, rest = divmod(minutes, 60)
    side = text("sheet.east" if axis == "lon" else "sheet.north").th
    return f"{whole}°{f'{rest:02d}′' if rest else ''} {side}"


def draw_graticule(canvas: Canvas, view: View, step: int) -> None:
    """Draw the lines across the window."""
    window = inner(canvas.width, canvas.height)
    for _, _, line in graticule(view, step):
        canvas.path(line.intersection(window), stroke="#A9B4BF", line=0.1)


def draw_frame(canvas: Canvas, view: View, step: int) -> None:
    """Cover what lies beyond the window, then draw the neat line, ticks and degrees."""
    width, height = canvas.width, canvas.height
    window = inner(width, height)
    canvas.path(shapely.box(0, 0, width, height).difference(window), fill=TOKENS["paper"])
    canvas.rectangle((0.25, 0.25, width - 0.25, height - 0.25), stroke=TOKENS["ink"], line=0.5)
    canvas.rectangle((BAND, BAND, width - BAND, height - BAND), stroke=TOKENS["ink"], line=0.22)
    size = canvas.paper.sizes["degrees"]
    for axis, minutes, line in graticule(view, step):
        for point in shapely.get_parts(line.intersection(window.boundary)):
            if point.geom_type == "Point":
                _tick(canvas, axis, minutes, point.x, point.y, size)


def _tick(canvas: Canvas, axis: str, minutes: int, x: float, y: float, size: float) -> None:
    words = degrees(minutes, axis)
    half = canvas.paper.width_of(words, size) / 2 + 0.5
    across = y < BAND + 0.01 or y > canvas.height - BAND - 0.01
    if across != (axis == "lon"):
        return
    if across:
        up = y < canvas.height / 2
        canvas.line([(x, y), (x, y + (-1.2 if up else 1.2))], TOKENS["ink"], 0.18)
        if BAND + half + 1 < x + half + 0.7 < canvas.width - BAND - half:
            base = BAND / 2 if up else canvas.height - BAND / 2
            canvas.text(
                x + 0.7, base + size * PT * 0.32, words, size, colour=TOKENS["ink-2"], anchor="start", what="degrees"
            )
        return
    left = x < canvas.width / 2
    canvas.line([(x, y), (x + (-1.2 if left else 1.2), y)], TOKENS["ink"], 0.18)
    if BAND + 2 * half + 1 < y and y < canvas.height - BAND - 1:
        at = BAND / 2 if left else canvas.width - BAND / 2
        canvas.text(at, y - half - 0.3, words, size, colour=TOKENS["ink-2"], what="degrees", turn=-90 if left else 90)


def scale_bar(canvas: Canvas, view: View, x: float, y: float, room: float) -> float:
    """Draw an alternating bar of at most `room` mm whose length is true, and return that length; y is its bottom."""
    unit = text("page.kilometres").th
    size = canvas.paper.sizes["note"]
    room -= canvas.paper.width_of(f" {unit}", size) + 2
    end = bar_length(view, room)
    length, parts = view.km(end), 4 if str(int(end * 1000))[0] in "24" else 5
    parts = 4 if parts == 5 and length < 24 else parts
    for part in range(parts):
        left, right = x + length * part / parts, x + length * (part + 1) / parts
        fill = TOKENS["ink"] if part % 2 == 0 else TOKENS["paper"]
        canvas.rectangle((left, y - 1.3, right, y), fill=fill, stroke=TOKENS["ink"], line=0.15)
    for part in {0, parts // 2 if parts % 2 == 0 else parts, parts}:
        canvas.text(x + length * part / parts, y - 2.2, f"{end * part / parts:g}", size, what="bar")
    last = canvas.paper.width_of(f"{end:g}", size) / 2
    canvas.text(x + length + last + 0.9, y - 2.2, unit, size, anchor="start", what="bar")
    return length


def north_arrow(canvas: Canvas, x: float, y: float, half: float = 4.2) -> None:
    """Draw a two-toned needle with น above; (x, y) is its middle."""
    tip, foot = (x, y - half), (x, y + half * 0.55)
    for side, fill in ((-1, TOKENS["ink"]), (1, TOKENS["paper"])):
        wing = shapely.polygons([tip, foot, (x + side * half * 0.48, y + half)])
        canvas.path(wing, fill=fill, stroke=TOKENS["ink"], line=0.15)
    canvas.text(x, y - half - 0.9, text("page.north").th, canvas.paper.sizes["heading"], 700, what="north")


def locator(paper: Paper, ground: Ground, code: str, height: float) -> Canvas:
    """Draw where an area lies in the country, `height` mm high."""
    bounds = extent(ground.country.values(), CONIC)
    scale = max((bounds[3] - bounds[1]) / (height - 1), (bounds[2] - bounds[0]) / (WIDEST_LOCATOR - 1)) * 1000
    width = (bounds[2] - bounds[0]) * 1000 / scale + 1
    canvas = Canvas(paper, width, height)
    view = view_around(bounds, CONIC, scale, width, height)
    whole = whole_of(view.place(np.array(list(ground.country.values()), dtype=object)))
    canvas.path(shapely.simplify(whole, 0.08), fill="#D9DEE3", stroke="#8A97A3", line=0.12)
    own = ground.country.get(code[:2])
    if own is not None:
        placed = view.place(own)
        canvas.path(placed, fill=RAMP[3], stroke=RAMP[3], line=0.25)
        x, y = shapely.get_coordinates(placed.centroid)[0]
        canvas.circle(float(x), float(y), 3, stroke=TOKENS["late"], line=0.4)
    return canvas
