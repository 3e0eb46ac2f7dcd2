"""Figures: never a bare number, but a value with what is counted, of whom, when, how sure, from where.

A table of figures is columnar: numbers in arrays, everything they share once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from boundaries.codes import Level
from boundaries.messages import Text
from layers.filters import Filter
from layers.scope import Audience

State = Literal["ok", "zero", "unstable", "hidden", "no_data", "left_out"]
Measure = Literal["count", "rate", "weight", "value"]
Floats = NDArray[np.float64]

UNSTABLE_BELOW = 20
"""Events below which a rate is called unstable."""

Z95 = 1.959964


@dataclass(frozen=True)
class Figure:
    """One area's figure. `reason` is a key of the message catalogue; hidden numbers are None."""

    area_code: str
    value: float | None
    state: State
    cases: int | None
    numerator: int | None
    denominator: int | None
    low: float | None
    high: float | None
    reason: str | None


@dataclass(frozen=True)
class LeftOut:
    """Cases that a table does not count, and why; `cases` is None when the number is hidden."""

    reason_key: str
    cases: int | None
    text: Text


@dataclass(frozen=True)
class Columns:
    """The numbers of a table, one element per area and the parent area as the last one; NaN is none."""

    cases: Floats
    weight: Floats
    year_only: Floats
    fy_only: Floats
    denominator: Floats
    value: Floats
    low: Floats
    high: Floats
    state: NDArray[np.str_]
    reason: NDArray[np.str_]


@dataclass(frozen=True)
class FigureTable:
    """Figures of all areas of a level within an area, for one filter and measure."""

    layer: str
    measure: Measure
    level: Level
    within: str | None
    filter: Filter
    counted: Text
    per: int | None
    unit: Text
    denominator_title: Text | None
    denominator_as_of: date | None
    sources: tuple[Text, ...]
    as_of: date
    invented: bool
    audience: Audience
    rounded_to: int | None
    hidden_below: int | None
    left_out: tuple[LeftOut, ...]
    codes: tuple[str, ...]
    columns: Columns = field(repr=False)
    covered: bool = True
    """Whether any source holds cases of this period."""
    released_at: datetime | None = None
    """When the figures were released; None for the office's own, which move with every case."""

    def __len__(self) -> int:
        """Count its areas, the parent not among them."""
        return len(self.codes)

    @property
    def value(self) -> Floats:
        """Values in the order of `codes`, NaN where there is none."""
        return self.columns.value[:-1]

    @property
    def state(self) -> NDArray[np.str_]:
        """States in the order of `codes`."""
        return self.columns.state[:-1]

    @property
    def reason(self) -> NDArray[np.str_]:
        """Message keys in the order of `codes`, empty where there is none."""
        return self.columns.reason[:-1]

    @property
    def cases(self) -> Floats:
        """Numbers of cases in the order of `codes`, NaN where hidden."""
        return self.columns.cases[:-1]

    @property
    def denominator(self) -> Floats:
        """Denominators in the order of `codes`, NaN where there is none."""
        return self.columns.denominator[:-1]

    @property
    def low(self) -> Floats:
        """Lower ends of the 95 % intervals in the order of `codes`."""
        return self.columns.low[:-1]

    @property
    def high(self) -> Floats:
        """Upper ends of the 95 % intervals in the order of `codes`."""
        return self.columns.high[:-1]

    @cached_property
    def _place(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    def rows(self) -> list[Figure]:
        """Return the figures one by one, in the order of codes."""
        return list(self._figures[:-1])

    def get(self, code: str) -> Figure:
        """Return the figure of one area; KeyError when it is not in the table."""
        return self._figures[self._place[code]]

    @property
    def total(self) -> Figure:
        """The figure of the parent area itself (its cases of unknown parts included), `TH` for the country."""
        return self._figures[-1]

    @cached_property
    def _figures(self) -> tuple[Figure, ...]:
        codes = (*self.codes, self.within or "TH")
        return tuple(self._figure(code, place) for place, code in enumerate(codes))

    def _figure(self, code: str, place: int) -> Figure:
        return figure_at(self.columns, place, code, self.measure)


def figure_at(columns: Columns, place: int, code: str, measure: Measure) -> Figure:
    """Return what columns hold at a place, as the figure of an area."""
    cases = _whole(columns.cases[place])
    return Figure(
        area_code=code,
        value=_number(columns.value[place]),
        state=str(columns.state[place]),  # type: ignore[arg-type]
        cases=cases,
        numerator=_whole(columns.weight[place]) if measure == "weight" else cases,
        denominator=_whole(columns.denominator[place]),
        low=_number(columns.low[place]),
        high=_number(columns.high[place]),
        reason=str(columns.reason[place]) or None,
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))


