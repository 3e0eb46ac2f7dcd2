"""Counts and rates per area and period, read from the rollups and passed through the door of disclosure."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, Level, parent_of
from boundaries.errors import SocialMapError
from boundaries.messages import Text
from boundaries.messages import text as message
from layers import rollups, taxonomy
from layers.dates import fiscal_year
from layers.disclosure import disclose
from layers.figures import UNSTABLE_BELOW, Figure, FigureTable, Floats, LeftOut, Measure, measured
from layers.filters import Filter
from layers.periods import Period, fiscal_period
from layers.scope import Scope
from layers.taxonomy import Problem, get_problem

CASES = "cases"
PER = {"population": 100_000}
"""Base of a rate by its denominator; of smaller groups 1,000 reads better."""


class UnknownLayerError(SocialMapError):
    """A layer that does not exist."""

    key = "error.unknown_layer"


class BadMeasureError(SocialMapError):
    """A measure that the layer does not have."""

    key = "error.bad_measure"


class NotKeptError(SocialMapError):
    """Figures that no rollup is kept for."""

    key = "error.not_kept"


def figures(
    session: Session, scope: Scope, layer: str, level: Level, within: str | None, filter: Filter, measure: Measure
) -> FigureTable:
    """Return the figures of all areas of `level` within an area (None or TH: the country), as `scope` may see them.

    Raises UnknownLayerError, BadMeasureError, NotKeptError.
    """
    within = None if within == COUNTRY else within
    if layer.startswith("indicator:"):
        from layers.indicators import indicator_figures

        return disclose(indicator_figures(session, layer, level, within, filter, measure), scope.audience)
    if layer != CASES:
        raise UnknownLayerError(layer=layer, allowed="cases, indicator:…")
    if measure not in ("count", "rate", "weight"):
        raise BadMeasureError(layer=layer, measure=measure, allowed="count, rate, weight")
    return disclose(_truth(session, level, within, filter, measure), scope.audience)


def grain_of(period: Period) -> str:
    """Name the rollup's grain that holds a period."""
    return {"fy": "fy", "year": "year"}.get(period.kind, "month")


def _truth(session: Session, level: Level, within: str | None, filter: Filter, measure: Measure) -> FigureTable:
    grain = grain_of(filter.period)
    subtype = filter.problem is not None and len(filter.problem) == rollups.SUBTYPE
    if not rollups.kept(level, grain, subtype, filter.target_group is not None):
        raise NotKeptError(level=message(f"level.{level}").th)
    problem = get_problem(filter.problem) if filter.problem else None
    denominator = problem.denominator if problem else "population"
    unit = problem.weight_counted if problem else "person"
    row = _read(session, level, within, filter, grain, denominator, unit)
    per = PER.get(denominator, 1_000) if measure == "rate" else None
    names = {source.id: source for source in _sources(session)}
    used = [names[number] for number in sorted({*_ints(row.sources)}) if number in names]
    kind = taxonomy.indicator_kinds()[denominator]
    rated = measure == "rate" and row.source_id is not None
    if rated:
        used.append(names[row.source_id])
    counts = _counts(row, filter)
    return FigureTable(
        layer=CASES,
        measure=measure,
        level=level,
        within=within,
        filter=filter,
        counted=_counted(measure, problem),
        per=per,
        unit=_unit(measure, denominator, per, problem),
        denominator_title=kind.title if measure == "rate" else None,
        denominator_as_of=row.last_day if rated else None,
        sources=tuple(dict.fromkeys(Text(source.name_th, source.name_en) for source in used)),
        as_of=max((source.as_of for source in used if source.id != row.source_id), default=None)
        or max((source.as_of for source in names.values()), default=filter.period.last),
        invented=any(source.invented for source in used),
        audience="internal",
        rounded_to=None,
        hidden_below=None,
        left_out=_left_out(row, measure, filter),
        codes=tuple(row.codes.split(",")) if row.codes else (),
        columns=measured(measure, per, counts),
    )


