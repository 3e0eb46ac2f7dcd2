"""Words that stand before (or in English after) a name and tell its level: จังหวัด, อ., แขวง, Amphoe, District."""

import re
from collections.abc import Mapping
from functools import lru_cache

from boundaries.codes import Level
from boundaries.spelling import spellings, strip_edges

# A single letter counts as an abbreviation only with a point or a blank, and never before า and ำ: "อ านาจเจริญ".
_SHORT = r"\s*(?:\.\s*|\s(?![\u0e32\u0e33]))"
_TAMBON = r"ต\s*[\u0e33\u0e32]\s*บล|ตำบล"
_AMPHOE = r"อ\s*[\u0e33\u0e32]+\s*เภอ|อำเภอ"

BEFORE: Mapping[Level, str] = {
    "province": rf"จังหวัด|จงัหวดั|จว{_SHORT}|จ{_SHORT}|changwat\b|province\s+of\b|prov\.",
    "district": rf"กิ่ง\s*(?:{_AMPHOE}|อ{_SHORT})|กิ่ง\s|{_AMPHOE}|เขต|อ{_SHORT}"
    r"|(?:king\s+)?(?:amphoe|amphur|ampher)\b|khet\b|district\s+of\b",
    "subdistrict": rf"{_TAMBON}|แขวง|ต{_SHORT}|(?:tambon|tambol|khwaeng)\b",
}
_AFTER: Mapping[Level, str] = {
    "province": r"province|changwat|prov\.?",
    "district": r"(?<!sub)(?<!sub-)(?<!sub )(?:district|dist\.?)",
    "subdistrict": r"sub-?\s*district",
}
_BEFORE = {level: re.compile(rf"^\s*(?:{words})[\s.:]*", re.IGNORECASE) for level, words in BEFORE.items()}
_BEHIND = {level: re.compile(rf"[\s,]+(?:{words})\s*$", re.IGNORECASE) for level, words in _AFTER.items()}


def name_in(text: str, level: Level) -> str:
    """Return the name in the text of a column of one level, without the level's own words."""
    trimmed = strip_edges(text)
    rest = strip_edges(_BEHIND[level].sub("", _BEFORE[level].sub("", trimmed, count=1)))
    return rest or trimmed


@lru_cache(maxsize=20_000)
def forms_of(text: str, level: Level) -> tuple[str, ...]:
    """Return the canonical forms that a column of one level may mean, the likeliest first."""
    return tuple(dict.fromkeys((*spellings(name_in(text, level)), *spellings(text)))) or ("",)
