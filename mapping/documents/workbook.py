"""The workbook: figures and plan as tables for further reckoning, and a sheet that says where they come from.

Nothing in it is a formula: what begins with = is kept, and marked, as text.
"""

import io
from datetime import UTC
from typing import Any

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.documents.words import Grid, Head, Value, explanations, figure_grid, plain, plan_grid
from mapping.packing import packed
from mapping.sheet import words as said
from mapping.sheet.parts import Imprint
from mapping.styles import TOKENS
from mapping.thai_text import text_width

FONT = "Sarabun"
FORMATS = {"code": "@", "text": "@", "count": "#,##0", "value": "#,##0.0"}
SIZE = 11
A4, A3 = 9, 8
"""Paper as spreadsheets number it."""
WIDEST = 34.0
"""Widest column in letters; longer texts take more lines."""


def write_workbook(area_map: AreaMap, imprint: Imprint) -> bytes:
    """Return figures, plan and sources as XLSX; the same content and time give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    _sheet(book, text("document.sheet.figures").th, figure_grid(area_map), "figures", area_map)
    mind_map = area_map.mind_maps.get(area_map.area.code)
    if mind_map is not None:
        _sheet(book, text("document.sheet.plan").th, plan_grid(mind_map), "plan", area_map, mind_map.stamp)
    _sources(book, area_map, imprint)
    _describe(book.properties, area_map, imprint)
    made = io.BytesIO()
    book.save(made)
    return packed(made.getvalue(), imprint.printed_at)


def _sheet(book: Any, name: str, grid: Grid, key: str, area_map: AreaMap, stamp: Any = None) -> None:
    """Write a grid with a frozen head, as a table with filters, ready to be printed across A4, plans across A3."""
    from openpyxl.worksheet.table import Table, TableStyleInfo

    sheet = book.create_sheet(name)
    for place, head in enumerate(grid.heads, start=1):
        _put(sheet.cell(1, place), head.words, head, strong=True, heading=True)
    for number, row in enumerate(grid.rows, start=2):
        strong = grid.total and number == len(grid.rows) + 1
        for place, (value, head) in enumerate(zip(row, grid.heads, strict=True), start=1):
            _put(sheet.cell(number, place), value, head, strong=strong)
    _widths(sheet, grid)
    sheet.freeze_panes = "C2"
    last = sheet.cell(len(grid.rows) + 1 - grid.total, len(grid.heads)).coordinate
    if len(grid.rows) > grid.total:
        table = Table(displayName=key, ref=f"A1:{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        sheet.add_table(table)
    _printing(sheet, area_map, grid.title, stamp, A3 if key == "plan" else A4)


def _put(cell: Any, value: Value, head: Head, *, strong: bool = False, heading: bool = False) -> None:
    """Write one cell; text is text whatever it begins with."""
    from openpyxl.styles import Alignment, Font, PatternFill

    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"  # it may look like a formula
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
    else:
        cell.value = value
    text_ = heading or head.kind in ("code", "text") or isinstance(value, str)
    cell.number_format = "@" if text_ else FORMATS[head.kind]
    right = head.kind in ("count", "value")
    cell.alignment = Alignment(
        "right" if right else "left", "center" if heading else "top", wrap_text=True, indent=0 if right else 1
    )
    cell.font = Font(FONT, SIZE, bold=strong, color=TOKENS["ink"].lstrip("#"))
    if heading:
        cell.fill = PatternFill("solid", TOKENS["sea"].lstrip("#"))


def _widths(sheet: Any, grid: Grid) -> None:
    """Make columns as wide as their words, up to a limit; rows are then as high as their lines."""
    from openpyxl.utils import get_column_letter

    for place, head in enumerate(grid.heads):
        words = [head.words[: len(head.words) // 2 + 4], *(str(row[place] or "") for row in grid.rows)]
        wide = max(text_width(each, 1.9) for each in words)
        sheet.column_dimensions[get_column_letter(place + 1)].width = round(min(max(wide + 3, 8.0), WIDEST), 1)


def _printing(sheet: Any, area_map: AreaMap, title: str, stamp: Any = None, paper: int = A4) -> None:
    """Set the sheet up for landscape, all columns on a page, the head on each, title and stamps above."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    stamps = [said.audience_stamp(area_map), *([stamp.th] if stamp else [])]
    if area_map.figures.invented:
        stamps.insert(0, text("page.invented").th)
    # & begins a code in a header
    sheet.oddHeader.left.text = plain(title).replace("&", "&&")[:120]
    sheet.oddHeader.right.text = " · ".join(stamps).replace("&", "&&")[:120]
    sheet.oddFooter.left.text = plain(said.subject(area_map)).replace("&", "&&")[:200]
    sheet.oddFooter.right.text = "&P / &N"


def _sources(book: Any, area_map: AreaMap, imprint: Imprint) -> None:
    """Write where everything comes from and what words mean."""
    from openpyxl.styles import Alignment

    sheet = book.create_sheet(text("document.sources").th)
    head = Head("", "text", 1)
    _put(sheet.cell(1, 1), plain(said.title(area_map)), head, strong=True)
    sheet.cell(1, 1).alignment = Alignment("left", "center", wrap_text=False)
    for number, (name, words) in enumerate(explanations(area_map, imprint), start=2):
        _put(sheet.cell(number, 1), name, head, strong=True)
        _put(sheet.cell(number, 2), words, head)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 110
    sheet.freeze_panes = "A2"
    _printing(sheet, area_map, text("document.sources").th)


def _describe(properties: Any, area_map: AreaMap, imprint: Imprint) -> None:
    properties.title, properties.subject = plain(said.title(area_map)), plain(said.subject(area_map))
    properties.creator = properties.lastModifiedBy = plain(imprint.office)[:255]
    properties.category, properties.language = said.audience_stamp(area_map), "th-TH"
    properties.created = imprint.printed_at.astimezone(UTC).replace(tzinfo=None)
