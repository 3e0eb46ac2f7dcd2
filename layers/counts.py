"""Reading the rollups: the cells of one filter in the order of the areas, and the denominators beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from boundaries.areas import ACTIVE_KEY, codes_of
from boundaries.codes import COUNTRY, Level, level_of
from boundaries.messages import Text
from boundaries.prepared import prepared
from layers.figures import Floats
from layers.filters import Filter
from layers.periods import Period

Codes = NDArray[np.str_]


@dataclass(frozen=True)
class Counts:
    """What was read, in the order of `codes`, the parent area as the last element."""

    codes: Codes
    cases: Floats
    weight: Floats
    year_only: Floats
    fy_only: Floats
    unplaced: float
    other_unit: float
    all_year_only: float
    all_fy_only: float
    sources: tuple["CaseSource", ...]


@dataclass(frozen=True)
class CaseSource:
    """What figures tell of one source; `covers` says whether its records reach into a period that holds cases."""

    id: int
    name: Text
    as_of: date
    invented: bool
    covers: bool
    has_cases: bool


@dataclass(frozen=True)
class Denominators:
    """The values of one source and day in the order of the areas, the parent's as the last; NaN where there is none."""

    values: Floats
    source_id: int
    source: Text
    invented: bool
    last_day: date


_COUNTS = """
SELECT {key}, cell.*, early.*, known.*
FROM (SELECT {joined}
      FROM (SELECT area_code, {numbers} FROM {table}
            WHERE level = :level AND grain = :grain AND {period} AND {chosen} {grouped}) AS cell) AS cell,
     (SELECT {joined_early}
      FROM (SELECT area_code AS early_code, cases AS early_cases, (grain = 'fy_only')::int AS early_late FROM {table}
            WHERE level = :level AND grain = ANY(:coarse_grains) AND period = ANY(:coarse_periods)
                  AND {chosen}) AS early) AS early,
     (SELECT json_agg(source) AS sources
      FROM (SELECT id, name_th, name_en, as_of, invented, has_cases, as_of >= :begun AND held.found AS covers
            FROM source,
                 (SELECT coalesce({held}, false)) AS held (found)
            ORDER BY id) AS source) AS known
"""
# One statement, and cells as columns of packed numbers instead of rows: of 928 districts that takes half the time.
# Cases of which only the year, or only the fiscal year, is known may belong to the period. Years stand at 1 January,
# fiscal years at 1 October, so one list of days serves both grains.
# A period is covered when its years hold cases at all; who may read a district alone sees no sums of its province.

_HELD = """
(SELECT true FROM case_count
 WHERE level = {level} AND grain = :covering AND period BETWEEN :covered AND :covered_to AND cases > 0
 ORDER BY level, grain, period LIMIT 1)
"""
# The order is the key's, so that one row is looked up: a plain EXISTS reads the table until it meets one.

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
) -> Counts:
    """Read a filter's cells of a level in the order of its areas.

    `weighed_in` is the unit whose weights are summed, None where no weights are asked for: those are exact decimals
    and not cheap.
    """
    period = _RUN if grain == "month" and filter.period.kind != "month" else _ONE
    few = filter.problem is not None and period == _ONE
    numbers = _WEIGHED if weighed_in is not None else _PLAIN if few else _SUMMED
    params = _params(level, within, filter, grain) | {"unit": weighed_in}
    row = prepared(session, _sql(filter, within, numbers, period), params).one_or_none()
    assert row is not None
    codes = codes_of(session, row.edition, level, within)
    keys, areas = _keys(codes), _numbers(row.area_code)
    cases, where = _numbers(row.cases), _places(keys, areas)
    weight = _numbers(row.weight) if weighed_in is not None else np.zeros(len(areas))
    early = _places(keys, _numbers(row.early_code))
    fy_only = _numbers(row.early_cases) * _numbers(row.early_late)
    year_only = _numbers(row.early_cases) - fy_only
    # Cases of unknown place are the country's left-out ones; those of a known parent are part of its own figure.
    known = areas != 0
    return Counts(
        codes=codes,
        cases=np.append(_placed(keys, where, cases), cases[known].sum()),
        weight=np.append(_placed(keys, where, weight), weight[known].sum()),
        year_only=np.append(_placed(keys, early, year_only), 0.0),
        fy_only=np.append(_placed(keys, early, fy_only), 0.0),
        unplaced=float(cases[where < 0].sum()),
        other_unit=float(_numbers(row.other_unit).sum()) if weighed_in is not None else 0.0,
        all_year_only=float(year_only.sum()),
        all_fy_only=float(fy_only.sum()),
        sources=tuple(map(_source, row.sources or ())),
    )


def _source(row: Mapping[str, Any]) -> CaseSource:
    return CaseSource(
        id=row["id"],
        name=Text(row["name_th"], row["name_en"]),
        as_of=date.fromisoformat(row["as_of"]),
        invented=row["invented"],
        covers=row["covers"],
        has_cases=row["has_cases"],
    )


