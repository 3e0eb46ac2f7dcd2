"""What stands in one cell, written as text: whole numbers without a point, dates as ISO with the year as stored."""

import json
import math
from datetime import date, datetime, time

INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
"""Letters without width that spreadsheets and web pages leave at the ends of a cell."""
EXACT = 1e15
"""Whole floats up to this are written in full; beyond it a float no longer holds every digit."""


def clean(words: str) -> str:
    """Strip blanks and letters without width from both ends."""
    words = words.strip()
    if words and (words[0] in INVISIBLE or words[-1] in INVISIBLE):
        return words.strip(INVISIBLE + " \t\r\n\xa0")
    return words


def write(value: object) -> str:
    """Write a cell's value as text; what is nested is written as JSON."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    if value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return repr(value)


def fit(cells: list[str], width: int, *, visible: bool = False) -> tuple[str, ...]:
    """Clean the cells of a row and make it exactly `width` wide; `visible` where no letter is without width."""
    row = tuple([words.strip() for words in cells] if visible else map(clean, cells))
    if len(row) == width:
        return row
    return row[:width] if len(row) > width else row + ("",) * (width - len(row))
