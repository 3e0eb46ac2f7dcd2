"""A file as a table of text cells: what was asked for, what was found, and rows that are read anew at every call."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from boundaries.messages import Text

RowKind = Literal["data", "total", "footnote", "repeated_header", "hidden"]
"""What a row of a file is; hidden rows of a workbook hold data too and are marked."""
GEOMETRY_X, GEOMETRY_Y = "geometry_x", "geometry_y"
"""Columns that vector files add: text of floats in the CRS that was found, empty where a feature has no place."""


class Row(NamedTuple):
    """One row: its number as the user sees it, stripped text exactly as wide as the header, and its kind.

    The number counts rows of the file from 1 (the header of a plain CSV is row 1), features of a vector file from 1.
    Whole numbers stand without a point, dates as ISO with the year that the file stores, be it 2568 or 2025.
    """

    number: int
    cells: tuple[str, ...]
    kind: RowKind = "data"


@dataclass(frozen=True)
class Asked:
    """What a person overrules; None means: to be detected."""

    kind: str | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    layer: str | None = None
    inside: str | None = None
    """Which of several tables in a zip."""
    header_rows: tuple[int, int] | None = None
    """First and last row number of the header."""
    crs: str | None = None
    """The CRS that coordinates are really in, such as EPSG:32647."""


@dataclass(frozen=True)
class Detected:
    """What was found in a file, to be shown to the user; `kind` is one of `kinds.KINDS`."""

    kind: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    layer: str | None = None
    layers: tuple[str, ...] = ()
    inside: str | None = None
    """The table of a zip that is read."""
    insides: tuple[str, ...] = ()
    """All tables of a zip that holds several."""
    header_rows: tuple[int, int] | None = None
    crs: str | None = None
    crs_guessed: bool = False
    """Whether the coordinate system follows from the numbers alone: to be confirmed by a person."""
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class FileTable:
    """A file's header, what was found in it, and its rows; headings are unique and none is empty."""

    name: str
    header: tuple[str, ...]
    detected: Detected
    source: Callable[[], Iterable[Row]] = field(repr=False, compare=False)
    """Gives all rows below the header from the first, at every call."""
    expected: int = 0
    """About how many rows there are, to tell how far the reading is; 0 where that was not counted."""

    def rows(self) -> Iterator[Row]:
        """Read the rows from the first, at every call; a file that turns out damaged raises NotATable on the way."""
        return iter(self.source())
