"""Counts and rates per area and period, read from the rollups or from releases, through the door of disclosure."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, Level, parent_of
from boundaries.errors import SocialMapError
from boundaries.messages import Text
from boundaries.messages import text as message
from layers import rollups, taxonomy
from layers.counts import Counts, read_counts, read_denominators
from layers.dates import fiscal_year
from layers.disclosure import check_published, disclose, not_fine, printed
from layers.figures import UNSTABLE_BELOW, Figure, FigureTable, LeftOut, Measure, beside, unmeasured
from layers.filters import Filter
from layers.labels import LEFT_OUT, rule
from layers.periods import Period, fiscal_period
from layers.published import ALL, key_of, sensitivity_of
from layers.released import Released, list_released, read_released, reader_of
from layers.releases import list_held
from layers.scope import Audience, Scope
from layers.taxonomy import Problem, get_problem

CASES = "cases"
PER = {"population": 100_000}
"""Base of a rate by its denominator; of smaller groups 1,000 reads better."""


class UnknownLayer(SocialMapError):
    """A layer that does not exist."""

    key = "error.unknown_layer"


class BadMeasure(SocialMapError):
    """A measure that the layer does not have."""

    key = "error.bad_measure"


class NotKept(SocialMapError):
    """Figures that no rollup is kept for."""

    key = "error.not_kept"


def figures(
    session: Session, scope: Scope, layer: str, level: Level, within: str | None, filter: Filter, measure: Measure
) -> FigureTable:
    """Return the figures of all areas of `level` within an area (None or TH: the country), as `scope` may see them.

    The office itself reads exact figures within its own areas and what is released beyond them: there the rollups
    hold nothing for it, which would pass for no cases at all. Raises UnknownLayer, BadMeasure, NotKept, NotPublished.
    """
    within = None if within == COUNTRY else within
    if layer.startswith("indicator:"):
        from layers.indicators import indicator_figures

        return disclose(indicator_figures(session, layer, level, within, filter, measure), scope.audience)
    if layer != CASES:
        raise UnknownLayer(layer=layer, allowed="cases, indicator:…")
    if measure not in ("count", "rate", "weight"):
        raise BadMeasure(layer=layer, measure=measure, allowed="count, rate, weight")
    audience = _audience(scope, within)
    check_published(audience, level, filter, measure)
    if audience == "internal":
        return disclose(_truth(session, level, within, filter, measure), audience)
    return _released(session, scope.release, audience, level, within, filter, measure)


def _audience(scope: Scope, within: str | None) -> Audience:
    beyond = scope.audience == "internal" and not scope.covers(within or COUNTRY)
    return "committee" if beyond else scope.audience


def grain_of(period: Period) -> str:
    """Name the rollup's grain that holds a period."""
    return {"fy": "fy", "year": "year"}.get(period.kind, "month")


def _truth(session: Session, level: Level, within: str | None, filter: Filter, measure: Measure) -> FigureTable:
    grain = grain_of(filter.period)
    subtype = filter.problem is not None and len(filter.problem) == rollups.SUBTYPE
    if not rollups.kept(level, grain, subtype, filter.target_group is not None):
        named = message(f"level.{level}")
        raise NotKept(level_th=named.th, level_en=named.en)
    problem = get_problem(filter.problem) if filter.problem else None
    denominator = problem.denominator if problem else "population"
    unit = problem.weight_counted if problem else "person"
    counts = read_counts(session, level, within, filter, grain, unit if measure == "weight" else None)
    per = PER.get(denominator, 1_000) if measure == "rate" else None
    last = filter.period.last
    base = read_denominators(session, counts.codes, level, within, denominator, last) if per else None
    # All sources of cases, whichever cells they have: which of them reported a problem somewhere is not for everybody.
    used = [source for source in counts.sources if source.has_cases]
    covered = any(source.covers for source in used)
    as_of = max((source.as_of for source in used or counts.sources), default=last)
    if base:
        used.extend(source for source in counts.sources if source.id == base.source_id)
    people = base.values if base else np.full(counts.cases.shape, np.nan)
    return FigureTable(
        layer=CASES,
        measure=measure,
        level=level,
        within=within,
        filter=filter,
        counted=_counted(measure, problem),
        per=per,
        unit=_unit(measure, denominator, per, problem),
        denominator_title=taxonomy.indicator_kinds()[denominator].title if per else None,
        denominator_as_of=base.last_day if base else None,
        sources=tuple(dict.fromkeys(source.name for source in used)),
        as_of=as_of,
        invented=any(source.invented for source in used),
        audience="internal",
        rounded_to=None,
        hidden_below=None,
        left_out=_left_out(counts, measure),
        codes=tuple(counts.codes.tolist()),
        columns=unmeasured(counts.cases, counts.weight, (counts.year_only, counts.fy_only), people),
        covered=covered,
    )


