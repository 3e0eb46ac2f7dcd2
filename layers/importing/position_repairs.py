"""What a position that is refused, or lies in another area than stated, could be: offered to a person, never taken."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from boundaries import datums
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.importing.amounts import plain
from layers.importing.position_text import Pair
from layers.importing.positions import METRES_FROM, BadPosition, Position, pair_of, place, read_position

SWAPPED = "swapped"
DECIMAL_POINT = "decimal_point"
NORTHING = "northing"
AS_IT_IS = ""
CLEAR = 0.9
"""Share of the compared rows that must agree with their stated area for a repair to be called clear …"""
GAP = 0.05
"""… and by how much it must be ahead of every other: datums differ by 350 metres, which few rows can tell."""
WORTH = 0.02
"""Share of rows that a part of a mixed file must explain."""

Parts = Mapping[str, str]
Locate = Callable[[Sequence[float], Sequence[float]], Sequence[str | None]]
"""Tells the area codes of points: lats and lons in, for each a code or None."""


@dataclass(frozen=True)
class Alternative:
    """Another reading of a position. `name` is what a recipe's `repairs` hold."""

    name: str
    lat: float
    lon: float
    words: Text


@dataclass(frozen=True)
class Repair:
    """A reading of all of a file's positions, and how many rows it puts into their stated areas.

    `names` are what a recipe's `repairs` hold: each row is read as the file has it, and where that is refused or lies
    in another area than stated, by the first of these that fits. None of them means: nothing to repair.
    """

    names: tuple[str, ...]
    agreeing: int
    compared: int
    clear: bool
    words: Text


def alternatives(parts: Parts, crs: str | None = None) -> tuple[Alternative, ...]:
    """Return the other readings of a row's position that lie in Thailand."""
    found: dict[str, Position] = {}
    for name, position in _tries(parts, crs):
        if position and name not in found:
            found[name] = position
    return tuple(Alternative(name, one.lat, one.lon, describe(name)) for name, one in found.items())


def repaired(parts: Parts, name: str, crs: str | None = None) -> Position | None:
    """Return a row's position by one repair, None where it does not lie in Thailand by it; raises BadPosition."""
    return next((position for tried, position in _tries(parts, crs) if tried == name and position), None)


def describe(name: str) -> Text:
    """Say what a repair does."""
    if name == AS_IT_IS:
        return text("position.as_it_is")
    if name == SWAPPED:
        return text("position.as_swapped")
    if name == DECIMAL_POINT:
        return text("position.as_decimal_point")
    kind, _, crs = name.rpartition(" ")
    title = datums.TITLES.get(crs, Text(crs, crs))
    key = {SWAPPED: "position.as_swapped_crs", NORTHING: "position.as_northing"}.get(kind, "position.as_crs")
    return text(key, th=title.th, en=title.en)


def _tries(parts: Parts, crs: str | None) -> Iterator[tuple[str, Position | None]]:
    """Give each repair by name with what it makes of a row."""
    try:
        pair = pair_of({role: value.strip() for role, value in parts.items()}, "")
    except BadPosition:
        return
    for north, east in _numbers(pair):
        if abs(north) >= METRES_FROM and abs(east) >= METRES_FROM:
            yield from _metres(north, east, crs)
        else:
            yield SWAPPED, place(east, north, None)
            if crs != datums.INDIAN:
                yield datums.INDIAN, place(north, east, datums.INDIAN)
    yield DECIMAL_POINT, _with_point(parts)


def _numbers(pair: Pair) -> Iterator[tuple[float, float]]:
    yield from ((north, east) for north in pair.north for east in pair.east)


def _metres(north: float, east: float, crs: str | None) -> Iterator[tuple[str, Position | None]]:
    for name in datums.METRES:
        if name != crs:
            yield name, place(north, east, name)
        yield f"{SWAPPED} {name}", place(east, north, name)
        if north < 1_000_000:
            yield f"{NORTHING} {name}", place(north + 1_000_000, east, name)


