"""The one door through which figures about people leave this ring.

The office itself gets exact figures of its areas. All others read the labels of the newest release, and nothing else:
values, intervals, states, classes, ranks, colours and drafts are derived from those.
"""

from dataclasses import replace

import numpy as np

from boundaries.codes import Level
from boundaries.errors import SocialMapError
from boundaries.messages import text as message
from layers.figures import Columns, FigureTable, Floats, Measure, measured
from layers.filters import Filter
from layers.labels import HIDDEN, LEFT_OUT, SMALL, WITHHELD, Labels
from layers.published import key_of
from layers.scope import Audience

HIDDEN_REASONS = {
    HIDDEN: "reason.small_count",
    SMALL: "reason.small_or_none",
    WITHHELD: "reason.withheld",
}
UNPRINTED = -9
"""An area for which no release prints anything."""


class NotPublished(SocialMapError):
    """Figures that exist but are in no table that this audience may see."""

    key = "error.not_published"


def disclose(table: FigureTable, audience: Audience) -> FigureTable:
    """Return a table of the truth as the office itself may see it; indicators are published and pass as they are."""
    if table.measure == "value":
        return replace(table, audience=audience)
    if audience != "internal":
        raise ValueError("others read releases")
    truth = table.columns
    counts = (truth.cases, truth.weight, truth.year_only, truth.fy_only, truth.denominator)
    return replace(table, audience=audience, columns=measured(table.measure, table.per, counts, covered=table.covered))


def printed(measure: Measure, per: int | None, labels: Labels, people: Floats) -> Columns:
    """Turn printed labels and denominators into values, intervals and states; where nothing is printed is no number."""
    none = np.full(labels.shape, np.nan)
    unprinted = labels == UNPRINTED
    cases = np.where(unprinted, np.nan, np.maximum(labels, 0).astype(np.float64))
    hidden = np.isin(labels, list(HIDDEN_REASONS))
    # What is published is of fiscal years, which leave out cases of which only the year is known, and no others.
    counts = (cases, none, (labels == LEFT_OUT).astype(np.float64), np.zeros(labels.shape), people)
    columns = measured(measure, per, counts, hidden=hidden, hidden_reason="reason.small_count")
    # Hidden comes before what a rate lacks beside.
    state, reason = np.where(hidden, "hidden", columns.state), columns.reason
    for label, why in HIDDEN_REASONS.items():
        reason = np.where(labels == label, why, reason)
    reason = np.where(unprinted, "reason.not_released", reason)
    return replace(columns, year_only=none, fy_only=none, state=state, reason=reason)


def not_fine(filter: Filter, size: int) -> Columns:
    """Return the columns of a level at which nothing is published: no number at all, and why."""
    none, same = np.full(size, np.nan), np.full(size, "hidden")
    reason = "reason.sensitive_level" if filter.sensitivity == "L3" else "reason.level_not_published"
    return Columns(none, none, none, none, none, none, none, none, same, np.full(size, reason))


def too_fine(table: FigureTable) -> bool:
    """Say whether the table's level is finer than what is published of its problem."""
    return table.hidden_below is not None and key_of(table.level, table.filter) is None


def check_published(audience: Audience, level: Level, filter: Filter, measure: Measure) -> None:
    """Raise NotPublished for figures that stand in no published table at any level."""
    if audience == "internal":
        return
    if key_of("province", filter) is None or measure == "weight":
        raise NotPublished(level_th=message(f"level.{level}").th, level_en=message(f"level.{level}").en)
