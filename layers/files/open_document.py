"""ODS workbooks, read whole: at most 512 MB unpacked and 12 million cells; formulas give their stored value.

They are read here because hidden rows must be seen, and repeated empty cells bounded.
"""

from dataclasses import dataclass, field
from pathlib import Path

from boundaries.messages import text
from layers.files import archives
from layers.files.errors import EmptyTable, Locked, LongCell, NotATable, TooDeep, TooWide
from layers.files.grids import Grid, choose_sheet, sheet_notes, tabulate
from layers.files.headings import Merge
from layers.files.limits import LONGEST_CELL, MOST_CELLS, WIDEST
from layers.files.table import Asked, Detected, FileTable
from layers.files.xml_parsing import feed, make_parser

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
SMALL = 1 << 20
DEEPEST = 200
LAST_ROW = 1_048_576


@dataclass
class _Sheet:
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filled: int = 0
    columns: int = 0
    style: str = ""


def read_open_document(path: Path, asked: Asked, name: str) -> FileTable:
    """Read the fullest sheet of an ODS, or the one asked for; raise NotATable, EmptyTable, Locked, TooLarge."""
    reader = _Reader(name)
    with archives.opened(path, name) as archive:
        members = {member.filename: member for member in archives.members(archive, name)}
        if CONTENT not in members:
            raise NotATable(name=name)
        if MANIFEST in members and b"encryption-data" in archives.read(archive, members[MANIFEST], name, SMALL):
            raise Locked(name=name)
        for piece in archives.pieces(archive, members[CONTENT], name):
            reader.feed(piece)
        reader.feed(b"", last=True)
    sizes = {sheet: found.filled for sheet, found in reader.sheets.items()}
    if not sizes:
        raise EmptyTable(name=name)
    hidden = frozenset(sheet for sheet, found in reader.sheets.items() if found.style in reader.hidden_styles)
    chosen = choose_sheet(sizes, asked.sheet, hidden)
    sheet = reader.sheets[chosen]
    grid = Grid(sheet.rows, 1, tuple(sheet.merges), frozenset(sheet.hidden_rows), frozenset(sheet.hidden_columns))
    notes = list(sheet_notes(sizes, chosen, hidden))
    if reader.uncomputed:
        notes.append(text("file.uncomputed", count=reader.uncomputed))
    return tabulate(name, grid, Detected("ods", sheet=chosen, sheets=tuple(sizes), notes=tuple(notes)), asked)


class _Reader:
    """Collects sheets while the parser goes through content.xml; a class because the parser calls back.

    Only repeated cells and rows that hold something are repeated: sheets end in a million empty rows.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.sheets: dict[str, _Sheet] = {}
        self.hidden_styles: set[str] = set()
        self.uncomputed = 0
        self._sheet = _Sheet()
        self._depth = 0
        self._style = ""
        self._row: list[str] = []
        self._number = 0
        self._attributes: dict[str, str] = {}
        self._row_attributes: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._words: list[str] | None = None
        self._length = 0
        self._total = 0
        self._aside = 0
        self._parser = make_parser(name, self._start, self._end, self._take)

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        feed(self._parser, self.name, piece, last)

    def _take(self, words: str) -> None:
        if self._words is None or self._aside:
            return
        self._length += len(words)
        if self._length > LONGEST_CELL:
            raise LongCell(name=self.name, row=self._number + 1, limit=LONGEST_CELL)
        self._words.append(words)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooDeep(name=self.name)
        if tag == "office:annotation":
            self._aside += 1
        elif tag == "text:p":
            self._words = [] if not self._aside else self._words
        elif tag == "text:s" and self._words is not None:
            self._take(" " * min(_count(attributes, "text:c"), LONGEST_CELL))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._attributes, self._paragraphs, self._length = attributes, [], 0
        else:
            self._start_outer(tag, attributes)

    def _start_outer(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin what lies around the cells: styles, sheets, columns, rows."""
        if tag == "table:table-row":
            self._row, self._row_attributes = [], attributes
        elif tag == "table:table-column":
            self._column(attributes)
        elif tag == "table:table":
            self._sheet, self._number = _Sheet(style=attributes.get("table:style-name", "")), 0
            self.sheets[attributes.get("table:name", "")] = self._sheet
        elif tag == "style:style":
            self._style = attributes.get("style:name", "")
        elif tag == "style:table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self._style)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "office:annotation":
            self._aside -= 1
        elif tag == "text:p" and not self._aside:
            self._paragraphs.append("".join(self._words or ()))
            self._words = None
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell()
        elif tag == "table:table-row":
            self._end_row()

    def _column(self, attributes: dict[str, str]) -> None:
        again = _count(attributes, "table:number-columns-repeated")
        first = self._sheet.columns
        self._sheet.columns = min(first + again, WIDEST)
        if attributes.get("table:visibility", "visible") != "visible":
            self._sheet.hidden_columns.update(range(first, self._sheet.columns))

    def _cell(self) -> None:
        words = _value(self._attributes, self._paragraphs)
        if self._attributes.get("table:formula") and not words:
            self.uncomputed += 1
        wide, high = (_count(self._attributes, f"table:number-{one}-spanned") for one in ("columns", "rows"))
        if wide > 1 or high > 1:
            row, column = self._number + 1, len(self._row)
            self._sheet.merges.append(Merge(row, column, row + min(high, LAST_ROW) - 1, column + min(wide, WIDEST) - 1))
        again = _count(self._attributes, "table:number-columns-repeated")
        if len(self._row) + again > WIDEST:
            if words:
                raise TooWide(name=self.name, row=self._number + 1, limit=WIDEST)
            again = WIDEST - len(self._row)
        self._row.extend([words] * again)

    def _end_row(self) -> None:
        again = _count(self._row_attributes, "table:number-rows-repeated")
        while self._row and not self._row[-1]:
            self._row.pop()
        if not self._row:
            self._number += min(again, LAST_ROW)
            return
        missing = self._number - len(self._sheet.rows)
        self._total += again * len(self._row) + missing
        if self._total > MOST_CELLS:
            raise TooWide(name=self.name, row=self._number + 1, limit=MOST_CELLS)
        self._sheet.rows.extend([] for _ in range(missing))
        self._sheet.rows.extend([self._row] * again)
        if self._row_attributes.get("table:visibility", "visible") != "visible":
            self._sheet.hidden_rows.update(range(self._number + 1, self._number + again + 1))
        self._sheet.filled += sum(map(bool, self._row)) * again
        self._number += again


def _count(attributes: dict[str, str], key: str) -> int:
    found = attributes.get(key, "1")
    return max(1, int(found)) if found.isdecimal() and len(found) < 10 else 1


def _value(attributes: dict[str, str], paragraphs: list[str]) -> str:
    """Give a cell's value as it is stored, not as it is shown: 2568-11-05 for a date typed with a Buddhist year."""
    kind = attributes.get("office:value-type") or attributes.get("calcext:value-type", "")
    if kind in ("float", "percentage", "currency"):
        stored = attributes.get("office:value", "")
        return stored[:-2] if stored.endswith(".0") else stored
    if kind == "date":
        return attributes.get("office:date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return attributes.get("office:boolean-value", "").upper()
    if kind == "time":
        return "\n".join(paragraphs) or attributes.get("office:time-value", "")
    return "\n".join(paragraphs).strip() or attributes.get("office:string-value", "").strip()
