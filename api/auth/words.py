"""Words that people type: login names, names to show, codes of areas. Read here, and refused where they cannot be."""

import re
import unicodedata
from collections.abc import Iterable

from api.auth.errors import AreasBad, NameBad
from api.auth.models import AREA_CODE

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
UNIT_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
LONGEST_NAME, MOST_AREAS = 200, 500


def plain_login(typed: str) -> str:
    """Return a typed login name as it is kept; an empty text, which no account has, for one that cannot be."""
    plain = typed.strip().lower()
    return plain if LOGIN.fullmatch(plain) else ""


def checked_areas(codes: Iterable[str]) -> list[str]:
    """Return codes of areas or villages without repetition. Raises AreasBad."""
    wanted = sorted({code.strip() for code in codes if code.strip()})
    wrong = [code for code in wanted if not re.fullmatch(AREA_CODE, code, re.ASCII)]
    if wrong or len(wanted) > MOST_AREAS:
        raise AreasBad(codes=", ".join(map(shown, wrong[:3])) or len(wanted), limit=MOST_AREAS)
    return wanted


def checked_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a display name, composed and on one line. Raises NameBad."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain or len(plain) > longest or not all(letter.isprintable() or letter == "\u200b" for letter in plain):
        raise NameBad(limit=longest)
    return plain


def shown(value: str) -> str:
    """Repeat a refused value so that it fits a sentence."""
    return "".join(letter if letter.isprintable() else "�" for letter in value)[:64]
