"""The text of a recipe: YAML read strictly, every scalar as the text that stands there (`no` and `07` stay words)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.files.table import Asked

LARGEST = 64 * 1024
"""Bytes that a recipe may have; real ones have one or two thousand."""
DEEPEST = 6


class BadRecipe(SocialMapError):
    """A recipe that cannot be understood; its words say where and why."""

    key = "recipe.bad"


def bad(key: str, **params: object) -> BadRecipe:
    """Make the error that gives a reason of the catalogue."""
    reason = text(key, **params)
    return BadRecipe(th=reason.th, en=reason.en)


def load_yaml(recipe: Path | str) -> dict[str, Any]:
    """Return the content of a recipe's file or text; raise BadRecipe."""
    words = _words(recipe)
    if len(words.encode("utf-8", "replace")) > LARGEST:
        raise bad("recipe.too_large", largest=LARGEST // 1024)
    try:
        _refuse_references(words)
        content = yaml.load(words, Loader=_TextLoader)  # noqa: S506  (a loader of scalars, lists and mappings only)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise bad("recipe.not_yaml", line=mark.line + 1 if mark else 1) from error
    except RecursionError as error:
        raise bad("recipe.not_yaml", line=1) from error
    if not isinstance(content, dict):
        raise bad("recipe.not_yaml", line=1)
    return content


def _words(recipe: Path | str) -> str:
    if isinstance(recipe, str):
        return recipe
    try:
        with recipe.open("rb") as file:
            return file.read(LARGEST + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise bad("recipe.unreadable", name=recipe.name) from error


def _refuse_references(words: str) -> None:
    """Refuse anchors, aliases, tags and deep nests: a recipe needs none, and small texts grow large by them."""
    depth = 0
    for event in yaml.parse(words, Loader=yaml.BaseLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise bad("recipe.reference", line=line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise bad("recipe.not_yaml", line=line)


class _TextLoader(yaml.BaseLoader):
    """Reads scalars as text and refuses a key that stands twice."""


def _mapping(loader: _TextLoader, node: yaml.MappingNode) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str) or key in made:
            raise bad("recipe.key_twice", at=key, line=key_node.start_mark.line + 1)
        made[key] = loader.construct_object(value_node, deep=True)
    return made


_TextLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def word(key: str, value: object) -> str:
    """Read one text."""
    if not isinstance(value, str):
        raise bad("recipe.wrong_kind", at=key, th="ข้อความเดียว", en="one text")
    return value.strip()


def word_or_none(key: str, value: object) -> str | None:
    """Read a text that may be empty."""
    return word(key, value) or None


def words(key: str, value: object) -> tuple[str, ...]:
    """Read a list of texts; one text is a list of one."""
    many = [value] if isinstance(value, str) else value
    if not isinstance(many, list):
        raise bad("recipe.wrong_kind", at=key, th="รายการข้อความ", en="a list of texts")
    return tuple(word(key, one) for one in many)


def mapping(key: str, value: object) -> Mapping[str, Any]:
    """Read a mapping; an empty value is an empty one."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise bad("recipe.wrong_kind", at=key, th="คู่ชื่อกับค่า", en="names with values")
    return value


def both_languages(key: str, value: object) -> Text | None:
    """Read a name in Thai and English; one text is the same in both."""
    if isinstance(value, str):
        return Text(value.strip(), value.strip()) if value.strip() else None
    parts = mapping(key, value)
    if set(parts) != {"th", "en"}:
        raise bad("recipe.wrong_kind", at=key, th="th และ en", en="th and en")
    return Text(word(key, parts["th"]), word(key, parts["en"]))


def yes_or_no(key: str, value: object) -> bool:
    """Read yes or no."""
    if value not in ("yes", "no", "true", "false"):
        raise bad("recipe.wrong_kind", at=key, th="yes หรือ no", en="yes or no")
    return value in ("yes", "true")


_ASKED = ("kind", "encoding", "separator", "sheet", "layer", "inside", "crs")


def asked(key: str, value: object) -> Asked:
    """Read how the file is to be read."""
    parts = mapping(key, value)
    for name in parts:
        if name not in (*_ASKED, "header_rows"):
            raise bad("recipe.unknown_key", at=f"{key}.{name}", allowed=", ".join((*_ASKED, "header_rows")))
    texts = {name: _unstripped(f"{key}.{name}", parts[name]) for name in _ASKED if parts.get(name)}
    return Asked(**texts, header_rows=_header_rows(parts.get("header_rows")))


def _unstripped(key: str, value: object) -> str:
    """Read a text as it stands: a separator may be a tab."""
    if not isinstance(value, str):
        raise bad("recipe.wrong_kind", at=key, th="ข้อความเดียว", en="one text")
    return value


def _header_rows(value: object) -> tuple[int, int] | None:
    if value is None or value == "":
        return None
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) and one.isdecimal() for one in value):
        return int(value[0]), int(value[1])
    raise bad("recipe.wrong_kind", at="asked.header_rows", th="เลขแถวแรกและแถวสุดท้าย", en="first and last row number")
