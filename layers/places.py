"""The place of a case: its point and its stated code, and the areas that follow from them.

The point gives the area; the stated code is kept beside it, and where the two disagree both are kept and marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import AreaIndex, at_points
from boundaries.errors import SocialMapError

UNKNOWN = "00"


class UnknownArea(SocialMapError):
    """A stated code that the active boundaries do not have."""

    key = "error.unknown_area"


@dataclass(frozen=True)
class Places:
    """Areas of many cases: parallel arrays. `province_code` is '00' when unknown; finer codes may be None."""

    province_code: NDArray[np.object_]
    district_code: NDArray[np.object_]
    subdistrict_code: NDArray[np.object_]
    area_match: NDArray[np.object_]

    @property
    def area_code(self) -> list[str]:
        """The finest code known of each case."""
        return [
            finest or middle or coarse
            for finest, middle, coarse in zip(
                self.subdistrict_code, self.district_code, self.province_code, strict=True
            )
        ]


def known_codes(session: Session) -> frozenset[str]:
    """Return all codes of the active edition, the country's not among them."""
    rows = session.execute(
        text(
            "SELECT a.code FROM area a JOIN edition e ON e.id = a.edition_id"
            " WHERE e.state = 'active' AND a.level <> 'country'"
        )
    )
    return frozenset(row.code for row in rows)


def stated_area(code: str | None, known: frozenset[str]) -> str | None:
    """Return the stated code cut to the finest level that the active boundaries have; None if they know none of it.

    Boundaries with provinces only know `70` of `700101`. Raises UnknownArea for a code none of whose levels fits
    or whose own level exists but not this code.
    """
    if code is None:
        return None
    cut = code[: max((length for length in _lengths(known) if length <= len(code)), default=0)]
    if cut not in known:
        raise UnknownArea(code=code)
    return cut


@lru_cache(maxsize=1)
def _lengths(known: frozenset[str]) -> frozenset[int]:
    """Return the lengths that codes have; every row of a file asks, and always about the same codes."""
    return frozenset(len(one) for one in known)


def resolve(
    index: AreaIndex,
    lats: NDArray[np.float64],
    lons: NDArray[np.float64],
    stated: Sequence[str | None],
) -> Places:
    """Give each case its areas; NaN coordinates mean no point, `stated` codes are those of `stated_area`.

    A point outside every area leaves the stated code to speak, marked `outside`; a point that disagrees with the
    stated code wins, marked `conflict`.
    """
    size = len(stated)
    province = np.full(size, UNKNOWN, dtype=object)
    district, subdistrict = np.full(size, None, dtype=object), np.full(size, None, dtype=object)
    match = np.full(size, "stated", dtype=object)
    pointed = np.flatnonzero(~np.isnan(lats))
    if len(pointed):
        found = at_points(index, lats[pointed], lons[pointed])
        inside = found.area_match != "outside"
        match[pointed] = found.area_match
        province[pointed[inside]] = found.province_code[inside]
        district[pointed[inside]] = found.district_code[inside]
        subdistrict[pointed[inside]] = found.subdistrict_code[inside]
    for place in _stating(stated):
        code = str(stated[place])
        if match[place] in ("stated", "outside"):
            province[place], district[place], subdistrict[place] = split(code)
        elif _disagree(code, subdistrict[place] or district[place] or province[place]):
            match[place] = "conflict"
    return Places(province, district, subdistrict, match)


def _stating(stated: Sequence[str | None]) -> list[int]:
    return [place for place, code in enumerate(stated) if code is not None]


def _disagree(stated: str, found: str) -> bool:
    return not (stated.startswith(found) or found.startswith(stated))


def split(code: str) -> tuple[str, str | None, str | None]:
    """Return the province, district and subdistrict that a code names or lies in."""
    return code[:2], code[:4] if len(code) >= 4 else None, code if len(code) == 6 else None


def combine(
    found: tuple[str | None, str | None, str | None, str] | None, stated: str | None
) -> tuple[str, str | None, str | None, str]:
    """Do for one case what `resolve` does for many: (province, district, subdistrict, area_match).

    `found` is what the point gave, None without a point.
    """
    if found is None or found[0] is None:
        areas = split(stated) if stated else (UNKNOWN, None, None)
        return (*areas, found[3] if found else "stated")
    province, district, subdistrict, match = found
    if stated and _disagree(stated, str(subdistrict or district or province)):
        match = "conflict"
    return str(province), district, subdistrict, match