def _counted(measure: Measure, problem: Problem | None) -> Text:
    if measure == "weight":
        return (problem.weight_title if problem else None) or taxonomy.units()[
            problem.weight_counted if problem else "person"
        ]
    return taxonomy.units()["case"]


def _unit(measure: Measure, denominator: str, per: int | None, problem: Problem | None) -> Text:
    if measure == "rate":
        return message(f"unit.rate.{denominator}", per=f"{per:,}")
    return _counted(measure, problem)


def _ints(joined: str | None) -> list[int]:
    return [int(part) for part in joined.split(",")] if joined else []


def _floats(joined: str | None) -> Floats:
    return np.array(joined.split(","), dtype=np.float64) if joined else np.zeros(0)


def _counts(row: Row, filter: Filter) -> tuple[Floats, Floats, Floats, Floats]:  # type: ignore[type-arg]
    """Return cases, weight, year-only cases and denominators, the parent area as the last element."""
    year_only = _floats(row.year_only)
    if filter.period.kind == "year":
        year_only = np.zeros(year_only.shape)
    return (
        np.append(_floats(row.cases), float(row.total_cases)),
        np.append(_floats(row.weight), float(row.total_weight)),
        np.append(year_only, 0.0),
        np.append(_floats(row.denominators), np.nan if row.total_denominator is None else row.total_denominator),
    )


def _left_out(row: Row, measure: Measure, filter: Filter) -> tuple[LeftOut, ...]:  # type: ignore[type-arg]
    entries = [("reason.area_unknown", row.unplaced)]
    if filter.period.kind != "year":
        entries.append(("reason.year_only", row.total_year_only))
    if measure == "weight":
        entries.append(("reason.other_unit", row.other_unit))
    return tuple(LeftOut(key, int(cases), message(key)) for key, cases in entries if cases)


_SOURCES = text("SELECT id, key, name_th, name_en, as_of, invented FROM source")


def _sources(session: Session) -> list[Row]:  # type: ignore[type-arg]
    return list(session.execute(_SOURCES))


_FIGURES = """
WITH listed AS (
    SELECT a.code FROM area a JOIN edition e ON e.id = a.edition_id AND e.state = 'active'
    WHERE a.level = :level {area_within}
), cell AS (
    SELECT area_code, sum(cases) AS cases, sum(weight) FILTER (WHERE counted = :unit) AS weight,
           sum(cases) FILTER (WHERE counted <> :unit) AS other_unit, array_agg(DISTINCT source_id) AS sources
    FROM {table}
    WHERE level = :level AND grain = :grain AND period BETWEEN :first AND :last AND cases > 0
          {group} {problem} {cell_within}
    GROUP BY area_code
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
    WHERE o.indicator_id = :denominator AND o.level IN (:level, :parent_level) AND o.value > 0
), line AS (
    SELECT code, coalesce(cell.cases, 0) AS cases, coalesce(cell.weight, 0) AS weight,
           coalesce(early.cases, 0) AS year_only, base.value
    FROM listed LEFT JOIN cell ON cell.area_code = code LEFT JOIN early ON early.area_code = code
         LEFT JOIN base ON base.area_code = code
)
SELECT string_agg(code, ',' ORDER BY code) AS codes,
       string_agg(cases::text, ',' ORDER BY code) AS cases,
       string_agg(weight::text, ',' ORDER BY code) AS weight,
       string_agg(year_only::text, ',' ORDER BY code) AS year_only,
       string_agg(coalesce(value::text, 'nan'), ',' ORDER BY code) AS denominators,
       (SELECT coalesce(sum(cases), 0) FROM cell WHERE {in_total}) AS total_cases,
       (SELECT coalesce(sum(weight), 0) FROM cell WHERE {in_total}) AS total_weight,
       (SELECT coalesce(sum(other_unit), 0) FROM cell) AS other_unit,
       (SELECT coalesce(sum(cases), 0) FROM cell WHERE area_code NOT IN (SELECT code FROM listed)) AS unplaced,
       (SELECT coalesce(sum(cases), 0) FROM early) AS total_year_only,
       (SELECT value FROM base WHERE area_code = :parent) AS total_denominator,
       (SELECT string_agg(DISTINCT number::text, ',') FROM cell, unnest(sources) number) AS sources,
       (SELECT source_id FROM chosen), (SELECT last_day FROM chosen)
FROM line
"""


