"""Headings of files, and the roles that they may announce."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from boundaries import names
from layers.files.table import GEOMETRY_X, GEOMETRY_Y
from layers.template import COLUMNS

VOCABULARY = Path(__file__).parent / "headings.yaml"
TEMPLATE_KEYS = {"problem_code": "problem"}
"""Keys of the template whose roles have another name."""


@dataclass(frozen=True)
class Announced:
    """A role that a heading announces; a low `rank` is a likelier word for it, `whole` when nothing else is said."""

    role: str
    rank: int
    whole: bool


def announced(heading: str) -> tuple[Announced, ...]:
    """Return the roles that a heading may announce, likeliest first."""
    found: dict[str, Announced] = {}
    for key in _keys(heading):
        for role, rank in _whole_words().get(key, {}).items():
            found.setdefault(role, Announced(role, rank, True))
    for role, words in _inner_words().items():
        if role not in found and any(word in _key(heading) for word in words):
            found[role] = Announced(role, 99, False)
    return tuple(sorted(found.values(), key=lambda one: (not one.whole, one.rank)))


def _keys(heading: str) -> list[str]:
    """Return the forms of a heading: whole, in and before its brackets, behind the groups of a form, behind a title."""
    plain = names.clean(heading).lstrip("'*_ ")
    forms = [plain]
    if found := re.fullmatch(r"(.+?)\s*[(\[](.+?)[)\]]\s*", plain):
        forms += [found[2], found[1]]
    if re.fullmatch(r"[\w-]+(?:/[\w-]+)+", plain, re.ASCII):
        forms.append(plain.rsplit("/", 1)[1])
    if " · " in plain:
        forms.append(plain.rsplit(" · ", 1)[1])
    return list(dict.fromkeys(key for key in map(_key, forms) if key))


def _key(text: str) -> str:
    return re.sub(r"[\s_\-.:*()/\[\]]+", "", names.key(text))


@cache
def _vocabulary() -> Mapping[str, tuple[str, ...]]:
    content = yaml.safe_load(VOCABULARY.read_text("utf-8"))
    found = {role: tuple(str(word) for word in words) for role, words in content.items()}
    for column in COLUMNS:
        role = TEMPLATE_KEYS.get(column.key, column.key)
        found[role] = (column.key, column.th, *found.get(role, ()))
    found["x"] = (GEOMETRY_X, *found["x"])
    found["y"] = (GEOMETRY_Y, *found["y"])
    return found


@cache
def _whole_words() -> Mapping[str, Mapping[str, int]]:
    """Return for each key its roles, each with its place among the role's words."""
    found: dict[str, dict[str, int]] = {}
    for role, words in _vocabulary().items():
        for rank, word in enumerate(one for one in words if not one.endswith("*")):
            found.setdefault(_key(word), {}).setdefault(role, rank)
    return found


@cache
def _inner_words() -> Mapping[str, tuple[str, ...]]:
    return {
        role: inner
        for role, words in _vocabulary().items()
        if (inner := tuple(_key(word[:-1]) for word in words if word.endswith("*")))
    }
