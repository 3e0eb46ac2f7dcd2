"""Labels: what a published table prints of a cell, and what a reader learns of the number behind it.

A label is an integer: a printed number (zero or a multiple of five), or a negative code that says why there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.figures import Floats
from layers.scope import Audience
from layers.taxonomy import Sensitivity

Labels = NDArray[np.int64]

HIDDEN, WITHHELD, SMALL, LEFT_OUT = -1, -2, -3, -4
"""From one to just below the threshold; kept back so that others stay hidden; below the threshold, zero included; zero,
but for cases of which only the year is known."""

ROUND_TO = 5
BELOW: Mapping[Audience, int] = {"committee": 5, "partner": 10, "public": 10}
"""Least number that each audience is shown. It may only be raised."""


@dataclass(frozen=True)
class Rule:
    """What an audience may see: counts below `hidden_below` are hidden, others rounded; zero may be hidden too."""

    hidden_below: int
    rounded_to: int = ROUND_TO
    zero_shown: bool = True


def rule(audience: Audience, sensitivity: Sensitivity) -> Rule | None:
    """Return the rule for an audience and a level of sensitivity; None means exact figures."""
    if audience == "internal":
        return None
    return Rule(BELOW[audience], zero_shown=sensitivity != "L3")


def label_counts(counts: Floats, wanted: Rule) -> Labels:
    """Return the label of each count, from the truth; halves cannot occur with whole counts and a step of five."""
    printed = (np.rint(counts / wanted.rounded_to) * wanted.rounded_to).astype(np.int64)
    hidden = np.where(counts < wanted.hidden_below, HIDDEN if wanted.zero_shown else SMALL, printed)
    return np.where((counts == 0) & wanted.zero_shown, 0, hidden)


def intervals(labels: Labels, wanted: Rule) -> tuple[Floats, Floats]:
    """Return the least and the greatest number that could stand behind each label, to anybody who knows the rule."""
    least, half = wanted.hidden_below, (wanted.rounded_to - 1) // 2
    low = np.where(labels > 0, np.maximum(labels - half, least), 0.0)
    high = np.where(labels > 0, labels + half, 0.0)
    low = np.where(labels == HIDDEN, 1.0, low)
    high = np.where((labels == HIDDEN) | (labels == SMALL), least - 1.0, high)
    return low, np.where(labels == WITHHELD, np.inf, high)


def shown(labels: Labels) -> NDArray[np.bool_]:
    """Mark the cells whose number is printed, zeros among them."""
    return labels >= 0


STEPS = 2


def kept(before: Labels, after: Labels, wanted: Rule) -> Labels:
    """Return what a later release prints: a label stays until the printed number would move by two steps.

    The rule looks at labels alone, so that a change tells nothing but the new label; a single late case never shows.
    What was once withheld stays withheld.
    """
    moved = np.abs(np.maximum(after, 0) - np.maximum(before, 0)) >= STEPS * wanted.rounded_to
    return np.where((before != WITHHELD) & moved, after, before)


def widened(labels: Labels, wanted: Rule) -> tuple[Floats, Floats]:
    """Return the numbers that could stand behind labels that a later release only repeats."""
    slack = (STEPS - 1) * wanted.rounded_to + (wanted.rounded_to - 1) // 2
    centre = np.maximum(labels, 0)
    low, high = np.maximum(centre - slack, 0.0), np.maximum(centre + slack, wanted.hidden_below - 1.0)
    return low, np.where(labels == WITHHELD, np.inf, high)
