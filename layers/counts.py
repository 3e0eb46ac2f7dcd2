"""Reading the rollups: the cells of one filter, their areas and their denominators, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, Level
from layers.figures import Floats
from layers.filters import Filter

_FIGURES = """
WITH listed AS (
    SELECT a.code FROM area a JOIN edition e ON e.id = a.edition_id AND e.state = 'active'
    WHERE a.level = :level {area_within}
), cell AS (
    SELECT area_code, source_id, sum(cases) AS cases,
           {weight} AS weight, {other_unit} AS other_unit
    FROM {table}
    WHERE level = :level AND grain = :grain AND {period} AND cases > 0
          {group} {problem} {cell_within}
    GROUP BY area_code, source_id
), early AS (
    SELECT area_code, sum(cases) AS cases FROM {table}
    WHERE level = :level AND grain = 'year_only' AND period BETWEEN :first_year AND :last_year
          {group} {problem} {cell_within}
    GROUP BY area_code
), chosen AS (
    SELECT o.source_id, o.last_day FROM observation o JOIN source s ON s.id = o.source_id
    WHERE o.indicator_id = :denominator AND o.level = :level
          AND o.last_day <= :last AND o.last_day >= :last - interval '1 year'
    GROUP BY o.source_id, o.last_day, s.invented
    ORDER BY count(*) DESC, s.invented, o.last_day DESC, o.source_id LIMIT 1
), base AS (
    SELECT o.area_code, o.value FROM observation o JOIN chosen USING (source_id, last_day)
    WHERE o.indicator_id = :denominator AND o.level = :level AND o.value > 0
    UNION ALL
    SELECT o.area_code, o.value FROM observation o JOIN chosen USING (source_id, last_day)
    WHERE o.indicator_id = :denominator AND o.level = :parent_level AND o.value > 0
)
SELECT (SELECT string_agg(code, ',' ORDER BY code) FROM listed) AS codes,
       (SELECT string_agg(area_code || ' ' || cases || ' ' || weight || ' ' || other_unit || ' ' || source_id, ' ')
        FROM cell) AS cells,
       (SELECT string_agg(area_code || ' ' || cases, ' ') FROM early) AS early,
       (SELECT string_agg(area_code || ' ' || value, ' ') FROM base) AS base,
       (SELECT source_id FROM chosen), (SELECT last_day FROM chosen)
"""
# Areas, cells and denominators are put side by side in arrays: a join of them is planned badly after a bulk load,
# when the database does not know yet how much there is.


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
    sources: tuple[int, ...]


def _columns(joined: str | None, width: int) -> tuple[list[str], Floats]:
    """Split `code number number code …` into codes and one row of numbers for each column."""
    parts = (joined or "").split()
    numbers = [parts[place::width] for place in range(1, width)]
    return parts[::width], np.array(numbers, dtype=np.float64).reshape(width - 1, -1)


def counts_of(row: Row, within: str | None) -> Counts:
    """Put what was read in the order of the areas."""
    codes = tuple(row.codes.split(",")) if row.codes else ()
    place = {code: number for number, code in enumerate(codes)}
    areas, (cases, weight, other_unit, sources) = _columns(row.cells, 5)
    known = np.array([area in place for area in areas], dtype=bool)
    # Cases of unknown place are the country's left-out ones; those of a known parent are part of its own figure.
    inside = known if not len(areas) else known | np.array([area != "00" for area in areas], dtype=bool)
    early_areas, (early,) = _columns(row.early, 2)
    base_areas, (base,) = _columns(row.base, 2)
    parent = within or COUNTRY
    total = dict(zip(base_areas, base.tolist(), strict=True)).get(parent, np.nan)
    return Counts(
        codes=codes,
        cases=np.append(_placed(place, areas, cases, 0.0), cases[inside].sum()),
        weight=np.append(_placed(place, areas, weight, 0.0), weight[inside].sum()),
        year_only=np.append(_placed(place, early_areas, early, 0.0), 0.0),
        denominator=np.append(_placed(place, base_areas, base, np.nan), total),
        unplaced=float(cases[~known].sum()),
        other_unit=float(other_unit.sum()),
        all_year_only=float(early.sum()),
        sources=tuple(np.unique(sources).astype(int).tolist()),
    )


def _placed(place: Mapping[str, int], areas: Sequence[str], values: Floats, empty: float) -> Floats:
    """Put values where their areas stand."""
    made = np.full(len(place), empty)
    pairs = [(place[area], value) for area, value in zip(areas, values.tolist(), strict=True) if area in place]
    if pairs:
        where, what = zip(*pairs, strict=True)
        made[list(where)] = 0.0
        np.add.at(made, list(where), what)
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
) -> Row:
    """Read a filter's cells of a level; `unit` is what weights count, `denominator` an indicator."""
    period = filter.period
    category = filter.problem is None
    # Sums of weights are exact decimals and not cheap: only a figure of weights pays for them.
    weight = other_unit = "0"
    if weighted:
        weight = "coalesce(sum(weight) FILTER (WHERE counted = :unit), 0)"
        other_unit = "coalesce(sum(cases) FILTER (WHERE counted <> :unit), 0)"
    sql = _FIGURES.format(
        weight=weight,
        other_unit=other_unit,
        # One period is looked up, not searched for: the key goes on with the problem behind it.
        period="period = :first" if grain != "month" or period.kind == "month" else "period BETWEEN :first AND :last",
        table="case_count_by_group" if filter.target_group else "case_count",
        group="AND target_group = :target_group" if filter.target_group else "",
        problem="AND length(problem_code) = 3" if category else "AND problem_code = :problem",
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
        "within": within,
        "length": len(within or ""),
        "province": (within or "")[:2],
        "unit": unit,
        "denominator": denominator,
        "parent_level": {2: "province", 4: "district"}.get(len(within or ""), "country"),
    }
    return session.execute(text(sql), params).one()
