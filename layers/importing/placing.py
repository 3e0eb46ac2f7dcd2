"""Where the rows of a file lie: codes whole or in parts, names, and points, with repairs that a person accepted.

A point gives the area, a stated code or a sure name is kept beside it, and where they disagree both are kept and
marked. A row that nothing surely places waits for a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from boundaries import datums
from boundaries.areas import AreaIndex, at_points
from boundaries.errors import SocialMapError
from boundaries.matching import Matcher, Named
from layers import places
from layers.importing.area_codes import LEVELS, read_area_code
from layers.importing.position_columns import read_positions
from layers.importing.position_repairs import alternatives
from layers.importing.reports import RefusedRow
from layers.importing.role_cells import RoleCells
from layers.importing.roles import POSITION_ROLES
from layers.importing.tally import Fault, Tally, UndecidedName

CODES = ("area_code", *LEVELS)
VILLAGE = 8
"""Length of a village's code."""
NAMES = ("province_name", "district_name", "subdistrict_name", "address")
REMEMBERED = 100_000
"""So many different statements of an area are remembered with what they mean."""
TRIED = 5_000
"""So many rows whose point does not fit are tried with other readings, unless a repair was accepted."""


@dataclass
class Stated:
    """What a row states of its area; `code` as far as the boundaries know it, `name` when names surely say it."""

    code: str | None
    village: str | None
    name: str | None
    undecided: UndecidedName | None


@dataclass(frozen=True)
class Placed:
    """Places of a chunk: degrees (NaN without a point), and the areas that follow."""

    lats: np.ndarray
    lons: np.ndarray
    areas: places.Places


