"""Files that are known by their shape: those of built-in recipes, and the registration office's without a header."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from boundaries import names
from boundaries.importing import province_names
from boundaries.messages import Text, text
from layers.files.table import FileTable
from layers.importing.amounts import find_amount
from layers.importing.column_values import LEAST, Values, is_yymm
from layers.importing.recipes import Recipe, get_recipe, list_recipes

REGISTRATION = "registration_population"
FEWEST_HEADINGS = 3
"""Headings by which a file is known: two would be too common."""


@dataclass(frozen=True)
class Known:
    """A recipe that a file answers to, and why."""

    recipe: Recipe
    reasons: Mapping[str, Text]
    unsure: tuple[str, ...] = ()


def known_recipe(table: FileTable, values: Mapping[str, Values]) -> Known | None:
    """Return the built-in recipe that a file is made for, None for any other file."""
    if found := _registration(table.header, values):
        return found
    fitting = [
        recipe
        for recipe in list_recipes()
        if recipe.name != REGISTRATION
        and len(recipe.headings) >= FEWEST_HEADINGS
        and set(recipe.headings) <= set(table.header)
    ]
    if not fitting:
        return None
    best = max(fitting, key=lambda recipe: len(recipe.headings))
    rivals = [one.name for one in fitting if not set(one.headings) <= set(best.headings)]
    reason = text("column.recipe", recipe=best.name)
    if rivals:
        reason = text("column.recipes", recipe=best.name, others=", ".join(rivals))
    return Known(best, dict.fromkeys(best.headings, reason), best.headings if rivals else ())


def _registration(header: tuple[str, ...], values: Mapping[str, Values]) -> Known | None:
    """Know the registration office's file by its cells: month and province first, male + female = total at the end."""
    if len(header) < 8 or not all(values[header[place]].cells for place in (0, 1, 2, -4, -3, -2, -1)):
        return None
    month, code, name, male, female, total, houses = (header[place] for place in (0, 1, 2, -4, -3, -2, -1))
    if values[month].share(is_yymm) < LEAST or not _names_its_province(values[code], values[name]):
        return None
    if not _adds_up(values[male], values[female], values[total]):
        return None
    recipe = get_recipe(REGISTRATION)
    columns: dict[str, tuple[str, ...]] = {"yymm": (month,), "province_code": (code,), "district_code": (header[3],)}
    columns |= {"indicator:population": (total,), "indicator:households": (houses,)}
    finer = next((one for one in header[4:-4] if values[one].fits("area_code") and _is_finer(values[one])), None)
    if finer:
        columns["subdistrict_code"] = (finer,)
    reasons = dict.fromkeys((one for many in columns.values() for one in many), text("column.registration"))
    return Known(replace(recipe, columns=columns), reasons | {header[3]: text("column.registrars")}, (header[3],))


def _names_its_province(codes: Values, words: Values) -> bool:
    known = province_names()
    pairs = zip(codes.cells, words.cells, strict=False)
    good = [
        code in known and names.key(names.without_prefix(word)) == names.key(known[code][0]) for code, word in pairs
    ]
    return bool(good) and sum(good) >= LEAST * len(good)


def _adds_up(male: Values, female: Values, total: Values) -> bool:
    rows = zip(male.cells, female.cells, total.cells, strict=False)
    amounts = [tuple(find_amount(cell) for cell in row) for row in rows]
    good = [None not in row and row[0] + row[1] == row[2] for row in amounts]  # type: ignore[operator]
    return bool(good) and sum(good) >= LEAST * len(good)


def _is_finer(cells: Values) -> bool:
    return cells.share(lambda cell: len(cell) in (6, 8)) >= LEAST
