"""What a person decides on a preview: what names and words mean, and which repairs of positions are accepted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.auth.forms import Form
from api.imports.errors import DecisionBad
from api.imports.shown import named_of
from boundaries.matching import Named
from layers.date_reading import THAI_DIGITS
from layers.importing import Recipe, read_recipe, write_recipe
from layers.importing.roles import choices

NOTHING = "-"
"""What is sent for a word that means nothing, on purpose."""
REQUIRED = frozenset({"problem"})
"""Roles whose words must mean something."""


def said_names(form: Form, shown: Mapping[str, Any]) -> list[tuple[Named, str]]:
    """Return the names that a form decides, with their codes; one that was typed goes before one that was chosen."""
    found = []
    for place, one in enumerate(shown["names"]):
        typed = "".join(form.get(f"name_code.{place}").split()).translate(THAI_DIGITS)
        code = typed or form.get(f"name.{place}")
        if not code:
            continue
        if not (code.isascii() and code.isdecimal() and len(code) in (2, 4, 6)):
            raise DecisionBad(value=code[:40])
        found.append((named_of(one), code))
    return found


def still_open(decided: list[tuple[Named, str]], shown: Mapping[str, Any]) -> bool:
    """Say whether a name that was decided waits all the same: it is another area's, or one above it is not known."""
    waiting = [named_of(one) for one in shown["names"]]
    return any(named in waiting for named, _ in decided)


def said_decisions(form: Form, shown: Mapping[str, Any], recipe: Recipe) -> Recipe:
    """Return a recipe with the words and repairs that a form decides. Raises DecisionBad, BadRecipe."""
    words = {role: dict(known) for role, known in recipe.words.items()}
    for place, one in enumerate(shown["words"]):
        code = form.get(f"word.{place}")
        if not code:
            continue
        if code == NOTHING and one["role"] not in REQUIRED:
            words.setdefault(one["role"], {})[one["word"]] = ""
        elif code in (choices(one["role"]) or ()):
            words.setdefault(one["role"], {})[one["word"]] = code
        else:
            raise DecisionBad(value=code[:40])
    offered = [one["name"] for one in shown["repairs"]]
    shown_repairs = {*offered, *shown["accepted"]}
    asked = [one for one in form.all("repair") if one in shown_repairs]
    return read_recipe(write_recipe(replace(recipe, words=words, repairs=tuple(dict.fromkeys(asked)))))
