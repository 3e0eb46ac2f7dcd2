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


@cache
def catalogue() -> Mapping[str, Text]:
    """Read all catalogue files; refuse a key that stands in two of them."""
    entries: dict[str, Text] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, words in (read_yaml(path) or {}).items():
            if key in entries:
                raise ValueError(f"{path.name}: {key} stands in another catalogue file already")
            entries[key] = Text(th=words["th"], en=words["en"])
    return MappingProxyType(entries)


def text(key: str, **params: object) -> Text:
    """Return the sentence for `key` with its placeholders filled; the values are put in as plain text."""
    try:
        words = catalogue()[key]
    except KeyError as missing:
        raise MissingMessageError(key) from missing
    return Text(th=words.th.format_map(params), en=words.en.format_map(params)) if params else words
