"""What the front page shows: an open indicator of all provinces as map and table, and counts of open assets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.front.drawing import Row, drawn, written
from boundaries.areas import list_areas, list_shapes
from boundaries.codes import COUNTRY
from boundaries.editions import EditionRecord, get_active
from boundaries.messages import Text, catalogue, text
from boundaries.sources import credit
from layers.aggregation import figures
from layers.dates import fiscal_year
from layers.figures import FigureTable
from layers.filters import Filter
from layers.indicators import PREFIX, list_indicators
from layers.models import Asset, Source
from layers.periods import fiscal_period
from layers.scope import Scope
from layers.sources import SourceRecord, list_sources
from layers.taxonomy import IndicatorKind
from mapping.map_svg import Drawing, draw, to_svg

FIRST = "elderly_share"
"""The indicator a reader meets first: of every province, about everybody's old age, blaming nobody."""
YEARS_BACK = 6
"""Fiscal years among which the newest one with values is looked for."""


@dataclass(frozen=True)
class IndicatorMap:
    """An indicator of all provinces: `svg` and the legend's marks are markup of ours, everything else is text.

    `as_of` is the last day the values hold for, None where their source states none; `whole` is the country's value.
    """

    title: Text
    unit: Text
    counted: bool
    svg: Markup
    legend: Sequence[tuple[Markup, str]]
    rows: Sequence[Row]
    whole: str | None
    as_of: date | None
    sources: Sequence[SourceRecord]
    invented: bool
    empty: bool
    credit: Text


def indicator_map(session: Session, scope: Scope, kind: IndicatorKind, today: date) -> IndicatorMap:
    """Return an indicator's newest values of all provinces; raise NoActiveEdition where there are no boundaries."""
    edition = get_active(session)
    table = newest_values(session, scope, kind, today)
    counted = kind.kind == "count"
    made = drawn(table, list_areas(session, "province", order="name"), counted=counted)
    names, label = set(table.sources), text("front.map", title=kind.th).th
    return IndicatorMap(
        title=kind.title,
        unit=kind.unit,
        counted=counted,
        svg=Markup(to_svg(_drawing(session, edition), made.areas, label)),  # noqa: S704  (it escapes its texts)
        legend=made.legend,
        rows=made.rows,
        whole=written(table.total.value, counted=counted) if table.total.value is not None else None,
        as_of=table.denominator_as_of,
        sources=[one for one in list_sources(session) if one.name in names],
        invented=table.invented,
        empty=not np.isfinite(table.value).any(),
        credit=credit(edition),
    )


def newest_values(session: Session, scope: Scope, kind: IndicatorKind, today: date) -> FigureTable:
    """Return the values of the newest fiscal year that has any; this year's, all empty, where none has."""
    years = [fiscal_period(fiscal_year(today) - back) for back in range(YEARS_BACK)]
    tables = (figures(session, scope, PREFIX + kind.id, "province", None, Filter(None, one), "value") for one in years)
    first = next(tables)
    if np.isfinite(first.value).any():
        return first
    return next((table for table in tables if np.isfinite(table.value).any()), first)


def choices(session: Session) -> list[IndicatorKind]:
    """Return the indicators that have values, the one that readers meet first before all others."""
    return sorted(list_indicators(session), key=lambda kind: kind.id != FIRST)


def asset_counts(session: Session) -> list[tuple[Text, int]]:
    """Return how many open assets of each kind the country has, most first; never where they are."""
    rows = session.execute(select(Asset.kind, func.count().label("many")).group_by(Asset.kind))
    counts = [(catalogue().get(f"front.asset.{row.kind}") or Text(row.kind, row.kind), row.many) for row in rows]
    return sorted(counts, key=lambda one: (-one[1], one[0].th))


def asset_sources(session: Session) -> list[Text]:
    """Name the sources that the assets come from."""
    chosen = select(Source.name_th, Source.name_en).where(Source.id.in_(select(Asset.source_id))).order_by(Source.key)
    return [Text(row.name_th, row.name_en) for row in session.execute(chosen)]


_DRAWINGS: dict[object, Drawing] = {}
"""The provinces of the edition in use by its activation: its shapes never change."""


def _drawing(session: Session, edition: EditionRecord) -> Drawing:
    if edition.activation not in _DRAWINGS:
        frame = list_shapes(session, "province", COUNTRY, detail="country")
        rows = zip(frame.code, frame.geometry, frame.label_lon, frame.label_lat, strict=True)
        made = draw([(str(code), shape, float(lon), float(lat)) for code, shape, lon, lat in rows])
        _DRAWINGS.clear()
        _DRAWINGS[edition.activation] = made
    return _DRAWINGS[edition.activation]
