"""Which area a point lies in: one rule in two shapes, `at_point` in SQL and `at_points` in bulk.

The rule: the area of the lowest level that holds the point, its border included (`inside`); else the nearest one
within 2 km (`nearest`: islands, coasts and the border lie a little differently on every map); else none (`outside`).
Ties go to the smallest code. Distance is planar: equirectangular, scaled at the point's latitude,
`hypot(M · cos(lat) · Δlon, M · Δlat)` with M the metres of one degree on a sphere of 6,371,008.8 m.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from boundaries.codes import Level
from boundaries.editions import get_active
from boundaries.errors import SocialMapError
from boundaries.geometry import THAILAND
from boundaries.models import Area
from boundaries.prepared import prepared

NEAREST_LIMIT = 2000.0
"""Metres that a point outside may be away from an area and still belong to it."""
METRES_PER_DEGREE = math.pi / 180 * 6_371_008.8

Match = Literal["inside", "nearest", "outside"]


class BadPosition(SocialMapError):
    """A latitude or longitude that is none."""

    key = "points.bad"


class SwappedPosition(SocialMapError):
    """Latitude and longitude in each other's place."""

    key = "points.swapped"


@dataclass(frozen=True)
class AreaMatch:
    """The areas a point belongs to and how; codes are None outside, the distance then is None too."""

    subdistrict_code: str | None
    district_code: str | None
    province_code: str | None
    area_match: Match
    distance_m: float | None


@dataclass(frozen=True)
class AreaMatches:
    """The same for many points: parallel arrays; codes are None and distances NaN outside."""

    subdistrict_code: NDArray[np.object_]
    district_code: NDArray[np.object_]
    province_code: NDArray[np.object_]
    area_match: NDArray[np.object_]
    distance_m: NDArray[np.float64]


@dataclass(frozen=True)
class AreaIndex:
    """The lowest level of the active edition, made ready for `at_points`; ordered by code.

    Rim: the edges that only one area has (coasts, the border, lakes), of which each outside point has one nearest.
    """

    edition_id: int
    level: Level
    codes: NDArray[np.object_]
    shapes: NDArray[np.object_]
    rim: NDArray[np.float64]
    """One row per edge: x1, y1, x2, y2 in degrees."""
    rim_owner: NDArray[np.int64]
    rim_tree: shapely.STRtree


def check_position(lat: float, lon: float) -> None:
    """Raise BadPosition for what is no place on Earth, SwappedPosition when swapping it would give one in Thailand."""
    west, south, east, north = THAILAND
    if west <= lat <= east and south <= lon <= north:
        raise SwappedPosition(lat=lat, lon=lon)
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise BadPosition(lat=lat, lon=lon)


def at_point(session: Session, lat: float, lon: float) -> AreaMatch:
    """Return the areas of one point (degrees, EPSG:4326); raise BadPosition, SwappedPosition, NoActiveEdition."""
    check_position(lat, lon)
    # The database refuses numbers next to zero; the twelfth decimal of a degree is a ten-thousandth of a millimetre.
    rows = match_in_sql(session, [round(lat, 12)], [round(lon, 12)])
    if not rows:
        get_active(session)
    code, match, distance = rows[0]
    return AreaMatch(*split_code(code), match, distance)


def match_in_sql(
    session: Session, lats: list[float], lons: list[float]
) -> list[tuple[str | None, Match, float | None]]:
    """Return (code of the lowest level, match, metres) for each point by one SQL statement; [] without edition."""
    values = {"lats": lats, "lons": lons, "limit_m": NEAREST_LIMIT, "metres_per_degree": METRES_PER_DEGREE}
    return [(row.code, row.area_match, row.distance_m) for row in prepared(session, _statement(), values)]


@cache
def _statement() -> str:
    return (Path(__file__).parent / "sql" / "at_points.sql").read_text("utf-8")


def split_code(code: str | None) -> tuple[str | None, str | None, str | None]:
    """Return the subdistrict, district and province that a code names or lies in."""
    if code is None:
        return None, None, None
    return (code if len(code) == 6 else None), (code[:4] if len(code) >= 4 else None), code[:2]


def load_index(session: Session) -> AreaIndex:
    """Read the lowest level of the active edition for bulk matching; raise NoActiveEdition."""
    edition = get_active(session)
    chosen = (
        select(Area.code, Area.geom.ST_AsBinary().label("shape"))
        .where(Area.edition_id == edition.id, Area.level == edition.levels[-1])
        .order_by(Area.code)
    )
    rows = session.execute(chosen).all()
    shapes = shapely.from_wkb(np.array([bytes(row.shape) for row in rows], dtype=object))
    return make_index(edition.id, edition.levels[-1], np.array([row.code for row in rows], dtype=object), shapes)


