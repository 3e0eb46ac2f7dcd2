"""Numbers as offices write them: Thai digits, commas between thousands, a comma for the decimal point."""

import re

from layers.date_reading import THAI_DIGITS

_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


def plain(text: str) -> str:
    """Return a cell's text with ASCII digits, single blanks, an ASCII minus and no hidden characters."""
    return " ".join(_HIDDEN.sub("", text).translate(THAI_DIGITS).replace("\u2212", "-").split())


def find_amount(text: str) -> float | None:
    """Read an amount such as `1,234.50` or `๑,๒๓๔`; None for anything else. A comma parts thousands."""
    cleaned = _joined(text)
    if _GROUPED.fullmatch(cleaned):
        return float(cleaned.replace(",", ""))
    return float(cleaned) if _PLAIN.fullmatch(cleaned) else None


def readings(text: str) -> tuple[float, ...]:
    """Return every number that a cell may mean: `13,756` is 13756 or 13.756, `13.756` one number, words none."""
    cleaned = _joined(text)
    found = []
    if _PLAIN.fullmatch(cleaned):
        found.append(float(cleaned))
    if _GROUPED.fullmatch(cleaned):
        found.append(float(cleaned.replace(",", "")))
    if _DECIMAL_COMMA.fullmatch(cleaned):
        found.append(float(cleaned.replace(",", ".")))
    return tuple(found)


def _joined(text: str) -> str:
    """Return a cell's number without blanks between thousands; other blanks part numbers and stay."""
    cleaned = plain(text)
    return cleaned.replace(" ", "") if _SPACED.fullmatch(cleaned) else cleaned
