"""XLSX: the rows under a header that stays in sight, and a sheet with sources, licences and definitions.

XlsxWriter in memory and not openpyxl, which writes each sheet into a file of the system's temporary folder first: a
killed process would leave it there.
"""

import math
import unicodedata
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from boundaries.messages import text as message
from layers.exporting.cells import printable
from layers.exporting.content import Column, Content, Value
from layers.exporting.dictionary import HEADINGS, entries

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LEAST, WIDEST = {"text": 9, "whole": 10, "number": 11, "date": 15, "yes_no": 9}, 46
"""Letters that a column shows at least and at most."""
SHARES = (9, 19, 9, 26, 26, 62, 62)
"""Letters that the columns of the definitions show."""
LINE, MOST_LINES = 21, 12
"""Height of a line in pt, and lines that a row shows at most."""
NUMBERS = {
    "text": "@",
    "whole": "#,##0",
    "number": "#,##0.00",
    "date": "[$-107041E]d mmm yyyy;@",
    "yes_no": "General",
}
"""Codes stay texts; dates are shown in พ.ศ."""
DEGREES, PLACES = "0.000000", ("lon", "lat", "label_lon", "label_lat")
LONGEST = 32_767
"""Characters that a cell can hold."""
NOTHING_RUNS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(content: Content, file: BinaryIO) -> None:
    """Write the workbook; a text that looks like a formula is a text."""
    import xlsxwriter

    made = BytesIO()
    book = xlsxwriter.Workbook(made, NOTHING_RUNS)
    book.set_properties({"title": printable(content.about.title.th), "created": _midnight(content.about.as_of)})
    _rows(book, content)
    _definitions(book, content)
    book.close()
    file.write(made.getbuffer())


def _rows(book: Any, content: Content) -> None:
    sheet = book.add_worksheet(message("export.sheet.rows").th)
    header = _format(book, bold=True, text_wrap=True, valign="top", bg_color="#E9EDF1", bottom=1)
    for place, column in enumerate(content.columns):
        cells = [row[place] for row in content.rows]
        shown = _format(book, num_format=DEGREES if column.name in PLACES else NUMBERS[column.kind])
        sheet.write_string(0, place, f"{column.title.th}\n{column.name}", header)
        sheet.set_column(place, place, _width(column, cells))
        for line, value in enumerate(cells, start=1):
            _cell(sheet, line, place, column, value, shown)
    sheet.set_default_row(LINE)
    sheet.set_row(0, 2 * LINE + 4)
    _for_paper(sheet)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(content.rows), 1), len(content.columns) - 1)


def _width(column: Column, cells: Sequence[Value]) -> float:
    """Return a width in letters that shows the heading, and most texts whole."""
    longest = max((_letters(str(value)) for value in cells if value is not None), default=0)
    longest = min(longest + 2, WIDEST) if column.kind == "text" else LEAST[column.kind]
    return max(longest, _letters(column.title.th) + 3, len(column.name) + 3, LEAST[column.kind])


def _letters(words: str) -> int:
    """Count what takes room: Thai marks above and below do not."""
    return sum(unicodedata.category(letter) != "Mn" for letter in words)


def _cell(sheet: "Worksheet", line: int, place: int, column: Column, value: Value, shown: "Format") -> None:
    if value is None:
        return
    if column.kind == "date" and isinstance(value, date):
        sheet.write_datetime(line, place, _midnight(value), shown)
    elif column.kind == "yes_no":
        sheet.write_boolean(line, place, bool(value), shown)
    elif column.kind in ("whole", "number"):
        sheet.write_number(line, place, value, shown)
    else:
        sheet.write_string(line, place, _text(str(value)), shown)


def _definitions(book: Any, content: Content) -> None:
    sheet = book.add_worksheet(message("export.sheet.definitions").th)
    header = _format(book, bold=True, bg_color="#E9EDF1", bottom=1)
    wrapped = _format(book, text_wrap=True, valign="top", num_format="@")
    for place, (heading, width) in enumerate(zip(HEADINGS, SHARES, strict=True)):
        sheet.write_string(0, place, heading, header)
        sheet.set_column(place, place, width)
    for line, entry in enumerate(entries(content), start=1):
        values = entry.values()
        for place, value in enumerate(values):
            sheet.write_string(line, place, _text(value), wrapped)
        lines = max(math.ceil(1.15 * _letters(value) / width) for value, width in zip(values, SHARES, strict=True))
        sheet.set_row(line, LINE * min(max(lines, 1), MOST_LINES))
    sheet.freeze_panes(1, 0)
    _for_paper(sheet)


def _for_paper(sheet: "Worksheet") -> None:
    """Print all columns on one A4 page across, the header on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _text(value: str) -> str:
    """Return what a cell can hold; line ends are those that spreadsheets know."""
    return printable(value).replace("\r\n", "\n").replace("\r", "\n")[:LONGEST]


def _format(book: Any, **given: Any) -> Any:
    return book.add_format({"font_name": "TH Sarabun New", "font_size": 14, **given})


def _midnight(day: date) -> Any:
    from datetime import datetime

    return datetime(day.year, day.month, day.day)
