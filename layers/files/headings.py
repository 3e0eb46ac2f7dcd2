"""The header of a table: which rows hold it, below which titles, and one heading for each column.

Two or three rows are one header where cells are merged or where the lower row fills the gaps of the upper one;
their words are joined: "ผู้สูงอายุ · ชาย".
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from layers.files.cells import clean
from layers.files.errors import CannotBeAsked, EmptyTable

JOIN = " · "
NUMBER = re.compile(r"[-+]?[\d๐-๙][\d๐-๙,]*(?:\.[\d๐-๙]+)?(?:[eE][-+]?\d+)?\s*%?")
YEAR = re.compile(r"(?:19|20|24|25|26)\d\d")
MOST_HEADER_ROWS = 3

Numbered = tuple[int, tuple[str, ...]]
"""A row's number and its cells; blank rows are left out."""


@dataclass(frozen=True)
class Merge:
    """Cells merged into one: row numbers from 1, columns from 0, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def is_group(self) -> bool:
        """Tell a heading that stands above several columns."""
        return self.last_column > self.first_column


@dataclass(frozen=True)
class Header:
    """The rows of a header as they are written, top first, and the words of each column; no rows: the file has none."""

    rows: tuple[Numbered, ...]
    words: tuple[str, ...]

    @property
    def numbers(self) -> tuple[int, int] | None:
        """First and last row number."""
        return (self.rows[0][0], self.rows[-1][0]) if self.rows else None


def find_header(
    sample: Sequence[Numbered], merges: Sequence[Merge] = (), asked: tuple[int, int] | None = None
) -> Header:
    """Find the header among the first rows of a table; `asked` says where it is, (0, 0) that there is none."""
    if asked:
        rows = tuple(row for row in sample if asked[0] <= row[0] <= asked[1])
        if not rows and asked != (0, 0):
            raise CannotBeAsked(asked=f"{asked[0]}-{asked[1]}", allowed=f"1-{sample[-1][0] if sample else 0}")
        return Header(rows, _join(rows, merges))
    if not sample:
        raise EmptyTable(name="")
    top = _find_top(sample)
    if _is_record(sample, top):
        return Header((), ())
    bottom = top
    while top and _is_above(sample[top - 1], sample[top], merges):
        top -= 1
    while bottom + 1 < len(sample) and bottom - top + 1 < MOST_HEADER_ROWS and _goes_on(sample, top, bottom, merges):
        bottom += 1
    rows = tuple(sample[top : bottom + 1])
    return Header(rows, _join(rows, merges))


def headings(words: Sequence[str], width: int, taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Make the words of the columns into headings, none empty and none twice."""
    seen = Counter(taken)
    made = []
    for column in range(width):
        word = words[column] if column < len(words) else ""
        word = word or f"คอลัมน์ {column + 1} (column {column + 1})"
        name, again = word, 1
        while name in seen:
            again += 1
            name = f"{word} ({again})"
        seen[name] += 1
        made.append(name)
    return tuple(made)


def filled_width(rows: Iterable[Numbered]) -> int:
    """Count columns up to the last one that holds anything."""
    return max((_width(cells) for _, cells in rows), default=0)


def one_line(words: str) -> str:
    """Write a heading's words on one line."""
    return clean(" ".join(words.split()))


def _width(cells: Sequence[str]) -> int:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return width


def _filled(cells: Iterable[str]) -> int:
    return sum(map(bool, cells))


