"""Positions that stand in one cell, taken apart: pairs, lists, WKT, GeoJSON, links to maps, forms' points, UTM, DMS."""

import re
from dataclasses import dataclass

from layers.importing.amounts import plain, readings
from layers.importing.angles import find_angle, with_signs


@dataclass(frozen=True)
class Pair:
    """What two coordinates may mean, in degrees or metres. `ordered`: it is said which is north and which east."""

    north: tuple[float, ...]
    east: tuple[float, ...]
    ordered: bool
    parted: bool = False
    """Degrees with minutes."""
    crs: str | None = None
    zone: str | None = None
    """UTM zone that the text names, such as 47."""
    accuracy_m: float | None = None


LONGEST = 400
_N = r"([+-]?\d+(?:\.\d+)?)"
_SRID = re.compile(r"^SRID ?= ?(\d{4,5}) ?;", re.IGNORECASE)
_WKT = re.compile(rf"POINT ?(?:ZM|Z|M)? ?\( ?{_N}[ ,]+{_N}(?:[ ,]+{_N})* ?\)", re.IGNORECASE)
_GEOJSON = re.compile(rf"[\"']coordinates[\"'] ?: ?\[ ?{_N} ?, ?{_N}")
_PLACE = re.compile(r"!3d(-?\d+\.\d+)!4d(-?\d+\.\d+)")
_URL = re.compile(r"(?:[@=/]|geo:|%20)(-?\d{1,3}\.\d+)(?:,|%2C)(?:\+|%20| )?(-?\d{1,3}\.\d+)", re.IGNORECASE)
_ZONE = re.compile(r"(?:\b(?:UTM|zone|โซน) ?)*\b(4[78]) ?([NPQ])?(?=[ ,;:]|$)", re.IGNORECASE)
_DATUM = re.compile(r"\b(?P<wgs>WGS ?(?:19)?84)\b|(?P<indian>indian ?(?:19)?75|อินเดียน? ?(?:19)?75)", re.IGNORECASE)
_UTM_WORDS = re.compile(r"\b(?:UTM|zone)\b|โซน|เมตร|\b[m]\b(?=[EN]?)", re.IGNORECASE)
_DMS_PIECE = re.compile(r"[^NSEW°]*(?:[NS][^NSEW]*|[EW][^NSEW]*)", re.IGNORECASE)
_EN = re.compile(r"(?:^|[ ,;])(?:m ?)?([ENXY]) ?(?=[\d])|(?<=\d) ?m? ?([ENXY])(?=[ ,;]|$)", re.IGNORECASE)


def take_apart(text: str) -> Pair | None:
    """Return the two coordinates of a cell; None when they cannot be told apart."""
    words = plain(text)[:LONGEST]
    crs = None
    if found := _SRID.match(words):
        crs, words = f"EPSG:{found[1]}", words[found.end() :].strip()
    for pattern, north, east in ((_WKT, 2, 1), (_GEOJSON, 2, 1), (_PLACE, 1, 2)):
        if found := pattern.search(words):
            return Pair((float(found[north]),), (float(found[east]),), ordered=True, crs=crs)
    if re.match(r"(?:https?|geo):", words) and (found := _URL.search(words)):
        return Pair((float(found[1]),), (float(found[2]),), ordered=True)
    if words[:1] in "[({":
        words = " ".join(re.split(r"[\[\](){}'\",; ]+", words)).strip()
    return _metres(words) or _degrees(words)


def _metres(words: str) -> Pair | None:
    """Read eastings and northings, with or without their zone and letters; None when the numbers are small."""
    datum = _DATUM.search(words)
    rest = _DATUM.sub(" ", words)
    zone = _ZONE.search(rest)
    if zone and (zone[2] or re.search("utm|zone|โซน", zone[0], re.IGNORECASE)):
        rest = rest[: zone.start()] + " " + rest[zone.end() :]
    else:
        zone = None
    letters = [(a or b).upper().translate(str.maketrans("XY", "EN")) for a, b in _EN.findall(rest)]
    numbers = [readings(one) for one in _tokens(re.sub(r"[A-Za-zก-๙=:]+\.?", " ", rest))]
    if len(numbers) != 2 or not all(any(abs(one) >= 1000 for one in many) for many in numbers):
        return None
    first, second = (tuple(one for one in many if abs(one) >= 1000) for many in numbers)
    if letters == ["N", "E"]:
        first, second = second, first
    return Pair(second, first, sorted(letters) == ["E", "N"], crs=_crs(zone, datum), zone=zone[1] if zone else None)


def _crs(zone: "re.Match[str] | None", datum: "re.Match[str] | None") -> str | None:
    """Return the coordinate system when the text names both zone and datum."""
    if not zone or not datum:
        return None
    return f"EPSG:{326 if datum['wgs'] else 240}{zone[1]}"


def _tokens(words: str) -> list[str]:
    """Part numbers at blanks and marks; at commas only where nothing else parts them."""
    parts = [one.strip(",") for one in re.split(r"[;|\t/ ]+", words) if one.strip(",")]
    return parts if len(parts) > 1 else [one for one in words.split(",") if one.strip()]


def _degrees(words: str) -> Pair | None:
    signed = with_signs(words)
    if re.search(r"[°NSEW]", signed, re.IGNORECASE):
        return _of_pieces(_signed_pieces(signed))
    tokens = _tokens(signed)
    if len(tokens) == 6:
        return _of_pieces([" ".join(tokens[:3]), " ".join(tokens[3:])])
    numbers = [readings(one) for one in tokens]
    if len(tokens) not in (2, 3, 4) or not all(numbers):
        return None
    if len(tokens) == 4 and max(numbers[1]) < 60 and min(numbers[2]) > 60:
        return _of_pieces([" ".join(tokens[:2]), " ".join(tokens[2:])])
    # A form's point: latitude, longitude, altitude, accuracy.
    accuracy = numbers[3][0] if len(numbers) == 4 and numbers[3][0] >= 0 else None
    return Pair(numbers[0], numbers[1], ordered=len(tokens) > 2, accuracy_m=accuracy)


def _signed_pieces(signed: str) -> list[str]:
    """Part two coordinates with signs or letters: before the second letter in front, behind the first one behind."""
    letters = [found.start() for found in re.finditer("[NSEW]", signed, re.IGNORECASE)]
    if len(letters) == 2:
        cut = letters[1] if not signed[: letters[0]].strip(" ,;") else letters[0] + 1
        return [signed[:cut], signed[cut:]]
    found = re.match(r"(.+?)[ ,;/|]+([+-]?\d{1,3}(?:[.,]\d+)? ?°.*)$", signed)
    return [found[1], found[2]] if found and not letters else []


def _of_pieces(pieces: list[str]) -> Pair | None:
    first, second = (find_angle(one) for one in pieces) if len(pieces) == 2 else (None, None)
    if first is None or second is None:
        return None
    axes = {first.axis, second.axis}
    if axes not in ({None}, {"lat", "lon"}):
        return None
    if first.axis == "lon":
        first, second = second, first
    return Pair((first.degrees,), (second.degrees,), axes != {None}, first.parted or second.parted)
