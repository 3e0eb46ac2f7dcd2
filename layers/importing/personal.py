"""Columns that hold personal data without being meant to: told by heading, kind and share, never by an example.

Such a column is left out unless a person keeps it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from boundaries import names
from boundaries.importing import province_names
from boundaries.messages import Text, text
from layers import personal_text
from layers.importing.amounts import plain
from layers.importing.position_text import take_apart

PersonalKind = Literal["national_id", "phone", "house_number", "email", "line_id", "name", "birth_date"]
KINDS: tuple[PersonalKind, ...] = ("national_id", "name", "phone", "house_number", "birth_date", "email", "line_id")

LEAST_SHARE = 0.02
"""Share of a column's filled cells from which it counts as personal; one in ten numbers of 13 digits is a valid ID."""
SURE = ("national_id", "email", "line_id", "name")
"""Kinds that count from the first cell when it is one: nothing else looks like them."""
LEAST_IDS = 0.12
"""A column of nothing but 13-digit numbers has a tenth of valid IDs by chance."""

_TITLES = (
    r"(?:นายแพทย์|นาย|นางสาว|นาง|น\. ?ส\.?|ด\. ?ช\.?|ด\. ?ญ\.?|เด็กชาย|เด็กหญิง|พระครู|พระมหา|พระอธิการ|สามเณร"
    r"|ว่าที่ ?(?:ร้อย(?:ตรี|โท|เอก)|ร\. ?[ตทอ]\.?)|[รพจสด]\. ?[ตทอส]\. ?(?:[ตทอ]\. ?)?(?:หญิง)?|ม\. ?[ลร]\."
    r"|ดร\.|นพ\.|พญ\.|mr\.?|mrs\.?|miss|ms\.?|master)"
)
_WORD = r"[ก-ฮเ-ไ][ก-๙]+"
_NAME = re.compile(rf"{_TITLES} ?(?:{_WORD} +{_WORD}(?: [ก-๙.]+)?|[a-z]+ +[a-z.]+(?: [a-z.]+)?)", re.IGNORECASE)
_TITLE_AND_NAME = re.compile(r"(?:น\. ?ส\.|ด\. ?ช\.|ด\. ?ญ\.|เด็กชาย|เด็กหญิง|นางสาว) ?[ก-ฮเ-ไ][ก-๙]{2,}")
_ONLY_TITLE = re.compile(_TITLES, re.IGNORECASE)
_INSIDE = re.compile(rf"(?<![ก-๙])(?:นางสาว|เด็กชาย|เด็กหญิง|น\. ?ส\.|ด\. ?[ชญ]\.|นาย|นาง) ?{_WORD} +[ก-ฮเ-ไ][ก-๙]{{2,}}")
_PLACES = re.compile(
    r"(?:^|[ ,])(?:ต\.|อ\.|จ\.|ตำบล|อำเภอ|จังหวัด|แขวง|เขต|หมู่|ม\.)"
    r"|(?:^| )นา(?:งรอง|ยายอาม|งแล|งั่ว|งบวช|งลือ|งตะเคียน|งาม|งใย|งเลิ้ง|งแดด|งหลง|ยูง|ยาง|ยม|งิ้ว|ยาว|ยเหนือ)(?: |$)"
)
"""What makes words a place: its abbreviations, and names of districts and subdistricts that begin like a title."""
_HEADINGS: Mapping[PersonalKind, tuple[str, ...]] = {
    "national_id": (
        "เลข(?:ที่)?บัตร", "เลข(?:ที่)?ประจำตัว(?:บัตร)?(?:ประชาชน|$)", "บัตรประชาชน", "13หลัก", "citizenid", "nationalid",
        "idcard", "personalid", "^[cpn]id$",
    ),
    "name": (
        "^ชื่อ[-/]?(?:และ)?(?:นาม)?สกุล", "นามสกุล", "^สกุล$", "^ชื่อจริง", "^ชื่อผู้(?!นำ)", "^ชื่อเล่น", "คำนำหน้า",
        "ผู้ให้ข้อมูล$", "ผู้แจ้ง$",
        "firstname", "lastname", "surname", "fullname", "familyname", "nickname", "^[fl]name$", "respondent(?:name)?$",
    ),
    "phone": ("โทรศัพท์", "^โทร", "เบอร์", "มือถือ", "phone", "mobile", "^tel(?:no|ephone)?$"),
    "house_number": ("^บ้านเลขที่", "^เลขที่บ้าน", "houseno", "housenumber", "^hno$"),
    "birth_date": ("วัน(?:เดือนปี)?เกิด", "วัน/เดือน/ปีเกิด", "^วดปเกิด", "birthda", "dateofbirth", "^dob$"),
    "email": ("อีเมล", "e-?mail"),
    "line_id": ("ไลน์", "lineid", "^line$", "^idline$"),
}  # fmt: skip


