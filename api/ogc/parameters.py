"""Query parameters of OGC requests, read strictly: what is unknown or unreadable is refused with 400."""

import math
import re
from collections.abc import Collection as Names
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.datastructures import QueryParams

from api.cursors import from_cursor
from api.errors import ParameterBad, ParameterRepeated, ParameterUnknown, shortened

DEFAULT_LIMIT, MAX_LIMIT = 1000, 10_000
COMMON = ("bbox", "limit", "datetime", "cursor", "f")
MAX_TEXT = 200

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees (CRS84)."""


@dataclass(frozen=True)
class ItemQuery:
    """What features are asked for; `boxes` are joined by OR (two where a box crosses the antimeridian)."""

    limit: int
    after: str | None
    boxes: tuple[Box, ...]
    filters: Mapping[str, str]


def check_names(given: QueryParams, allowed: Names[str]) -> None:
    """Refuse unknown and repeated parameters."""
    seen = [name for name, _ in given.multi_items()]
    for name in seen:
        if name not in allowed:
            raise ParameterUnknown(name=shortened(name), allowed=", ".join(sorted(allowed)))
        if seen.count(name) > 1:
            raise ParameterRepeated(name=name)


def read_format(given: QueryParams, allowed: Names[str]) -> str | None:
    """Return the value of `f`, None when it is not given."""
    wanted = given.get("f")
    if wanted is not None and wanted not in allowed:
        raise _bad("f", wanted, ", ".join(sorted(allowed)))
    return wanted


def read_items(given: QueryParams, filters: Names[str]) -> ItemQuery:
    """Read the parameters of a request for features; `filters` are the collection's own."""
    check_names(given, {*COMMON, *filters})
    read_format(given, {"json"})
    check_datetime(given.get("datetime"))
    wanted = {name: given[name] for name in filters if name in given}
    for name, value in wanted.items():
        if len(value) > MAX_TEXT or not value.isprintable():
            raise _bad(name, value, f"≤ {MAX_TEXT}")
    return ItemQuery(
        read_limit(given.get("limit")), from_cursor(given.get("cursor")), read_bbox(given.get("bbox")), wanted
    )


def read_limit(words: str | None) -> int:
    """Return the page size; the standard has larger values lowered to the maximum, not refused."""
    if words is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"\+?[0-9]{1,18}", words, re.ASCII) or int(words) < 1:
        raise _bad("limit", words, f"1–{MAX_LIMIT}")
    return min(int(words), MAX_LIMIT)


def read_bbox(words: str | None) -> tuple[Box, ...]:
    """Return the boxes of a bbox of 4 or 6 numbers, axis order longitude, latitude (heights are not used)."""
    if words is None:
        return ()
    allowed = "west,south,east,north / west,south,low,east,north,high"
    try:
        numbers = [float(part) for part in words.split(",")]
    except ValueError as wrong:
        raise _bad("bbox", words, allowed) from wrong
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise _bad("bbox", words, allowed)
    west, south, east, north = (numbers[i] for i in ((0, 1, 2, 3) if len(numbers) == 4 else (0, 1, 3, 4)))
    if south > north or (len(numbers) == 6 and numbers[2] > numbers[5]):
        raise _bad("bbox", words, allowed)
    south, north = max(south, -90.0), min(north, 90.0)
    if west > east:
        return (max(west, -180.0), south, 180.0, north), (-180.0, south, min(east, 180.0), north)
    return ((max(west, -180.0), south, min(east, 180.0), north),)


def check_datetime(words: str | None) -> None:
    """Refuse what is neither an RFC 3339 time nor an interval of two; areas have no time, so all of them match."""
    if words is None:
        return
    parts = words.split("/")
    if len(parts) > 2 or not any(part not in ("", "..") for part in parts):
        raise _bad("datetime", words, "2026-01-31, 2026-01-01T00:00:00Z/..")
    times = [_time(part, words) for part in parts if part not in ("", "..") or len(parts) == 1]
    if len(times) == 2 and times[0] > times[1]:
        raise _bad("datetime", words, "2026-01-01/2026-01-31")


def _time(part: str, words: str) -> datetime:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", part, re.ASCII):
            return datetime.combine(date.fromisoformat(part), datetime.min.time()).astimezone()
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", part, re.ASCII):
            return datetime.fromisoformat(part)
    except (ValueError, OverflowError) as wrong:
        raise _bad("datetime", words, "2026-01-31, 2026-01-01T00:00:00Z/..") from wrong
    raise _bad("datetime", words, "2026-01-31, 2026-01-01T00:00:00Z/..")


def _bad(name: str, value: str, allowed: str) -> ParameterBad:
    return ParameterBad(name=name, value=shortened(value), allowed=allowed)
