"""Reading the rollups: the cells of one filter, their areas and their denominators, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, Level
from layers.figures import Floats
from layers.filters import Filter

_FIGURES = """
WITH listed AS (
    SELECT a.code FROM area a JOIN edition e ON e.id = a.edition_id AND e.state = 'active'
    WHERE a.level = :level {area_within}
), cell AS (
    SELECT area_code, {numbers}
    FROM {table}
    WHERE level = :level AND grain = :grain AND {period} AND cases > 0
          {group} {problem} {cell_within}
    {grouped}
), early AS (
    SELECT area_code, sum(cases) AS cases FROM {table}
    WHERE level = :level AND grain = 'year_only' AND period BETWEEN :first_year AND :last_year
          {group} {problem} {cell_within}
    GROUP BY area_code
), chosen AS (
    SELECT o.source_id, o.last_day, string_agg(o.area_code, ',') AS areas, string_agg(o.value::text, ',') AS numbers
    FROM observation o JOIN source s ON s.id = o.source_id
    WHERE o.indicator_id = :denominator AND o.level = :level AND o.value > 0
          AND o.last_day <= :last AND o.last_day >= :last - interval '1 year'
    GROUP BY o.source_id, o.last_day, s.invented
    ORDER BY count(*) DESC, s.invented, o.last_day DESC, o.source_id LIMIT 1
)
SELECT (SELECT string_agg(code, ',' ORDER BY code) FROM listed) AS codes,
       cells.*, early.*,
       (SELECT areas FROM chosen) AS base_areas, (SELECT numbers FROM chosen) AS base_values,
       (SELECT source_id FROM chosen), (SELECT last_day FROM chosen),
       (SELECT o.value FROM observation o JOIN chosen USING (source_id, last_day)
        WHERE o.indicator_id = :denominator AND o.area_code = :parent AND o.value > 0) AS parent_value
FROM (SELECT string_agg(area_code, ',') AS areas,
             string_agg(cases::text, ',') AS cases, string_agg(weight::text, ',') AS weights,
             string_agg(other_unit::text, ',') AS other_units FROM cell) AS cells,
     (SELECT string_agg(area_code, ',') AS early_areas, string_agg(cases::text, ',') AS early_cases
      FROM early) AS early
"""
# Areas, cells and denominators are put side by side in arrays: a join of them is planned badly after a bulk load,
# when the database does not know yet how much there is.


_ALL_PROBLEMS = "AND length(problem_code) = 3 AND problem_code <> ALL(:excluded)"
_SUMS = "sum(cases) AS cases, 0 AS weight, 0 AS other_unit"
_WEIGHTS = """sum(cases) AS cases, coalesce(sum(weight) FILTER (WHERE counted = :unit), 0) AS weight,
           coalesce(sum(cases) FILTER (WHERE counted <> :unit), 0) AS other_unit"""


@dataclass(frozen=True)
class Counts:
    """What was read, in the order of `codes`, the parent area as the last element."""

    codes: tuple[str, ...]
    cases: Floats
    weight: Floats
    year_only: Floats
    denominator: Floats
    unplaced: float
    other_unit: float
    all_year_only: float


def _words(joined: str | None) -> list[str]:
    return joined.split(",") if joined else []


def _numbers(joined: str | None) -> Floats:
    return np.fromstring(joined, sep=",") if joined else np.zeros(0)


def counts_of(row: Row) -> Counts:
    """Put what was read in the order of the areas."""
    codes = tuple(_words(row.codes))
    place = {code: number for number, code in enumerate(codes)}
    areas, cases, weight = _words(row.areas), _numbers(row.cases), _numbers(row.weights)
    early = _numbers(row.early_cases)
    where = _where(place, areas)
    # Cases of unknown place are the country's left-out ones; those of a known parent are part of its own figure.
    nowhere = np.array([area == "00" for area in areas], dtype=bool)
    parent = np.nan if row.parent_value is None else row.parent_value
    return Counts(
        codes=codes,
        cases=np.append(_placed(len(codes), where, cases), cases[~nowhere].sum()),
        weight=np.append(_placed(len(codes), where, weight), weight[~nowhere].sum()),
        year_only=np.append(_placed(len(codes), _where(place, _words(row.early_areas)), early), 0.0),
        denominator=np.append(_denominators(place, row), parent),
        unplaced=float(cases[where < 0].sum()),
        other_unit=float(_numbers(row.other_units).sum()),
        all_year_only=float(early.sum()),
    )


def _where(place: Mapping[str, int], areas: Sequence[str]) -> NDArray[np.int64]:
    """Return where each area stands, -1 for one that is not asked for."""
    return np.array([place.get(area, -1) for area in areas], dtype=np.int64)


def _placed(size: int, where: NDArray[np.int64], values: Floats) -> Floats:
    """Sum values where their areas stand."""
    known = where >= 0
    return np.bincount(where[known], weights=values[known], minlength=size).astype(np.float64)


def _denominators(place: Mapping[str, int], row: Row) -> Floats:
    made = np.full(len(place), np.nan)
    where = _where(place, _words(row.base_areas))
    made[where[where >= 0]] = _numbers(row.base_values)[where >= 0]
    return made


def read_counts(
    session: Session,
    level: Level,
    within: str | None,
    filter: Filter,
    grain: str,
    denominator: str,
    unit: str,
    weighted: bool,
    excluded: Sequence[str] = (),
) -> Row:
    """Read a filter's cells of a level; `unit` is what weights count, `denominator` an indicator.

    `excluded` categories are not part of all problems together.
    """
    period = filter.period
    category = filter.problem is None
    numbers, grouped = "cases, 0 AS weight, 0 AS other_unit", ""
    if weighted:  # sums of weights are exact decimals and not cheap: only a figure of weights pays for them
        numbers, grouped = _WEIGHTS, "GROUP BY area_code"
    elif category or period.kind == "months":
        numbers, grouped = _SUMS, "GROUP BY area_code"
    sql = _FIGURES.format(
        numbers=numbers,
        grouped=grouped,
        # One period is looked up, not searched for: the key goes on with the problem behind it.
        period="period = :first" if grain != "month" or period.kind == "month" else "period BETWEEN :first AND :last",
        table="case_count_by_group" if filter.target_group else "case_count",
        group="AND target_group = :target_group" if filter.target_group else "",
        problem=_ALL_PROBLEMS if category else "AND problem_code = :problem",
        area_within="AND left(a.code, :length) = :within" if within else "",
        cell_within="AND province_code = :province AND left(area_code, :length) = :within" if within else "",
    )
    years = period.calendar_years()
    params = {
        "level": level,
        "grain": grain,
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
        "unit": unit,
        "denominator": denominator,
        "parent": within or COUNTRY,
    }
    return session.execute(_statement(sql), params).one()


@cache
def _statement(sql: str) -> TextClause:
    """Parse each of the few shapes of the statement once."""
    return text(sql)
