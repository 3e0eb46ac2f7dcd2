"""A file of cases into the database: read, checked and staged in one pass, then written in one transaction or not.

The preview is the same pass with nothing kept and nothing added up.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import load_index
from boundaries.codes import COUNTRY
from boundaries.matching import Matcher, load_matcher
from boundaries.messages import Text
from layers import places, rollups
from layers.case_batches import Written, prepare, stage_batch, write_staged
from layers.case_references import keep_links, take_links
from layers.copying import cell, copy_rows
from layers.files.table import FileTable
from layers.importing.case_rows import Areas, CaseReader, Progress
from layers.importing.recipes import Recipe, write_recipe
from layers.importing.reports import ImportReport, RefusedRow
from layers.importing.runs import create_run, set_counts
from layers.importing.tally import Fault, Tally
from layers.importing.tally_rows import TallyReader
from layers.sources import lock_source, save_source
from layers.statements import statement

SHOWN = 100
"""So many doubles and gone cases are told one by one."""
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class CaseSource:
    """Whose records they are."""

    key: str
    name: Text
    licence: str | None = None


@dataclass(frozen=True)
class Asking:
    """How an import is asked for.

    `areas` are those whose records may come in, None for all; `keep_good` writes good rows beside refused ones;
    `told` hears every row that was not taken, `progress` how many were read, and `phase` what is being done: read,
    compare, write.
    """

    areas: Areas = None
    keep_good: bool = False
    dry_run: bool = False
    actor_id: UUID | None = None
    checksum: str = ""
    progress: Progress = lambda rows: None
    told: Callable[[int, Fault], None] | None = None
    phase: Callable[[str], None] = lambda name: None

    @property
    def home(self) -> str:
        """The province that the import belongs to, TH for more than one."""
        provinces = {area[:2] for area in self.areas or ()}
        return provinces.pop() if len(provinces) == 1 else COUNTRY

    @property
    def province(self) -> str | None:
        """The one province that the import belongs to, None for more."""
        return None if self.home == COUNTRY else self.home


def named_source(name: str, home: str = COUNTRY) -> CaseSource:
    """Return the source that a user named; the same name is the same source, in each province one of its own."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug or not name.isascii():
        slug = hashlib.sha256(name.encode()).hexdigest()[:12]
    where = "" if home == COUNTRY else f"p{home}."
    return CaseSource(f"{where}file.{slug[:80]}", Text(name, name))


def name_of_table(file: str, inside: str | None, insides: Sequence[str]) -> str:
    """Return what the source of a table is called: after its file, and after the table where the file holds several.

    Two tables of one zip would else be one source, of which the second import tells that all of the first is gone.
    """
    stem = Path(file).stem
    return f"{stem} {Path(inside).stem}" if inside and len(insides) > 1 else stem


def source_of(recipe: Recipe, table: FileTable, home: str = COUNTRY) -> CaseSource:
    """Return the source of a file: the recipe's own, else one named after the file."""
    if recipe.source is None:
        return named_source(name_of_table(table.name, table.detected.inside, table.detected.insides), home)
    named = named_source(recipe.name, home)
    key = recipe.name if home == COUNTRY else named.key
    return CaseSource(key, recipe.source, recipe.licence)


def import_case_table(
    session: Session,
    table: FileTable,
    recipe: Recipe,
    source: CaseSource,
    asking: Asking,
    matcher: Matcher | None = None,
) -> ImportReport:
    """Bring the cases of a table in, all within a savepoint; nothing stays of a dry run, or with rows not taken.

    Raises NotATable, MissingColumns, and whatever the database says.
    """
    reader = (TallyReader if recipe.tallies else CaseReader)(
        table,
        recipe,
        load_index(session),
        places.known_codes(session),
        matcher or load_matcher(session, home=asking.province),
        asking.areas,
        asking.told,
    )
    with session.begin_nested() as savepoint:
        report = _import(session, reader, table, recipe, source, asking)
        if not report.written:
            savepoint.rollback()
    return report


