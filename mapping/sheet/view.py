"""How the ground is projected onto paper: a coordinate system, a round scale, and lengths that are true to it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

CONIC = "+proj=aea +lat_1=8.5 +lat_2=17.8 +lat_0=13 +lon_0=101 +datum=WGS84 +units=m"
"""Equal areas for the whole country; true along the two parallels."""
ROUND = (1, 1.2, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 7.5, 8, 9)
"""First digits of scales that a map sheet states."""
BAR_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class View:
    """A window on the ground: coordinate system, scale 1:`scale` at its middle, size in mm, middle in metres."""

    crs: str
    scale: float
    width: float
    height: float
    x: float
    y: float

    @cached_property
    def _to_ground(self) -> Any:
        from pyproj import Transformer

        return Transformer.from_crs(4326, self.crs, always_xy=True)

    def mm(self, degrees: np.ndarray) -> np.ndarray:
        """Project longitudes and latitudes (EPSG:4326, one a row) to mm from the window's top left corner."""
        x, y = self._to_ground.transform(degrees[:, 0], degrees[:, 1])
        factor = 1000 / self.scale
        return np.column_stack([self.width / 2 + (x - self.x) * factor, self.height / 2 - (y - self.y) * factor])

    def place(self, shape: Any) -> Any:
        """Project a shape, or an array of shapes, in degrees to mm."""
        return shapely.transform(shape, self.mm)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Project a point in degrees to mm."""
        x, y = self.mm(np.array([[lon, lat]]))[0]
        return float(x), float(y)

    def moved(self, right: float, down: float) -> "View":
        """Return the view with its content moved by mm."""
        factor = self.scale / 1000
        return replace(self, x=self.x - right * factor, y=self.y + down * factor)

    @property
    def window(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what can be seen, in degrees."""
        half_x, half_y = self.width / 2 * self.scale / 1000, self.height / 2 * self.scale / 1000
        sides = np.linspace(-1, 1, 9)
        edge = [(self.x + half_x * a, self.y + half_y * b) for a in sides for b in sides]
        lon, lat = self._to_ground.transform(*np.array(edge).T, direction="INVERSE")
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def km(self, kilometres: float) -> float:
        """Return how many mm so many true kilometres take at the middle: the projection's own scale is applied."""
        from pyproj import CRS, Proj

        lon, lat = self._to_ground.transform(self.x, self.y, direction="INVERSE")
        grown = Proj(CRS(self.crs)).get_factors(lon, lat).meridional_scale
        return kilometres * 1e6 / self.scale * float(grown)


def whole_of(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the union of areas: quickly where they share their edges, as areas of one edition do."""
    parts = np.array(list(shapes), dtype=object)
    try:
        return shapely.coverage_union_all(parts)
    except shapely.errors.GEOSException:
        return shapely.union_all(parts)


def utm_zone(lon: float) -> int:
    """Return the UTM zone of a longitude: 47 or 48 in Thailand."""
    return 47 if lon < 102 else 48


def utm(zone: int) -> str:
    """Name the coordinate system of a northern UTM zone."""
    return f"EPSG:326{zone}"


def extent(shapes: Iterable[BaseGeometry], crs: str) -> tuple[float, float, float, float]:
    """Return west, south, east, north of shapes in metres of a coordinate system."""
    view = View(crs, 1000, 0, 0, 0, 0)
    left, top, right, bottom = shapely.total_bounds(view.place(np.array(list(shapes), dtype=object)))
    return left, -bottom, right, -top


def view_around(bounds: tuple[float, float, float, float], crs: str, scale: float, width: float, height: float) -> View:
    """Return the view of a scale whose middle is that of bounds in metres."""
    west, south, east, north = bounds
    return View(crs, scale, width, height, (west + east) / 2, (south + north) / 2)


def round_scales(least: float) -> Iterable[float]:
    """Yield round scales from the largest that is not above 1:`least` on."""
    power = 10 ** math.floor(math.log10(least))
    while True:
        for digits in ROUND:
            if digits * power >= least:
                yield digits * power
        power *= 10


def bar_length(view: View, room: float) -> float:
    """Return the longest of 1, 2, 5 × 10^n kilometres that is not longer than `room` mm."""
    per_km = view.km(1)
    power = 10 ** math.floor(math.log10(room / per_km))
    return max(step * power for step in BAR_STEPS if step * power * per_km <= room)
