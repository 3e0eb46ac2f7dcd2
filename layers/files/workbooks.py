"""XLSX workbooks, read whole: at most 512 MB unpacked and 12 million cells; formulas give their stored value.

Only parts that have been looked through (sheet_parts) are handed to the reader, packed anew in memory.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine

from boundaries.messages import Text, text
from layers.files import archives
from layers.files.errors import EmptyTable, Locked, NotATable
from layers.files.grids import Grid, choose_sheet, sheet_notes, tabulate
from layers.files.headings import Merge
from layers.files.limits import WHOLE
from layers.files.sheet_parts import Look, check_copies, look_at_sheet, shared_lengths, whole_tags
from layers.files.table import Asked, Detected, FileTable

BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
SHARED = "xl/sharedstrings.xml"
SHEETS = "xl/worksheets/"
WANTED = ("[content_types].xml", "_rels/.rels", BOOK, LINKS, STYLES, SHARED)
SMALL = 32 << 20
"""Bytes of each part other than the sheets and the shared texts."""
THAI_DATES = (
    (re.compile(rb'numFmtId="(?:7[1-4]|81)"'), b'numFmtId="14"'),
    (re.compile(rb'numFmtId="77"'), b'numFmtId="22"'),
    (re.compile(r'formatCode="[^"]*(?:ปป|ดด|ว/|ว-)[^"]*"'.encode()), b'formatCode="yyyy\\-mm\\-dd"'),
)
"""Formats of dates that only a Thai Excel writes, put into words the reader knows; else a date would be a number."""


@dataclass
class _Book:
    """The parts of a workbook that are read, packed anew, and what was seen of its sheets."""

    parts: dict[str, bytes] = field(default_factory=dict)
    looks: dict[str, Look] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    packed: io.BytesIO = field(default_factory=io.BytesIO)


def read_workbook(path: Path, asked: Asked, name: str) -> FileTable:
    """Read the largest sheet of an XLSX, or the one asked for; raise NotATable, EmptyTable, Locked, TooLarge."""
    book = _look_through(path, name)
    sheets, hidden = _sheets(book, name)
    sizes = {sheet: book.looks[part].filled if part in book.looks else 0 for sheet, part in sheets.items()}
    if not sizes:
        raise EmptyTable(name=name)
    chosen = choose_sheet(sizes, asked.sheet, hidden)
    look = book.looks.get(sheets[chosen], Look())
    check_copies(look.shared, book.lengths, name)
    book.packed.seek(0)
    with reading(name):
        rows, merges = read_sheet(book.packed, chosen)
    notes: list[Text] = [*sheet_notes(sizes, chosen, hidden)]
    if look.uncomputed:
        notes.append(text("file.uncomputed", count=look.uncomputed))
    grid = Grid(rows, 1, merges, frozenset(look.hidden_rows), frozenset(look.hidden_columns))
    return tabulate(name, grid, Detected("xlsx", sheet=chosen, sheets=tuple(sizes), notes=tuple(notes)), asked)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what the reader of workbooks raises, its panics included, into errors of ours."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise Locked(name=name) from error
    except (python_calamine.CalamineError, ElementTree.ParseError, OSError, ValueError, OverflowError) as error:
        raise NotATable(name=name) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise NotATable(name=name) from error


def read_sheet(content: io.BytesIO, sheet: str) -> tuple[list[list[Any]], tuple[Merge, ...]]:
    """Read a sheet's cells from its row 1 and column A, and what is merged."""
    with python_calamine.CalamineWorkbook.from_filelike(content) as workbook:
        found = workbook.get_sheet_by_name(sheet)
        merges = tuple(
            Merge(first_row + 1, first_column, last_row + 1, last_column)
            for (first_row, first_column), (last_row, last_column) in found.merged_cell_ranges or ()
        )
        return found.to_python(skip_empty_area=False), merges


def _look_through(path: Path, name: str) -> _Book:
    """Unpack the parts that are needed once, check them, and pack them anew."""
    book = _Book()
    left = WHOLE
    with archives.opened(path, name) as archive, zipfile.ZipFile(book.packed, "w") as packed:
        for member in archives.members(archive, name):
            part = member.filename.replace("\\", "/").lstrip("/")
            lower = part.lower()
            if lower not in WANTED and not (lower.startswith(SHEETS) and lower.endswith(".xml")):
                continue
            if lower in book.parts or lower in book.looks:
                raise NotATable(name=name)
            is_large = lower.startswith(SHEETS) or lower == SHARED
            tags = whole_tags(archives.pieces(archive, member, name, left if is_large else min(left, SMALL)), name)
            left -= _take(book, packed, part, tags, name)
    return book


def _take(book: _Book, packed: zipfile.ZipFile, part: str, tags: Iterator[bytes], name: str) -> int:
    """Copy one part, looking at it on the way; return its size."""
    lower = part.lower()
    size = 0
    if not lower.startswith(SHEETS) and lower != SHARED:
        content = b"".join(tags)
        book.parts[lower] = content
        packed.writestr(part, _with_thai_dates(content) if lower == STYLES else content)
        return len(content)
    look = book.looks.setdefault(lower, Look())
    with packed.open(zipfile.ZipInfo(part), "w", force_zip64=True) as target:
        for piece in _measured(book, tags, name) if lower == SHARED else tags:
            size += len(piece)
            if lower != SHARED:
                look_at_sheet(look, piece, name)
            target.write(piece)
    return size


def _measured(book: _Book, tags: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Pass the shared texts on, their lengths noted."""
    kept: list[bytes] = []

    def passing() -> Iterator[bytes]:
        for piece in tags:
            kept.append(piece)
            yield piece

    for length in shared_lengths(passing(), name):
        book.lengths.append(length)
        while kept:
            yield kept.pop(0)
    yield from kept


def _with_thai_dates(styles: bytes) -> bytes:
    for pattern, known in THAI_DATES:
        styles = pattern.sub(known, styles)
    return styles


def _sheets(book: _Book, name: str) -> tuple[dict[str, str], frozenset[str]]:
    """Return the sheets of a workbook with the part each lies in, and the names of the hidden ones."""
    try:
        links = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(book.parts[LINKS])}  # noqa: S314
        listed = list(ElementTree.fromstring(book.parts[BOOK]).iterfind(".//{*}sheet"))  # noqa: S314
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise NotATable(name=name) from error
    sheets, hidden = {}, set()
    for sheet in listed:
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = (links.get(link) or "").replace("\\", "/")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if not part.lower().startswith(SHEETS):
            continue
        sheets[sheet.get("name", "")] = part.lower()
        if sheet.get("state", "visible") != "visible":
            hidden.add(sheet.get("name", ""))
    return sheets, frozenset(hidden)
