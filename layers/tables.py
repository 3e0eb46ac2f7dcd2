"""Tables in files as agencies have them: CSV in UTF-8 or CP874, and XLSX, read into rows of text."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from boundaries.errors import SocialMapError

ZIP = b"PK\x03\x04"
DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError,
    ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What openpyxl lets through from a workbook that is damaged, locked or without a sheet of cells."""


class NotATable(SocialMapError):
    """A file that is neither CSV nor XLSX, or a damaged one."""

    key = "error.not_a_table"


class EmptyTable(SocialMapError):
    """A file without any row."""

    key = "error.empty_table"


@dataclass(frozen=True)
class Table:
    """A header and its rows; each row with the number it has in the file, the header being row 1."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(path: Path) -> Table:
    """Read the first sheet of a table; raise NotATable, EmptyTable."""
    content = path.read_bytes()
    if not content.strip():
        raise EmptyTable(name=path.name)
    lines = _sheet(path, content) if content.startswith(ZIP) else _lines(path, content)
    numbered = [(number, cells) for number, cells in enumerate(lines, start=1) if any(cells)]
    if len(numbered) < 2:
        raise EmptyTable(name=path.name)
    header = numbered[0][1]
    width = len(header)
    return Table(header, tuple((number, (*cells, *[""] * width)[:width]) for number, cells in numbered[1:]))


def _lines(path: Path, content: bytes) -> Iterator[tuple[str, ...]]:
    words = _decoded(path, content)
    first = words.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        for cells in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=True):
            yield tuple(one.strip() for one in cells)
    except csv.Error as error:
        raise NotATable(name=path.name) from error


def _decoded(path: Path, content: bytes) -> str:
    """Decode UTF-8 with or without its mark, else CP874, which old Thai files are in."""
    if b"\x00" in content:
        raise NotATable(name=path.name)
    for encoding in ("utf-8-sig", "cp874"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(letter) < 32 and letter not in "\r\n\t" for letter in words):
            break
        return words
    raise NotATable(name=path.name)


def _sheet(path: Path, content: bytes) -> Iterator[tuple[str, ...]]:
    """Read a workbook; its rows are unpacked as they are asked for, so damage may show at any of them."""
    try:
        with closing(openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
            for cells in book.worksheets[0].iter_rows(values_only=True):
                yield tuple(_text(one) for one in cells)
    except DAMAGED as error:
        raise NotATable(name=path.name) from error


def _text(value: object) -> str:
    """Write a cell as text; whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
