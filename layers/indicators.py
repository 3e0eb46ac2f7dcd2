"""Indicators and their observations: population and whatever else an agency measures of areas."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from boundaries.areas import list_codes
from boundaries.codes import COUNTRY, Level
from boundaries.messages import Text
from layers import taxonomy
from layers.cases import new_id
from layers.copying import cell, copy_rows
from layers.figures import Columns, FigureTable, Floats, Measure
from layers.filters import Filter
from layers.models import Indicator
from layers.taxonomy import IndicatorKind

PREFIX = "indicator:"


@dataclass(frozen=True)
class ObservationValues:
    """An indicator's value for an area; `first_day` and `last_day` None when the source states no year."""

    indicator_id: str
    level: Level
    area_code: str
    first_day: date | None
    last_day: date | None
    value: float
    numerator: float | None = None
    denominator: float | None = None


def list_indicators(session: Session) -> list[IndicatorKind]:
    """Return the indicators that have observations, shares made of two such among them."""
    observed = set(session.execute(text("SELECT DISTINCT indicator_id FROM observation")).scalars())
    return [
        kind
        for kind in taxonomy.indicator_kinds().values()
        if kind.id in observed or (kind.kind == "share" and {kind.numerator, kind.denominator} <= observed)
    ]


def save_observations(session: Session, source_id: int, rows: Iterable[ObservationValues]) -> int:
    """Write observations of a source, replacing those of the same indicator, area and period; return their number."""
    rows = list(rows)
    _save_kinds(session, {row.indicator_id for row in rows})
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_observation"))
    session.execute(
        text("CREATE TEMPORARY TABLE staged_observation (LIKE observation INCLUDING DEFAULTS) ON COMMIT DROP")
    )
    columns = ("id", "source_id", "indicator_id", "level", "area_code", "first_day", "last_day", "value")
    further = ("numerator", "denominator")
    copy_rows(
        session,
        "staged_observation",
        (*columns, *further),
        (
            [cell(new_id()), cell(source_id), *(cell(getattr(row, name)) for name in (*columns[2:], *further))]
            for row in rows
        ),
    )
    session.execute(text(_MERGE))
    return len(rows)


_MERGE = """
INSERT INTO observation SELECT * FROM staged_observation
ON CONFLICT (indicator_id, source_id, area_code, first_day, last_day)
DO UPDATE SET value = excluded.value, numerator = excluded.numerator, denominator = excluded.denominator
"""


def _save_kinds(session: Session, names: set[str]) -> None:
    for name in sorted(names):
        kind = taxonomy.indicator_kinds()[name]
        values = {
            "name_th": kind.th,
            "name_en": kind.en,
            "unit_th": kind.unit_th,
            "unit_en": kind.unit_en,
            "kind": kind.kind,
            "direction": kind.direction,
        }
        written = insert(Indicator).values(id=name, **values)
        session.execute(written.on_conflict_do_update(index_elements=["id"], set_=values))


@dataclass(frozen=True)
class _Observed:
    """Values of one indicator by area, with their source and day."""

    values: dict[str, float]
    source: Text
    invented: bool
    source_as_of: date
    last_day: date | None


def indicator_figures(
    session: Session, layer: str, level: Level, within: str | None, filter: Filter, measure: Measure
) -> FigureTable:
    """Return an indicator's values for all areas of a level: the latest within the year before the period's end.

    Where a source states no year, its values are shown as such and `denominator_as_of` is None.
    """
    from layers.aggregation import BadMeasure, UnknownLayer

    kind = taxonomy.indicator_kinds().get(layer.removeprefix(PREFIX))
    if kind is None:
        allowed = ", ".join(PREFIX + name for name in taxonomy.indicator_kinds())
        raise UnknownLayer(layer=layer, allowed=f"cases, {allowed}")
    if measure != "value":
        raise BadMeasure(layer=layer, measure=measure, allowed="value")
    codes = list_codes(session, level, within).tolist()
    upper = observed(session, kind.numerator or kind.id, level, filter.period.last)
    lower = observed(session, kind.denominator, level, filter.period.last) if kind.denominator else None
    found = [one for one in (upper, lower) if one]
    return FigureTable(
        layer=layer,
        measure="value",
        level=level,
        within=within,
        filter=filter,
        counted=kind.unit,
        per=None,
        unit=kind.unit,
        denominator_title=taxonomy.indicator_kinds()[kind.denominator].title if kind.denominator else None,
        denominator_as_of=found[0].last_day if found else None,
        sources=tuple(dict.fromkeys(one.source for one in found)),
        as_of=max((one.last_day or one.source_as_of for one in found), default=filter.period.last),
        invented=any(one.invented for one in found),
        audience="internal",
        rounded_to=None,
        hidden_below=None,
        left_out=(),
        codes=tuple(codes),
        columns=_columns(kind, [*codes, within or COUNTRY], upper, lower),
    )


def observed(session: Session, indicator: str, level: Level, last: date) -> _Observed | None:
    """Return the values that hold at the end of a period, from the one source that covers most areas.

    The latest at most a year old; only a source that states no year at all is taken where no other is.
    """
    chosen = session.execute(text(_CHOSEN), {"indicator": indicator, "level": level, "last": last}).one_or_none()
    if chosen is None:
        return None
    rows = session.execute(
        text(
            "SELECT area_code, value FROM observation WHERE indicator_id = :indicator AND source_id = :source_id"
            " AND last_day IS NOT DISTINCT FROM :last_day"
        ),
        {"indicator": indicator, "source_id": chosen.source_id, "last_day": chosen.last_day},
    )
    values = {row.area_code: row.value for row in rows}
    return _Observed(values, Text(chosen.name_th, chosen.name_en), chosen.invented, chosen.as_of, chosen.last_day)


_CHOSEN = """
SELECT o.source_id, o.last_day, s.name_th, s.name_en, s.invented, s.as_of
FROM observation o JOIN source s ON s.id = o.source_id
WHERE o.indicator_id = :indicator AND o.level = :level
      AND (o.last_day IS NULL OR (o.last_day <= :last AND o.last_day >= :last - interval '1 year'))
GROUP BY o.source_id, o.last_day, s.id
ORDER BY o.last_day IS NULL, count(*) DESC, s.invented, o.last_day DESC, o.source_id LIMIT 1
"""


def _columns(kind: IndicatorKind, codes: list[str], upper: _Observed | None, lower: _Observed | None) -> Columns:
    value = _values(upper, codes)
    denominator = np.full(len(codes), np.nan)
    if kind.denominator:
        denominator = _values(lower, codes)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(denominator > 0, value * kind.factor / denominator, np.nan)
    missing = np.isnan(value)
    none = np.full(len(codes), np.nan)
    return Columns(
        cases=none,
        weight=none,
        year_only=none,
        fy_only=none,
        denominator=denominator,
        value=value,
        low=none,
        high=none,
        state=np.select([missing, value == 0], ["no_data", "zero"], "ok"),
        reason=np.where(missing, "reason.no_observation", ""),
    )


def _values(found: _Observed | None, codes: list[str]) -> Floats:
    return np.array([found.values.get(code, np.nan) if found else np.nan for code in codes], dtype=np.float64)
