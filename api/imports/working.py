"""The work behind the page: a preview, the import itself, decisions.

It is written as the product, for a caller who was checked. The steps are those of the command: `layers.importing`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from api.audit import DetailRefused, record
from api.auth.asking import Caller
from api.auth.errors import NotAllowed
from api.database import transaction
from api.database_errors import database_key
from api.imports.doing import UNTOLD, Doing
from api.imports.errors import AreaNotOwn, NoAreas, UploadNotFound
from api.imports.faults import unsaid
from api.imports.looking import keep_look, named_recipe, recipe_of, source_for
from api.imports.preview_map import draw_points
from api.imports.shown import shown_report
from api.imports.uploads import FILE, LOOK, MAP, PREVIEW, REFUSED, Upload, Uploads, full_told
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from boundaries.matching import Named, load_matcher, save_alias
from layers.files.table import FileTable
from layers.importing import Asking, ImportReport, Recipe, import_table, open_file
from layers.importing.refused_file import RefusedFile
from layers.importing.run import CaseSource
from layers.scope import Scope

MINUTES = 30
"""How long one statement of an import may take, waiting for another import of the same source included."""


@dataclass(frozen=True)
class Worked:
    """What came of a run over an upload's file."""

    table: FileTable
    recipe: Recipe
    source: CaseSource
    report: ImportReport
    refused: RefusedFile


def provinces_of(scope: Scope) -> tuple[str, ...]:
    """Return the provinces that somebody may import for, TH for the whole country. Raises NotAllowed, NoAreas."""
    if not scope.may("import.make"):
        raise NotAllowed(permission="import.make")
    if scope.areas is None:
        return (COUNTRY,)
    if not scope.areas:
        raise NoAreas
    return tuple(sorted({area[:2] for area in scope.areas}))


def areas_of(scope: Scope, home: str) -> frozenset[str] | None:
    """Return the areas whose rows somebody may bring in for a province. Raises NoAreas when it is none of theirs."""
    if home not in provinces_of(scope):
        raise NoAreas
    return None if scope.areas is None else frozenset(area for area in scope.areas if area[:2] == home)


def product(caller: Caller) -> Scope:
    """Return as whom is written: the product itself, naming who asked. What they may was decided before."""
    return replace(Scope.system("import"), actor_id=caller.id)


def preview(
    engine: Engine, uploads: Uploads, upload: Upload, caller: Caller, doing: Doing, recipe: Recipe | None = None
) -> Upload:
    """Try the import of a file and keep what it tells; the recipe is another one, or as it was."""
    asked = recipe or recipe_of(uploads.read_json(upload, LOOK))
    number = upload.previews + 1
    with working(), writing(engine, caller, doing) as session:
        done = _run(session, uploads, upload, caller, asked, doing, dry_run=True)
        doing.at("keep")
        shown = shown_report(session, done.report, done.recipe, number)
        drawn = draw_points(session, done.report)
    _keep(uploads, upload, done, shown, drawn)
    return uploads.save(upload, preview=number, previews=number)


def commit(
    engine: Engine, uploads: Uploads, upload: Upload, caller: Caller, doing: Doing, *, keep_good: bool
) -> int | None:
    """Bring a file in as its preview said; return the import's number, None when rows would not be taken after all."""
    recipe = recipe_of(uploads.read_json(upload, LOOK))
    with working(), writing(engine, caller, doing) as session:
        done = _run(session, uploads, upload, caller, recipe, doing, dry_run=False, keep_good=keep_good)
        if done.report.written:
            note_import(session, caller.scope, done)
    if done.report.run_id is None:
        preview(engine, uploads, upload, caller, doing, recipe)
        return None
    not_taken = done.report.refused_rows + done.report.waiting_rows
    uploads.finish(upload, done.report.run_id, done.refused.content if not_taken else b"", not_taken)
    return done.report.run_id


def decide_names(engine: Engine, caller: Caller, decided: list[tuple[Named, str]]) -> None:
    """Keep what names mean, for this file and the next. Raises AreaNotOwn, AreaNotFound."""
    if not decided:
        return
    for _, code in decided:
        if not caller.scope.covers(code):
            raise AreaNotOwn(code=code)
    with writing(engine, caller) as session:
        matcher = load_matcher(session, aliases=False)
        for named, code in decided:
            save_alias(session, named, code, caller.id, matcher)


def note_import(session: Session, by: Scope, done: Worked) -> None:
    """Record a file that was brought in: counts and codes alone."""
    report = done.report
    kind = {"cases": "case", "figures": "observation", "assets": "asset"}[done.recipe.target]
    rejected = report.refused_rows + report.waiting_rows
    counts = {"rows": report.rows, "new": report.new, "changed": report.changed, "rejected": rejected}
    try:
        details = {"source": done.source.key, **counts}
        record(session, by, "import", kind=kind, object_id=str(report.run_id), details=details)
    except DetailRefused:  # a name that is no code could be somebody's: the counts are told without it
        record(session, by, "import", kind=kind, object_id=str(report.run_id), details=counts)


def note_refused(engine: Engine, caller: Caller, count: int) -> None:
    """Record that refused rows were taken away as a file."""
    with transaction(engine, product(caller)) as session:
        record(session, caller.scope, "import", kind="refused_rows", details={"rejected": count})


@contextmanager
def working() -> Iterator[None]:
    """Let nothing of a file's cells reach the log. Raises ImportFault, and what has a name."""
    try:
        with full_told():
            yield
    except FileNotFoundError:  # taken away meanwhile
        raise UploadNotFound from None
    except (SocialMapError, PoolTimeout):
        raise
    except DBAPIError as error:
        if database_key(error) is not None:
            raise
        raise unsaid(error) from None
    except Exception as error:
        raise unsaid(error) from None


@contextmanager
def writing(engine: Engine, caller: Caller, doing: Doing = UNTOLD) -> Iterator[Session]:
    """Give a session of the product whose statements may take long, committed when the block ends well.

    Raises WorkStopped.
    """
    with transaction(engine, product(caller)) as session:
        session.execute(text(f"SET LOCAL statement_timeout = '{MINUTES}min'"))
        with doing.held(session):
            yield session


def _run(
    session: Session,
    uploads: Uploads,
    upload: Upload,
    caller: Caller,
    recipe: Recipe,
    doing: Doing,
    *,
    dry_run: bool,
    keep_good: bool = False,
) -> Worked:
    doing.at("open")
    table, proposal = open_file(uploads.place(upload, FILE), recipe, name=upload.name)
    made = named_recipe(upload, proposal.recipe)
    source, refused = source_for(upload, made, table), RefusedFile(table, made.dropped)
    asking = Asking(
        areas=areas_of(caller.scope, upload.home),
        keep_good=keep_good,
        dry_run=dry_run,
        actor_id=caller.id,
        checksum=upload.checksum,
        told=refused.tell,
        progress=doing.see,
        phase=lambda name: doing.at(name, table.expected),
    )
    report = import_table(session, table, made, source, asking)
    if dry_run:
        keep_look(uploads, upload, table, proposal, recipe.asked)
    return Worked(table, proposal.recipe, source, report, refused)


def _keep(uploads: Uploads, upload: Upload, done: Worked, shown: dict[str, Any], drawn: str) -> None:
    uploads.write_json(upload, PREVIEW, shown)
    uploads.write(upload, MAP, drawn.encode())
    not_taken = done.report.refused_rows + done.report.waiting_rows
    uploads.write(upload, REFUSED, done.refused.content if not_taken else b"")
