"""What the page shows of a file before anything is decided: how it was read, each column with examples and a proposal.

It is kept beside the file, so that the step can be shown again without reading the file again.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from itertools import islice
from typing import Any

from api.imports.uploads import FILE, LOOK, Upload, Uploads
from boundaries.messages import Text
from layers.files.table import Asked, FileTable
from layers.importing import Proposal, Recipe, named_source, open_file, read_recipe, source_of, write_recipe
from layers.importing.recipes import list_recipes
from layers.importing.run import CaseSource, name_of_table

SAMPLES = 3
LONGEST_SAMPLE = 80
COLUMNS = 250
"""So many columns are shown; what is proposed for those beyond is kept."""


def look(uploads: Uploads, upload: Upload, recipe: Recipe | None = None, asked: Asked | None = None) -> dict[str, Any]:
    """Read a file, keep and return what the page shows of it. Raises what `open_file` does."""
    table, proposal = open_file(uploads.place(upload, FILE), recipe, asked, name=upload.name)
    return keep_look(uploads, upload, table, proposal, asked or (recipe.asked if recipe else Asked()))


def keep_look(uploads: Uploads, upload: Upload, table: FileTable, proposal: Proposal, asked: Asked) -> dict[str, Any]:
    """Keep and return what the page shows of a table and what is proposed for it."""
    if table.detected.insides:
        asked = replace(asked, inside=table.detected.inside)
    if asked.sheet is None and len(table.detected.sheets) > 1:
        asked = replace(asked, sheet=table.detected.sheet)  # the one that was proposed for: the next look is at it too
    made = look_of(table, replace(proposal, recipe=replace(proposal.recipe, asked=asked)))
    uploads.write_json(upload, LOOK, made)
    return made


def look_of(table: FileTable, proposal: Proposal) -> dict[str, Any]:
    """Return what the page shows, as JSON values."""
    first = [row.cells for row in islice((row for row in table.rows() if row.kind in ("data", "hidden")), SAMPLES)]
    personal = {one.heading: _words(one.words) for one in proposal.personal}
    roles = {heading: role for role, many in proposal.recipe.columns.items() for heading in many}
    columns = [
        {
            "heading": heading,
            "role": roles.get(heading, ""),
            "reason": _words(proposal.reasons.get(heading)),
            "unsure": heading in proposal.unsure,
            "personal": personal.get(heading),
            "allowed": heading in proposal.recipe.kept,
            "samples": [] if heading in personal else [row[place][:LONGEST_SAMPLE] for row in first if row[place]],
        }
        for place, heading in enumerate(table.header)
    ]
    found = table.detected
    return {
        "columns": columns,
        "detected": {
            **{key: value for key, value in asdict(found).items() if key != "notes"},
            "notes": [_words(note) for note in found.notes],
        },
        "recipe": write_recipe(proposal.recipe),
        "missing": list(proposal.missing),
    }


def recipe_of(look: Mapping[str, Any]) -> Recipe:
    """Return the recipe that a look stands for."""
    return read_recipe(str(look["recipe"]))


def is_built_in(recipe: Recipe) -> bool:
    """Say whether a recipe comes with the product; then it names its source itself."""
    return recipe.name in {one.name for one in list_recipes()}


def source_for(upload: Upload, recipe: Recipe, table: FileTable) -> CaseSource:
    """Return the source that the rows become: named by the person, or by a recipe of the product."""
    if upload.source:
        return named_source(upload.source, upload.home)
    return source_of(recipe, table, upload.home)


def named_recipe(upload: Upload, recipe: Recipe) -> Recipe:
    """Return a recipe with the name and source by which it can be used again."""
    if not upload.source or is_built_in(recipe):
        return recipe
    key = named_source(upload.source).key[:64]
    return replace(recipe, name=key, source=Text(upload.source, upload.source))


def first_source(name: str, look: Mapping[str, Any], recipe: Recipe) -> str:
    """Return the name of the source that the page proposes; '' where a recipe of the product names it."""
    if is_built_in(recipe):
        return ""
    found = look["detected"]
    return recipe.source.th if recipe.source else name_of_table(name, found["inside"], found["insides"])


def _words(words: Text | None) -> dict[str, str] | None:
    return {"th": words.th, "en": words.en} if words else None