def _with_point(parts: Parts) -> Position | None:
    """Put a lost decimal point back: 135245 and 9981234 are 13.5245 and 99.81234, the one place in Thailand."""
    north, east = (plain(parts.get(one) or parts.get(other) or "") for one, other in (("lat", "y"), ("lon", "x")))
    if not (north.isdecimal() and east.isdecimal() and len(north) > 3 and len(east) > 3):
        return None
    found = [
        place(float(f"{north[:whole]}.{north[whole:]}"), float(f"{east[:wide]}.{east[wide:]}"), None)
        for whole in (1, 2)
        for wide in (2, 3)
    ]
    real = [one for one in found if one]
    return real[0] if len(real) == 1 else None


def propose_repairs(
    rows: Iterable[tuple[Parts, str | None]], locate: Locate, crs: str | None = None
) -> tuple[Repair, ...]:
    """Read all rows that state an area in every way, and count how often each way lands in it; best first.

    Rows are (cells by role, stated code). Nothing is chosen: a repair is called clear when nearly all rows agree with
    it and clearly fewer with any other; where rows differ in what they need, one repair names several.
    """
    stated = 0
    tries: dict[str, list[tuple[int, Position, str]]] = {AS_IT_IS: []}
    for number, (parts, code) in enumerate(rows):
        if not code:
            continue
        stated += 1
        tries[AS_IT_IS] += _as_it_is(number, parts, code, crs)
        for name, position in _tries(parts, crs):
            if position:
                tries.setdefault(name, []).append((number, position, code))
    agreed: dict[tuple[str, ...], set[int]] = {(name,): _agreeing(many, locate) for name, many in tries.items()}
    return _ranked({**agreed, **_mixed(agreed, stated)}, stated) if stated else ()


def _as_it_is(number: int, parts: Parts, code: str, crs: str | None) -> list[tuple[int, Position, str]]:
    try:
        position = read_position(parts, crs)
    except SocialMapError:
        return []
    return [(number, position, code)] if position else []


def _agreeing(many: Sequence[tuple[int, Position, str]], locate: Locate) -> set[int]:
    codes = locate([one.lat for _, one, _ in many], [one.lon for _, one, _ in many])
    return {
        number
        for (number, _, stated), code in zip(many, codes, strict=True)
        if code and (code.startswith(stated) or stated.startswith(code))
    }


def _mixed(agreed: Mapping[tuple[str, ...], set[int]], stated: int) -> dict[tuple[str, ...], set[int]]:
    """Join readings that explain different rows, the largest first, as long as each adds enough."""
    names: tuple[str, ...] = ()
    covered: set[int] = set()
    for some, rows in sorted(agreed.items(), key=lambda one: -len(one[1])):
        if len(rows - covered) >= max(1, WORTH * stated):
            names, covered = (*names, *some), covered | rows
    return {names: covered} if len(names) > 1 else {}


def _ranked(agreed: Mapping[tuple[str, ...], set[int]], stated: int) -> tuple[Repair, ...]:
    order = sorted(agreed.items(), key=lambda one: (-len(one[1]), len(one[0]), one[0]))
    made = []
    for names, rows in order:
        accepted = tuple(name for name in names if name != AS_IT_IS)
        words = [describe(name) for name in names]
        title = Text(" + ".join(one.th for one in words), " + ".join(one.en for one in words))
        clear = len(rows) >= CLEAR * stated and all(_ahead(name, names, agreed) for name in accepted)
        made.append(Repair(accepted, len(rows), stated, clear, title))
    return tuple(one for one in made if one.agreeing or not one.names)


def _ahead(name: str, names: tuple[str, ...], agreed: Mapping[tuple[str, ...], set[int]]) -> bool:
    """Say whether the rows that one reading of several explains alone are explained by no other nearly as well."""
    alone = agreed[(name,)].difference(*(agreed[(other,)] for other in names if other != name))
    rivals = [len(rows & alone) for other, rows in agreed.items() if len(other) == 1 and other[0] not in names]
    return len(alone) - max(rivals, default=0) >= max(1, GAP * len(alone))
