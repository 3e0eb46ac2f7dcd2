"""Codes of areas (DOPA / TIS 1099): text of 2, 4 or 6 digits nested by prefix, and TH for the country."""

import re
from typing import Literal

from boundaries.errors import SocialMapError

Level = Literal["country", "province", "district", "subdistrict"]
LEVELS: tuple[Level, ...] = ("country", "province", "district", "subdistrict")
COUNTRY = "TH"

_LEVEL_BY_LENGTH: dict[int, Level] = {2: "province", 4: "district", 6: "subdistrict"}
_DIGITS = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")


class BadCode(SocialMapError):
    """A text that is no code of an area."""

    key = "codes.bad"


def level_of(code: str) -> Level:
    """Return the level that the code's length names; raise BadCode for anything else."""
    if code == COUNTRY:
        return "country"
    if not _DIGITS.fullmatch(code):
        raise BadCode(code=code)
    return _LEVEL_BY_LENGTH[len(code)]


def parent_of(code: str) -> str | None:
    """Return the code one level up, None for the country."""
    level = level_of(code)
    if level == "country":
        return None
    return COUNTRY if level == "province" else code[:-2]


def is_within(code: str, ancestor: str) -> bool:
    """Say whether `code` is `ancestor` or lies below it."""
    level_of(code)
    return level_of(ancestor) == "country" or code.startswith(ancestor)


def child_level(level: Level) -> Level | None:
    """Return the next finer level, None below subdistricts."""
    following = LEVELS.index(level) + 1
    return LEVELS[following] if following < len(LEVELS) else None


def ancestors_of(code: str) -> tuple[str, ...]:
    """Return the codes above `code`, nearest first, the country last."""
    found: list[str] = []
    parent = parent_of(code)
    while parent is not None:
        found.append(parent)
        parent = parent_of(parent)
    return tuple(found)


def digits_of(level: Level) -> int:
    """Return how many digits the codes of a level below the country have."""
    return 2 * LEVELS.index(level)