def _released(
    session: Session,
    newest: int | None,
    audience: Audience,
    level: Level,
    within: str | None,
    filter: Filter,
    measure: Measure,
) -> FigureTable:
    """Make a table of what the newest release prints, of those up to `newest`."""
    reader, key = reader_of(audience), filter.target_group or filter.problem or ALL
    found = read_released(session, reader, level, within, key, filter.period, newest)
    problem = get_problem(filter.problem) if filter.problem else None
    denominator = problem.denominator if problem else "population"
    per = PER.get(denominator, 1_000) if measure == "rate" else None
    last = filter.period.last
    base = read_denominators(session, found.codes, level, within, denominator, last) if per else None
    people = base.values if base else np.full(found.labels.shape, np.nan)
    columns = printed(measure, per, found.labels, people)
    wanted = rule(audience, sensitivity_of(key))
    assert wanted is not None
    if key_of(level, filter) is None:
        columns = beside(not_fine(filter, len(found.codes)), columns)
    sources = [*found.source_names, *([base.source] if base else [])]
    return FigureTable(
        layer=CASES,
        measure=measure,
        level=level,
        within=within,
        filter=filter,
        counted=_counted(measure, problem),
        per=per,
        unit=_unit(measure, denominator, per, problem),
        denominator_title=taxonomy.indicator_kinds()[denominator].title if per else None,
        denominator_as_of=base.last_day if base else None,
        sources=tuple(dict.fromkeys(sources)),
        as_of=found.as_of or last,
        invented=any(one["invented"] for one in found.sources) or bool(base and base.invented),
        audience=audience,
        rounded_to=wanted.rounded_to,
        hidden_below=wanted.hidden_below,
        left_out=_left_out_of(found, filter),
        codes=tuple(found.codes.tolist()),
        columns=columns,
        covered=found.as_of is not None,
        released_at=found.released_at,
    )


def _left_out_of(found: Released, filter: Filter) -> tuple[LeftOut, ...]:
    """Say what a release leaves out; numbers only where it prints them."""
    entries: list[tuple[str, int | None]] = []
    if found.unknown > 0:
        entries.append(("reason.area_unknown", found.unknown))
    if (found.labels == LEFT_OUT).any():
        entries.append(("reason.year_only", None))
    if filter.problem is None:
        entries.append(("reason.secret_problems", None))
    return tuple(LeftOut(key, cases, message(key)) for key, cases in entries)


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


def _left_out(counts: Counts, measure: Measure) -> tuple[LeftOut, ...]:
    entries = [("reason.area_unknown", counts.unplaced)]
    entries += [("reason.year_only", counts.all_year_only), ("reason.fy_only", counts.all_fy_only)]
    if measure == "weight":
        entries.append(("reason.other_unit", counts.other_unit))
    return tuple(LeftOut(key, int(cases), message(key)) for key, cases in entries if cases)


def list_periods(session: Session, scope: Scope, level: Level = "province") -> list[Period]:
    """Return the fiscal years that `scope` may ask a level for, newest first."""
    if scope.audience != "internal":
        return list_released(session, reader_of(scope.audience), level, scope.release)
    widest = min((len(code) for code in scope.areas or ()), default=0)
    own: Level = "province" if widest <= 2 else "district" if widest == 4 else "subdistrict"
    return list_held(session, own) or list_released(session, reader_of("committee"), level)


def newest_period(session: Session, scope: Scope) -> Period:
    """Return the newest fiscal year that has districts too, else the newest there is, else that of today."""
    held = list_periods(session, scope, "district") or list_periods(session, scope)
    return held[0] if held else fiscal_period(fiscal_year(date.today()))


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

    Only disclosed rates above the parent's with at least 20 cases in the area and in the parent take part, no problem
    of level L3 and not "other". Ties go to the smallest code. Areas without any such figure are absent.
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
    if parent is None or not parent.value or figure.value is None or figure.value <= parent.value:
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