def byar(events: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % interval of Poisson counts by Byar's approximation; the lower end of 0 is 0."""
    safe = np.where(events > 0, events, 1.0)
    low = np.where(events > 0, events * (1 - 1 / (9 * safe) - Z95 / (3 * np.sqrt(safe))) ** 3, 0.0)
    more = events + 1
    high = more * (1 - 1 / (9 * more) + Z95 / (3 * np.sqrt(more))) ** 3
    return np.where(np.isnan(events), np.nan, np.maximum(low, 0.0)), high


def unmeasured(cases: Floats, weight: Floats, coarse: tuple[Floats, Floats], denominator: Floats) -> Columns:
    """Return what was counted, before it is known who asks: no values, intervals or states yet.

    `coarse` are the cases left out because only their year, and only their fiscal year, is known.
    """
    none, word = np.full(cases.shape, np.nan), np.full(cases.shape, "")
    return Columns(cases, weight, *coarse, denominator, value=none, low=none, high=none, state=word, reason=word)


def beside(areas: Columns, parent: Columns) -> Columns:
    """Return the columns of `areas` with the last element of `parent` behind them."""
    joined = {one.name: np.append(getattr(areas, one.name), getattr(parent, one.name)[-1]) for one in fields(Columns)}
    return Columns(**joined)


def measured(
    measure: Measure,
    per: int | None,
    counts: Sequence[Floats],
    *,
    hidden: NDArray[np.bool_] | None = None,
    hidden_reason: str = "",
    covered: bool = True,
) -> Columns:
    """Turn (cases, weight, year_only, fy_only, denominator) into values, intervals and states.

    Areas in `hidden` keep no number at all; a period that no source covers has no data. `year_only` and `fy_only` count
    cases left out because only their year, or only their fiscal year, is known.
    """
    cases, weight, year_only, fy_only, denominator = counts
    none = np.zeros(cases.shape, dtype=bool) if hidden is None else hidden
    low, high = byar(cases)
    factor: Floats | float = 1.0
    if measure == "rate":
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(denominator > 0, (per or 1) / denominator, np.nan)
    elif measure == "weight":
        low = high = np.full(cases.shape, np.nan)
    value = weight if measure == "weight" else cases * factor
    if not covered:
        cases, weight, value = (np.full(cases.shape, np.nan) for _ in range(3))
    missing = "reason.no_denominator" if covered else "reason.not_covered"
    state, reason = _states(measure, cases, value, (year_only, fy_only), none, (missing, hidden_reason))
    blank = none | np.isin(state, ("no_data", "left_out"))
    return Columns(
        cases=np.where(none, np.nan, cases),
        weight=np.where(none, np.nan, weight),
        year_only=year_only,
        fy_only=fy_only,
        denominator=denominator,
        value=np.where(blank, np.nan, value),
        low=np.where(blank, np.nan, low * factor),
        high=np.where(blank, np.nan, high * factor),
        state=state,
        reason=reason,
    )


def _states(
    measure: Measure,
    cases: Floats,
    value: Floats,
    coarse: tuple[Floats, Floats],
    hidden: NDArray[np.bool_],
    words: tuple[str, str],
) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    year_only, fy_only = coarse
    left = (year_only > 0) | (fy_only > 0)
    why = np.where(year_only > 0, np.where(fy_only > 0, "reason.year_or_fy_only", "reason.year_only"), "reason.fy_only")
    conditions = [
        np.isnan(value) & left & np.isnan(cases),
        np.isnan(value),
        hidden,
        (cases == 0) & left,
        (value == 0) if measure == "weight" else (cases == 0),
        (cases < UNSTABLE_BELOW) if measure == "rate" else np.zeros(cases.shape, dtype=bool),
    ]
    state = np.select(conditions, ["left_out", "no_data", "hidden", "left_out", "zero", "unstable"], "ok")
    missing, hidden_reason = words
    reasons: list[Any] = [why, missing, hidden_reason, why, "", "reason.unstable"]
    return state, np.select(conditions, reasons, "")
