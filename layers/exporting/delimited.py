"""CSV for spreadsheets: UTF-8 with a byte order mark, no comments; the dictionary is a file of its own beside it."""

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from layers.exporting.cells import harmless
from layers.exporting.content import Content, Value
from layers.exporting.dictionary import HEADINGS, entries


def write(content: Content, file: BinaryIO) -> None:
    """Write the rows."""
    _write(file, [column.name for column in content.columns], content.rows)


def write_dictionary(content: Content, file: BinaryIO) -> None:
    """Write what the columns mean and what is told about the rows."""
    _write(file, HEADINGS, (entry.values() for entry in entries(content)))


def _write(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    text = TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(headings)
    for row in rows:
        lines.writerow([harmless(value) for value in row])
    text.detach()
