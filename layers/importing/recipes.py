"""Recipes: how one kind of file is read, as a small YAML file that can be saved, checked and used again."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers import taxonomy
from layers.files.table import Asked
from layers.importing import recipe_text
from layers.importing.recipe_text import BadRecipe, bad
from layers.importing.roles import COUNT, TALLY_ROLES, TARGETS, Target, UnknownRole, choices, get_role

FOLDER = Path(__file__).parent / "recipes"
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


class UnknownRecipe(SocialMapError):
    """A built-in recipe that there is not."""

    key = "recipe.unknown"


class HeadingsMissing(SocialMapError):
    """A file without headings that the recipe names."""

    key = "recipe.headings_missing"


@dataclass(frozen=True)
class Recipe:
    """How a file becomes cases, figures or assets."""

    name: str
    target: Target
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role to headings of the file; several where a value is made of parts."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Role to the one value of all rows; `external_id` and `title` may be patterns (`fill`)."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Role to the file's words and our codes; an empty code means nothing, on purpose."""
    asked: Asked = field(default_factory=Asked)
    source: Text | None = None
    licence: str | None = None
    dropped: tuple[str, ...] = ()
    """Headings left out on purpose: personal data."""
    kept: tuple[str, ...] = ()
    """Headings that a person allowed although they look personal."""
    repairs: tuple[str, ...] = ()
    """Accepted repairs of positions, by the names of `positions.alternatives`."""
    period: str | None = None
    """Year of a file that states none."""
    lenient: bool = False
    """Whether a stated code that the boundaries lack is taken when there is a point beside it."""

    @property
    def counts(self) -> tuple[str, ...]:
        """The roles of columns that hold numbers of cases of one problem: `count:P08`."""
        return tuple(role for role in self.columns if role.startswith(COUNT))

    @property
    def tallies(self) -> bool:
        """Whether rows stand for numbers of cases of an area, not for one case each."""
        return self.target == "cases" and bool(self.counts or "cases" in self.columns)

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings of the file that carry a role, in the recipe's order."""
        return tuple(dict.fromkeys(one for many in self.columns.values() for one in many))


def fill(pattern: str, row: int, values: Mapping[str, str], words: Mapping[str, str] | None = None) -> str:
    """Make a row's text of a pattern: `{reported_on}-{row:05}` takes the cells of roles and the row's number.

    `words` changes whole cells. A cell that is empty makes the text empty: half an identity is none.
    """
    parts = {name: (words or {}).get(cell, cell) for name, cell in values.items()}
    empty = False

    def part(found: re.Match[str]) -> str:
        nonlocal empty
        if found[1] == "row":
            return f"{row:0{found[2] or 1}}"
        empty = empty or not parts.get(found[1])
        return parts.get(found[1]) or ""

    made = PLACEHOLDER.sub(part, pattern)
    return "" if empty else made


PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::0?(\d))?\}")


def check_headings(recipe: Recipe, header: tuple[str, ...]) -> None:
    """Raise HeadingsMissing when a file lacks headings that the recipe gives a role."""
    missing = [heading for heading in recipe.headings if heading not in header]
    if missing:
        raise HeadingsMissing(recipe=recipe.name, missing=", ".join(missing), found=", ".join(header))


