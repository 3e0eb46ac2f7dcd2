"""A sheet's cells made into a table: header, merged cells, hidden rows and columns. A sheet is held in memory whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from boundaries.messages import Text, text
from layers.files.cells import fit, write
from layers.files.errors import CannotBeAsked, EmptyTable, LongCell
from layers.files.headings import Header, Merge, Numbered, find_header, headings
from layers.files.limits import LONGEST_CELL
from layers.files.row_kinds import row_kind
from layers.files.table import Asked, Detected, FileTable, Row, RowKind

SAMPLE_ROWS = 200
MOST_NAMED = 5


@dataclass(frozen=True)
class Grid:
    """One sheet: its rows from row number `first`, merged cells, rows and columns (from 0) that are hidden."""

    rows: Sequence[Sequence[Any]]
    first: int = 1
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    notes: tuple[Text, ...] = field(default=())


def choose_sheet(sizes: dict[str, int], asked: str | None, hidden: frozenset[str] = frozenset()) -> str:
    """Choose the sheet that was asked for, else the fullest one; hidden sheets only where no other holds anything."""
    if asked is not None:
        if asked not in sizes:
            raise CannotBeAsked(asked=asked, allowed=", ".join(sizes))
        return asked
    shown = [name for name in sizes if name not in hidden and sizes[name]] or list(sizes)
    return max(shown, key=lambda name: sizes[name])


def sheet_notes(sizes: dict[str, int], chosen: str, hidden: frozenset[str]) -> tuple[Text, ...]:
    """Tell which other sheets hold something, and which of them are hidden."""
    others = [name for name in sizes if name != chosen and sizes[name]]
    notes = [text("file.other_sheets", sheet=chosen, others=", ".join(others))] if others else []
    veiled = [name for name in sizes if name in hidden]
    return (*notes, text("file.hidden_sheets", sheets=", ".join(veiled))) if veiled else tuple(notes)


def tabulate(name: str, grid: Grid, found: Detected, asked: Asked) -> FileTable:
    """Make a sheet into a table; raise EmptyTable."""
    sample = _sample(grid)
    header = find_header(sample, grid.merges, asked.header_rows) if sample else Header((), ())
    last = header.numbers[1] if header.numbers else 0
    body = [
        number for number, cells in _numbered(grid) if number > last and any(one not in (None, "") for one in cells)
    ]
    if not body:
        raise EmptyTable(name=name)
    width = max(len(header.words), _body_width(grid, last, name))
    made = headings(header.words, width)
    fills = _fills(grid, last)
    notes = (*found.notes, *grid.notes, *_notes(grid, made, body, fills))
    detected = Detected(
        kind=found.kind, sheet=found.sheet, sheets=found.sheets, header_rows=header.numbers, crs=asked.crs, notes=notes
    )
    return FileTable(name, made, detected, lambda: _rows(grid, header, width, fills))


def _numbered(grid: Grid) -> Iterator[tuple[int, Sequence[Any]]]:
    return enumerate(grid.rows, start=grid.first)


def _sample(grid: Grid) -> list[Numbered]:
    sample: list[Numbered] = []
    for number, values in _numbered(grid):
        cells = tuple(map(write, values))
        if any(cells):
            sample.append((number, cells))
        if len(sample) == SAMPLE_ROWS:
            break
    return sample


def _body_width(grid: Grid, last: int, name: str) -> int:
    """Count columns up to the last one that is filled below the header; refuse overlong cells on the way."""
    width = 0
    for number, values in _numbered(grid):
        for value in values:
            if value.__class__ is str and len(value) > LONGEST_CELL:
                raise LongCell(name=name, row=number, limit=LONGEST_CELL)
        if number > last:
            filled = (column for column in range(len(values) - 1, width - 1, -1) if values[column] not in (None, ""))
            width = max(width, next(filled, -1) + 1)
    return width


def _fills(grid: Grid, last: int) -> dict[int, list[tuple[int, Any]]]:
    """Say what merged cells hold in the rows below their first: the same as in it."""
    fills: dict[int, list[tuple[int, Any]]] = {}
    for merge in grid.merges:
        if merge.first_row <= last or merge.last_row == merge.first_row or merge.is_group:
            continue
        values = grid.rows[merge.first_row - grid.first] if merge.first_row >= grid.first else ()
        value = values[merge.first_column] if merge.first_column < len(values) else None
        if value in (None, ""):
            continue
        for number in range(merge.first_row + 1, min(merge.last_row, grid.first + len(grid.rows) - 1) + 1):
            fills.setdefault(number, []).append((merge.first_column, value))
    return fills


def _notes(grid: Grid, made: Sequence[str], body: Sequence[int], fills: dict[int, Any]) -> list[Text]:
    notes = []
    hidden = [number for number in body if number in grid.hidden_rows]
    if hidden:
        notes.append(text("file.hidden_rows", count=len(hidden), first=hidden[0]))
    veiled = [heading for column, heading in enumerate(made) if column in grid.hidden_columns]
    if veiled:
        notes.append(text("file.hidden_columns", columns=", ".join(veiled[:MOST_NAMED]), count=len(veiled)))
    if fills:
        notes.append(text("file.merged_filled", count=len(fills), first=min(fills)))
    return notes


def _rows(grid: Grid, header: Header, width: int, fills: dict[int, list[tuple[int, Any]]]) -> Iterator[Row]:
    last = header.numbers[1] if header.numbers else 0
    tell = row_kind([fit(list(cells), width) for _, cells in header.rows], width)
    for number, values in _numbered(grid):
        if number <= last:
            continue
        cells = fit([write(value) for value in values], width)
        if not any(cells):
            continue
        kind: RowKind = tell(cells)
        if number in fills:
            cells = _filled(cells, fills[number])
        if kind == "data" and number in grid.hidden_rows:
            kind = "hidden"
        yield Row(number, cells, kind)


def _filled(cells: tuple[str, ...], fills: list[tuple[int, Any]]) -> tuple[str, ...]:
    row = list(cells)
    for column, value in fills:
        row[column] = row[column] or write(value)
    return tuple(row)
