"""The names of areas inside a free-text address: "171 ถ.พหลโยธิน แขวงคลองถนน เขตสายไหม กทม.10220"."""

import re
from collections.abc import Callable, Mapping

from boundaries.codes import Level
from boundaries.names import clean
from boundaries.spelling import strip_edges

Names = Mapping[Level, str]
"""What is written of an area at each level."""
Known = Callable[[Level, str], bool]
"""Says whether a text is exactly a name of a level."""

LONGEST = 500
"""Letters of an address that are looked at, from its end: names of areas stand last."""

# Words of level begin where no Thai letter stands before; the long ones also inside a run of letters, as nobody writes
# blanks in ตำบลดอนตะโกอำเภอเมือง.
_FREE = "(?<![ก-๎A-Za-z.])"
_STARTS = re.compile(
    rf"(?P<province>จังหวัด|{_FREE}(?:จว|จ)\s*\.|\bchangwat\b)"
    rf"|(?P<bangkok>กรุงเทพ(?:มหานคร|ฯ)?|{_FREE}ก\.?ท\.?ม(?![ก-๎])\.?|\bbangkok\b|\bbkk\b)"
    rf"|(?P<district>กิ่งอำเภอ|อำเภอ|{_FREE}(?:กิ่ง\s*)?อ\s*\.|{_FREE}เขต|\b(?:amphoe|amphur|khet)\b)"
    rf"|(?P<subdistrict>ตำบล|{_FREE}ต\s*\.|{_FREE}แขวง|\b(?:tambon|khwaeng)\b)",
    re.IGNORECASE,
)
_STOPS = re.compile(
    rf"[\d๐-๙,;(\n]|{_FREE}(?:ถ\.|ถนน|ซ\.|ซอย|ม\.|หมู่|โทร|บ้านเลขที่)|รหัสไปรษณีย์|ประเทศไทย|\bthailand\b", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[\s,;]+")
_NUMBERS = re.compile(r"[\d๐-๙/.\-]+")


def has_words_of_level(text: str) -> bool:
    """Say whether a text names areas of more than one level: a whole address in one column."""
    return len({_level(found) for found in _STARTS.finditer(clean(text)[-LONGEST:])}) > 1


def find_names(text: str, known: Known) -> Names:
    """Return the name that stands for each level; without any word of level only names known from the province down."""
    address = clean(text)[-LONGEST:]
    found: dict[Level, str] = {}
    starts = list(_STARTS.finditer(address))
    for place, start in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(address)
        level = _level(start)
        if start.lastgroup == "bangkok":
            found[level] = start[0]
        else:
            _take(found, level, address[start.end() : end], known)
    return {level: name for level, name in found.items() if name} if starts else _unmarked(address, known)


def _level(start: re.Match[str]) -> Level:
    match start.lastgroup:
        case "district":
            return "district"
        case "subdistrict":
            return "subdistrict"
    return "province"


def _take(found: dict[Level, str], level: Level, text: str, known: Known) -> None:
    """Keep the name at the beginning of `text`; a province may follow it without its word."""
    name = strip_edges(_STOPS.split(text.lstrip(" .:"), maxsplit=1)[0])
    if not name:
        return
    words = name.split(" ")
    for count in range(len(words), 0, -1):
        first, rest = " ".join(words[:count]), " ".join(words[count:])
        if known(level, first):
            name = first
            if level == "district" and known("province", rest):
                found["province"] = rest
            break
    found[level] = name


def _unmarked(address: str, known: Known) -> Names:
    words = [word for word in (strip_edges(each) for each in _SEPARATORS.split(_NUMBERS.sub(" ", address))) if word]
    found: dict[Level, str] = {}
    for level in ("province", "district", "subdistrict"):
        for count in (1, 2, 3, 4):
            name = " ".join(words[-count:])
            if len(words) >= count and known(level, name):
                found[level] = name
                words = words[:-count]
                break
        else:
            break
    return found if "district" in found else {}