def _import(
    session: Session, reader: CaseReader, table: FileTable, recipe: Recipe, source: CaseSource, asking: Asking
) -> ImportReport:
    number = save_source(session, source.key, source.name, LONG_AGO, licence=source.licence)
    lock_source(session, number)
    asking.phase("read")
    _stage(session, reader, asking)
    asking.phase("compare")
    _settle_repeated(session, reader)
    linked = take_links(session, number)
    staged, uncounted = session.execute(text(_STAGED), rollups.uncounted()).one()
    params = {"source_id": number, "limit": SHOWN}
    doubles = session.execute(statement("find_doubles"), params).all()
    lacking = session.execute(statement("find_gone"), params).all()
    gone, not_renewed = ([row for row in lacking if row.in_file is held] for held in (False, True))
    good = not (reader.tally.refused_rows or reader.tally.waiting_rows)
    write = bool(staged or linked) and (good or asking.keep_good or asking.dry_run)
    run_id, written = None, Written(0, 0, 0)
    if write:
        asking.phase("write")
        save_source(session, source.key, source.name, reader.newest or LONG_AGO, licence=source.licence)
        run_id = make_run(session, number, table, recipe, asking)
        # A trial writes what the database may refuse; what its cases add up to is nobody's to see.
        written = write_staged(session, number, staged, count=not asking.dry_run, run_id=run_id)
        keep_links(session, number, run_id)
        counts = {"rows": reader.tally.rows, "new": written.new, "changed": written.changed, "linked": linked}
        set_counts(session, run_id, counts | {"unchanged": written.unchanged, "refused": reader.tally.refused_rows})
    kept = write and not asking.dry_run
    return report_of(
        reader.tally,
        written,
        linked_rows=linked,
        doubles=tuple((row.row_number, row.source_name) for row in doubles),
        doubled_rows=doubles[0].all_rows if doubles else 0,
        gone=tuple(row.external_id for row in gone),
        gone_rows=gone[0].all_rows if gone else 0,
        not_renewed=tuple(row.external_id for row in not_renewed),
        not_renewed_rows=not_renewed[0].all_rows if not_renewed else 0,
        status_kept=written.status_kept,
        status_kept_rows=written.status_kept_rows,
        uncounted_rows=uncounted,
        written=kept,
        run_id=run_id if kept else None,
    )


def _stage(session: Session, reader: CaseReader, asking: Asking) -> None:
    prepare(session)
    session.execute(text(_NOT_TAKEN))
    for batch in reader.batches(asking.progress):
        stage_batch(session, batch)
        if reader.ids_not_taken:
            copy_rows(session, "row_not_taken", ("external_id",), ([cell(one)] for one in reader.ids_not_taken))
    session.execute(text("ANALYZE staged_case, row_not_taken"))


_STAGED = "SELECT count(*), count(*) FILTER (WHERE status = ANY (:uncounted)) FROM staged_case"
_NOT_TAKEN = """
DROP TABLE IF EXISTS pg_temp.row_not_taken;
CREATE TEMPORARY TABLE row_not_taken (external_id text NOT NULL) ON COMMIT DROP"""


def _settle_repeated(session: Session, reader: CaseReader) -> None:
    """Refuse rows whose id stands in an earlier one; ids that were derived are told apart by a number instead."""
    if reader.derived:
        session.execute(statement("number_repeated"))
        return
    tallying = isinstance(reader, TallyReader)
    _take_back(session, reader, "drop_repeated", "row.tally_repeated" if tallying else "row.repeated")
    if tallying:
        _take_back(session, reader, "drop_nested", "row.tally_nested")


def _take_back(session: Session, reader: CaseReader, name: str, key: str) -> None:
    """Refuse the rows of the file whose staged rows a statement drops; a row of several is refused once."""
    told: set[int] = set()
    for row in session.execute(statement(name)).all():
        reader.tally.take_back(row.area, row.area_match, row.cases)
        if row.row_number not in told:
            told.add(row.row_number)
            reader.tally.fault(row.row_number, RefusedRow(key, value=row.external_id))


def make_run(session: Session, source_id: int, table: FileTable, recipe: Recipe, asking: Asking) -> int:
    """Record an import that begins; return its number."""
    values = {
        "target": recipe.target,
        "area_code": asking.home,
        "file_name": table.name[:255],
        "checksum": asking.checksum,
        "recipe": write_recipe(recipe),
        "actor_id": asking.actor_id,
    }
    return create_run(session, source_id, values)


def report_of(tally: Tally, counts: Written, **more: object) -> ImportReport:
    """Put together what an import tells."""
    return ImportReport(
        rows=tally.rows,
        new=counts.new,
        changed=counts.changed,
        unchanged=counts.unchanged,
        refused=tuple(sorted(tally.refused, key=lambda one: one.row)),
        refused_rows=tally.refused_rows,
        reasons=dict(tally.reasons),
        names=tally.names,
        words=tally.words,
        waiting_rows=tally.waiting_rows,
        repairs=tally.offers,
        repaired_rows=tally.repaired_rows,
        left_out=dict(tally.left_out),
        hidden_rows=tally.hidden_rows,
        matches=dict(+tally.matches),
        cases=tally.cases,
        areas=dict(+tally.areas),
        points=tuple(tally.points),
        without_area=tally.areas[places.UNKNOWN],
        **more,  # type: ignore[arg-type]
    )
