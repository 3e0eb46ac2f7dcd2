"""What the cells of a column look like: evidence for a role, or against the one that its heading announces."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from boundaries.importing import province_names
from layers.date_reading import BadDate, ShortYear, parse_date, parse_yymm
from layers.importing.amounts import find_amount, plain, readings
from layers.importing.angles import find_angle
from layers.importing.case_values import NONE
from layers.importing.position_text import take_apart
from layers.importing.positions import METRES_FROM
from layers.importing.provinces import is_province
from layers.importing.words import WORD_ROLES, find_codes

Test = Callable[[str], bool]

LEAST = 0.8
"""Share of filled cells that must be what a role needs …"""
LEAST_WORDS = 0.3
"""… and of those that hold words: the file's own are told to a person."""


@dataclass(frozen=True)
class Values:
    """The filled cells of one column of a sample."""

    cells: tuple[str, ...]
    every: tuple[str, ...] = ()
    """All cells of the sample, row by row, the empty ones too."""

    @cached_property
    def distinct(self) -> frozenset[str]:
        """The different cells."""
        return frozenset(self.cells)

    @property
    def unique(self) -> bool:
        """Whether no cell stands twice."""
        return len(self.distinct) == len(self.cells)

    def share(self, test: Callable[[str], bool]) -> float:
        """Return the share of cells that pass a test; every different cell is tested once."""
        if not self.cells:
            return 0.0
        passed = {cell for cell in self.distinct if test(cell)}
        return sum(cell in passed for cell in self.cells) / len(self.cells)

    def fits(self, role: str) -> bool | None:
        """Say whether the cells can have a role; None where there are none, or where any text can."""
        if not self.cells:
            return None
        if role in WORD_ROLES:
            return self.share(lambda cell: is_word(role, cell)) >= LEAST_WORDS
        test = _TESTS.get(role.partition(":")[0])
        return None if test is None else self.share(test) >= LEAST


def is_word(role: str, cell: str) -> bool:
    """Say whether every word of a cell has one code of ours."""
    return all(match.code is not None for _, match in find_codes(role, cell))


def is_date(cell: str) -> bool:
    """Say whether a cell is a date, or one that lacks only its era or its order."""
    try:
        parse_date(cell)
    except ShortYear:
        return True
    except BadDate:
        return looks_month_first(cell)
    return True


def looks_month_first(cell: str) -> bool:
    """Say whether a cell is a date only when its month comes before its day."""
    try:
        parse_date(cell)
    except ShortYear:
        return False
    except BadDate:
        try:
            parse_date(cell, "mdy", "be")
        except BadDate:
            return False
        return True
    return False


def is_fiscal(cell: str) -> bool:
    """Say whether a cell says that it is a fiscal year."""
    try:
        return parse_date(cell, short_years="be")[1] == "fiscal"
    except BadDate:
        return False


def is_bare_year(cell: str) -> bool:
    """Say whether a cell is a year that says nothing of itself."""
    try:
        return parse_date(cell, short_years="be")[1] == "year"
    except BadDate:
        return False


def is_short_year(cell: str) -> bool:
    """Say whether a cell's two-digit year may be of either era."""
    try:
        parse_date(cell)
    except ShortYear:
        return True
    except BadDate:
        return False
    return False


def between(low: float, high: float) -> Callable[[str], bool]:
    """Return a test: the cell is a coordinate in degrees between two."""

    def test(cell: str) -> bool:
        angle = find_angle(cell)
        values = [angle.degrees] if angle else readings(cell)
        return any(low <= abs(value) <= high for value in values)

    return test


is_lat, is_lon = between(5, 21), between(96.8, 106.2)


def is_metres(cell: str) -> bool:
    """Say whether a cell is a coordinate in metres."""
    return any(METRES_FROM <= abs(value) < 3e6 for value in readings(cell))


def is_coordinate(cell: str) -> bool:
    """Say whether a cell can be either coordinate of a place in Thailand, degrees or metres."""
    return is_lat(cell) or is_lon(cell) or is_metres(cell)


def is_position(cell: str) -> bool:
    """Say whether a cell holds two coordinates."""
    return take_apart(cell) is not None


def is_code(*lengths: int) -> Callable[[str], bool]:
    """Return a test: digits of one of these lengths (a lost zero and .0 do not count)."""

    def test(cell: str) -> bool:
        found = re.fullmatch(r"(?:TH-?)?(\d+)(?:\.0+)?", plain(cell), re.ASCII | re.IGNORECASE)
        return bool(found) and len(found[1]) in lengths  # type: ignore[index]

    return test


def is_area_code(cell: str) -> bool:
    """Say whether a cell is a whole code of an area in a province that there is (99 is for invented places)."""
    return is_code(2, 4, 6, 8)(cell) and plain(cell).upper().removeprefix("TH")[:2] in {*province_names(), "99"}


def is_amount(cell: str) -> bool:
    """Say whether a cell is a number that can be counted, or a dash for none."""
    return plain(cell) in NONE or ((find_amount(cell) or 0.0) >= 0.0 and find_amount(cell) is not None)


def is_count(cell: str) -> bool:
    """Say whether a cell is a whole number that can be counted, or a dash for none."""
    found = find_amount(cell)
    return plain(cell) in NONE or (found is not None and found >= 0 and found == int(found))


def is_coarse(cell: str) -> bool:
    """Say whether a cell is a month, a year or a fiscal year, and no day."""
    try:
        return parse_date(cell, short_years="be")[1] != "day"
    except BadDate:
        return False


def is_name(cell: str) -> bool:
    """Say whether a cell holds words, not numbers."""
    return bool(re.search("[ก-๙A-Za-z]", cell))


def is_address(cell: str) -> bool:
    """Say whether a cell names areas by their abbreviations or words."""
    return bool(re.search(r"(?:ต\.|ตำบล|แขวง|อ\.|อำเภอ|เขต|จ\.|จังหวัด|กทม|กรุงเทพ)", cell)) and len(cell) > 8


def is_yymm(cell: str) -> bool:
    """Say whether a cell is the registration office's year and month."""
    try:
        parse_yymm(cell)
    except BadDate:
        return False
    return True


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "reported_on": is_date,
    "period": is_date,
    "yymm": is_yymm,
    "area_code": is_code(2, 4, 6, 8),
    "province_code": is_code(2),
    "district_code": is_code(1, 2, 4),
    "subdistrict_code": is_code(1, 2, 6, 8),
    "village_code": is_code(1, 2, 8),
    "province_name": is_name,
    "district_name": is_name,
    "subdistrict_name": is_name,
    "lat": is_coordinate,
    "lon": is_coordinate,
    "x": is_coordinate,
    "y": is_coordinate,
    "position": is_position,
    "accuracy_m": is_amount,
    "weight": is_amount,
    "count": is_count,
    "cases": is_count,
    "indicator": is_amount,
}


def column_values(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Values]:
    """Return the filled cells of each heading."""
    return {
        heading: Values(
            tuple(row[place] for row in rows if row[place].strip()), tuple(row[place].strip() for row in rows)
        )
        for place, heading in enumerate(header)
    }


def is_province_column(values: Values) -> bool:
    """Say whether nearly all cells name provinces."""
    return bool(values.cells) and values.share(is_province) >= LEAST