def _read(
    session: Session, level: Level, within: str | None, filter: Filter, grain: str, denominator: str, unit: str
) -> Row:  # type: ignore[type-arg]
    parent = within or COUNTRY
    period = filter.period
    category = filter.problem is None
    sql = _FIGURES.format(
        table="case_count_by_group" if filter.target_group else "case_count",
        group="AND target_group = :target_group" if filter.target_group else "",
        problem="AND length(problem_code) = 3" if category else "AND problem_code = :problem",
        area_within="AND left(a.code, :length) = :within" if within else "",
        cell_within="AND province_code = :province AND left(area_code, :length) = :within" if within else "",
        in_total="true" if within else "area_code <> '00'",
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
        "parent": parent,
        "parent_level": {2: "province", 4: "district"}.get(len(within or ""), "country"),
    }
    return session.execute(text(sql), params).one()


def list_periods(session: Session) -> list[Period]:
    """Return the fiscal years that hold cases, newest first."""
    rows = session.execute(
        text(
            "SELECT DISTINCT period FROM case_count WHERE level = 'province' AND grain = 'fy' AND cases > 0"
            " ORDER BY period DESC"
        )
    )
    return [fiscal_period(fiscal_year(row.period)) for row in rows]


@dataclass(frozen=True)
class LeadingProblem:
    """The problem whose disclosed rate stands out most against the parent area's; `figure` is that rate."""

    problem_code: str
    ratio: float
    figure: Figure


def leading_problems(
    session: Session, scope: Scope, level: Level, within: str | None, period: Period
) -> dict[str, LeadingProblem]:
    """Return each area's leading problem by its rate's ratio to the parent area's rate.

    Only disclosed figures with at least 20 cases in the area and in the parent take part, no problem of level L3 and
    not "other". Ties go to the smallest code. Areas without any such figure are absent.
    """
    best: dict[str, LeadingProblem] = {}
    for code in taxonomy.categories():
        if not get_problem(code).may_lead:
            continue
        table = figures(session, scope, CASES, level, within, Filter(code, period), "rate")
        parents = _parent_rates(session, scope, table)
        for figure in table.rows():
            parent = parents.get(str(parent_of(figure.area_code)))
            found = _candidate(code, figure, parent)
            if found and (figure.area_code not in best or found.ratio > best[figure.area_code].ratio):
                best[figure.area_code] = found
    return best


def _candidate(code: str, figure: Figure, parent: Figure | None) -> LeadingProblem | None:
    if parent is None or not parent.value or figure.value is None:
        return None
    if (figure.cases or 0) < UNSTABLE_BELOW or (parent.cases or 0) < UNSTABLE_BELOW:
        return None
    return LeadingProblem(code, figure.value / parent.value, figure)


def _parent_rates(session: Session, scope: Scope, table: FigureTable) -> dict[str, Figure]:
    """Return the figures of the areas one level up, by code."""
    above: dict[Level, Level] = {"district": "province", "subdistrict": "district"}
    if table.level not in above or (table.within and parent_of_level(table)):
        return {table.total.area_code: table.total}
    upper = figures(session, scope, CASES, above[table.level], None, table.filter, "rate")
    return {figure.area_code: figure for figure in upper.rows()}


def parent_of_level(table: FigureTable) -> bool:
    """Say whether the table's `within` is the direct parent of its areas."""
    return {"province": 0, "district": 2, "subdistrict": 4}[table.level] == len(table.within or "")