@cache
def _builtin() -> Mapping[str, Recipe]:
    recipes = [read_recipe(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return {recipe.name: recipe for recipe in recipes}


def list_recipes() -> tuple[Recipe, ...]:
    """Return the built-in recipes by name."""
    return tuple(_builtin().values())


def get_recipe(name: str) -> Recipe:
    """Return a built-in recipe; raise UnknownRecipe."""
    try:
        return _builtin()[name]
    except KeyError:
        raise UnknownRecipe(name=name, allowed=", ".join(_builtin())) from None


def write_recipe(recipe: Recipe) -> str:
    """Write a recipe as YAML: keys in one order, what is empty left out; `read_recipe` gives the same back."""
    asked = {key: value for key, value in vars(recipe.asked).items() if value is not None}
    if "header_rows" in asked:
        asked["header_rows"] = list(asked["header_rows"])
    content: dict[str, Any] = {
        "name": recipe.name,
        "target": recipe.target,
        "source": {"th": recipe.source.th, "en": recipe.source.en} if recipe.source else None,
        "licence": recipe.licence,
        "period": recipe.period,
        "lenient": "yes" if recipe.lenient else None,
        "asked": asked,
        "columns": {role: list(headings) for role, headings in recipe.columns.items()},
        "fixed": dict(recipe.fixed),
        "words": {role: dict(words) for role, words in recipe.words.items()},
        "dropped": list(recipe.dropped),
        "kept": list(recipe.kept),
        "repairs": list(recipe.repairs),
    }
    filled = {key: value for key, value in content.items() if value not in (None, {}, [], "")}
    return yaml.safe_dump(filled, allow_unicode=True, sort_keys=False, width=110)


def read_recipe(recipe: Path | str) -> Recipe:
    """Read a recipe from a file or its text; raise BadRecipe for anything that is not plainly one."""
    content = recipe_text.load_yaml(recipe)
    for key in content:
        if key not in _FIELDS:
            raise bad("recipe.unknown_key", at=key, allowed=", ".join(_FIELDS))
    for key in ("name", "target"):
        if not content.get(key):
            raise bad("recipe.key_missing", at=key)
    made = Recipe(**{key: _FIELDS[key](key, value) for key, value in content.items()})
    _check(made)
    return made


def _columns(key: str, value: object) -> dict[str, tuple[str, ...]]:
    return {role: recipe_text.words(f"{key}.{role}", many) for role, many in recipe_text.mapping(key, value).items()}


def _fixed(key: str, value: object) -> dict[str, str]:
    return {role: recipe_text.word(f"{key}.{role}", one) for role, one in recipe_text.mapping(key, value).items()}


def _words(key: str, value: object) -> dict[str, dict[str, str]]:
    return {role: _fixed(f"{key}.{role}", many) for role, many in recipe_text.mapping(key, value).items()}


_FIELDS: Mapping[str, Callable[[str, Any], Any]] = {
    "name": recipe_text.word,
    "target": recipe_text.word,
    "source": recipe_text.both_languages,
    "licence": recipe_text.word_or_none,
    "period": recipe_text.word_or_none,
    "lenient": recipe_text.yes_or_no,
    "asked": recipe_text.asked,
    "columns": _columns,
    "fixed": _fixed,
    "words": _words,
    "dropped": recipe_text.words,
    "kept": recipe_text.words,
    "repairs": recipe_text.words,
}


def _check(recipe: Recipe) -> None:
    """Refuse what contradicts itself: a role of another target, twice stated, or with a value that is none of ours."""
    if not NAME.fullmatch(recipe.name):
        raise bad("recipe.bad_name", name=recipe.name)
    if recipe.target not in TARGETS:
        raise bad("recipe.bad_value", at="target", value=recipe.target, allowed=", ".join(TARGETS))
    for name in {*recipe.columns, *recipe.fixed, *recipe.words}:
        _check_role(recipe, name)
    check_tally(recipe)
    for name, value in recipe.fixed.items():
        _check_codes(f"fixed.{name}", name, _several(name, value))
    for name, words in recipe.words.items():
        _check_codes(f"words.{name}", name, [one for many in words.values() for one in _several(name, many) if one])


def check_tally(recipe: Recipe) -> None:
    """Raise BadRecipe for a table of counts with what belongs to single cases, with both forms, or unknown problems."""
    for name in recipe.fixed:
        if name == "cases" or name.startswith(COUNT):
            raise bad("recipe.column_only", role=name)
    for name in recipe.counts:
        if name.removeprefix(COUNT) not in taxonomy.problems():
            allowed = ", ".join(COUNT + code for code in taxonomy.categories())
            raise bad("recipe.bad_value", at="columns", value=name, allowed=allowed)
    if not recipe.tallies:
        return
    if recipe.counts and (clash := {"cases", "problem"} & {*recipe.columns, *recipe.fixed}):
        raise bad("recipe.two_forms", roles=", ".join(sorted(clash)), counts=", ".join(recipe.counts))
    others = [name for name in (*recipe.columns, *recipe.fixed) if name not in (*TALLY_ROLES, *recipe.counts)]
    if others:
        titles = [get_role(name).title for name in others]
        raise bad(
            "recipe.of_single_cases",
            roles_th=", ".join(f"{one.th} ({name})" for one, name in zip(titles, others, strict=True)),
            roles_en=", ".join(f"{one.en} ({name})" for one, name in zip(titles, others, strict=True)),
        )


def _check_role(recipe: Recipe, name: str) -> None:
    try:
        role = get_role(name)
    except UnknownRole as error:
        raise BadRecipe(th=error.text.th, en=error.text.en) from error
    if recipe.target not in role.targets:
        raise bad("recipe.other_target", role=name, target=recipe.target)
    headings = recipe.columns.get(name)
    if headings is None:
        return
    if name in recipe.fixed or role.settled:
        raise bad("recipe.fixed_and_column", role=name)
    if not all(headings) or not headings or (len(headings) > 1 and not role.several):
        raise bad("recipe.several", role=name)
    if left_out := set(headings) & set(recipe.dropped):
        raise bad("recipe.dropped_and_used", heading=", ".join(sorted(left_out)))


def _several(name: str, value: str) -> list[str]:
    """Return the codes of a value; target groups and secondary problems may have more than one."""
    return re.split(r"[,;\s]+", value) if get_role(name).several else [value]


def _check_codes(key: str, name: str, codes: Iterable[str]) -> None:
    allowed = choices(name)
    for code in codes:
        if allowed and code not in allowed:
            raise bad("recipe.bad_value", at=key, value=code, allowed=", ".join(allowed))
