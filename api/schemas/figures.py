"""Figures as they are answered: what is shared once, then one row for each area."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Literal

from api.schemas.common import Schema, Words, to_words, to_words_or_none
from boundaries.areas import AreaRecord
from boundaries.codes import COUNTRY
from boundaries.messages import text
from layers import periods
from layers.exporting.cells import harmless
from layers.figures import Figure, FigureTable

State = Literal["ok", "zero", "unstable", "hidden", "no_data", "left_out"]


class Period(Schema):
    """A run of whole months, first and last day inside it."""

    code: str
    kind: Literal["month", "months", "fy", "year"]
    first: date
    last: date
    title: Words


class Row(Schema):
    """The figure of one area; hidden figures have no numbers, and `reason` says why a value is missing."""

    code: str
    name_th: str | None
    name_en: str | None
    value: float | None
    state: State
    cases: int | None
    denominator: int | None
    low: float | None
    high: float | None
    reason: Words | None


class LeftOut(Schema):
    """Cases that the rows do not hold, and why."""

    reason: str
    cases: int | None
    text: Words


class About(Schema):
    """What all rows share: what is counted, in which unit, of whom, when, from where, and how it was protected."""

    layer: str
    measure: Literal["count", "rate", "weight", "value"]
    level: str
    within: str
    problem: str | None
    target_group: str | None
    period: Period
    counted: Words
    unit: Words
    per: int | None
    denominator_title: Words | None
    denominator_as_of: date | None
    sources: list[Words]
    as_of: date | None
    invented: bool
    audience: str
    rounded_to: int | None
    hidden_below: int | None
    left_out: list[LeftOut]


class Figures(About):
    """A table of figures."""

    total: Row | None
    rows: list[Row]


def to_about(table: FigureTable) -> About:
    """Collect what the rows of a table share."""
    period = table.filter.period
    return About(
        layer=table.layer,
        measure=table.measure,
        level=table.level,
        within=table.within or COUNTRY,
        problem=table.filter.problem,
        target_group=table.filter.target_group,
        period=to_period(period),
        counted=to_words(table.counted),
        unit=to_words(table.unit),
        per=table.per,
        denominator_title=to_words_or_none(table.denominator_title),
        denominator_as_of=table.denominator_as_of,
        sources=[to_words(source) for source in table.sources],
        as_of=table.as_of,
        invented=table.invented,
        audience=table.audience,
        rounded_to=table.rounded_to,
        hidden_below=table.hidden_below,
        left_out=[
            LeftOut(reason=each.reason_key, cases=each.cases, text=to_words(each.text)) for each in table.left_out
        ],
    )


def to_period(period: periods.Period) -> Period:
    """Turn a period into its public form."""
    return Period(
        code=period.code,
        kind=period.kind,
        first=period.first,
        last=period.last,
        title=Words(th=period.th(), en=period.en()),
    )


def to_row(figure: Figure, names: Mapping[str, AreaRecord]) -> Row:
    """Turn one figure into a row, with the names of its area."""
    area = names.get(figure.area_code)
    return Row(
        code=figure.area_code,
        name_th=area.name_th if area else None,
        name_en=area.name_en if area else None,
        value=figure.value,
        state=figure.state,
        cases=figure.cases,
        denominator=figure.denominator,
        low=figure.low,
        high=figure.high,
        reason=to_words(text(figure.reason)) if figure.reason else None,
    )


def to_figures(table: FigureTable, names: Mapping[str, AreaRecord]) -> Figures:
    """Turn a table that has passed the door into its public form; `names` holds the parent area too."""
    rows = [to_row(figure, names) for figure in table.rows()]
    return Figures(**to_about(table).__dict__, total=to_row(table.total, names), rows=rows)


COLUMNS = (
    "code",
    "name_th",
    "name_en",
    "value",
    "state",
    "cases",
    "denominator",
    "low",
    "high",
    "reason_th",
    "measure",
    "problem",
    "target_group",
    "period",
    "counted_th",
    "unit_th",
    "sources_th",
    "as_of",
    "invented",
    "audience",
)


def to_csv(figures: Figures) -> str:
    """Write a table for Excel (with a byte order mark); every row says what it counts, when and from where."""
    shared = [
        figures.measure,
        figures.problem,
        figures.target_group,
        figures.period.code,
        figures.counted.th,
        figures.unit.th,
        " · ".join(source.th for source in figures.sources),
        figures.as_of,
        figures.invented,
        figures.audience,
    ]
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for row in figures.rows:
        own = [
            row.code,
            row.name_th,
            row.name_en,
            row.value,
            row.state,
            row.cases,
            row.denominator,
            row.low,
            row.high,
            row.reason.th if row.reason else None,
        ]
        lines.writerow([harmless(value) for value in (*own, *shared)])
    return "\ufeff" + written.getvalue()
