"""Reading the rollups: the cells of one filter in the order of the areas, and the denominators beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from boundaries.areas import list_codes
from boundaries.codes import COUNTRY, Level
from layers.figures import Floats
from layers.filters import Filter

Codes = NDArray[np.str_]


@dataclass(frozen=True)
class Counts:
    """What was read, in the order of `codes`, the parent area as the last element."""

    codes: tuple[str, ...]
    cases: Floats
    weight: Floats
    year_only: Floats
    unplaced: float
    other_unit: float
    all_year_only: float


@dataclass(frozen=True)
class Denominators:
    """The values of one source and day in the order of the areas, the parent's as the last; NaN where there is none."""

    values: Floats
    source_id: int
    last_day: date


_CELLS = """
SELECT string_agg(area_code, ',') AS areas, string_agg(cases::text, ',') AS cases,
       string_agg(weight::text, ',') AS weights, string_agg(other_unit::text, ',') AS other_units
FROM (
    SELECT area_code, {numbers} FROM {table}
    WHERE level = :level AND grain = :grain AND {period} AND cases > 0 {group} {problem} {within}
    {grouped}
) AS cell
"""
# Cells come as four texts and not as rows: of 928 districts that takes a third less time from database to array.

_ALL_PROBLEMS = "AND length(problem_code) = 3 AND problem_code <> ALL(:excluded)"
_PLAIN = "cases, 0 AS weight, 0 AS other_unit"
_SUMS = "sum(cases) AS cases, 0 AS weight, 0 AS other_unit"
_WEIGHTS = """sum(cases) AS cases, coalesce(sum(weight) FILTER (WHERE counted = :unit), 0) AS weight,
           coalesce(sum(cases) FILTER (WHERE counted <> :unit), 0) AS other_unit"""


def read_counts(
    session: Session,
    level: Level,
    within: str | None,
    filter: Filter,
    grain: str,
    weighed_in: str | None = None,
    excluded: Sequence[str] = (),
) -> Counts:
    """Read a filter's cells of a level in the order of its areas.

    `weighed_in` is the unit whose weights are summed, None where no weights are asked for: those are exact decimals
    and not cheap. `excluded` categories are not part of all problems together.
    """
    codes = list_codes(session, level, within)
    params = _params(level, within, filter, excluded) | {"grain": grain, "unit": weighed_in}
    one_period = grain != "month" or filter.period.kind == "month"
    numbers, grouped = _PLAIN, ""
    if weighed_in is not None:
        numbers, grouped = _WEIGHTS, "GROUP BY area_code"
    elif filter.problem is None or not one_period:
        numbers, grouped = _SUMS, "GROUP BY area_code"
    # One period is looked up, not searched for: the key goes on with the problem behind it.
    period = "period = :first" if one_period else "period BETWEEN :first AND :last"
    areas, cases, weight, other_units = _read(session, filter, within, params, numbers, period, grouped)
    where = _places(codes, areas)
    # Cases of unknown place are the country's left-out ones; those of a known parent are part of its own figure.
    known = areas != "00"
    years = params | {"grain": "year_only"}
    early_areas, early, _, _ = _read(session, filter, within, years, _SUMS, _YEARS, "GROUP BY area_code")
    return Counts(
        codes=tuple(codes.tolist()),
        cases=np.append(_placed(codes, where, cases), cases[known].sum()),
        weight=np.append(_placed(codes, where, weight), weight[known].sum()),
        year_only=np.append(_placed(codes, _places(codes, early_areas), early), 0.0),
        unplaced=float(cases[where < 0].sum()),
        other_unit=float(other_units.sum()),
        all_year_only=float(early.sum()),
    )


_YEARS = "period BETWEEN :first_year AND :last_year"


