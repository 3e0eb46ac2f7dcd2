"""What a row of a file is: a record, a total, a footnote, or the header once more."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from layers.files.table import RowKind

TOTAL = re.compile(
    r"(?:ยอด|ผล)?รวม(?:\s*(?:ทั้งสิ้น|ทั้งหมด|ทั้งจังหวัด|ทั้งอำเภอ|ทั้งตำบล|ทั้งประเทศ|ทุก(?:จังหวัด|อำเภอ|ตำบล|เขต|แห่ง|ประเภท)|สุทธิ|ยอด))?"
    r"(?:\s*\(?(?:คน|ราย|แห่ง|เรื่อง|ครัวเรือน|หลังคาเรือน|บาท)\)?)?\s*:?"
    r"|รวม\s*(?:จังหวัด|อำเภอ|ตำบล|เขต|แขวง|เทศบาล|จ\.|อ\.|ต\.)\s*\S.*"
    r"|ทั่วราชอาณาจักร|ทั้งประเทศ|(?:grand|sub)?[\s-]?total\s*:?|totals|sum\s*:?|whole kingdom|whole country",
    re.I,
)
FOOTNOTE = re.compile(
    r"หมายเหตุ|(?:แหล่ง)?ที่มา(?:ของข้อมูล)?\s*[:：]|ที่มา\s|แหล่งข้อมูล|อ้างอิง\s*[:：]|ข้อมูล\s*ณ\s|\*|†|‡|\d+/\s|[¹²³]"
    r"|(?:foot)?notes?\s*[:.：]|remarks?\s*[:.：]|sources?\s*[:.：]",
    re.I,
)
FIRST_LETTERS = frozenset("(รยผทหแอข*†‡¹²³gGsStTwWfFnNrR0123456789")
"""Letters that a total or a footnote can begin with: most records are told from them by one look."""
NUMBERING = re.compile(r"\(?\d{1,3}\)?")
INDEX = re.compile(r"[\d.,\s]+")


def row_kind(header_rows: Sequence[Sequence[str]], width: int) -> Callable[[tuple[str, ...]], RowKind]:
    """Return the function that tells the kind of each row in turn; `header_rows` are the header's rows as written."""
    headers = {tuple(row) for row in header_rows}
    firsts = {row[0] for row in headers if row}
    ended = False

    def tell(cells: tuple[str, ...]) -> RowKind:
        nonlocal ended
        if cells[0] in firsts and cells in headers:
            return "repeated_header"
        first = cells[0] or next(filter(None, cells), "")
        if not ended and (not first or first[0] not in FIRST_LETTERS):
            return "data"
        kind = _tell(cells, first, width, ended)
        ended = ended or kind == "footnote"
        return kind

    return tell


def _tell(cells: tuple[str, ...], first: str, width: int, ended: bool) -> RowKind:
    filled = width - cells.count("")
    if filled <= max(1, min(2, width - 2)) and (FOOTNOTE.match(first) or (ended and filled == 1 and width > 2)):
        return "footnote"
    if _is_total(_first_words(cells)):
        return "total"
    return "repeated_header" if first in ("1", "(1)") and _is_numbering(cells, width) else "data"


@lru_cache(maxsize=1 << 12)
def _is_total(words: str) -> bool:
    return TOTAL.fullmatch(words) is not None


def _first_words(cells: tuple[str, ...]) -> str:
    """Return the first cell that is not merely a number."""
    for one in cells:
        if one and not one.isdecimal() and (one[0].isalpha() or not INDEX.fullmatch(one)):
            return one
    return ""


def _is_numbering(cells: tuple[str, ...], width: int) -> bool:
    """Tell the row (1) (2) (3) that official tables put below their header."""
    return width > 2 and all(
        one == f"({place})" or (width > 3 and one == str(place)) for place, one in enumerate(cells, start=1)
    )
