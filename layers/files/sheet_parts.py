"""The parts of an XLSX, looked through before a reader sees them: sizes, entities, what is hidden or not computed.

A reader sets up a sheet as wide and long as its outermost cell says and copies a shared text into every cell that names
it; both are checked here first, so that a small file cannot take all memory.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from layers.files.errors import DeclaresEntities, LongCell, TooLarge, TooWide
from layers.files.limits import LONGEST_CELL, MOST_CELLS, WHOLE, WIDEST

UNSAFE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
OTHER_LETTERS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,9})["']""")
HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,9})(\d{1,9})["'][^>]*?(/>|></(?:\w+:)?c>|>)""")
PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
ANY_CELL = (b"<c ", b"<c>", b":c ", b":c>", b"<c\n", b"<c\t", b"<c\r")
COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
FROM = re.compile(rb"""\bmin\s*=\s*["'](\d{1,6})["']""")
TO = re.compile(rb"""\bmax\s*=\s*["'](\d{1,6})["']""")
UNCOMPUTED = re.compile(rb"</(?:\w+:)?f>(?:<v\s*/>|<v></v>)?</(?:\w+:)?c>")
SHARED = re.compile(rb"""["']s["'][^>]*><(?:\w+:)?v>\s*(\d{1,9})""")
LONGEST_TAG = 4 * LONGEST_CELL
MOST_LETTERS = 1 << 30
"""Bytes of shared texts after they have been copied into their cells."""


@dataclass
class Look:
    """What was seen of a sheet; columns are counted from 0, rows as in the file.

    The last row and column are those of cells that hold something: formats often reach to the end of a sheet.
    """

    row: int = 0
    last_row: int = 0
    last_column: int = 0
    filled: int = 0
    uncomputed: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    shared: Counter[int] = field(default_factory=Counter)


def whole_tags(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Cut XML after its tags, so that no tag lies in two pieces; raise DeclaresEntities, LongCell."""
    rest = b""
    for number, piece in enumerate(pieces):
        if number == 0 and piece.startswith(OTHER_LETTERS):
            raise DeclaresEntities(name=name)
        cut = piece.rfind(b">") + 1
        ready, rest = (rest + piece[:cut], piece[cut:]) if cut else (b"", rest + piece)
        if UNSAFE.search(ready):
            raise DeclaresEntities(name=name)
        if len(rest) > LONGEST_TAG:
            raise LongCell(name=name, row="?", limit=LONGEST_CELL)
        if ready:
            yield ready
    if UNSAFE.search(rest):
        raise DeclaresEntities(name=name)
    yield rest


def look_at_sheet(look: Look, piece: bytes, name: str) -> None:
    """Add what a piece of a sheet tells; raise TooWide where it could not be held in memory."""
    for attributes in ROW.findall(piece):
        number = ROW_NUMBER.search(attributes)
        look.row = int(number[1]) if number else look.row + 1
        if b"hidden" in attributes and HIDDEN.search(attributes):
            look.hidden_rows.add(look.row)
    _look_at_cells(look, piece)
    look.filled += piece.count(b"<v>") + piece.count(b"<is>") + piece.count(b":v>") // 2 + piece.count(b":is>") // 2
    if b"f>" in piece:
        look.uncomputed += len(UNCOMPUTED.findall(piece))
    if b'"s"' in piece or b"'s'" in piece:
        look.shared.update(map(int, SHARED.findall(piece)))
    if b"<col" in piece or b":col " in piece:
        _look_at_columns(look, piece)
    if _is_beyond(look.last_row, look.last_column):
        raise TooWide(name=name, row=look.last_row, limit=MOST_CELLS)


def _look_at_cells(look: Look, piece: bytes) -> None:
    """Find the outermost cell: quickly among cells as most programs write them, with care among others."""
    count = sum(map(piece.count, ANY_CELL))
    cells = PLAIN_CELL.findall(piece)
    if len(cells) == count and not _is_beyond(*_extent(look, cells)):
        look.last_row, look.last_column = _extent(look, cells)
        return
    found = CELL.findall(piece)
    if count > len(found):  # cells that do not say where they stand
        look.last_row = max(look.last_row, look.row)
    look.last_row, look.last_column = _extent(look, [(column, row) for column, row, end in found if end == b">"])


def _extent(look: Look, cells: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    if not cells:
        return look.last_row, look.last_column
    columns, rows = zip(*cells, strict=True)
    return max(look.last_row, *map(int, set(rows))), max(look.last_column, *map(column_number, set(columns)))


def _is_beyond(last_row: int, last_column: int) -> bool:
    return last_column > WIDEST or last_row * max(last_column, 1) > MOST_CELLS


def _look_at_columns(look: Look, piece: bytes) -> None:
    for attributes in COLUMNS.findall(piece):
        first, last = FROM.search(attributes), TO.search(attributes)
        if first and last and HIDDEN.search(attributes):
            look.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), WIDEST)))


def column_number(letters: bytes) -> int:
    """Return the number of a column from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def shared_lengths(pieces: Iterable[bytes], name: str) -> Iterator[int]:
    """Give the length in bytes of each shared text, mark-up included; raise LongCell."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"</si>")
        for one in (*whole, rest):
            if len(one) > 3 * LONGEST_TAG:
                raise LongCell(name=name, row="?", limit=LONGEST_CELL)
        yield from map(len, whole)


def check_copies(shared: Counter[int], lengths: list[int], name: str) -> None:
    """Raise TooLarge where shared texts, copied into the cells that name them, would not fit into memory."""
    total = sum(lengths[place] * count for place, count in shared.items() if place < len(lengths))
    if total > MOST_LETTERS:
        raise TooLarge(name=name, limit=WHOLE >> 20)
