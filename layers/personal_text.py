"""Personal data in free text that may be published: national IDs, phone numbers, house numbers, addresses on the net.

What is found is told by kind and place, never by value. Names of persons cannot be told from other words and are not
looked for.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from boundaries.errors import SocialMapError

Kind = Literal["national_id", "phone", "house_number", "email", "line_id"]

_HIDDEN = frozenset("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\ufeff") | {
    chr(code)
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F))
    for code in range(first, last + 1)
}
"""Characters that show nothing: inside a number they would hide it."""
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")


class PersonalDataInText(SocialMapError):
    """Text that may be published holds personal data; only the kinds are told."""

    key = "error.personal_text"


@dataclass(frozen=True)
class Found:
    """Where in the text, counted in its characters, what kind of personal data stands."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str) -> list[Found]:
    """Return what looks like personal data, in the order of the text, digits of any script."""
    folded, places = _fold(text)
    found = {
        Found(kind, places[start], places[end - 1] + 1) for kind, look in _LOOKS.items() for start, end in look(folded)
    }
    return sorted(found, key=lambda one: (one.start, one.end, one.kind))


def check_publishable(text: str) -> None:
    """Raise PersonalDataInText when the text holds personal data; the error never repeats it."""
    kinds = {one.kind for one in find_personal(text)}
    if kinds:
        words = [_NAMES[kind] for kind in _NAMES if kind in kinds]
        raise PersonalDataInText(kinds_th=", ".join(th for th, _ in words), kinds_en=", ".join(en for _, en in words))


def is_storable(text: str) -> bool:
    """Say whether the database can hold the text: no NUL, no half of a surrogate pair."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)


def is_national_id(digits: str) -> bool:
    """Say whether 13 ASCII digits end with the check digit of a Thai national ID."""
    if len(digits) != 13:
        return False
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


_NAMES: dict[Kind, tuple[str, str]] = {
    "national_id": ("เลขประจำตัวประชาชน", "a national ID"),
    "phone": ("หมายเลขโทรศัพท์", "a phone number"),
    "house_number": ("บ้านเลขที่", "a house number"),
    "email": ("อีเมล", "an e-mail address"),
    "line_id": ("ไลน์ไอดี", "a LINE ID"),
}


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text with ASCII digits and dashes and without hidden characters, and where each one stood."""
    kept = [(place, letter) for place, letter in enumerate(text) if letter not in _HIDDEN]
    return "".join(_plain(letter) for _, letter in kept), [place for place, _ in kept]


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _DASHES:
        return "-"
    value = unicodedata.decimal(letter, None)
    return str(value) if value is not None else " " if letter.isspace() else letter


_DIGIT_RUN = re.compile(r"\d(?:[ .\-_/]{0,3}\d)*")
_YEAR = re.compile(r"(?:19|20|24|25|26)\d\d")
_DATE = re.compile(r"(?<!\d)[0-3]?\d[-./ ][01]?\d[-./ ](?:19|20|24|25|26)\d\d(?!\d)")


def _windows(text: str, length: int) -> Iterator[tuple[int, int, str]]:
    """Give each run of `length` digits, separators aside, that neither begins nor ends inside a number."""
    for run in _DIGIT_RUN.finditer(text):
        at = [place for place in range(*run.span()) if text[place].isdigit()]
        for first in range(len(at) - length + 1):
            start, end = at[first], at[first + length - 1] + 1
            if not text[start - 1 : start].isdigit() and not text[end : end + 1].isdigit():
                yield start, end, "".join(text[place] for place in at[first : first + length])


def _national_ids(text: str) -> Iterator[tuple[int, int]]:
    for start, end, digits in _windows(text, 13):
        years = [part for part in re.split(r"\D+", text[start:end]) if _YEAR.fullmatch(part)]
        if is_national_id(digits) and len(years) < 2:
            yield start, end


_PHONE = re.compile(r"0[689]\d{8}|0[2-7]\d{7}")
_ABROAD = re.compile(r"(?:\+|00)66[ .-]?\(?0?\)?(?:[ .-]?\d){8,9}(?!\d)|(?<!\d)66[ .-]?[689](?:[ .-]?\d){8}(?!\d)")


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for length in (9, 10):
        for start, end, digits in _windows(text, length):
            written = text[start:end]
            decimal = written.startswith("0.") or text[start - 1 : start] in (".", ",")
            if _PHONE.fullmatch(digits) and not decimal and "/" not in written and not _DATE.search(written):
                yield start, end
    yield from (hit.span() for hit in _ABROAD.finditer(text))


_NUMBER = r"\d{1,4}(?:\s?/\s?\d{1,4})?"
_VILLAGE = r"(?:หมู่ที่|หมู่|ม\.|moo|m\.)"
_COUNTED = r"(?!\s?(?:ตำบล|หมู่บ้าน|ครั้ง|คน|แห่ง|สาย|ราย|ครัวเรือน|โครงการ|อำเภอ|กลุ่ม|วัน|เดือน|ปี)(?![\u0e00-\u0e7f]))"
_HOUSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"บ้าน\s?เลขที่\s?[:.]?\s?{_NUMBER}",
        rf"house\s(?:no\.?|number)\s?:?\s?{_NUMBER}",
        rf"เลขที่\s?[:.]?\s?{_NUMBER}(?=,?\s?(?:{_VILLAGE}|ซอย|ซ\.|ถนน|ถ\.|ตรอก|ตำบล|ต\.|แขวง))",
        r"(?<!หนังสือ)(?<!คำสั่ง)(?<!ประกาศ)(?<!สัญญา)เลขที่\s?[:.]?\s?\d{1,4}/(?!(?:24|25|26)\d\d(?!\d))\d{1,4}(?![\d/])",
        rf"(?<![\d/.,])\d{{1,4}}\s?/\s?\d{{1,4}},?\s?{_VILLAGE}\s?\d{{1,2}}(?!\d)",
        rf"(?<![\d/.,])(?!(?:19|20|24|25|26)\d\d)\d{{1,4}}\s?(?:หมู่ที่|หมู่|moo)\s?\d{{1,2}}(?![\d.,]){_COUNTED}",
        rf"(?<![\d/.,])(?!(?:19|20|24|25|26)\d\d)\d{{1,4}}\s?ม\.\d{{1,2}}(?![\d.,]){_COUNTED}",
    )
)


def _houses(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _HOUSES:
        yield from (hit.span() for hit in pattern.finditer(text))


_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}\s?@\s?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}", re.IGNORECASE)
_LINE = re.compile(
    r"(?<![a-z])(?<!hot )(?<!hot-)line(?:\s?id\s?[:=]?|\s?[:=])\s?@?[a-z0-9][a-z0-9._-]{2,}"
    r"|(?:ไลน์\s?ไอดี|ไอดี\s?ไลน์|ไอดี\s?line)\s?[:=]?\s?@?[a-z0-9][a-z0-9._-]{2,}"
    r"|ไลน์\s?[:=]\s?@?[a-z0-9][a-z0-9._-]{2,}"
    r"|line\.me/\S+",
    re.IGNORECASE,
)

_LOOKS: dict[Kind, Callable[[str], Iterator[tuple[int, int]]]] = {
    "national_id": _national_ids,
    "phone": _phones,
    "house_number": _houses,
    "email": lambda text: (hit.span() for hit in _EMAIL.finditer(text)),
    "line_id": lambda text: (hit.span() for hit in _LINE.finditer(text)),
}
