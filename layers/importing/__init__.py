"""Any file into cases, assets or figures: opened, understood, previewed, and written in one transaction.

One path for the command line, the page and notebooks: `open_file` reads and proposes how the file is to be understood;
`import_file` does what a recipe says, and with `Asking(dry_run=True)` tells what it would do.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.files.opening import open_table
from layers.files.table import Asked, FileTable
from layers.importing.case_rows import Progress
from layers.importing.columns import Proposal, propose
from layers.importing.other_run import import_other_table
from layers.importing.recipes import Recipe, check_headings, get_recipe, read_recipe, write_recipe
from layers.importing.reports import ImportReport
from layers.importing.run import Asking, CaseSource, import_case_table, named_source, source_of

__all__ = [
    "Asking",
    "CaseSource",
    "ImportReport",
    "Proposal",
    "Recipe",
    "checksum_of",
    "get_recipe",
    "import_file",
    "import_table",
    "named_source",
    "open_file",
    "propose",
    "read_recipe",
    "source_of",
    "write_recipe",
]


def open_file(
    path: Path, recipe: Recipe | None = None, asked: Asked | None = None, *, name: str | None = None
) -> tuple[FileTable, Proposal]:
    """Read a file and propose what its columns are; a recipe goes before, what it does not say is proposed.

    Raises NotATable, EmptyTable, HeadingsMissing and the errors of hostile files.
    """
    wanted = asked or (recipe.asked if recipe else Asked())
    table = open_table(path, wanted, name=name)
    if recipe:
        check_headings(recipe, table.header)
    proposal = propose(table, recipe)
    if not proposal.missing or wanted.sheet or recipe:
        return table, proposal
    return min(
        _sheets(path, wanted, table, proposal), key=lambda one: (len(one[1].missing), -len(one[1].recipe.columns))
    )


SHEETS = 20
"""So many sheets of a workbook are looked through for the one that says most."""


def _sheets(path: Path, asked: Asked, table: FileTable, proposal: Proposal) -> Iterator[tuple[FileTable, Proposal]]:
    """Give the sheet that was opened and then the others: the fullest may be one that explains codes."""
    yield table, proposal
    for sheet in table.detected.sheets[:SHEETS]:
        if sheet == table.detected.sheet:
            continue
        with suppress(SocialMapError):
            other = open_table(path, replace(asked, sheet=sheet), name=table.name)
            yield other, propose(other)


def import_table(
    session: Session, table: FileTable, recipe: Recipe, source: CaseSource | None = None, asking: Asking | None = None
) -> ImportReport:
    """Bring a table in as a recipe says; the source is the recipe's, or one named after the file."""
    asking = asking or Asking()
    run = import_case_table if recipe.target == "cases" else import_other_table
    return run(session, table, recipe, source or source_of(recipe, table, asking.home), asking)


def import_file(
    session: Session,
    path: Path,
    recipe: Recipe | None = None,
    source: CaseSource | None = None,
    asking: Asking | None = None,
) -> ImportReport:
    """Bring a file in as a recipe says, or as it is proposed where there is none."""
    table, proposal = open_file(path, recipe)
    told = replace(asking or Asking(), checksum=checksum_of(path))
    return import_table(session, table, recipe or proposal.recipe, source, told)


def checksum_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def import_cases(
    session: Session,
    path: Path,
    source: CaseSource | None = None,
    *,
    keep_good: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> ImportReport:
    """Bring the cases of a file in; a row is known again by its external id.

    Nothing is written when a row cannot be taken, unless `keep_good`.
    """
    return import_file(session, path, None, source, Asking(keep_good=keep_good, dry_run=dry_run, progress=progress))
