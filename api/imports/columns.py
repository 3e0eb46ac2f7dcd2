"""The form that says what each column means: its choices, and the recipe that a sent form makes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from api.auth.forms import Form
from api.imports.errors import DecisionBad, NotAllowedColumn
from api.imports.looking import COLUMNS, recipe_of
from boundaries.messages import Text, text
from layers import taxonomy
from layers.files.table import Asked
from layers.importing import Recipe, read_recipe, write_recipe
from layers.importing.roles import COUNT, ROLES, TARGETS, Target, choices, get_role

FIXED: Mapping[str, tuple[str, ...]] = {
    "cases": ("problem", "urgency", "status", "counted", "province_code", "date_order", "short_years", "bare_year"),
    "figures": ("province_code", "date_order", "short_years", "bare_year"),
    "assets": ("kind", "province_code"),
}
"""What may be said once for all rows of a kind of file."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "what": (
        "external_id", "problem", "reported_on", "period", "yymm", "title", "title_en", "kind", "urgency", "status",
        "close_reason", "target_groups", "secondary_problems", "cases", "weight", "counted",
    ),
    "area": (
        "area_code", "province_code", "district_code", "subdistrict_code", "village_code",
        "province_name", "district_name", "subdistrict_name", "village_name", "address",
    ),
    "point": ("lat", "lon", "position", "x", "y", "accuracy_m"),
}  # fmt: skip
LONGEST = 200


@dataclass(frozen=True)
class Choice:
    """One entry of a list: what is sent, and what is read."""

    value: str
    words: Text


def role_choices(recipe: Recipe) -> dict[str, list[Choice]]:
    """Return the meanings that a column of a kind of file can have, in groups."""
    target = recipe.target
    made = {
        group: [Choice(name, ROLES[name].title) for name in names if target in ROLES[name].targets]
        for group, names in GROUPS.items()
    }
    if target == "figures":
        made["figures"] = [Choice(f"indicator:{key}", Text(one.th, one.en)) for key, one in _indicators()]
    if target == "cases":
        # Subtypes only where there are counts: the list stands beside every column.
        codes = taxonomy.problems() if recipe.counts else taxonomy.categories()
        made["counts"] = [Choice(COUNT + code, get_role(COUNT + code).title) for code in codes]
    other = [role for role in recipe.columns if ":" in role and not role.startswith(("indicator:", COUNT))]
    if other:
        made["own"] = [Choice(role, get_role(role).title) for role in other]
    return made


def fixed_choices(recipe: Recipe) -> list[tuple[str, Text, list[Choice]]]:
    """Return what may be said once for all rows: role, title, and the values, none where any text goes."""
    return [(role, ROLES[role].title, code_choices(role)) for role in FIXED[recipe.target]]


def title_of(role: str) -> Text:
    """Name what a column can be."""
    return get_role(role).title


def code_choices(role: str) -> list[Choice]:
    """Return the codes that a role allows, with their words."""
    return [Choice(code, code_words(role, code)) for code in choices(role) or ()]


def code_words(role: str, code: str) -> Text:
    """Return what a code means."""
    if role in ("problem", "secondary_problems"):
        one: Any = taxonomy.get_problem(code)
    elif role == "target_groups":
        one = taxonomy.get_target_group(code)
    elif role == "urgency":
        one = taxonomy.urgencies()[code]
    elif role == "status":
        one = taxonomy.statuses()[int(code)]
    elif role in ("close_reason", "counted"):
        one = {"close_reason": taxonomy.close_reasons, "counted": taxonomy.units}[role]()[code]
    else:
        return text(f"imports.fixed.{role}.{code}")
    return Text(f"{code} {one.th}", one.en)


def said_asked(form: Form, recipe: Recipe) -> Asked:
    """Return how a person says that the file is to be read; an empty field is detected. Raises DecisionBad."""
    given = {name: form.get(name).strip()[:LONGEST] or None for name in ("encoding", "sheet", "layer", "inside", "crs")}
    separator = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}.get(form.get("separator"))
    return Asked(recipe.asked.kind, separator=separator, header_rows=_rows(form.get("header_rows")), **given)


def said_target(form: Form, recipe: Recipe) -> Recipe:
    """Return a recipe for the kind of rows that a person says; columns that this kind does not have lose theirs."""
    target = form.get("target")
    if target not in TARGETS or target == recipe.target:
        return recipe
    kept = {role: many for role, many in recipe.columns.items() if target in get_role(role).targets}
    fixed = {role: value for role, value in recipe.fixed.items() if target in get_role(role).targets}
    words = {role: value for role, value in recipe.words.items() if target in get_role(role).targets}
    return replace(recipe, target=cast(Target, target), columns=kept, fixed=fixed, words=words)


def said_columns(form: Form, look: Mapping[str, Any]) -> Recipe:
    """Return the recipe that a sent form makes. Raises NotAllowedColumn, DecisionBad, BadRecipe."""
    recipe = recipe_of(look)
    given = dict(_given(form, look))
    columns: dict[str, tuple[str, ...]] = {}
    for heading, role in given.items():
        if role:
            columns[role] = (*columns.get(role, ()), heading)
    before = recipe.columns
    same = {role: before[role] for role in columns if set(before.get(role, ())) == set(columns[role])}
    allowed = [one["heading"] for place, one in _shown(look) if one["personal"] and form.get(f"allow.{place}")]
    personal = [one["heading"] for _, one in _shown(look) if one["personal"]]
    left_out = [one for one in personal if one not in allowed]
    made = replace(
        recipe,
        columns=columns | same,
        fixed=_fixed(form, recipe, columns),
        dropped=tuple(dict.fromkeys((*(one for one in recipe.dropped if one not in given), *left_out))),
        kept=tuple(dict.fromkeys((*(one for one in recipe.kept if one not in given), *allowed))),
        period=form.get("period").strip()[:LONGEST] or None,
    )
    return read_recipe(write_recipe(made))


def _shown(look: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    return iter(list(enumerate(look["columns"]))[:COLUMNS])


def _given(form: Form, look: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give each heading with the role that it is given, in the file's order."""
    for place, one in enumerate(look["columns"]):
        role = form.get(f"role.{place}") if place < COLUMNS else one["role"]
        if role:
            get_role(role)
        if role and one["personal"] and not form.get(f"allow.{place}"):
            raise NotAllowedColumn(heading=one["heading"][:LONGEST])
        yield one["heading"], role


def _fixed(form: Form, recipe: Recipe, columns: Mapping[str, Any]) -> dict[str, str]:
    made = {role: value for role, value in recipe.fixed.items() if role not in FIXED[recipe.target]}
    for role in FIXED[recipe.target]:
        value = form.get(f"fixed.{role}").strip()[:LONGEST]
        if value:
            made[role] = value
    # An id that was made of a pattern gives way to a column that is said to hold it.
    return {role: value for role, value in made.items() if role not in columns or role in FIXED[recipe.target]}


def _rows(given: str) -> tuple[int, int] | None:
    if not given.strip():
        return None
    first, _, last = given.replace("–", "-").replace(" ", "").partition("-")
    if not (first.isdecimal() and (last or first).isdecimal() and len(given) < 20):
        raise DecisionBad(value=given[:40])
    return int(first), int(last or first)


def _indicators() -> list[tuple[str, Any]]:
    return list(taxonomy.indicator_kinds().items())
