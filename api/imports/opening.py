"""The first look at a file that has arrived, and further looks in another way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import Engine

from api.auth.asking import Caller
from api.auth.forms import Form
from api.database import transaction
from api.imports import columns, looking, working
from api.imports.errors import ImportBusy
from api.imports.runs import own_run
from api.imports.uploads import LOOK, Upload, Uploads
from layers.files.packed import SeveralInside
from layers.files.table import Asked
from layers.importing import Recipe, read_recipe, write_recipe
from layers.importing.recipes import HeadingsMissing

AT_ONCE = 4
"""Files that are looked at for the first time at once."""
_turns = BoundedSemaphore(AT_ONCE)


@contextmanager
def reading() -> Iterator[None]:
    """Hold one of the turns to look at a file. Raises ImportBusy and what `working` raises."""
    if not _turns.acquire(blocking=False):
        raise ImportBusy
    try:
        with working.working():
            yield
    finally:
        _turns.release()


def accept(engine: Engine, importer: Caller, uploads: Uploads, upload: Upload, sent: str, like: str) -> None:
    """Look at a file that has arrived; take it away again when it cannot be read."""
    try:
        homes = working.provinces_of(importer.scope)
        home = upload.home if upload.home in homes else homes[0]
        recipe = _asked_recipe(engine, importer, sent, like)
        found = uploads.save(upload, home=home, recipe=write_recipe(recipe) if recipe else "")
        told = None
        with reading():
            try:
                look = _first_look(uploads, found, recipe)
            except HeadingsMissing as error:
                look, told, recipe = _first_look(uploads, found, None), error.text, None
        if told:
            uploads.write_json(found, LOOK, {**look, "told": {"th": told.th, "en": told.en}})
            found = uploads.save(found, recipe="")
        uploads.save(found, source=looking.first_source(upload.name, look, recipe or looking.recipe_of(look)))
        uploads.sweep()
    except BaseException:
        uploads.remove(upload)
        raise


def _first_look(uploads: Uploads, upload: Upload, recipe: Recipe | None) -> dict[str, Any]:
    """Look at a file; of a zip with several tables at the largest, until the person chooses."""
    try:
        return looking.look(uploads, upload, recipe)
    except SeveralInside as error:
        asked = replace(recipe.asked if recipe else Asked(), inside=error.names[0])
        return looking.look(uploads, upload, recipe, asked)


def _asked_recipe(engine: Engine, importer: Caller, sent: str, like: str) -> Recipe | None:
    """Return the recipe that came with a file, or that of an earlier import. Raises BadRecipe, RunNotFound."""
    if sent.strip():
        return read_recipe(sent)
    if not like:
        return None
    with transaction(engine, working.product(importer)) as session:
        return read_recipe(own_run(session, importer.scope, like).recipe)


def read_again(uploads: Uploads, upload: Upload, form: Form) -> None:
    """Read a file as a form says; the columns are proposed anew, and what was previewed is no more."""
    before = looking.recipe_of(uploads.read_json(upload, LOOK))
    asked = columns.said_asked(form, before)
    given = replace(read_recipe(upload.recipe), asked=asked) if upload.recipe else None
    proposed = looking.first_source(upload.name, uploads.read_json(upload, LOOK), before)
    with working.working():
        look = looking.look(uploads, upload, given, asked)
        found = looking.recipe_of(look)
        wanted = columns.said_target(form, found) if form.get("target") != before.target else found
        if wanted != found:
            looking.look(uploads, upload, wanted, wanted.asked)
    # Until somebody has named the source, another table has another name.
    source = looking.first_source(upload.name, look, found) if upload.source == proposed else upload.source
    uploads.save(upload, source=source, preview=0)
