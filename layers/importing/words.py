"""Words of files and our codes: codes, titles of the taxonomy, and the usual words of offices. Never a guess.

A word that is none of ours, or stands for several codes, gives no code but candidates for a person to choose from.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from boundaries import names
from layers import taxonomy

OFFICE_WORDS = Path(__file__).parent / "office_words.yaml"
MOST_CANDIDATES = 5
LIKE = 0.6
"""How alike two words must be for one to be offered for the other."""


@dataclass(frozen=True)
class WordMatch:
    """A word's code when it is sure, else the codes that it may stand for, likeliest first."""

    code: str | None
    candidates: tuple[str, ...] = ()


_SECTIONS = {
    "problem": "problems",
    "secondary_problems": "problems",
    "target_groups": "target_groups",
    "urgency": "urgencies",
    "status": "statuses",
    "close_reason": "close_reasons",
    "counted": "units",
}
"""Roles whose cells are words for codes, with their part of the office words."""
WORD_ROLES = tuple(_SECTIONS)


def find_code(role: str, text: str) -> WordMatch:
    """Return what a word of a column with this role stands for; `count` roles are asked as problem or target group."""
    return _find(_SECTIONS[role], text)


def find_codes(role: str, text: str, words: Mapping[str, str] | None = None) -> list[tuple[str, WordMatch]]:
    """Return what each word of a cell stands for: `T07, T16`, `ผู้สูงอายุ; คนพิการ`. `words` are the file's own, first."""
    whole = look_up(role, text, words)
    if whole.code is not None:
        return [(text, whole)]
    return [(one, look_up(role, one, words)) for one in _parts(text)]


def look_up(role: str, text: str, words: Mapping[str, str] | None = None) -> WordMatch:
    """Return what a word stands for, by the file's own words first; an empty code means nothing, on purpose."""
    if words:
        known = words.get(text.strip())
        known = _by_key(frozenset(words.items())).get(_key(text)) if known is None else known
        if known is not None:
            return WordMatch(known)
    return find_code(role, text)


@lru_cache(maxsize=64)
def _by_key(words: frozenset[tuple[str, str]]) -> Mapping[str, str]:
    return {_key(word): code for word, code in words}


def find_problem(text: str) -> WordMatch:
    """Return the problem that a word stands for."""
    return find_code("problem", text)


def find_target_groups(text: str) -> list[tuple[str, WordMatch]]:
    """Return the target group of each word of a cell."""
    return find_codes("target_groups", text)


def _parts(text: str) -> list[str]:
    """Part a cell at marks, and at blanks only where these part codes: Thai words may hold blanks."""
    parts = [one.strip() for one in re.split(r"[,;|\n]+", text) if one.strip()]
    if len(parts) == 1 and re.fullmatch(r"(?:[A-Za-z]\d{2}(?:\.\d{2})?\s*)+", parts[0]):
        return parts[0].split()
    return parts


@lru_cache(maxsize=1 << 14)
def _key(text: str) -> str:
    """Return the form that words are compared by: one spelling, no blanks, marks or case, no `ปัญหา` in front."""
    plain = re.sub(r"[\s/\-–—_.,()\[\]'\"“”:;]+", "", names.clean(text).translate(_THAI_DIGITS).casefold())
    plain = plain.replace("ๆ", "").removesuffix("ฯ")
    return plain.removeprefix("ปัญหาด้าน").removeprefix("ปัญหา") or plain


_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@lru_cache(maxsize=1 << 14)
def _find(section: str, text: str) -> WordMatch:
    key = _key(text)
    if not key:
        return WordMatch(None)
    vocabulary = _vocabulary(section)
    codes = vocabulary.get(key) or vocabulary.get(_code_key(key), ())
    if len(codes) == 1:
        return WordMatch(codes[0], codes)
    return WordMatch(None, codes or _alike(key, vocabulary))


def _code_key(key: str) -> str:
    """Return a code without its zeros: P2.3 and p0203 are both p0203 as a key. Anything else stays."""
    found = re.fullmatch(r"([a-z])(\d{1,2})", key)
    return f"{found[1]}{int(found[2]):02}" if found else key


def _alike(key: str, vocabulary: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return codes of words that hold this one or are held by it, then of words that look like it."""
    scores: dict[str, float] = {}
    for word, codes in vocabulary.items():
        held = len(word) >= 3 and len(key) >= 3 and (word in key or key in word)
        score = 1.0 + min(len(word), len(key)) / max(len(word), len(key)) if held else _likeness(key, word)
        for code in codes:
            scores[code] = max(score, scores.get(code, 0.0))
    best = sorted((code for code, score in scores.items() if score >= LIKE), key=lambda one: (-scores[one], one))
    return tuple(best[:MOST_CANDIDATES])


def _likeness(one: str, other: str) -> float:
    if abs(len(one) - len(other)) > max(len(one), len(other)) * (1 - LIKE) * 1.5:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@cache
def _vocabulary(section: str) -> Mapping[str, tuple[str, ...]]:
    """Return all words of a section by key, with the codes they stand for; a stated ambiguity overrules."""
    found: dict[str, tuple[str, ...]] = {}
    strong: dict[str, tuple[str, ...]] = {}
    for code, words in _strong(section):
        for key in map(_key, words):
            strong[key] = tuple(dict.fromkeys((*strong.get(key, ()), code)))
    for code, words in _office_words().get(section, {}).items():
        for word in words:
            key = _key(word)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), code)))
    weak: dict[str, tuple[str, ...]] = {}
    for code, word in _weak(section):
        weak[_key(word)] = tuple(dict.fromkeys((*weak.get(_key(word), ()), code)))
    found = {**weak, **found, **strong}
    ambiguous = _office_words().get(f"ambiguous_{section}", {})
    return found | {_key(word): tuple(codes) for word, codes in ambiguous.items()}


@cache
def _office_words() -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.safe_load(OFFICE_WORDS.read_text("utf-8"))
    return content


def _entries(section: str) -> Iterator[tuple[str, str | None, str, str]]:
    """Give code, id, Thai and English of each entry of the taxonomy."""
    if section in ("close_reasons", "units"):
        texts = taxonomy.close_reasons() if section == "close_reasons" else taxonomy.units()
        yield from ((code, None, words.th, words.en) for code, words in texts.items())
        return
    many: Iterable[Any] = getattr(taxonomy, section)().values()
    yield from ((str(one.code), one.id, one.th, one.en) for one in many)


def _strong(section: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the words that are ours: code, id and whole titles, which overrule what offices say."""
    for code, name, th, en in _entries(section):
        yield code, tuple(one for one in (code, name, th, en, f"{code} {th}", f"{code} {en}") if one)


def _weak(section: str) -> Iterator[tuple[str, str]]:
    """Give titles without their brackets, and what stands before a stroke: what follows one may be half a phrase."""
    for code, _, th, _ in _entries(section):
        bare = re.sub(r"\s*\(.*?\)", "", th)
        yield from ((code, one) for one in (bare, bare.split("/")[0]) if len(one) >= 4)
    if section == "problems":
        yield from ((one.code, one.short_th) for one in taxonomy.problems().values())
