"""The CRS that the coordinates of a file are in: what it says, unless its numbers cannot be that."""

import re
from collections.abc import Sequence

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from boundaries.messages import Text, text
from layers.files.errors import CannotBeAsked

DEGREES = "EPSG:4326"
ZONES = ("EPSG:32647", "EPSG:32648")
ALLOWED = "EPSG:4326, EPSG:32647, EPSG:32648, EPSG:24047, EPSG:24048"
MOST_TRIED = 500
LONGEST_WKT = 65_536
BANDS = (
    (5.5, 7.5, 98.9, 102.2), (7.5, 11.0, 97.5, 100.6), (11.0, 12.5, 98.9, 103.0), (12.5, 14.0, 98.5, 103.0),
    (14.0, 15.5, 98.1, 105.7), (15.5, 18.5, 97.3, 105.7), (18.5, 20.6, 97.3, 101.4),
)  # fmt: skip
"""Thailand in bands of latitude: south, north, west, east; coarse, only to tell one zone of UTM from the other."""
MOSTLY = 0.95

Point = tuple[float, float]


def settle_crs(
    stated: str | None, points: Sequence[Point], asked: str | None, *, default: str | None = None
) -> tuple[str | None, tuple[Text, ...]]:
    """Say in which CRS a file's points are, and why; None where it is not known.

    `stated` is what the file says, `default` what its format means where it says nothing. What it says does not stand
    against its numbers: metres are never taken for degrees.
    """
    if asked:
        return check_crs(asked), ()
    said = stated or default
    if not points:
        return said, ()
    if said:
        if are_degrees(points) == CRS(said).is_geographic:
            return said, ()
        guess = guess_crs(points)
        return guess, (text("file.crs_contradicted", said=said, **_words(guess)),)
    guess = guess_crs(points)
    return guess, (text("file.crs_guessed", **_words(guess)),)


def check_crs(asked: str) -> str:
    """Return an asked CRS as EPSG:code; raise CannotBeAsked."""
    found = re.fullmatch(r"(?:EPSG:{1,2})?(\d{4,6})", asked.strip(), re.I)
    try:
        return f"EPSG:{CRS.from_epsg(int(found[1])).to_epsg()}" if found else _refuse(asked)
    except CRSError:
        return _refuse(asked)


def _refuse(asked: str) -> str:
    raise CannotBeAsked(asked=asked, allowed=ALLOWED)


def _words(guess: str | None) -> dict[str, str]:
    return {"guess_th": guess or "ไม่ทราบ", "guess_en": guess or "unknown"}


def are_degrees(points: Sequence[Point]) -> bool:
    """Tell whether numbers can be longitudes and latitudes."""
    return all(abs(x) <= 180.0 and abs(y) <= 90.0 for x, y in points)


def guess_crs(points: Sequence[Point]) -> str | None:
    """Guess the CRS that puts the points into Thailand; None where none does, or both zones of UTM do."""
    if are_degrees(points):
        return DEGREES
    fitting = [zone for zone in ZONES if _share_inside(points[:MOST_TRIED], zone) >= MOSTLY]
    return fitting[0] if len(fitting) == 1 else None


def _share_inside(points: Sequence[Point], zone: str) -> float:
    change = Transformer.from_crs(zone, DEGREES, always_xy=True)
    try:
        lons, lats = change.transform([x for x, _ in points], [y for _, y in points])
    except ProjError:
        return 0.0
    return sum(_is_inside(lon, lat) for lon, lat in zip(lons, lats, strict=True)) / len(points)


def _is_inside(lon: float, lat: float) -> bool:
    return any(south <= lat < north and west <= lon <= east for south, north, west, east in BANDS)


def crs_of_wkt(words: str) -> str | None:
    """Return the EPSG code of a CRS written as WKT (a .prj); None where it has none."""
    if not words.strip() or len(words) > LONGEST_WKT:
        return None
    try:
        code = CRS.from_wkt(words).to_epsg(min_confidence=60)
    except (CRSError, ProjError, ValueError):
        return None
    return f"EPSG:{code}" if code else None


def crs_of_name(words: str) -> str | None:
    """Return the EPSG code that a name such as urn:ogc:def:crs:EPSG::32647 or CRS84 means; None where it means none."""
    if re.search(r"CRS:?:?84", words):
        return DEGREES
    found = re.search(r"EPSG:+(?:[\d.]*:)?(\d{4,6})$", words.strip(), re.I)
    try:
        return check_crs(found[1]) if found else None
    except CannotBeAsked:
        return None
