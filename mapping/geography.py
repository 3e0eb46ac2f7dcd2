"""Shapes of a page: areas, their outline, the neighbours and the land abroad, coded small.

Coordinates are EPSG:4326. A ring is coded as whole numbers of 10^-digits degrees: the first point, then differences.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.made_once import made_once
from mapping.offline import NATURAL_EARTH, Library

if TYPE_CHECKING:
    import geopandas

Ring = tuple[int, ...]
Polygons = tuple[tuple[Ring, ...], ...]
Bounds = tuple[float, float, float, float]
REGION: Bounds = (88.0, 2.0, 116.0, 25.0)
"""As far as any page can be moved: Thailand and what lies around it."""
TUCK = 0.12
"""Degrees by which land abroad is pushed under Thailand, so that only our own border is seen."""
ABROAD_TH = {"Myanmar": "เมียนมา", "Laos": "สปป. ลาว", "Cambodia": "กัมพูชา", "Malaysia": "มาเลเซีย", "Vietnam": "เวียดนาม"}


@dataclass(frozen=True)
class Shape:
    """A named area or country: code (empty abroad), name, label point and coded polygons."""

    code: str
    name: str
    lon: float
    lat: float
    polygons: Polygons


@dataclass(frozen=True)
class Sea:
    """A named sea and the rough polygon (lon, lat) within which its name may stand."""

    name: str
    around: tuple[tuple[float, float], ...]


GULF = ((99.2, 10.4), (99.6, 13.7), (101.2, 13.7), (103, 11.6), (105, 10.2), (105, 6.2), (101, 6.2), (99.6, 9.4))
ANDAMAN = ((93, 16), (97.6, 16), (98.6, 11), (98.4, 9.4), (98.9, 7.9), (100.1, 6.6), (99, 4.5), (93, 4.5))
SEAS = (Sea("อ่าวไทย", GULF), Sea("ทะเลอันดามัน", ANDAMAN))


@dataclass(frozen=True)
class Surroundings:
    """What lies around the areas: their common outline, neighbours inside and outside the country, seas, the window."""

    outline: Polygons
    neighbours: tuple[Shape, ...]
    abroad: tuple[Shape, ...]
    seas: tuple[Sea, ...]
    window: Bounds
    digits: int


def encode(geometry: BaseGeometry, digits: int) -> Polygons:
    """Code the polygons of a geometry; rings that vanish at this precision are left out, the largest never."""
    polygons = [part for part in shapely.get_parts(geometry, return_index=False) if part.geom_type == "Polygon"]
    coded = [_encode_polygon(polygon, digits) for polygon in sorted(polygons, key=lambda part: -part.area)]
    return tuple(polygon for polygon in coded if polygon)


def _encode_polygon(polygon: BaseGeometry, digits: int) -> tuple[Ring, ...]:
    rings = (_encode_ring(shapely.get_coordinates(ring), digits) for ring in [polygon.exterior, *polygon.interiors])
    first, *holes = rings
    return (first, *(hole for hole in holes if hole)) if first else ()


def _encode_ring(points: np.ndarray, digits: int) -> Ring:
    whole = np.rint(points[:-1] * 10**digits).astype(np.int64)
    moved = np.any(np.diff(whole, axis=0, prepend=whole[-1:]) != 0, axis=1)
    whole = whole[moved]
    if len(whole) < 3:
        return ()
    return tuple(int(n) for n in np.concatenate([whole[:1], np.diff(whole, axis=0)]).ravel())


def window_around(bounds: Bounds, reach: float = 1.4) -> Bounds:
    """Return the part of the world that a page about `bounds` may show: `reach` times the longer side each way."""
    west, south, east, north = bounds
    half = reach * max(east - west, north - south, 0.2)
    x, y = (west + east) / 2, (south + north) / 2
    return (max(x - half, REGION[0]), max(y - half, REGION[1]), min(x + half, REGION[2]), min(y + half, REGION[3]))


def shapes_of(frame: "geopandas.GeoDataFrame", digits: int) -> tuple[Shape, ...]:
    """Code the areas of a frame with code, name_th, label_lon, label_lat and geometry."""
    rows = zip(frame.code, frame.name_th, frame.label_lon, frame.label_lat, frame.geometry, strict=True)
    return tuple(
        Shape(code, name, round(float(lon), digits), round(float(lat), digits), encode(geometry, digits))
        for code, name, lon, lat, geometry in rows
    )


def surroundings(
    areas: "geopandas.GeoDataFrame", around: Sequence["geopandas.GeoDataFrame"], library: Library | None, digits: int
) -> Surroundings:
    """Return what lies around `areas`; `around` holds frames of the same coverage, `library` Natural Earth."""
    outline = shapely.coverage_union_all(areas.geometry.values)
    window = window_around(tuple(outline.bounds)) if len(around) else REGION
    near = [_clipped(frame, window) for frame in around]
    own = [outline, *(geometry for frame in near for geometry in frame.geometry.values)]
    coarse = min(digits, 3)
    return Surroundings(
        outline=encode(outline, digits),
        neighbours=tuple(shape for frame in near for shape in shapes_of(frame, coarse)),
        abroad=abroad(library, own, window, coarse - 1) if library else (),
        seas=tuple(sea for sea in SEAS if shapely.box(*window).intersects(shapely.Polygon(sea.around))),
        window=window,
        digits=digits,
    )


def _clipped(frame: "geopandas.GeoDataFrame", window: Bounds) -> "geopandas.GeoDataFrame":
    seen = frame[frame.intersects(shapely.box(*window))].copy()
    seen["geometry"] = shapely.clip_by_rect(seen.geometry.values, *window)
    seen = seen[~seen.geometry.is_empty]
    tolerance = (window[2] - window[0]) / 260
    # only edges between neighbours get coarser: those that they share with the areas of the page must stay the same
    seen["geometry"] = shapely.coverage_simplify(seen.geometry.values, tolerance, simplify_boundary=False)
    return seen


def abroad(library: Library, own: Iterable[BaseGeometry], window: Bounds, digits: int) -> tuple[Shape, ...]:
    """Return the land of other countries within `window`, tucked under our own areas."""
    # What is tucked lies under our own areas: its far edge is never seen and need not be fine.
    under = shapely.union_all([shapely.simplify(shape, 0.005) for shape in own]).buffer(0.03, quad_segs=2)
    found = []
    for name, land in _countries(library.file(NATURAL_EARTH)):
        seen = shapely.clip_by_rect(land, *window)
        if seen.is_empty:
            continue
        tucked = seen.union(shapely.simplify(seen, 0.02).buffer(TUCK, quad_segs=2).intersection(under))
        point = tucked.representative_point()
        found.append(Shape("", ABROAD_TH.get(name, ""), round(point.x, 2), round(point.y, 2), encode(tucked, digits)))
    return tuple(found)


@cache
def _countries(path: Path) -> tuple[tuple[str, BaseGeometry], ...]:
    """Return the countries around Thailand (Natural Earth 1 : 10 million) by name, cut out once a machine."""
    made = made_once("countries", [path, Path(__file__)], partial(_cut_out, path))
    lands = json.loads((made / "countries.json").read_text("utf-8"))
    return tuple(zip(lands, shapely.from_wkb(list(lands.values())), strict=True))


def _cut_out(path: Path, place: Path) -> None:
    """Write the countries as hexadecimal WKB by name; the file at `path` is TopoJSON without a stated CRS."""
    import pyogrio

    frame = pyogrio.read_dataframe(path, layer="countries")
    frame = frame[(frame["name"] != "Thailand") & frame.intersects(shapely.box(*REGION))]
    lands = shapely.clip_by_rect(shapely.make_valid(frame.geometry.values), *REGION)
    pairs = zip(frame["name"], shapely.make_valid(shapely.simplify(lands, 0.004)), strict=True)
    known = {str(name): shapely.to_wkb(land, hex=True) for name, land in pairs if not land.is_empty}
    (place / "countries.json").write_text(json.dumps(known), "utf-8")