@cache
def _provinces() -> frozenset[str]:
    return frozenset(th for th, _ in province_names().values())


@dataclass(frozen=True)
class PersonalColumn:
    """A column with personal data: its kinds, likeliest first, and the share of filled cells that hold some."""

    heading: str
    kinds: tuple[PersonalKind, ...]
    share: float

    @property
    def words(self) -> Text:
        """Say what was found, without any of it."""
        kinds = [text(f"personal.{kind}") for kind in self.kinds]
        th, en = ", ".join(one.th for one in kinds), ", ".join(one.en for one in kinds)
        return text("personal.column", heading=self.heading, th=th, en=en, share=f"{self.share:.0%}")


def find_personal_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], meant: Mapping[str, Collection[PersonalKind]] | None = None
) -> tuple[PersonalColumn, ...]:
    """Return the columns of a sample that look personal. `meant` are headings with kinds that they may hold."""
    found = []
    for place, heading in enumerate(header):
        cells = [row[place] for row in rows if row[place].strip()]
        column = _column(heading, cells, set((meant or {}).get(heading, ())))
        if column:
            found.append(column)
    return tuple(found)


def _column(heading: str, cells: Sequence[str], meant: Collection[PersonalKind]) -> PersonalColumn | None:
    told = heading_kinds(heading) - set(meant)
    shares = {
        kind: share for kind, share in _shares(cells).items() if kind not in meant and _counts(kind, share, cells)
    }
    kinds = tuple(kind for kind in KINDS if kind in told or kind in shares)
    return PersonalColumn(heading, kinds, max(shares.values(), default=0.0)) if kinds and cells else None


def heading_kinds(heading: str) -> set[PersonalKind]:
    """Return the kinds of personal data that a heading itself announces."""
    key = re.sub(r"[\s_.:()*]+", "", names.clean(heading).casefold())
    return {kind for kind, patterns in _HEADINGS.items() if any(re.search(one, key) for one in patterns)}


def _counts(kind: PersonalKind, share: float, cells: Sequence[str]) -> bool:
    if kind == "national_id":
        bare = sum(bool(re.fullmatch(r"\d{13}", plain(cell).replace("-", ""))) for cell in cells)
        return share >= LEAST_IDS if bare == len(cells) and bare > 20 else share > 0
    return share > 0 if kind in SURE else share >= LEAST_SHARE


def _shares(cells: Sequence[str]) -> dict[PersonalKind, float]:
    """Return for each kind the share of cells that hold it."""
    counts: dict[PersonalKind, int] = {}
    titles = 0
    for cell in cells:
        for kind in _cell_kinds(cell):
            counts[kind] = counts.get(kind, 0) + 1
        titles += bool(_ONLY_TITLE.fullmatch(plain(cell)))
    if titles > len(cells) / 2:
        counts["name"] = titles
    return {kind: count / len(cells) for kind, count in counts.items()}


def _cell_kinds(cell: str) -> set[PersonalKind]:
    kinds: set[PersonalKind] = {one.kind for one in personal_text.find_personal(cell)}
    if kinds & {"phone", "national_id"} and _is_measure(cell):
        kinds -= {"phone", "national_id"}
    return kinds | ({"name"} if _is_name(cell) else set())


def _is_measure(cell: str) -> bool:
    """Say whether a cell is a number with its decimals, or a position: many digits that are nobody's."""
    if re.fullmatch(r"[+-]?\d+\.\d+(?:e[+-]?\d+)?", plain(cell), re.ASCII | re.IGNORECASE):
        return True
    return "." in cell and not re.search("[ก-๙]", cell) and take_apart(cell) is not None


def _is_name(cell: str) -> bool:
    """Say whether a cell is a person's name with its title, or text that holds one; นางรอง and นายายอาม are places."""
    words = plain(names.clean(cell))
    found = _NAME.fullmatch(words) or _TITLE_AND_NAME.fullmatch(words) or _INSIDE.search(words)
    if not found or _PLACES.search(found[0]):
        return False
    return found[0].split(" ")[-1] not in _provinces()
