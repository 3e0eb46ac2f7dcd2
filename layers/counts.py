"""Reading the rollups: the cells of one filter in the order of the areas, and the denominators beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from boundaries.areas import ACTIVE_KEY, codes_of
from boundaries.codes import COUNTRY, Level
from layers.figures import Floats
from layers.filters import Filter

Codes = NDArray[np.str_]


@dataclass(frozen=True)
class Counts:
    """What was read, in the order of `codes`, the parent area as the last element."""

    codes: Codes
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


_COUNTS = """
SELECT {key}, cell.*, early.*
FROM (SELECT string_agg(area_code, ',') AS areas, {joined}
      FROM (SELECT area_code, {numbers} FROM {table}
            WHERE level = :level AND grain = :grain AND {period} AND {chosen} {grouped}) AS cell) AS cell,
     (SELECT string_agg(area_code, ',') AS early_areas, string_agg(cases::text, ',') AS early
      FROM (SELECT area_code, sum(cases) AS cases FROM {table}
            WHERE level = :level AND grain = 'year_only' AND period = ANY(:years) AND {chosen}
            GROUP BY area_code) AS early) AS early
"""
# One statement, and cells as a few texts instead of rows: of 928 districts that takes half the time.

_PLAIN = {"cases": "cases"}
_SUMMED = {"cases": "sum(cases)"}
_WEIGHED = {
    "cases": "sum(cases)",
    "weight": "coalesce(sum(weight) FILTER (WHERE counted = :unit), 0)",
    "other_unit": "coalesce(sum(cases) FILTER (WHERE counted <> :unit), 0)",
}
_ONE, _RUN = "period = :first", "period BETWEEN :first AND :last"
# One period is looked up, not searched for: the key goes on with the problem behind it.


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
    period = _RUN if grain == "month" and filter.period.kind != "month" else _ONE
    few = filter.problem is not None and period == _ONE
    numbers = _WEIGHED if weighed_in is not None else _PLAIN if few else _SUMMED
    params = _params(level, within, filter, grain, excluded) | {"unit": weighed_in}
    row = session.execute(_statement(_sql(filter, within, numbers, period)), params).one()
    codes = codes_of(session, row.edition, level, within)
    areas, early_areas, early = _words(row.areas), _words(row.early_areas), _numbers(row.early)
    cases = _numbers(row.cases)
    weight = _numbers(row.weight) if weighed_in is not None else np.zeros(len(areas))
    where = _places(codes, areas)
    # Cases of unknown place are the country's left-out ones; those of a known parent are part of its own figure.
    known = areas != "00"
    return Counts(
        codes=codes,
        cases=np.append(_placed(codes, where, cases), cases[known].sum()),
        weight=np.append(_placed(codes, where, weight), weight[known].sum()),
        year_only=np.append(_placed(codes, _places(codes, early_areas), early), 0.0),
        unplaced=float(cases[where < 0].sum()),
        other_unit=float(_numbers(row.other_unit).sum()) if weighed_in is not None else 0.0,
        all_year_only=float(early.sum()),
    )


def _params(level: Level, within: str | None, filter: Filter, grain: str, excluded: Sequence[str]) -> dict[str, Any]:
    period = filter.period
    return {
        "level": level,
        "grain": grain,
        "first": period.first,
        "last": period.last,
        "years": list(period.calendar_years()),
        "target_group": filter.target_group,
        "problem": filter.problem,
        "excluded": list(excluded),
        "within": within,
        "length": len(within or ""),
        "province": (within or "")[:2],
    }


def _sql(filter: Filter, within: str | None, numbers: Mapping[str, str], period: str) -> str:
    chosen = ["cases > 0", "problem_code = :problem" if filter.problem else _ALL_PROBLEMS]
    if filter.target_group:
        chosen.append("target_group = :target_group")
    if within:
        chosen.append("province_code = :province AND left(area_code, :length) = :within")
    return _COUNTS.format(
        key=ACTIVE_KEY,
        joined=", ".join(f"string_agg({name}::text, ',') AS {name}" for name in numbers),
        numbers=", ".join(f"{sql} AS {name}" for name, sql in numbers.items()),
        period=period,
        chosen=" AND ".join(chosen),
        grouped="" if numbers is _PLAIN else "GROUP BY area_code",
        table="case_count_by_group" if filter.target_group else "case_count",
    )


_ALL_PROBLEMS = "length(problem_code) = 3 AND problem_code <> ALL(:excluded)"


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
SELECT o.source_id, o.last_day, string_agg(o.area_code, ',') AS areas, string_agg(o.value::text, ',') AS numbers,
       (SELECT above.value FROM observation above
        WHERE above.indicator_id = :indicator AND above.source_id = o.source_id AND above.last_day = o.last_day
              AND above.area_code = :parent AND above.value > 0) AS parent
FROM observation o
WHERE o.indicator_id = :indicator AND o.level = :level AND o.value > 0
      AND o.last_day BETWEEN CAST(:last - interval '1 year' AS date) AND :last
GROUP BY o.source_id, o.last_day
ORDER BY count(*) DESC, (SELECT invented FROM source WHERE id = o.source_id), o.last_day DESC, o.source_id LIMIT 1
""")


def read_denominators(
    session: Session, codes: Codes, level: Level, within: str | None, indicator: str, last: date
) -> Denominators | None:
    """Read an indicator's latest values within the year before `last`, all from the source that has most areas.

    `codes` are the sorted areas of the level within the parent area.
    """
    params = {"indicator": indicator, "level": level, "last": last, "parent": within or COUNTRY}
    row = session.execute(_DENOMINATORS, params).one_or_none()
    if row is None:
        return None
    made = np.full(len(codes) + 1, np.nan)
    where = _places(codes, _words(row.areas))
    made[where[where >= 0]] = _numbers(row.numbers)[where >= 0]
    made[-1] = np.nan if row.parent is None else row.parent
    return Denominators(made, row.source_id, row.last_day)
