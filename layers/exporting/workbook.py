"""XLSX: the rows under a header that stays in sight, and a sheet with sources, licences and definitions.

XlsxWriter in memory and not openpyxl, which writes each sheet into a file of the system's temporary folder first: a
killed process would leave it there.
"""

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

WIDTHS = {"text": 18, "whole": 11, "number": 11, "date": 13, "yes_no": 9}
NUMBERS = {
    "text": "@",
    "whole": "#,##0",
    "number": "#,##0.######",
    "date": "[$-107041E]d mmm yyyy;@",
    "yes_no": "General",
}
"""Codes stay texts; dates are shown in พ.ศ."""
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
    formats = {kind: _format(book, num_format=shown) for kind, shown in NUMBERS.items()}
    for place, column in enumerate(content.columns):
        sheet.write_string(0, place, f"{column.title.th}\n{column.name}", header)
        sheet.set_column(place, place, WIDTHS[column.kind])
    for line, row in enumerate(content.rows, start=1):
        for place, (column, value) in enumerate(zip(content.columns, row, strict=True)):
            _cell(sheet, line, place, column, value, formats[column.kind])
    sheet.set_row(0, 48)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(content.rows), 1), len(content.columns) - 1)


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
    for place, (heading, width) in enumerate(zip(HEADINGS, (9, 18, 9, 28, 28, 64, 64), strict=True)):
        sheet.write_string(0, place, heading, header)
        sheet.set_column(place, place, width)
    for line, entry in enumerate(entries(content), start=1):
        for place, value in enumerate(entry.values()):
            sheet.write_string(line, place, _text(value), wrapped)
    sheet.freeze_panes(1, 0)


def _text(value: str) -> str:
    """Return what a cell can hold; line ends are those that spreadsheets know."""
    return printable(value).replace("\r\n", "\n").replace("\r", "\n")[:LONGEST]


def _format(book: Any, **given: Any) -> Any:
    return book.add_format({"font_name": "TH Sarabun New", "font_size": 14, **given})


def _midnight(day: date) -> Any:
    from datetime import datetime

    return datetime(day.year, day.month, day.day)