class Placer:
    """Places the rows of one file, a chunk at a time."""

    def __init__(
        self,
        index: AreaIndex,
        known: frozenset[str],
        matcher: Matcher,
        cells: RoleCells,
        crs: str | None,
        repairs: Sequence[str] = (),
    ) -> None:
        self._index, self._known, self._matcher, self._cells = index, known, matcher, cells
        systems = [name for name in repairs if name in datums.TITLES]
        # One system that a person accepted holds for the whole file; of several, each row takes the one that fits.
        self._crs = systems[0] if len(systems) == 1 else crs
        self._repairs = [name for name in repairs if len(systems) > 1 or name not in systems]
        self._states: dict[tuple[str, ...], Stated | SocialMapError] = {}
        self._tried = 0

    def place(
        self,
        numbers: Sequence[int],
        columns: Callable[[str], list[str]],
        faults: list[Fault | None],
        lenient: bool,
        tally: Tally,
    ) -> tuple[Placed, list[Stated | None]]:
        """Return where each row lies and what it states; a row that cannot be placed gets its fault."""
        roles = [role for role in POSITION_ROLES if self._cells.has(role)]
        read = read_positions(
            {role: columns(role) for role in roles} if roles else {"lat": [""] * len(faults)}, self._crs
        )
        lats, lons, unread = read.lats, read.lons, dict(read.errors)
        stated = self._stated(columns, ~np.isnan(lats), faults, lenient)
        codes = [one.code or one.name if one else None for one in stated]
        found = places.resolve(self._index, lats, lons, codes)
        odd = _odd(found, codes, unread) if roles else []
        written = {role: columns(role) for role in roles}
        if odd and self._repair(odd, numbers, written, codes, lats, lons, unread, tally):
            found = places.resolve(self._index, lats, lons, codes)
        for row, error in unread.items():
            faults[row] = faults[row] or error
        for row, one in enumerate(stated):
            unplaced = found.province_code[row] == places.UNKNOWN
            if one and one.undecided and unplaced and faults[row] is None:
                faults[row] = one.undecided
        return Placed(lats, lons, found), stated

    def state(self, columns: Callable[[str], list[str]], faults: list[Fault | None]) -> list[Stated | None]:
        """Return what each row states of its area, for tables without points."""
        return self._stated(columns, np.zeros(len(faults), dtype=bool), faults, lenient=False)

    def _stated(
        self, columns: Callable[[str], list[str]], pointed: np.ndarray, faults: list[Fault | None], lenient: bool
    ) -> list[Stated | None]:
        roles = (*CODES, *NAMES)
        keys: list[Any] = list(zip(*map(columns, roles), strict=True))
        if lenient:
            keys = [(*key, "lenient") if pointed[row] else key for row, key in enumerate(keys)]
        if len(self._states) > REMEMBERED:
            self._states.clear()
        different, states, wrong = set(keys), self._states, {}
        for key in different:
            if key not in states:
                states[key] = self._read_stated(dict(zip(roles, key, strict=False)), len(key) > len(roles))
            if isinstance(state := states[key], SocialMapError):
                wrong[key] = state
        if not wrong:
            return [states[key] for key in keys]  # type: ignore[misc]
        for row, key in enumerate(keys):
            faults[row] = faults[row] or wrong.get(key)
        return [None if key in wrong else states[key] for key in keys]  # type: ignore[misc]

    def _read_stated(self, words: Mapping[str, str], lenient: bool) -> Stated | SocialMapError:
        """Read what a row states of its area; an error comes back as a value, to be kept for the next such row."""
        try:
            code = read_area_code(words)
            village = code if code and len(code) == VILLAGE else None
            if village:
                self._check_village(village, lenient)
            known = self._known_part(code[:6] if code else None, lenient)
            return self._with_names(words, known, village)
        except SocialMapError as error:
            return error

    def _with_names(self, words: Mapping[str, str], code: str | None, village: str | None) -> Stated:
        province, district, subdistrict, address = (words[role] or None for role in NAMES)
        named = Named(province, district, subdistrict, address, code)
        if not any((named.province, named.district, named.subdistrict, named.address)):
            return Stated(code, village, None, None)
        match = self._matcher.match(named)
        if match.code is None:
            undecided = UndecidedName(named, match) if match.state == "review" and code is None else None
            return Stated(code, village, None, undecided)
        if code and _disagree(match.code, code):
            raise RefusedRow("row.code_and_name", code=code, name=_path(named), other=match.code)
        return Stated(max(code or "", match.code, key=len), village, match.code, None)

    def _check_village(self, village: str, lenient: bool) -> None:
        try:
            self._known_part(village[:6], lenient)
        except places.UnknownArea as error:
            raise RefusedRow("row.unknown_village", value=village, code=village[:6]) from error

    def _known_part(self, code: str | None, lenient: bool) -> str | None:
        """Return a code as far as the boundaries know it; raise UnknownArea."""
        try:
            return places.stated_area(code, self._known)
        except places.UnknownArea:
            shorter = [code[:length] for length in (4, 2) if code[:length] in self._known] if code and lenient else []
            if shorter:
                return shorter[0]
            raise

    def _repair(
        self,
        odd: Sequence[int],
        numbers: Sequence[int],
        written: Mapping[str, Sequence[str]],
        codes: Sequence[str | None],
        lats: np.ndarray,
        lons: np.ndarray,
        unread: dict[int, SocialMapError],
        tally: Tally,
    ) -> bool:
        """Try other readings of odd rows against what they state: take those accepted, offer the others.

        Return whether any was taken.
        """
        rows = odd if self._repairs else odd[: max(0, TRIED - self._tried)]
        self._tried += len(rows)
        tally.odd_rows += len(rows)
        parts = ((row, {role: cells[row] for role, cells in written.items()}) for row in rows)
        tries = [(row, one) for row, said in parts for one in alternatives(said, self._crs)]
        if not tries:
            return False
        found = at_points(self._index, [one.lat for _, one in tries], [one.lon for _, one in tries])
        taken: set[int] = set()
        for place, (row, one) in enumerate(tries):
            area = found.subdistrict_code[place] or found.district_code[place] or found.province_code[place]
            if area is None or _disagree(area, codes[row]):
                continue
            if one.name not in self._repairs:
                tally.offer(one.name, one.words, numbers[row])
            elif row not in taken:
                lats[row], lons[row] = one.lat, one.lon
                unread.pop(row, None)
                taken.add(row)
        tally.repaired_rows += len(taken)
        return bool(taken)


def _odd(found: places.Places, codes: Sequence[str | None], unread: Mapping[int, SocialMapError]) -> list[int]:
    """Return the rows whose point does not fit what they state, or cannot be read."""
    misfit = [row for row, code in enumerate(codes) if code and found.area_match[row] in ("conflict", "outside")]
    return sorted({*misfit, *unread})


def _disagree(area: str, stated: str | None) -> bool:
    return stated is not None and not (area.startswith(stated) or stated.startswith(area))


def _path(named: Named) -> str:
    return " ".join(part for part in (named.subdistrict, named.district, named.province, named.address) if part)