def make_index(edition_id: int, level: Level, codes: NDArray[np.object_], shapes: NDArray[np.object_]) -> AreaIndex:
    """Build the index of one coverage whose codes are in ascending order."""
    rim, owner = _rim(shapes)
    tree = shapely.STRtree(shapely.linestrings(rim.reshape(-1, 2, 2)))
    return AreaIndex(edition_id, level, codes, shapes, rim, owner, tree)


def _rim(shapes: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the edges that occur in one area only; neighbours of a coverage share all others exactly."""
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    follows = np.flatnonzero(ring[1:] == ring[:-1])
    edges = np.hstack([xy[follows], xy[follows + 1]])
    owner = part_owner[ring_part[ring[follows]]]
    backward = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    directed = np.where(backward[:, None], edges[:, [2, 3, 0, 1]], edges)
    order = np.lexsort(directed.T)
    same = (directed[order][1:] == directed[order][:-1]).all(axis=1)
    alone = np.ones(len(edges), dtype=bool)
    alone[order[1:]] &= ~same
    alone[order[:-1]] &= ~same
    return directed[alone], owner[alone].astype(np.int64)


def at_points(index: AreaIndex, lats: ArrayLike, lons: ArrayLike) -> AreaMatches:
    """Return the areas of many points (degrees, EPSG:4326) by the same rule; NaN and infinite places are outside."""
    lat, lon = np.asarray(lats, dtype=np.float64), np.asarray(lons, dtype=np.float64)
    points = shapely.points(lon, lat)
    owner = _inside(index, points)
    distance = np.where(owner >= 0, 0.0, np.nan)
    rest = np.flatnonzero((owner < 0) & np.isfinite(lat) & np.isfinite(lon))
    near, metres = _nearest(index, lat[rest], lon[rest])
    match = np.where(owner >= 0, "inside", "outside").astype(object)
    found = rest[near >= 0]
    owner[found], distance[found], match[found] = near[near >= 0], metres[near >= 0], "nearest"
    subdistrict, district, province = _code_columns(index, owner)
    return AreaMatches(subdistrict, district, province, match, distance)


def _inside(index: AreaIndex, points: Any) -> NDArray[np.int64]:
    """Return for each point the position of the first area that holds it, -1 for none."""
    which, held = shapely.STRtree(points).query(index.shapes, predicate="intersects")
    owner = np.full(len(points), len(index.codes), dtype=np.int64)
    np.minimum.at(owner, held, which)
    owner[owner == len(index.codes)] = -1
    return owner


def _nearest(
    index: AreaIndex, lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each outside point the area of its nearest rim edge within the limit, else -1, and the metres."""
    owner, best = np.full(len(lat), -1, dtype=np.int64), np.full(len(lat), np.inf)
    if not len(lat):
        return owner, best
    east, north = METRES_PER_DEGREE * np.cos(np.radians(lat)), METRES_PER_DEGREE
    reach_x, reach_y = 1.01 * NEAREST_LIMIT / east, 1.01 * NEAREST_LIMIT / north
    boxes = shapely.box(lon - reach_x, lat - reach_y, lon + reach_x, lat + reach_y)
    point, edge = index.rim_tree.query(boxes)
    metres = _to_edges(index.rim[edge], lat[point], lon[point], east[point])
    within = metres <= NEAREST_LIMIT
    point, edge, metres = point[within], edge[within], metres[within]
    order = np.lexsort((index.rim_owner[edge], metres, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    owner[point[first]], best[point[first]] = index.rim_owner[edge[first]], metres[first]
    return owner, best


def _to_edges(
    edges: NDArray[np.float64], lat: NDArray[np.float64], lon: NDArray[np.float64], east: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the planar metres from each point to the edge beside it."""
    x1, y1 = (edges[:, 0] - lon) * east, (edges[:, 1] - lat) * METRES_PER_DEGREE
    x2, y2 = (edges[:, 2] - lon) * east, (edges[:, 3] - lat) * METRES_PER_DEGREE
    dx, dy = x2 - x1, y2 - y1
    along = np.clip(-(x1 * dx + y1 * dy) / np.maximum(dx * dx + dy * dy, 1e-300), 0.0, 1.0)
    distance = np.hypot(x1 + along * dx, y1 + along * dy)
    # The far end by its own coordinates, so that areas meeting in a corner tie exactly.
    return np.where(along == 1.0, np.hypot(x2, y2), distance)


def _code_columns(index: AreaIndex, owner: NDArray[np.int64]) -> list[NDArray[np.object_]]:
    """Return subdistrict, district and province of each point; the last row of each table stands for none."""
    columns = zip(*[split_code(code) for code in [*index.codes, None]], strict=True)
    return [np.array(column, dtype=object)[owner] for column in columns]
