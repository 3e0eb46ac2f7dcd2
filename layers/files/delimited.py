"""Text files of separated values: comma, semicolon, tab or pipe; read row by row, never whole."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from boundaries.messages import Text, text
from layers.files import encodings
from layers.files.cells import INVISIBLE, clean, fit
from layers.files.encodings import Encoding
from layers.files.errors import (
    BrokenQuotes,
    CannotBeAsked,
    ControlCharacters,
    EmptyTable,
    LongCell,
    NotATable,
    TooWide,
)
from layers.files.headings import Header, Numbered, filled_width, find_header, headings
from layers.files.limits import LONGEST_CELL, LONGEST_LINE, WIDEST
from layers.files.row_kinds import row_kind
from layers.files.table import Asked, Detected, FileTable, Row

SEPARATORS = {",": "csv", ";": "csv", "\t": "tsv", "|": "psv"}
BY_KIND = {"tsv": "\t", "psv": "|"}
BY_NAME = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}
PIECE = 1 << 20
SAMPLE_LETTERS = 1 << 18
SAMPLE_ROWS = 200
CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 0x1A}) + b"\x7f"
"""Bytes that no text holds; old programs end a file with 0x1A and break lines in a cell with 0x0B."""
END_OF_FILE = "\x1a"


@dataclass(frozen=True)
class Form:
    """How a text file is written: its encoding and separator; `skips_line` where its first line is "sep=;"."""

    path: Path
    name: str
    encoding: Encoding
    separator: str = ","
    skips_line: bool = False


def read_delimited(path: Path, asked: Asked, name: str) -> FileTable:
    """Read a text file of separated values of any size, in bounded memory.

    It is gone through once, so that its encoding, its widest row and damaged quotation marks are known; its rows are
    then read anew at every call.
    """
    form = _find_form(path, asked, name)
    sample = _numbered(islice(_records(form), SAMPLE_ROWS))
    if not sample:
        raise EmptyTable(name=name)
    header = find_header(sample, asked=asked.header_rows)
    survey = _survey(form, header, max(len(header.words), filled_width(sample)))
    if not survey.rows:
        raise EmptyTable(name=name)
    made = headings(header.words, survey.width)
    found = Detected(
        kind=SEPARATORS.get(form.separator, "csv"),
        encoding=form.encoding.name.removesuffix("-sig"),
        separator=form.separator,
        header_rows=header.numbers,
        crs=asked.crs,
        notes=(*form.encoding.notes, *survey.notes),
    )
    return FileTable(name, made, found, lambda: _rows(form, header, len(made), survey.visible), survey.rows)


def _find_form(path: Path, asked: Asked, name: str) -> Form:
    encoding = _find_encoding(path, asked.encoding, name)
    form = Form(path, name, encoding)
    with _opened(form) as handle:
        words = handle.read(SAMPLE_LETTERS)
    if not words.strip(END_OF_FILE + " \r\n\t\ufeff"):
        raise EmptyTable(name=name)
    first, _, rest = words.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        form = replace(form, separator=first.strip()[4], skips_line=True)
        words = rest
    asked_separator = asked.separator or BY_KIND.get(asked.kind or "")
    if asked_separator:
        return replace(form, separator=_separator(asked_separator))
    return form if form.skips_line else replace(form, separator=find_separator(words))


def _separator(asked: str) -> str:
    found = BY_NAME.get(asked.lower(), asked)
    if len(found) != 1 or found in '"\r\n':
        raise CannotBeAsked(asked=asked, allowed=", ".join(BY_NAME))
    return found


def find_separator(words: str) -> str:
    """Guess the separator of the first rows: the one that cuts most of them into the same number of cells."""
    lines = words.splitlines(keepends=True)
    if len(words) >= SAMPLE_LETTERS and len(lines) > 1:
        lines.pop()
    scores = {separator: _score(lines[:SAMPLE_ROWS], separator) for separator in SEPARATORS}
    return max(scores, key=lambda separator: scores[separator])


def _score(lines: Sequence[str], separator: str) -> float:
    widths: dict[int, int] = {}
    total = 0
    try:
        for cells in csv.reader(lines, delimiter=separator, strict=True):
            if any(cells):
                total += 1
                widths[len(cells)] = widths.get(len(cells), 0) + 1
    except csv.Error:
        total *= 2
    several = {width: count for width, count in widths.items() if width > 1}
    if not several or not total:
        return 0.0
    width = max(several, key=lambda one: (several[one], one))
    return several[width] / total * (1 - 1 / (width + 1))


def _find_encoding(path: Path, asked: str | None, name: str) -> Encoding:
    """Tell the encoding from the whole file; refuse what is no text."""
    with path.open("rb") as handle:
        marked = encodings.find_mark(handle.read(PIECE))
    wanted = encodings.name_encoding(asked) if asked else marked
    if asked and not wanted:
        raise CannotBeAsked(asked=asked, allowed="utf-8, cp874, utf-16")
    if wanted and wanted.startswith("utf-16"):
        return Encoding(marked if marked and marked.startswith("utf-16") else wanted, "replace")
    if asked and wanted:
        for _ in _pieces(path, name):
            pass
        return Encoding("utf-8-sig" if wanted == "utf-8" else wanted, "replace")
    found = encodings.find_encoding(lambda: _pieces(path, name))
    if not found:
        raise NotATable(name=name)
    return replace(found, name="utf-8-sig") if found.name == "utf-8" else found


def _pieces(path: Path, name: str) -> Iterator[bytes]:
    """Give a file piece by piece; refuse control characters, which no text in UTF-8 or CP874 holds."""
    with path.open("rb") as handle:
        while piece := handle.read(PIECE):
            if len(piece.translate(None, CONTROLS)) != len(piece):
                raise ControlCharacters(name=name)
            yield piece


def _opened(form: Form) -> io.TextIOWrapper:
    return form.path.open("r", encoding=form.encoding.name, errors=form.encoding.errors, newline="")


def _lines(form: Form) -> Iterator[str]:
    """Give the lines of a file; a line longer than any table's is not taken into memory."""
    with _opened(form) as handle:
        if form.skips_line:
            handle.readline(PIECE)
        number = 0
        while line := handle.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
                raise LongCell(name=form.name, row=number, limit=LONGEST_LINE)
            if number == 1:
                line = line.lstrip("\ufeff")
            if END_OF_FILE in line or "\x00" in line:
                if "\x00" in line:
                    raise ControlCharacters(name=form.name)
                line = line.replace(END_OF_FILE, "")
            yield line


