"""Figures in a file: a table that has passed the door of disclosure, cell by cell, with the shapes of its areas."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, Detail, get_area, list_areas
from boundaries.codes import COUNTRY
from boundaries.dates import thai_date
from boundaries.editions import get_active
from boundaries.messages import Text
from boundaries.messages import text as message
from layers.dates import english_date
from layers.disclosure import too_fine
from layers.exporting.areas import area_names, boundary_credit, shapes_of
from layers.exporting.content import About, Column, Content, Credit, Value, check_size
from layers.figures import Figure, FigureTable, LeftOut
from layers.sources import list_sources
from layers.taxonomy import get_problem, get_target_group, indicator_kinds

OWN = (
    Column("code"), Column("name_th"), Column("name_en"),
    Column("value", "number"), Column("state"), Column("cases", "whole"), Column("numerator", "whole"),
    Column("denominator", "whole"), Column("low", "number"), Column("high", "number"),
    Column("reason"), Column("reason_th"), Column("reason_en"),
)  # fmt: skip
SHARED = (
    Column("layer"), Column("measure"), Column("unit_th"), Column("unit_en"), Column("level"), Column("problem"),
    Column("target_group"), Column("period"), Column("as_of", "date"), Column("audience"),
    Column("invented", "yes_no"),
)  # fmt: skip
"""What all rows have in common, repeated so that files of several years or problems can be put together."""


def figures_content(session: Session, table: FigureTable) -> Content:
    """Collect a table's rows, one for each area, hidden ones with their reason, and its areas' shapes.

    Nothing is counted here: the table is what `layers.aggregation.figures` gave the audience. Raises ExportLarge.
    """
    within = table.within or COUNTRY
    check_size(len(table))
    names = {area.code: area for area in list_areas(session, table.level, within)}
    detail: Detail = "country" if within == COUNTRY else "province"
    return Content(
        name="figures" if table.layer == "cases" else "indicators",
        about=_about(session, table, get_area(session, within)),
        columns=(*OWN, *SHARED),
        rows=tuple((*_own(figure, names), *_shared(table)) for figure in table.rows()),
        shapes=shapes_of(session, table.level, within, detail, list(table.codes)),
        shape_kind="MultiPolygon",
        key="code",
    )


def _own(figure: Figure, names: dict[str, AreaRecord]) -> tuple[Value, ...]:
    area, why = names.get(figure.area_code), message(figure.reason) if figure.reason else None
    return (
        figure.area_code,
        area.name_th if area else None,
        area.name_en if area else None,
        figure.value,
        figure.state,
        figure.cases,
        figure.numerator,
        figure.denominator,
        figure.low,
        figure.high,
        figure.reason.removeprefix("reason.") if figure.reason else None,
        why.th if why else None,
        why.en if why else None,
    )


def _shared(table: FigureTable) -> tuple[Value, ...]:
    asked = table.filter
    return (
        table.layer,
        table.measure,
        table.unit.th,
        table.unit.en,
        table.level,
        asked.problem,
        asked.target_group,
        asked.period.code,
        table.as_of,
        table.audience,
        table.invented,
    )


def _about(session: Session, table: FigureTable, area: AreaRecord) -> About:
    level, subject, period = message(f"level.{table.level}"), _subject(table), table.filter.period
    words = {"subject_th": subject.th, "subject_en": subject.en, "level_th": level.th, "level_en": level.en}
    licences = {one.name: one.licence for one in list_sources(session)}
    return About(
        title=message("export.title.figures", **words, **area_names(area)),
        audience=table.audience,
        as_of=table.as_of,
        sources=tuple(Credit(name, licences.get(name)) for name in table.sources),
        boundaries=boundary_credit(get_active(session)),
        period=Text(period.th(), period.en()),
        released_at=table.released_at,
        notes=tuple(_notes(table)),
    )


def _subject(table: FigureTable) -> Text:
    asked = table.filter
    if table.layer != "cases":
        return indicator_kinds()[table.layer.partition(":")[2]].title
    if asked.problem:
        problem = get_problem(asked.problem)
        return Text(problem.th, problem.en)
    if asked.target_group:
        group = get_target_group(asked.target_group)
        return Text(group.th, group.en)
    return message("export.all_problems")


def _notes(table: FigureTable) -> Iterator[Text]:
    yield message("export.note.unit", unit_th=table.unit.th, unit_en=table.unit.en)
    if table.denominator_title:
        yield _denominator(table)
    if table.hidden_below and too_fine(table):
        yield message("reason.sensitive_level" if table.filter.sensitivity == "L3" else "reason.level_not_published")
    if table.hidden_below and table.rounded_to:
        yield message("note.disclosure", below=table.hidden_below, step=table.rounded_to)
    if table.audience == "internal" and table.measure != "value":
        yield message("export.note.internal")
    yield from (_left_out(table, entry) for entry in table.left_out)
    if table.invented:
        yield message("note.invented")


def _left_out(table: FigureTable, entry: LeftOut) -> Text:
    key = "note.left_out_hidden" if entry.cases is None else "note.left_out"
    cases = "" if entry.cases is None else f"{entry.cases:,}"
    return Text(
        message(key, why=entry.text.th, counted=table.counted.th, cases=cases).th,
        message(key, why=entry.text.en, counted=table.counted.en, cases=cases).en,
    )


def _denominator(table: FigureTable) -> Text:
    title, day = table.denominator_title, table.denominator_as_of
    assert title is not None
    return Text(
        message("note.denominator", title=title.th).th + (f" {thai_date(day)}" if day else ""),
        message("note.denominator", title=title.en).en + (f" {english_date(day)}" if day else ""),
    )