def _at(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _find_top(sample: Sequence[Numbered]) -> int:
    """Find the first row about as full as most rows are; titles above it fill one cell or two."""
    counts = sorted(_filled(cells) for _, cells in sample)
    usual = counts[int(0.75 * len(counts))] if len(counts) > 1 else counts[-1]
    wanted = max(min(2, usual), -(-6 * usual // 10))
    return next((place for place, (_, cells) in enumerate(sample) if _filled(cells) >= wanted), 0)


def _is_record(sample: Sequence[Numbered], top: int) -> bool:
    """Tell a first row that is a record already: numbers stand in it where numbers stand in the rows below."""
    first, below = sample[top][1], [cells for _, cells in sample[top + 1 :]]
    numeric = [
        column
        for column in range(len(first))
        if (values := [cells[column] for cells in below if column < len(cells) and cells[column]])
        and sum(map(_is_number, values)) >= 0.8 * len(values)
    ]
    mine = [first[column] for column in numeric if first[column]]
    if not mine or sum(map(_is_number, mine)) < 0.8 * len(mine):
        return False
    return not _is_series(mine)


def _is_series(values: Sequence[str]) -> bool:
    """Tell years or a row of ages as headings: all years, or numbers counted up by one."""
    if all(YEAR.fullmatch(one) for one in values):
        return len(set(values)) == len(values)
    if len(values) < 3 or not all(one.isdecimal() for one in values):
        return False
    numbers = [int(one) for one in values]
    return all(after - before == 1 for before, after in pairwise(numbers))


def _is_number(words: str) -> bool:
    return NUMBER.fullmatch(words) is not None


def _is_label(words: str) -> bool:
    return not _is_number(words) or YEAR.fullmatch(words) is not None


def _is_above(upper: Numbered, lower: Numbered, merges: Sequence[Merge]) -> bool:
    """Tell group headings above the row that was found: they fill its gaps, or are merged over some of its columns."""
    if upper[0] + 1 != lower[0] or _filled(upper[1]) < 2:
        return False
    if any(merge.first_row <= upper[0] <= merge.last_row for merge in merges):
        return True
    return any(word and not _at(lower[1], column) for column, word in enumerate(upper[1]))


def _goes_on(sample: Sequence[Numbered], top: int, bottom: int, merges: Sequence[Merge]) -> bool:
    """Tell whether the row below belongs to the header too."""
    upper, lower = sample[bottom], sample[bottom + 1]
    if upper[0] + 1 != lower[0] or not all(_is_label(one) for one in lower[1] if one):
        return False
    first = sample[top][0]
    here = [merge for merge in merges if first <= merge.first_row <= upper[0]]
    if any(merge.last_row >= lower[0] for merge in here):
        return True
    if any(merge.is_group and merge.last_row == upper[0] for merge in here):
        return True
    below = sample[bottom + 2][1] if bottom + 2 < len(sample) else ()
    return not here and _fills_gaps(upper[1], lower[1], below)


def _fills_gaps(upper: Sequence[str], lower: Sequence[str], below: Sequence[str]) -> bool:
    """Tell subheadings: each stands below a gap, or at the start of a group that a gap follows."""
    filled = [column for column, word in enumerate(lower) if word]
    groups = 0
    for column in filled:
        if not _at(upper, column):
            continue
        if _at(upper, column + 1) or not _at(lower, column + 1):
            return False
        groups += 1
    alone = any(word and not _at(lower, column) for column, word in enumerate(upper))
    counted = any(_is_number(_at(below, column)) for column in filled)
    return groups > 0 and (alone or counted)


def _join(rows: Sequence[Numbered], merges: Sequence[Merge]) -> tuple[str, ...]:
    """Join the words above each column, a group's heading said for all its columns, nothing said twice."""
    width = filled_width(rows)
    spread = [_spread(rows, place, width, merges) for place in range(len(rows))]
    joined = []
    for column in range(width):
        parts: list[str] = []
        for row in spread:
            word = one_line(row[column])
            if word and (not parts or parts[-1] != word):
                parts.append(word)
        joined.append(JOIN.join(parts))
    return tuple(joined)


def _spread(rows: Sequence[Numbered], place: int, width: int, merges: Sequence[Merge]) -> list[str]:
    """Repeat the heading of a group over its columns, as merged cells say, else as long as the row below has words."""
    number, cells = rows[place]
    row = [_at(cells, column) for column in range(width)]
    here = [merge for merge in merges if merge.first_row == number]
    for merge in here:
        for column in range(merge.first_column, min(merge.last_column + 1, width)):
            row[column] = row[merge.first_column]
    if here or place + 1 == len(rows):
        return row
    lower = rows[place + 1][1]
    for column in range(1, width):
        if not row[column] and _at(lower, column):
            row[column] = row[column - 1]
    return row
