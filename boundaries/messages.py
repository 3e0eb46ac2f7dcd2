"""The one message catalogue: every sentence a user reads, Thai first and English second.

Each ring has a file in `messages/`; together they are one catalogue and no key stands twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from boundaries.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "messages"


@dataclass(frozen=True)
class Text:
    """The same sentence in Thai and English."""

    th: str
    en: str


class MissingMessageError(KeyError):
    """A key that no catalogue file holds: a mistake of ours, never of the user."""


COUNTED = ("count", "rows", "cases")
"""Placeholders of which the first that a sentence has says how many; its English for just one is its `one`."""


@cache
def catalogue() -> Mapping[str, Text]:
    """Read all catalogue files; refuse a key that stands in two of them."""
    return MappingProxyType({key: Text(th=words["th"], en=words["en"]) for key, words in _entries().items()})


@cache
def singulars() -> Mapping[str, str]:
    """Return the English of sentences about just one, for those that say it differently."""
    return MappingProxyType({key: words["one"] for key, words in _entries().items() if "one" in words})


@cache
def _entries() -> Mapping[str, Mapping[str, str]]:
    entries: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, words in (read_yaml(path) or {}).items():
            if key in entries:
                raise ValueError(f"{path.name}: {key} stands in another catalogue file already")
            entries[key] = words
    return entries


def text(key: str, **params: object) -> Text:
    """Return the sentence for `key` with its placeholders filled; the values are put in as plain text."""
    try:
        words = catalogue()[key]
    except KeyError as missing:
        raise MissingMessageError(key) from missing
    if not params:
        return words
    many = next((params[name] for name in COUNTED if name in params), None)
    english = singulars().get(key, words.en) if str(many) == "1" else words.en
    return Text(th=words.th.format_map(params), en=english.format_map(params))
