"""XLS workbooks of Excel 97 to 2003, read whole; at most 512 MB.

Before the reader sees one, its records are gone through here: whether it is locked, how far its cells reach (a reader
sets up a sheet as large as its outermost cell says), and which rows and columns are hidden.
"""

import io
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from layers.files.errors import EmptyTable, Locked, NotATable, TooWide
from layers.files.grids import Grid, choose_sheet, sheet_notes, tabulate
from layers.files.kinds import OLD_DOCUMENT, TO_XLSX, other
from layers.files.limits import MOST_CELLS, WIDEST
from layers.files.sheet_parts import check_copies
from layers.files.sizes import check_size
from layers.files.table import Asked, Detected, FileTable
from layers.files.workbooks import read_sheet, reading

FREE = 0xFFFFFFFA
"""Numbers of sectors from here on mean the end of a chain, or no sector."""
BOOKS = ("Workbook", "Book")
ENCRYPTED = ("EncryptedPackage", "EncryptionInfo")
END, LOCKED, SHEET, ROW, COLUMNS, TEXTS, GOES_ON, SHARED = 0x0A, 0x2F, 0x85, 0x208, 0x7D, 0xFC, 0x3C, 0xFD
FILLED = frozenset({0x06, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xD6, 0xFD, 0x02, 0x03, 0x04, 0x05, 0x07})
"""Records of cells that hold something, of all versions."""
SEVERAL = 0xBD
ROW_HIDDEN = 0x20


@dataclass
class _Look:
    name: str
    hidden: bool
    filled: int = 0
    last_row: int = 0
    last_column: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    shared: Counter[int] = field(default_factory=Counter)


def read_old_workbook(path: Path, asked: Asked, name: str) -> FileTable:
    """Read the fullest sheet of an XLS, or the one asked for; raise NotATable, EmptyTable, Locked, TooLarge."""
    check_size(path, name)
    content = path.read_bytes()
    try:
        book = _book(content, name)
        looks = list(_look_at_sheets(book, name))
        lengths = _text_lengths(book)
    except (struct.error, IndexError, ValueError) as error:
        raise NotATable(name=name) from error
    check_copies(sum((look.shared for look in looks), Counter()), lengths, name)
    sizes = {look.name: look.filled for look in looks}
    if not sizes:
        raise EmptyTable(name=name)
    hidden = frozenset(look.name for look in looks if look.hidden)
    chosen = choose_sheet(sizes, asked.sheet, hidden)
    look = next(one for one in looks if one.name == chosen)
    with reading(name):
        rows, merges = read_sheet(io.BytesIO(content), chosen)
    grid = Grid(rows, 1, merges, frozenset(look.hidden_rows), frozenset(look.hidden_columns))
    notes = sheet_notes(sizes, chosen, hidden)
    return tabulate(name, grid, Detected("xls", sheet=chosen, sheets=tuple(sizes), notes=notes), asked)


def _book(content: bytes, name: str) -> bytes:
    """Take the workbook out of the compound file that an XLS is; raise Locked for one with a password."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    small_size = 1 << struct.unpack_from("<H", content, 32)[0]
    first_folder, _, limit, first_small, _, first_more, _, _ = struct.unpack_from("<8I", content, 48)
    if size not in (512, 4096) or small_size != 64:
        raise ValueError(size)

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    table = _table(content, sector, first_more, size)
    streams = dict(_streams(b"".join(map(sector, _chain(table, first_folder)))))
    if any(one in streams for one in ENCRYPTED):
        raise Locked(name=name)
    found = next((streams[one] for one in BOOKS if one in streams), None)
    if found is None:
        raise other(name, OLD_DOCUMENT, TO_XLSX)
    start, length = found
    if length >= limit:
        book = b"".join(map(sector, _chain(table, start)))
    else:
        small_table = _numbers(b"".join(map(sector, _chain(table, first_small))))
        small = b"".join(map(sector, _chain(table, streams["Root Entry"][0])))
        book = b"".join(small[one * 64 : one * 64 + 64] for one in _chain(small_table, start))
    if len(book) < length:
        raise ValueError(length)
    return book[:length]


def _table(content: bytes, sector: Callable[[int], bytes], first_more: int, size: int) -> tuple[int, ...]:
    """Read the table that says which sector follows which."""
    places = [one for one in struct.unpack_from("<109I", content, 76) if one < FREE]
    more, seen = first_more, 0
    while more < FREE and seen < len(content) // size:
        numbers = _numbers(sector(more))
        places.extend(one for one in numbers[:-1] if one < FREE)
        more, seen = numbers[-1], seen + 1
    return _numbers(b"".join(map(sector, places[: len(content) // size])))


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _chain(table: tuple[int, ...], number: int) -> Iterator[int]:
    """Follow a chain of sectors; a chain longer than the table goes in a circle."""
    steps = 0
    while number < FREE:
        if steps >= len(table):
            raise ValueError(number)
        yield number
        number, steps = table[number], steps + 1


def _streams(folder: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    for place in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, place + 64)[0]
        word = folder[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        yield word, struct.unpack_from("<II", folder, place + 116)


def _records(book: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Give the records of a stream until the one that ends a part of it."""
    while start + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, start)
        yield kind, book[start + 4 : start + 4 + length]
        if kind == END:
            return
        start += 4 + length