def _params(level: Level, within: str | None, filter: Filter, excluded: Sequence[str]) -> dict[str, Any]:
    period, years = filter.period, filter.period.calendar_years()
    return {
        "level": level,
        "first": period.first,
        "last": period.last,
        "first_year": years[0],
        "last_year": years[-1],
        "target_group": filter.target_group,
        "problem": filter.problem,
        "excluded": list(excluded),
        "within": within,
        "length": len(within or ""),
        "province": (within or "")[:2],
    }


def _read(
    session: Session,
    filter: Filter,
    within: str | None,
    params: dict[str, Any],
    numbers: str,
    period: str,
    grouped: str,
) -> tuple[Codes, Floats, Floats, Floats]:
    """Return the areas of the cells, their cases, weights and cases counted in another unit."""
    sql = _CELLS.format(
        numbers=numbers,
        period=period,
        grouped=grouped,
        table="case_count_by_group" if filter.target_group else "case_count",
        group="AND target_group = :target_group" if filter.target_group else "",
        problem=_ALL_PROBLEMS if filter.problem is None else "AND problem_code = :problem",
        within="AND province_code = :province AND left(area_code, :length) = :within" if within else "",
    )
    row = session.execute(_statement(sql), params).one()
    return _words(row.areas), _numbers(row.cases), _numbers(row.weights), _numbers(row.other_units)


@cache
def _statement(sql: str) -> TextClause:
    """Parse each of the few shapes of the statement once."""
    return text(sql)


def _words(joined: str | None) -> Codes:
    return np.array(joined.split(",") if joined else [], dtype=str)


def _numbers(joined: str | None) -> Floats:
    return np.fromstring(joined, sep=",") if joined else np.zeros(0)


def _places(codes: Codes, areas: Codes) -> NDArray[np.int64]:
    """Return where each area stands among the sorted codes, -1 for one that is not asked for."""
    if not len(codes):
        return np.full(len(areas), -1, dtype=np.int64)
    where = np.minimum(np.searchsorted(codes, areas), len(codes) - 1)
    return np.where(codes[where] == areas, where, -1)


def _placed(codes: Codes, where: NDArray[np.int64], values: Floats) -> Floats:
    """Sum values where their areas stand."""
    known = where >= 0
    return np.bincount(where[known], weights=values[known], minlength=len(codes)).astype(np.float64)


_DENOMINATORS = text("""
WITH chosen AS (
    SELECT o.source_id, o.last_day FROM observation o JOIN source s ON s.id = o.source_id
    WHERE o.indicator_id = :indicator AND o.level = :level AND o.value > 0
          AND o.last_day <= :last AND o.last_day >= :last - interval '1 year'
    GROUP BY o.source_id, o.last_day, s.invented
    ORDER BY count(*) DESC, s.invented, o.last_day DESC, o.source_id LIMIT 1
)
SELECT chosen.source_id, chosen.last_day,
       string_agg(o.area_code, ',') AS areas, string_agg(o.value::text, ',') AS numbers
FROM chosen JOIN observation o ON o.source_id = chosen.source_id AND o.last_day = chosen.last_day
WHERE o.indicator_id = :indicator AND o.value > 0
      AND (o.area_code = :parent OR (o.level = :level AND left(o.area_code, :length) = :within))
GROUP BY chosen.source_id, chosen.last_day
""")


def read_denominators(
    session: Session, level: Level, within: str | None, indicator: str, last: date
) -> Denominators | None:
    """Read an indicator's latest values within the year before `last`, all from the source that has most areas."""
    parent = within or COUNTRY
    below = {"within": within or "", "length": len(within or "")}
    params = {"indicator": indicator, "level": level, "last": last, "parent": parent}
    row = session.execute(_DENOMINATORS, params | below).one_or_none()
    if row is None:
        return None
    areas, values = _words(row.areas), _numbers(row.numbers)
    codes = list_codes(session, level, within)
    made = np.full(len(codes) + 1, np.nan)
    where = _places(codes, areas)
    made[where[where >= 0]] = values[where >= 0]
    made[-1] = values[areas == parent].sum() if parent in areas else np.nan
    return Denominators(made, row.source_id, row.last_day)
