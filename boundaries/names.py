"""Names of areas in one spelling, for storing and for finding. Names never join anything: codes do."""

import re
import unicodedata

_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_BLANKS = re.compile(r"[\s\u00a0]+")
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]*)\u0e32")
_TONE_AFTER_SARA_AM = re.compile("\u0e33([\u0e48-\u0e4b]+)")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

# Longest first. "เมือง" is part of a name; "เขต" and "บ้าน" begin real names and are cut only where the level says so.
_PREFIXES = ("จังหวัด", "กิ่งอำเภอ", "กิ่งอ.", "กิ่ง อ.", "อำเภอ", "ตำบล", "แขวง", "จว.", "จ.", "อ.", "ต.")
_BANGKOK = {"กทม", "กทม.", "กรุงเทพ", "กรุงเทพฯ", "bangkok", "bkk"}


def clean(name: str) -> str:
    """Return the name in its one stored spelling: NFC, ำ composed, no zero-width characters, single blanks."""
    text = _ZERO_WIDTH.sub("", name)
    text = _SARA_AM.sub(lambda found: found[1] + "\u0e33", unicodedata.normalize("NFC", text))
    text = _TONE_AFTER_SARA_AM.sub(lambda found: found[1] + "\u0e33", text)
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text).strip())


def key(name: str) -> str:
    """Return the form by which a name is searched: cleaned, ASCII digits, no blanks, no final ฯ, lower case."""
    text = clean(name).translate(_THAI_DIGITS).casefold()
    return text.replace(" ", "").rstrip("ฯ")


def without_prefix(name: str) -> str:
    """Return the name without its leading word of level (จังหวัด, อ., ตำบล …), unless nothing would remain."""
    text = clean(name)
    if text.casefold() in _BANGKOK:
        return "กรุงเทพมหานคร"
    for prefix in _PREFIXES:
        rest = text.removeprefix(prefix).strip()
        if rest and rest != text:
            return rest
    return text