def _look_at_sheets(book: bytes, name: str) -> Iterator[_Look]:
    is_old = struct.unpack_from("<H", book, 4)[0] < 0x600
    for kind, record in _records(book, 0):
        if kind == LOCKED:
            raise Locked(name=name)
        if kind == SHEET and record[5] == 0:
            look = _Look(_sheet_name(record, is_old), bool(record[4] & 3))
            _look_at_cells(look, book, struct.unpack_from("<I", record)[0], name)
            yield look


def _text_lengths(book: bytes) -> list[int]:
    """Return the length in bytes of each shared text; one may go on in the next record, one byte a letter or two."""
    pieces: list[bytes] = []
    for kind, record in _records(book, 0):
        if kind == TEXTS:
            pieces = [record[8:]]
        elif pieces and kind == GOES_ON:
            pieces.append(record)
        elif pieces:
            break
    lengths: list[int] = []
    place = offset = 0
    while place < len(pieces):
        if offset + 3 > len(pieces[place]):
            place, offset = place + 1, 0
            continue
        letters, flags = struct.unpack_from("<HB", pieces[place], offset)
        offset += 3
        extra = 0
        if flags & 8:
            extra += 4 * struct.unpack_from("<H", pieces[place], offset)[0]
            offset += 2
        if flags & 4:
            extra += struct.unpack_from("<I", pieces[place], offset)[0]
            offset += 4
        lengths.append(2 * letters)
        place, offset = _past_letters(pieces, place, offset, letters, flags)
        offset += extra
        while place < len(pieces) and offset > len(pieces[place]):
            place, offset = place + 1, offset - len(pieces[place])
    return lengths


def _past_letters(pieces: list[bytes], place: int, offset: int, letters: int, flags: int) -> tuple[int, int]:
    """Go past the letters of a text into the records in which it goes on."""
    while place < len(pieces):
        wide = 1 + (flags & 1)
        here = (len(pieces[place]) - offset) // wide
        if here >= letters:
            return place, offset + letters * wide
        letters -= max(0, here)
        place, offset = place + 1, 1
        flags = pieces[place][0] if place < len(pieces) and pieces[place] else 0
    return place, 0


def _sheet_name(record: bytes, is_old: bool) -> str:
    length = record[6]
    if is_old:
        return record[7 : 7 + length].decode("cp874", "replace")
    if record[7] & 1:
        return record[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    return record[8 : 8 + length].decode("latin-1")


def _look_at_cells(look: _Look, book: bytes, start: int, name: str) -> None:
    for kind, record in _records(book, start):
        if kind in FILLED and len(record) >= 4:
            row, column = struct.unpack_from("<HH", record)
            if kind == SEVERAL:
                column = max(column, struct.unpack_from("<H", record, len(record) - 2)[0])
            look.last_row, look.last_column = max(look.last_row, row + 1), max(look.last_column, column + 1)
            look.filled += 1
            if kind == SHARED and len(record) >= 10:
                look.shared[struct.unpack_from("<I", record, 6)[0]] += 1
        elif kind == ROW and len(record) >= 14 and record[12] & ROW_HIDDEN:
            look.hidden_rows.add(struct.unpack_from("<H", record)[0] + 1)
        elif kind == COLUMNS and len(record) >= 10 and record[8] & 1:
            first, last = struct.unpack_from("<HH", record)
            look.hidden_columns.update(range(first, min(last, WIDEST) + 1))
    if look.last_row * look.last_column > MOST_CELLS:
        raise TooWide(name=name, row=look.last_row, limit=MOST_CELLS)
