"""How a name was written: the spellings that mean the same, and how far a damaged one lies from a name.

Three views of a name, each losing more than the one before: `canonical` loses nothing that tells names apart (blanks,
order and doubling of marks, ำ in pieces, zero-width characters, case); `loose` loses tone marks and tells letters that
look alike no longer apart; `bare` loses all marks above and below. The distance weighs the three, so that a lost tone
mark counts a quarter of a lost letter, and a mark in the wrong place a half.
"""

import math
import re
from functools import lru_cache
from typing import NamedTuple

from boundaries.names import clean

_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_WHOLE_IN_BRACKETS = re.compile(r"[(\[（][^()\[\]（）]+[)\]）]")
_EDGES = " \t.,;:*\"'“”‘’`|/\\_-–—"
_PUNCTUATION = re.compile("[\\s.,;:*\"'“”‘’`|/\\\\_–—\\-\x00-\x1f\x7f-\x9f\xad\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_MARK_RUN = re.compile(f"[{_MARKS}]{{2,}}")
_LATE_MARKS = "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4e\u0e4d"
_TONE_AFTER_RING = re.compile(f"([{_MARKS}]*\u0e4d[{_MARKS}]*)\u0e32([{_MARKS}]+)")
_TORN_SARA_AM = re.compile("(?<=[\u0e01-\u0e2e\u0e48-\u0e4b])\u0e4d?\\s+[\u0e32\u0e33](?![\u0e30-\u0e3a])")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_ALIKE = str.maketrans("\u0e33ดตฅภซฃฎศษณผฟปไ", "\u0e32คคคถชขฏสสนฝพบใ")
_TONES = re.compile("[\u0e48-\u0e4e]")
_ALL_MARKS = re.compile(f"[{_MARKS}]")
_LATIN = re.compile("[a-z]")
_ROMAN = (
    (re.compile("([bcdgkpt])h"), r"\1"),
    (re.compile("ue|eu|uu|oo"), "u"),
    (re.compile("ae|ea"), "e"),
    (re.compile("oe"), "o"),
    (re.compile("ee|ii|y"), "i"),
    (re.compile("j"), "c"),
    (re.compile("v"), "w"),
    (re.compile(r"(.)\1"), r"\1"),
)


class Views(NamedTuple):
    """One name in its three views."""

    canonical: str
    loose: str
    bare: str


def canonical(text: str) -> str:
    """Return what two spellings of one name have in common."""
    # ์ and tone marks come after the vowel of their consonant, whoever typed them first; nothing stands twice. For that
    # ำ is taken apart, as its ring is a mark too and stands last; `clean` puts it together again.
    plain = _PUNCTUATION.sub("", clean(text).translate(_THAI_DIGITS).casefold()).rstrip("ฯ").replace("เเ", "แ")
    plain = _TONE_AFTER_RING.sub("\\1\\2\u0e32", plain.replace("\u0e33", "\u0e4d\u0e32"))
    plain = _MARK_RUN.sub(lambda run: "".join(sorted(dict.fromkeys(run[0]), key=_late)), plain)
    return clean(plain)


def spellings(text: str) -> tuple[str, ...]:
    """Return the canonical forms that a text may stand for: without brackets, with ำ mended, as it is."""
    shortened = _BRACKETS.sub(" ", text).strip() or text
    mended = _TORN_SARA_AM.sub("\u0e33", clean(shortened))
    return tuple(form for form in dict.fromkeys(canonical(each) for each in (shortened, mended, text)) if form)


@lru_cache(maxsize=20_000)
def views_of(form: str) -> Views:
    """Return the views of a canonical form."""
    if _LATIN.search(form):
        folded = form
        for pattern, instead in _ROMAN:
            folded = pattern.sub(instead, folded)
        return Views(form, folded, folded)
    loose = _TONES.sub("", form.translate(_ALIKE))
    return Views(form, loose, _ALL_MARKS.sub("", loose) or loose)


def weigh(canonical_edits: int, loose_edits: int, bare_edits: int) -> float:
    """Return the distance from the edits in each view, in letters; marks alone never count more than one."""
    return 0.5 * bare_edits + min(0.25 * (loose_edits + canonical_edits), 0.5 * bare_edits + 1.0)


def tolerance(form: str, *, parent: bool) -> float:
    """Return how far a name may lie from the text `form` and still be meant, with its parent known or without."""
    letters = len(views_of(form).bare) * (_LATIN_WEIGHT if _LATIN.search(form) else 1.0)
    return next(limit for most, limit in (_KNOWN_PARENT if parent else _ALONE) if letters <= most)


_KNOWN_PARENT = ((2, 0.25), (3, 0.5), (5, 1.0), (8, 1.25), (12, 1.5), (math.inf, 2.0))
_LATIN_WEIGHT = 0.6
"""A Latin letter tells less than a Thai one, as each Thai letter takes more than one of them."""
_ALONE = ((3, 0.0), (5, 0.25), (9, 0.5), (math.inf, 1.0))


def is_nothing(text: str | None) -> bool:
    """Say whether a cell names no area: empty, a dash, “not stated”."""
    # As written by programs, and unlike Nan, which is น่าน.
    return text is None or text.strip() == _NO_NUMBER or canonical(text) in _NOTHING


_NOTHING = {"", "ไม่ระบุ", "ไม่ทราบ", "ไม่มี", "ไม่มีข้อมูล", "ไม่แน่ใจ", "na", "none", "null", "unknown"}
_NO_NUMBER = "NaN"


def strip_edges(text: str) -> str:
    """Return the cleaned text without blanks, punctuation and brackets around it."""
    stripped = clean(text).strip(_EDGES)
    return stripped[1:-1].strip(_EDGES) if _WHOLE_IN_BRACKETS.fullmatch(stripped) else stripped


def _late(mark: str) -> tuple[int, str]:
    return _LATE_MARKS.find(mark), mark
