"""One coordinate as people write it: 13.52, 13,52, 13°31'12"N, ๑๓ องศา ๓๑ ลิปดา ๑๒ ฟิลิปดา เหนือ, N 13 31.2."""

import re
from dataclasses import dataclass
from typing import Literal

from layers.importing.amounts import plain

Axis = Literal["lat", "lon"]

_SIGNS = (
    (re.compile(r"ฟิลิปดา|พิลิปดา|วินาที|seconds?|secs?\b", re.IGNORECASE), '"'),
    (re.compile(r"ลิปดา|นาที|minutes?|mins?\b", re.IGNORECASE), "'"),
    (re.compile(r"องศา|degrees?|deg\b|[°º˚ᵒ⁰]", re.IGNORECASE), "°"),
    (re.compile(r"[″“”〃]|''|′′|’’|´´"), '"'),
    (re.compile(r"[′’‘´`ʹ]"), "'"),
    (re.compile(r"ละติจูด|แลติจูด|ลอง[จต]ิจูด|เส้น(?:รุ้ง|แวง)|\blat(?:itude)?\b|\blon\w*\b|[:=]", re.IGNORECASE), " "),
    (re.compile(r"ตะวันออก|(?<![ก-๙])ต\. ?อ\.?|(?<![ก-๙])ตอ\.?"), "E"),
    (re.compile(r"ตะวันตก|(?<![ก-๙])ต\. ?ต\.?"), "W"),
    (re.compile(r"เหนือ|(?<![ก-๙])น\.?(?![ก-๙])"), "N"),
    (re.compile(r"ใต้"), "S"),
)  # fmt: skip
_HEMISPHERE = re.compile(r"^([NSEW])? ?(.*?) ?([NSEW])?$", re.IGNORECASE | re.DOTALL)
_PART = r"(\d{1,2}(?:[.,]\d+)?)"
_FORMS = (
    re.compile(rf"([+-]?\d{{1,3}}) ?° ?(\d{{1,2}}) ?' ?{_PART} ?\"?", re.ASCII),
    re.compile(rf"([+-]?\d{{1,3}}) ?° ?{_PART} ?'?", re.ASCII),
    re.compile(rf"([+-]?\d{{1,3}})[ -](\d{{1,2}})[ -]{_PART}", re.ASCII),
    re.compile(r"([+-]?\d{1,3})[ -](\d{1,2}[.,]\d+)", re.ASCII),
    re.compile(r"([+-]?\d{1,3}(?:[.,]\d+)?) ?°", re.ASCII),
)


@dataclass(frozen=True)
class Angle:
    """A coordinate in degrees; `axis` where a letter says which, `parted` when minutes stood apart."""

    degrees: float
    axis: Axis | None
    parted: bool


def with_signs(text: str) -> str:
    """Return a text whose signs of degrees, minutes, seconds and hemisphere are ° ' \" N S E W."""
    text = plain(text)
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    return " ".join(text.split())


def find_angle(text: str) -> Angle | None:
    """Read one coordinate in degrees; None for anything else, such as 61 minutes."""
    found = _HEMISPHERE.fullmatch(with_signs(text).strip(" ,;"))
    if not found or (found[1] and found[3]):
        return None
    letter = (found[1] or found[3] or "").upper()
    for form in _FORMS:
        if parts := form.fullmatch(found[2].strip()):
            return _angle([float(one.replace(",", ".")) for one in parts.groups()], letter, parts[1][:1] == "-")
    if re.fullmatch(r"[+-]?\d{1,3}(?:[.,]\d+)?", found[2].strip(), re.ASCII):
        number = float(found[2].strip().replace(",", "."))
        return _angle([number], letter, number < 0)
    return None


def _angle(parts: list[float], letter: str, negative: bool) -> Angle | None:
    if any(part >= 60 for part in parts[1:]) or (negative and letter):
        return None
    degrees = sum(abs(part) / 60**place for place, part in enumerate(parts))
    if abs(degrees) > 180:
        return None
    axis: Axis | None = ("lat" if letter in "NS" else "lon") if letter else None
    return Angle(-degrees if negative or letter in ("S", "W") else degrees, axis, len(parts) > 1)
