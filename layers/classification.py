"""Class breaks of a choropleth, rounded to numbers that people read easily."""

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import jenkspy
import numpy as np

Method = Literal["quantile", "natural", "equal", "fixed"]


def breaks(
    values: Iterable[float], method: Method, classes: int, fixed: Sequence[float] | None = None
) -> tuple[float, ...]:
    """Return the inner breaks, ascending, at most `classes` - 1; a value on a break belongs to the class above it.

    Values are disclosed ones; None-like values (NaN) take no part. Fewer breaks come back when the values are too
    few or too alike to fill the classes: no class is left empty. Fixed breaks are given as they are.
    """
    if method == "fixed":
        return tuple(sorted(float(one) for one in fixed or ()))
    known = np.array([value for value in values if value is not None and math.isfinite(value)], dtype=np.float64)
    distinct = np.unique(known)
    classes = min(classes, len(distinct))
    if classes < 2:
        return ()
    return _readable(_raw(known, distinct, method, classes), distinct)


def _raw(known: np.ndarray, distinct: np.ndarray, method: Method, classes: int) -> list[float]:
    if method == "quantile":
        return [float(one) for one in np.quantile(known, [step / classes for step in range(1, classes)])]
    if method == "equal":
        return [float(one) for one in np.linspace(distinct[0], distinct[-1], classes + 1)[1:-1]]
    if classes == len(distinct):
        return [float(one) for one in (distinct[:-1] + distinct[1:]) / 2]
    # jenkspy gives each class's highest value; the break lies between it and the next value.
    tops = jenkspy.jenks_breaks(known, n_classes=classes)[1:-1]
    return [float(top + distinct[np.searchsorted(distinct, top, side="right")]) / 2 for top in tops]


def _readable(raw: Sequence[float], distinct: np.ndarray) -> tuple[float, ...]:
    """Round breaks as coarsely as keeps every class filled, and drop those that part nothing."""
    parted: dict[int, float] = {}
    for one in raw:
        place = int(np.searchsorted(distinct, one, side="left"))
        if 0 < place < len(distinct) and place not in parted:
            parted[place] = _between(one, float(distinct[place - 1]), float(distinct[place]))
    return tuple(parted.values())


def _between(wanted: float, low: float, high: float) -> float:
    """Return the roundest number above `low` and not above `high`, the nearest to `wanted` of its roundness."""
    for digits in range(-math.floor(math.log10(max(abs(high), 1e-12))), 16):
        for step in (1.0, 0.5):
            unit = step * 10.0**-digits
            rounded = round(round(wanted / unit) * unit, max(digits + 1, 0))
            if low < rounded <= high:
                return rounded
    return high