def _params(level: Level, within: str | None, filter: Filter, grain: str) -> dict[str, Any]:
    period = filter.period
    calendar = period.kind == "year"
    covered = period.calendar_years() if calendar else period.fiscal_years()
    grains, days = coarse_of(period)
    return {
        "level": level,
        "grain": grain,
        "first": period.first,
        "last": period.last,
        "begun": period.first,
        "coarse_grains": list(grains),
        "coarse_periods": list(days),
        "covering": "year" if calendar else "fy",
        "held_level": level_of(within or COUNTRY),
        "covered": covered[0],
        "covered_to": covered[-1],
        "target_group": filter.target_group,
        "problem": filter.problem,
        "within": within,
        "length": len(within or ""),
        "province": (within or "")[:PROVINCE],
    }


def _sql(filter: Filter, within: str | None, numbers: Mapping[str, str], period: str) -> str:
    return _COUNTS.format(
        key=ACTIVE_KEY,
        joined=_packed("area_code", *numbers),
        joined_early=_packed("early_code", "early_cases", "early_late"),
        held=", ".join(_HELD.format(level=level) for level in ("'province'", ":held_level")[: 2 if within else 1]),
        numbers=", ".join(f"{sql} AS {name}" for name, sql in numbers.items()),
        period=period,
        grouped="" if numbers is _PLAIN else "GROUP BY area_code",
        **_table(filter, within),
    )


def coarse_of(period: Period) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """Return the grains of cases that a period cannot count although they may belong to it, and the days they stand at.

    A fiscal year leaves out cases whose calendar year alone is known, a calendar year those whose fiscal year alone is,
    and months both.
    """
    years, fiscal_years = period.calendar_years(), period.fiscal_years()
    if period.kind == "fy":
        return ("year_only",), years
    if period.kind == "year":
        return ("fy_only",), fiscal_years
    return ("year_only", "fy_only"), (*years, *fiscal_years)


def _table(filter: Filter, within: str | None) -> dict[str, str]:
    chosen = ["cases > 0", "problem_code = :problem" if filter.problem else _ALL_PROBLEMS]
    if filter.target_group:
        chosen.append("target_group = :target_group")
    if within:
        chosen.append("province_code = :province AND left(area_code, :length) = :within")
    return {"table": "case_count_by_group" if filter.target_group else "case_count", "chosen": " AND ".join(chosen)}


PROVINCE = 2
"""Length of a province's code."""

_ALL_PROBLEMS = "length(problem_code) = 3"


def _packed(*columns: str) -> str:
    """Return SQL that packs columns of numbers into bytes, in the order of the rows."""
    return ", ".join(f"string_agg(float8send({column}::float8), '') AS {column}" for column in columns)


def _numbers(packed: bytes | None) -> Floats:
    return np.frombuffer(packed, ">f8").astype(np.float64) if packed else np.zeros(0)


def _keys(codes: Codes) -> Floats:
    """Return sorted codes of one level as numbers, as quick to look up as they are to read: no two levels share any."""
    if not len(codes):
        return np.zeros(0)
    digits = np.ascontiguousarray(codes).view(np.uint32).reshape(len(codes), -1) - ord("0")
    return digits @ 10.0 ** np.arange(digits.shape[1])[::-1]


def _places(keys: Floats, areas: Floats) -> NDArray[np.int64]:
    """Return where each area stands among the sorted keys, -1 for one that is not asked for."""
    if not len(keys):
        return np.full(len(areas), -1, dtype=np.int64)
    where = np.minimum(np.searchsorted(keys, areas), len(keys) - 1)
    return np.where(keys[where] == areas, where, -1)


def _placed(keys: Floats, where: NDArray[np.int64], values: Floats) -> Floats:
    """Sum values where their areas stand."""
    known = where >= 0
    return np.bincount(where[known], weights=values[known], minlength=len(keys)).astype(np.float64)


_DENOMINATORS = """
SELECT o.source_id, o.last_day, max(s.name_th) AS name_th, max(s.name_en) AS name_en, bool_or(s.invented) AS invented,
       string_agg(float8send(o.area_code::float8), '') AS area_code,
       string_agg(float8send(o.value::float8), '') AS value,
       (SELECT above.value FROM observation above
        WHERE above.indicator_id = :indicator AND above.source_id = o.source_id AND above.last_day = o.last_day
              AND above.area_code = :parent AND above.value > 0) AS parent
FROM observation o JOIN source s ON s.id = o.source_id
WHERE o.indicator_id = :indicator AND o.level = :level AND o.value > 0
      AND o.last_day BETWEEN CAST(CAST(:last AS date) - interval '1 year' AS date) AND :last
GROUP BY o.source_id, o.last_day
ORDER BY count(*) DESC, bool_or(s.invented), o.last_day DESC, o.source_id LIMIT 1
"""


def read_denominators(
    session: Session, codes: Codes, level: Level, within: str | None, indicator: str, last: date
) -> Denominators | None:
    """Read an indicator's latest values within the year before `last`, all from the source that has most areas.

    `codes` are the sorted areas of the level within the parent area.
    """
    params = {"indicator": indicator, "level": level, "last": last, "parent": within or COUNTRY}
    row = prepared(session, _DENOMINATORS, params).one_or_none()
    if row is None:
        return None
    made = np.full(len(codes) + 1, np.nan)
    where = _places(_keys(codes), _numbers(row.area_code))
    made[where[where >= 0]] = _numbers(row.value)[where >= 0]
    made[-1] = np.nan if row.parent is None else row.parent
    return Denominators(made, row.source_id, Text(row.name_th, row.name_en), row.invented, row.last_day)
