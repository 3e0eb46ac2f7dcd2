"""Positions as files have them, read into degrees of WGS 84 (EPSG:4326).

Degrees are told from metres by their size. Zone and datum of metres cannot be told from a point: they are stated, or
nothing is read. What is wrong is refused by name; `position_repairs` offers what it could be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from boundaries import datums
from boundaries.errors import SocialMapError
from boundaries.geometry import THAILAND
from layers.importing.amounts import readings
from layers.importing.angles import Angle, find_angle
from layers.importing.position_text import Pair, take_apart

METRES_FROM = 1000.0
"""Larger numbers are metres: degrees end at 180, and no UTM coordinate in Thailand is as small."""


class BadPosition(SocialMapError):
    """A position that cannot be read."""

    key = "position.unreadable"


class HalfPosition(BadPosition):
    """Only one of two coordinates."""

    key = "position.half"


class SwappedPosition(BadPosition):
    """Latitude and longitude, or easting and northing, in each other's place."""

    key = "position.swapped"


class AbroadPosition(BadPosition):
    """A point outside Thailand."""

    key = "position.abroad"


class NeedsCrs(BadPosition):
    """Metres, and nothing says of which zone and datum."""

    key = "position.needs_crs"


class UnsureOrder(BadPosition):
    """Two metres in one cell that lie in Thailand either way round."""

    key = "position.order"


@dataclass(frozen=True)
class Position:
    """A point in WGS 84, and what it was read as: `degrees`, `dms` or a coordinate system."""

    lat: float
    lon: float
    read_as: str
    accuracy_m: float | None = None


def in_thailand(lat: float, lon: float) -> bool:
    """Say whether a point lies in the rectangle around Thailand."""
    west, south, east, north = THAILAND
    return west <= lon <= east and south <= lat <= north


def read_position(parts: Mapping[str, str], crs: str | None = None) -> Position | None:
    """Read a row's position from its cells by role (lat, lon, x, y, position); None when all are empty.

    `crs` is the coordinate system that the cells are in, where that is known. Raises BadPosition, UnknownCrs.
    """
    told = {role: parts.get(role, "").strip() for role in ("lat", "lon", "x", "y", "position")}
    if not any(told.values()):
        return None
    shown = ", ".join(value for value in told.values() if value)[:80]
    pair = pair_of(told, shown)
    crs = _one_crs(pair, crs, shown)
    straight = _placed(pair, crs)
    turned = _placed(_turned(pair), crs)
    if len(straight) > 1 or (len(turned) > 1 and not straight and not pair.ordered):
        raise BadPosition(value=shown)
    if straight and turned and not pair.ordered:
        raise UnsureOrder(value=shown)
    if straight or (turned and not pair.ordered):
        return (straight or turned)[0]
    if turned:
        raise SwappedPosition(value=shown)
    if _has_metres(pair) and not (crs and datums.is_metres(crs)):
        raise NeedsCrs(value=shown)
    raise AbroadPosition(value=shown)


def pair_of(told: Mapping[str, str], shown: str) -> Pair:
    """Return the two coordinates of a row; raise BadPosition, HalfPosition."""
    for north, east in (("lat", "lon"), ("y", "x")):
        if told.get(north) and told.get(east):
            return _pair(told[north], told[east], shown)
    if told.get("position"):
        pair = take_apart(told["position"])
        if pair is None:
            raise BadPosition(value=shown)
        return pair
    raise HalfPosition(value=shown)


def _pair(north: str, east: str, shown: str) -> Pair:
    """Return what two cells may mean: numbers, or angles with signs."""
    numbers = readings(north), readings(east)
    if all(numbers):
        return Pair(*numbers, ordered=True)
    angles = find_angle(north), find_angle(east)
    up, right = (_as_angle(angle, many) for angle, many in zip(angles, numbers, strict=True))
    if up is None or right is None or (up.axis and up.axis == right.axis):
        raise BadPosition(value=shown)
    if up.axis == "lon" or right.axis == "lat":
        raise SwappedPosition(value=shown)
    return Pair((up.degrees,), (right.degrees,), ordered=True, parted=up.parted or right.parted)


def _as_angle(angle: Angle | None, numbers: tuple[float, ...]) -> Angle | None:
    return angle if angle or not numbers else Angle(numbers[0], None, False)


def _one_crs(pair: Pair, crs: str | None, shown: str) -> str | None:
    """Return the coordinate system of a row: its own text's, else the stated one, which must be of the text's zone."""
    if pair.crs:
        return pair.crs
    if pair.zone and crs and datums.is_metres(crs) and not crs.endswith(pair.zone):
        raise NeedsCrs(value=shown)
    return crs


def _turned(pair: Pair) -> Pair:
    return Pair(pair.east, pair.north, pair.ordered, pair.parted, pair.crs, pair.zone, pair.accuracy_m)


def _has_metres(pair: Pair) -> bool:
    return any(abs(one) >= METRES_FROM for one in (*pair.north, *pair.east))


def _placed(pair: Pair, crs: str | None) -> list[Position]:
    """Return the readings of a pair that lie in Thailand."""
    found = (place(north, east, crs, pair) for north in pair.north for east in pair.east)
    return list(dict.fromkeys(one for one in found if one))


def place(north: float, east: float, crs: str | None, pair: Pair | None = None) -> Position | None:
    """Return the point of two numbers, degrees or metres by their size; None outside Thailand or without a zone."""
    metres = abs(north) >= METRES_FROM and abs(east) >= METRES_FROM
    known = crs is not None and datums.is_metres(crs) == metres
    if metres and not known:
        return None
    lat, lon, read_as = north, east, "dms" if pair and pair.parted else "degrees"
    if known and crs is not None and crs != datums.WGS84:
        lon, lat = (float(one) for one in datums.to_wgs84(crs, east, north))
        read_as = crs
    if not (isfinite(lat) and isfinite(lon) and in_thailand(lat, lon)):
        return None
    return Position(lat, lon, read_as, pair.accuracy_m if pair else None)
