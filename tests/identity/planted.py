"""Invented persons planted in a database, and a search for them in whatever was produced."""

import base64
from urllib.parse import quote

from layers.identity import IdentityValues
from layers.personal_text import is_national_id

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def national_id(first: str) -> str:
    """Return an invented ID: 12 digits that begin with 0, and their check digit."""
    return next(first + str(last) for last in range(10) if is_national_id(first + str(last)))


def person(number: int) -> IdentityValues:
    """Make an invented person whose values occur nowhere else."""
    return IdentityValues(
        name=f"นางสาวปลูกไว้ {WORDS[number]}สมมติยิ่งยวด",
        national_id=national_id(f"09873512460{number}"),
        phone=f"089735124{number}",
        address=f"บ้านเลขที่ 9873/51{number} หมู่ 9 ถนน{WORDS[number]}",
        lat=13.98735124 + number / 10**9,
        lon=100.98735124 + number / 10**9,
        photo=f"photo-98735124{number}",
        guardian=f"นายผู้ปกครอง {WORDS[number]}สมมติพงศ์",
        note=f"บันทึกลับของ{WORDS[number]}ยี่สิบเจ็ดล้าน",
    )


WORDS = ("จันทร์กระจ่างฟ้า", "อาทิตย์อัสดงไกล", "พฤกษาพนาเวศน์")


def needles(one: IdentityValues) -> dict[str, bytes]:
    """Return every form in which a value could show."""
    found: dict[str, bytes] = {}
    for field in one.__dataclass_fields__:
        value = getattr(one, field)
        short = str(value) if not isinstance(value, float) else f"{value:.7f}"
        forms = {"raw": short, "reversed": short[::-1], "thai": short.translate(THAI), "quoted": quote(short)}
        forms["escaped"] = short.encode("unicode_escape").decode()
        for form, text in forms.items():
            found[f"{field} {form}"] = text.encode()
        found[f"{field} cp874"] = short.encode("cp874")
        found[f"{field} hex"] = short.encode().hex().encode()
        for shift in range(3):
            # Cut to whole groups: what stands before and after changes the letters at both ends.
            coded = base64.b64encode(b"x" * shift + short.encode())
            found[f"{field} base64 {shift}"] = coded[4 if shift else 0 : -4]
    return found


def search(produced: bytes, persons: list[IdentityValues]) -> list[str]:
    """Return what of the persons shows in the bytes."""
    lower = produced.lower()
    return [
        name
        for one in persons
        for name, needle in needles(one).items()
        if needle in produced or ("base64" not in name and needle.lower() in lower)
    ]