def _records(form: Form) -> Iterator[list[str]]:
    """Cut the lines into cells; blank lines are empty records, so that places in this sequence are row numbers."""
    number = 0
    try:
        for number, cells in enumerate(csv.reader(_lines(form), delimiter=form.separator, strict=True), start=1):
            if len(cells) > WIDEST:
                raise TooWide(name=form.name, row=number, limit=WIDEST)
            yield cells
    except csv.Error as error:
        if "field limit" in str(error):
            raise LongCell(name=form.name, row=number + 1, limit=LONGEST_CELL) from error
        raise BrokenQuotes(name=form.name, row=number + 1) from error
    except UnicodeError as error:
        raise NotATable(name=form.name) from error


def _numbered(records: Iterable[list[str]]) -> list[Numbered]:
    rows = ((number, tuple(map(clean, cells))) for number, cells in enumerate(records, start=1))
    return [row for row in rows if any(row[1])]


@dataclass(frozen=True)
class _Survey:
    rows: int
    width: int
    notes: tuple[Text, ...]
    visible: bool
    """Whether no letter without width stands anywhere in the file."""


def _survey(form: Form, header: Header, width: int) -> _Survey:
    """Go through all rows: how many there are, how wide the widest is, and which are longer than the header."""
    last = header.numbers[1] if header.numbers else 0
    wide = len(header.words) or width
    rows = longer = first_longer = 0
    for number, cells in enumerate(_records(form), start=1):
        if number <= last or not cells:
            continue
        rows += 1
        if len(cells) > wide and any(map(clean, cells[wide:])):
            longer += 1
            first_longer = first_longer or number
            width = max(width, len(cells))
    notes = (text("file.longer_rows", count=longer, first=first_longer),) if longer else ()
    return _Survey(rows, width, notes, _is_visible(form))


def _is_visible(form: Form) -> bool:
    """Say whether no letter without width stands anywhere in a file: then cells are stripped of blanks alone."""
    with _opened(form) as handle:
        while piece := handle.read(PIECE):
            if any(letter in piece for letter in INVISIBLE):
                return False
    return True


def _rows(form: Form, header: Header, width: int, visible: bool) -> Iterator[Row]:
    last = header.numbers[1] if header.numbers else 0
    tell = row_kind([fit(list(cells), width) for _, cells in header.rows], width)
    for number, cells in enumerate(_records(form), start=1):
        if number <= last or not cells:
            continue
        row = fit(cells, width, visible=visible)
        if any(row):
            yield Row(number, row, tell(row))
