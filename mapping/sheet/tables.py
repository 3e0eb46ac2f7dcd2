"""A table of a sheet: columns, cells whose lines are broken to them, rows as high as they need, split over pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from mapping.sheet.paper import Paper, height_of

Align = Literal["left", "right"]
INSET = 1.1
"""Room left and right of a cell's text, in mm."""


@dataclass(frozen=True)
class Column:
    """A column: its width in mm, its heading, how its cells are set."""

    width: float
    head: str
    align: Align = "left"
    key: str = ""


@dataclass(frozen=True)
class Table:
    """A table as Typst sets it: column widths, alignments, cells of the head and the rows, heights of all rows."""

    widths: tuple[float, ...]
    aligns: tuple[Align, ...]
    head: tuple[dict[str, Any], ...]
    rows: tuple[tuple[dict[str, Any], ...], ...]
    heights: tuple[float, ...]
    strong_last: bool = False
    size: float = 0.0

    @property
    def height(self) -> float:
        """Height of the whole table, the head included."""
        return sum(self.heights)

    @property
    def width(self) -> float:
        """Width of the whole table."""
        return sum(self.widths)

    def split(self, room: float) -> tuple["Table", "Table | None"]:
        """Return the rows that fit a height, at least one, and the rest."""
        high, count = self.heights[0], 0
        while count < len(self.rows) and (count == 0 or high + self.heights[count + 1] <= room):
            high += self.heights[count + 1]
            count += 1
        first = replace(self, rows=self.rows[:count], heights=self.heights[: count + 1])
        if count == len(self.rows):
            return first, None
        return first, replace(self, rows=self.rows[count:], heights=(self.heights[0], *self.heights[count + 1 :]))

    def to_json(self) -> dict[str, Any]:
        """Return the table as Typst reads it."""
        return {
            "widths": self.widths,
            "aligns": self.aligns,
            "head": self.head,
            "rows": self.rows,
            "heights": self.heights,
            "last": self.strong_last,
            "size": self.size,
        }


def cell(lines: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return a cell of whole lines; `more` is weight, colour, chip, plot, blank."""
    return {"lines": list(lines), **more}


def broken_cell(paper: Paper, column: Column, words: str, weight: int = 400, size: float = 0.0) -> dict[str, Any]:
    """Break a cell's words to the width of its column."""
    size = size or paper.sizes["table"]
    lines = paper.lines(words, column.width - 2 * INSET, size, weight) if words else []
    return cell(lines, weight=weight)


def make_table(paper: Paper, columns: Sequence[Column], rows: Sequence[Any], *, strong_last: bool = False) -> Table:
    """Make a table, each row as high as its cells need."""
    size = paper.sizes["table"]
    head = tuple(cell(paper.lines(c.head, c.width - 2 * INSET, size, 600), weight=600) for c in columns)
    heights = [height_of(max(len(one["lines"]) for one in head), size) + 1.0]
    heights += [_row_height(row, size) for row in rows]
    widths, aligns = tuple(c.width for c in columns), tuple(c.align for c in columns)
    return Table(widths, aligns, head, tuple(rows), tuple(heights), strong_last, size)


def _row_height(row: Sequence[dict[str, Any]], size: float) -> float:
    lines = max(max(len(one["lines"]), 1) + one.get("small_lines", 0) for one in row)
    return height_of(lines, size) + 1.2
