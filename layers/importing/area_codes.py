"""Codes of areas as files have them: whole, in 2-digit parts, with lost zeros in front or pairs of 00 behind."""

import re
from collections.abc import Mapping
from functools import lru_cache

from boundaries.errors import SocialMapError
from layers.importing.amounts import plain

LEVELS = ("province_code", "district_code", "subdistrict_code", "village_code")


class BadAreaCode(SocialMapError):
    """A text that is no code of an area, or a part that stands alone."""

    key = "area_code.bad"


class CodesDisagree(SocialMapError):
    """Codes of one row that name different areas."""

    key = "area_code.disagree"


def read_area_code(parts: Mapping[str, str]) -> str | None:
    """Return a row's code of 2, 4, 6 or 8 digits, as fine as its cells say; None when all are empty.

    `parts` are cells by role: area_code, province_code, district_code, subdistrict_code, village_code. A cell below the
    province holds a whole code or the part of its own level. Raises BadAreaCode, CodesDisagree.
    """
    return _read(parts.get("area_code", ""), tuple(parts.get(role, "") for role in LEVELS))


@lru_cache(maxsize=1 << 15)
def _read(code: str, cells: tuple[str, ...]) -> str | None:
    found = _whole(code, 8) if code.strip() else None
    joined: str | None = None
    for level, cell in enumerate(cells, start=1):
        if cell.strip():
            joined = _joined(joined, cell, level)
    if found and joined and not (found.startswith(joined) or joined.startswith(found)):
        raise CodesDisagree(one=found, other=joined)
    return max((one for one in (found, joined) if one), key=len, default=None)


def _digits(cell: str) -> str:
    """Return a cell's digits: TH in front and .0 behind do not count; raise BadAreaCode."""
    found = re.fullmatch(r"(?:TH-?)?(\d{1,8})(?:\.0+)?", plain(cell), re.ASCII | re.IGNORECASE)
    if not found:
        raise BadAreaCode(value=cell[:40])
    return found[1]


def _whole(cell: str, longest: int) -> str:
    """Read a code that is whole; pairs of 00 behind are the padding of the registry, whose areas begin with 01."""
    digits = _digits(cell)
    while len(digits) > 2 and len(digits) % 2 == 0 and digits.endswith("00"):
        digits = digits[:-2]
    if len(digits) % 2 or len(digits) > longest or not "10" <= digits[:2] <= "99":
        raise BadAreaCode(value=cell[:40])
    return digits


def _joined(above: str | None, cell: str, level: int) -> str | None:
    """Put a cell of one level behind what stands above it; 00 is no area of its own."""
    digits = _digits(cell)
    if level > 1 and not digits.strip("0"):
        return above
    if len(digits) <= 2 and level > 1:
        part = digits.zfill(2)
        if above is None or len(above) != 2 * (level - 1):
            raise BadAreaCode(value=cell[:40])
        return above + part
    whole = _whole(cell, 2 * level)
    if above and not (whole.startswith(above) or above.startswith(whole)):
        raise CodesDisagree(one=above, other=whole)
    return whole if above is None or len(whole) > len(above) else above
