"""Figures of single areas, many at once: of each a problem in a fiscal year, with its trend.

They are the very figures of `aggregation.figures`, through the same door, read for a handful of areas instead of a
level: two statements however many are asked for, two more where some are of areas beyond the reader's own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from boundaries.messages import Text
from boundaries.messages import text as message
from layers import rollups, taxonomy
from layers.aggregation import PER
from layers.area_cells import Cell, Cells, Wanted, read_counted, read_printed
from layers.disclosure import not_fine, printed
from layers.figures import UNSTABLE_BELOW, Columns, Figure, Floats, figure_at, measured
from layers.filters import Filter
from layers.labels import ROUND_TO, STEPS, rule
from layers.published import key_of
from layers.released import reader_of
from layers.scope import Audience, Scope
from layers.taxonomy import get_problem
from layers.trends import Events, Trend, trend, unknown

SLACK = (STEPS - 1) * ROUND_TO + (ROUND_TO - 1) // 2
"""How far a printed number may be from the true one: it stays until it would move by two steps."""


@dataclass(frozen=True)
class AreaFigure:
    """A figure with what it is measured in, for whom, and of when: the moment it was read, or its release's."""

    figure: Figure
    trend: Trend
    unit: Text
    audience: Audience
    live: bool
    as_of: datetime | None
    hidden_below: int | None

    @property
    def reliable(self) -> bool:
        """Whether something may be concluded from it: it rests on 20 events or more."""
        return self.figure.state == "ok" and (self.figure.cases or 0) >= UNSTABLE_BELOW


def area_figures(session: Session, scope: Scope, wanted: Collection[Wanted], now: datetime) -> dict[Wanted, AreaFigure]:
    """Return each figure as the reader may see it: staff exact ones of their own areas, as of now; all others printed.

    What `aggregation.figures` would refuse is a figure without a number here. Raises UnknownProblem.
    """
    asked = sorted(set(wanted), key=lambda one: (one.area_code, one.problem, one.measure, one.year))
    own = [one for one in asked if scope.audience == "internal" and scope.covers(one.area_code)]
    others = [one for one in asked if one not in set(own)]
    made: dict[Wanted, AreaFigure] = {}
    if own:
        made |= _live(own, read_counted(session, own), now)
    if others:
        audience: Audience = "committee" if scope.audience == "internal" else scope.audience
        printed = read_printed(session, reader_of(audience), others, scope.release)
        made |= _released(others, printed, audience)
    return made


def _live(wanted: Sequence[Wanted], cells: Cells, now: datetime) -> dict[Wanted, AreaFigure]:
    made = {}
    for one in wanted:
        this, before = cells[one, 0], cells[one, 1]
        figure = _exact(one, this)
        moved = _moved(one, this, before) if figure.value is not None else unknown("trend.no_figure")
        made[one] = AreaFigure(figure, moved, _unit(one), "internal", True, now, None)
    return made


def _released(wanted: Sequence[Wanted], cells: Cells, audience: Audience) -> dict[Wanted, AreaFigure]:
    made = {}
    for one in wanted:
        this, before = cells[one, 0], cells[one, 1]
        figure, wanted_rule = _printed(one, this), rule(audience, get_problem(one.problem).sensitivity)
        moved = _printed_trend(one, this, before) if figure.value is not None else unknown("trend.no_figure")
        hidden_below = wanted_rule.hidden_below if wanted_rule else None
        made[one] = AreaFigure(figure, moved, _unit(one), audience, False, this.released_at, hidden_below)
    return made


def _exact(one: Wanted, cell: Cell) -> Figure:
    if not _kept(one, "fy"):
        return _without(one, "no_data", "reason.not_kept")
    counts = [_alone(each) for each in (cell.cases, 0.0, cell.year_only, 0.0, cell.people)]
    return _figure(measured(one.measure, _per(one), counts, covered=cell.covered), one)


def _printed(one: Wanted, cell: Cell) -> Figure:
    filter = Filter(one.problem, one.period())
    if one.level is None or key_of("province", filter) is None:
        return _without(one, "hidden", "reason.level_not_published")
    if key_of(one.level, filter) is None:
        return _figure(not_fine(filter, 1), one)
    return _figure(printed(one.measure, _per(one), np.array([cell.label]), _alone(cell.people)), one)


def _moved(one: Wanted, this: Cell, before: Cell) -> Trend:
    """Compare with the year before; while the year goes on, the months that have passed with the same ones then.

    By months the categories of problems are counted, not their subtypes: of these a year is compared once it is over.
    """
    if not before.covered:
        return unknown("trend.no_before")
    if this.as_of is not None and this.as_of >= one.period().last:
        return trend(_events(one, this, this.cases), _events(one, before, before.cases))
    if not _kept(one, "month"):
        return unknown("trend.no_months")
    return trend(_events(one, this, this.so_far), _events(one, before, before.so_far))


def _printed_trend(one: Wanted, this: Cell, before: Cell) -> Trend:
    """Compare what is printed of two whole years; of a part of a year nothing is printed that could be compared."""
    if this.as_of is None or this.as_of < one.period().last:
        return unknown("trend.not_over")
    if min(this.label, before.label) < 0:
        return unknown("trend.no_before")
    return trend(_events(one, this, this.label), _events(one, before, before.label), SLACK)


def _events(one: Wanted, cell: Cell, cases: float) -> Events:
    return Events(cases, cell.people if one.measure == "rate" else 1.0)


def _kept(one: Wanted, grain: str) -> bool:
    subtype = len(one.problem) == rollups.SUBTYPE
    return one.level is not None and rollups.kept(one.level, grain, subtype, by_group=False)


def _per(one: Wanted) -> int | None:
    return PER.get(get_problem(one.problem).denominator, 1_000) if one.measure == "rate" else None


def _unit(one: Wanted) -> Text:
    if one.measure == "count":
        return taxonomy.units()["case"]
    return message(f"unit.rate.{get_problem(one.problem).denominator}", per=f"{_per(one):,}")


def _alone(value: float) -> Floats:
    return np.array([value], dtype=np.float64)


def _figure(columns: Columns, one: Wanted) -> Figure:
    return figure_at(columns, 0, one.area_code, one.measure)


def _without(one: Wanted, state: str, reason: str) -> Figure:
    return Figure(one.area_code, None, state, None, None, None, None, None, reason)  # type: ignore[arg-type]
