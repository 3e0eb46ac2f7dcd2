"""Places of cases as partners are shown them: moved within the same subdistrict, always to the same spot.

The spot follows from a secret key and the case alone, so that reading it a thousand times tells no more than once.
"""

import hashlib
import hmac
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import shapely
from shapely import Geometry

from layers.case_lists import CasePlace

NEAREST_M, FARTHEST_M = 200.0, 1000.0
"""A spot lies between a small and a larger circle around the place, where the subdistrict has room for that."""
TRIES = 200
METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of the earth's mean radius."""


def displaced(places: Sequence[CasePlace], shapes: Mapping[str, Geometry], key: bytes) -> list[CasePlace]:
    """Move places within their subdistricts (`shapes` by code, EPSG:4326); those without a subdistrict are left out."""
    moved = []
    for place in places:
        shape = shapes.get(place.subdistrict_code or "")
        if shape is not None:
            lon, lat = _spot(place, shape, key)
            moved.append(replace(place, lon=lon, lat=lat))
    return moved


def _spot(place: CasePlace, shape: Geometry, key: bytes) -> tuple[float, float]:
    numbers = _numbers(key, place.id)
    shapely.prepare(shape)
    for _ in range(TRIES):
        lon, lat = _around(place, next(numbers), next(numbers))
        if shapely.contains_xy(shape, lon, lat):
            return lon, lat
    # Too small a subdistrict for the circles: anywhere in it, and nothing of the place decides where.
    west, south, east, north = shapely.bounds(shape)
    for _ in range(TRIES):
        lon, lat = west + next(numbers) * (east - west), south + next(numbers) * (north - south)
        if shapely.contains_xy(shape, lon, lat):
            return float(lon), float(lat)
    inside = shapely.point_on_surface(shape)
    return float(inside.x), float(inside.y)


def _around(place: CasePlace, angle: float, share: float) -> tuple[float, float]:
    """Return a spot in the ring: evenly over its surface."""
    distance = math.sqrt(NEAREST_M**2 + share * (FARTHEST_M**2 - NEAREST_M**2))
    north = distance * math.sin(2 * math.pi * angle) / METRES_PER_DEGREE
    east = distance * math.cos(2 * math.pi * angle) / (METRES_PER_DEGREE * math.cos(math.radians(place.lat)))
    return place.lon + east, place.lat + north


def _numbers(key: bytes, case: UUID) -> Iterator[float]:
    """Give numbers from 0 to 1 that nobody without the key can tell, the same ones each time."""
    count = 0
    while True:
        block = hmac.new(key, case.bytes + count.to_bytes(4, "big"), hashlib.sha256).digest()
        for start in range(0, len(block), 8):
            yield int.from_bytes(block[start : start + 8], "big") / 2**64
        count += 1
