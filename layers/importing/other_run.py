"""Files of assets and figures into the database: smaller than files of cases, read whole, written or not at all."""

from datetime import date

from sqlalchemy.orm import Session

from boundaries.areas import load_index
from boundaries.matching import Matcher, load_matcher
from layers import places
from layers.assets import AssetValues, save_assets
from layers.case_batches import Written
from layers.files.table import FileTable, Row
from layers.importing.asset_rows import read_assets
from layers.importing.case_rows import TOLD_EVERY, Progress
from layers.importing.figure_rows import read_figures
from layers.importing.placing import Placer
from layers.importing.recipes import Recipe
from layers.importing.reports import ImportReport
from layers.importing.role_cells import RoleCells
from layers.importing.run import Asking, CaseSource, make_run, report_of
from layers.importing.runs import set_counts
from layers.importing.tally import Tally
from layers.indicators import ObservationValues, save_observations
from layers.sources import lock_source, save_source


def import_other_table(
    session: Session,
    table: FileTable,
    recipe: Recipe,
    source: CaseSource,
    asking: Asking,
    matcher: Matcher | None = None,
) -> ImportReport:
    """Bring assets or figures of a table in; a source's assets replace those it brought before."""
    tally, cells = Tally(told=asking.told), RoleCells(table, recipe)
    crs = recipe.asked.crs or table.detected.crs
    placer = Placer(
        load_index(session),
        places.known_codes(session),
        matcher or load_matcher(session, home=asking.province),
        cells,
        crs,
        recipe.repairs,
    )
    asking.phase("read")
    rows = _records(table, tally, asking.progress)
    assets: list[AssetValues] = []
    figures: list[ObservationValues] = []
    if recipe.target == "assets":
        assets = read_assets(rows, cells, placer, recipe, asking.areas, tally)
    else:
        figures = read_figures(rows, cells, placer, recipe, asking.areas, tally)
    good = not (tally.refused_rows or tally.waiting_rows)
    found = len(assets) + len(figures)
    written = bool(found) and (good or asking.keep_good) and not asking.dry_run
    run_id = None
    if written:
        asking.phase("write")
        with session.begin_nested():
            as_of = max((day for one in figures if (day := one.last_day)), default=date.today())
            number = save_source(session, source.key, source.name, as_of, licence=source.licence)
            lock_source(session, number)
            run_id = make_run(session, number, table, recipe, asking)
            count = save_assets(session, number, assets) if assets else save_observations(session, number, figures)
            set_counts(session, run_id, {"rows": tally.rows, "new": count, "refused": tally.refused_rows})
    taken = found if written or asking.dry_run else 0
    return report_of(tally, Written(taken, 0, 0), written=written, run_id=run_id)


def _records(table: FileTable, tally: Tally, progress: Progress) -> list[Row]:
    kept = []
    for row in table.rows():
        if row.kind in ("data", "hidden"):
            tally.rows += 1
            if tally.rows % TOLD_EVERY == 0:
                progress(tally.rows)
            tally.hidden_rows += row.kind == "hidden"
            kept.append(row)
        else:
            tally.left_out[row.kind] += 1
    return kept
