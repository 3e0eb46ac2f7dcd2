"""Values of fields as the texts that other programs' files hold, and back."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import get_args

from boundaries.messages import text
from boundaries.names import clean
from mapping.mindmaps import Direction, SolutionType, WelfareSystem
from mapping.plan_fields import SCORES, StoredStatus, Value

LISTS = frozenset({"joint", "policy_tags"})
WHOLE = frozenset({"fiscal_year", *SCORES})
AMOUNTS = frozenset({"budget"})
OBJECTS = frozenset({"filter"})
CHOICES: Mapping[str, tuple[str, ...]] = {
    "type": get_args(SolutionType),
    "welfare_system": get_args(WelfareSystem),
    "status": get_args(StoredStatus),
    "direction": get_args(Direction),
}
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,6})?(?: ?บาท| ?baht)?", re.IGNORECASE)


@cache
def _by_word(field: str) -> Mapping[str, str]:
    said = {one: text(f"plan_files.choice.{field}.{one}") for one in CHOICES[field]}
    return {word: one for one, words in said.items() for word in (one, words.th, words.en.casefold())}


def to_field_text(field: str, value: Value) -> str:
    """Write a value as a text; texts of a list one a line."""
    if isinstance(value, list):
        return "\n".join(value)
    if field in CHOICES:
        return text(f"plan_files.choice.{field}.{value}").th
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def from_field_text(field: str, words: str) -> Value:
    """Read a value out of a text. Raises ValueError where the field cannot be said so."""
    plain = words.strip().translate(_THAI_DIGITS)
    if field in LISTS:
        return [line.strip() for line in words.split("\n") if line.strip()]
    if field in WHOLE:
        return int(plain[:8]) if plain.isascii() and plain.isdigit() else _refuse()
    if field in AMOUNTS:
        found = _AMOUNT.fullmatch(plain[:40])
        amount = float(found[1].replace(",", "") + (found[2] or "")) if found else _refuse()
        return int(amount) if amount == int(amount) else amount
    if field in OBJECTS:
        return json.loads(words) if len(words) <= 4_000 else _refuse()
    if field in CHOICES:
        return _by_word(field).get(clean(words[:80]).casefold(), words)
    return words


def _refuse() -> float:
    raise ValueError
