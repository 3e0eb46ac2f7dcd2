"""The one door through which figures about people leave this ring.

Everything derived from figures (classes, ranks, colours, drafts) is derived from what came through here.
"""

from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from boundaries.codes import Level
from boundaries.errors import SocialMapError
from boundaries.messages import text as message
from layers.figures import Columns, FigureTable, Floats, LeftOut, measured
from layers.filters import Filter
from layers.scope import Audience
from layers.taxonomy import get_problem

ROUND_TO = 5
SENSITIVE_BELOW = 10


class NotPublished(SocialMapError):
    """Figures that exist but are in no table that this audience may see."""

    key = "error.not_published"


@dataclass(frozen=True)
class Rule:
    """What an audience may see: counts below `hidden_below` are hidden, others rounded."""

    hidden_below: int
    rounded_to: int


def rule(audience: Audience, sensitivity: str) -> Rule | None:
    """Return the rule for an audience and a level of sensitivity; None means exact figures."""
    match audience:
        case "internal":
            return None
        case "committee":
            return Rule(SENSITIVE_BELOW if sensitivity == "L3" else 5, ROUND_TO)
        case "partner" | "public":
            return Rule(SENSITIVE_BELOW, ROUND_TO)
        case _:
            assert_never(audience)


def disclose(table: FigureTable, audience: Audience) -> FigureTable:
    """Return the table as an audience may see it; the numbers of a hidden area are gone, not masked.

    Values, intervals and states are computed here, for others than the office itself from the rounded counts. A problem
    of level L3 is shown for provinces and the country only. Indicators are published statistics and pass as they are.
    """
    if table.measure == "value":
        return replace(table, audience=audience)
    if table.audience != "internal":
        raise ValueError("a table passes the door once, from the truth")
    wanted = rule(audience, table.filter.sensitivity)
    if wanted is None:
        return replace(table, audience=audience, columns=_exact(table))
    return replace(
        table,
        audience=audience,
        rounded_to=wanted.rounded_to,
        hidden_below=wanted.hidden_below,
        left_out=_disclosed_left_out(table, wanted),
        columns=_disclosed(table, wanted),
    )


def _exact(table: FigureTable) -> Columns:
    truth = table.columns
    counts = (truth.cases, truth.weight, truth.year_only, truth.denominator)
    return measured(table.measure, table.per, counts, covered=table.covered)


def _disclosed(table: FigureTable, wanted: Rule) -> Columns:
    truth = table.columns
    hidden = small(truth.cases, wanted)
    if table.measure == "weight":
        hidden |= small(truth.weight, wanted)
    reasons = "reason.small_count"
    if too_fine(table):
        hidden = np.ones(truth.cases.shape, dtype=bool)
        hidden[-1] = parent_too_fine(table) or bool(small(truth.cases[-1:], wanted)[0])
        reasons = "reason.sensitive_level"
    columns = measured(
        table.measure,
        table.per,
        (
            rounded(truth.cases, wanted),
            rounded(truth.weight, wanted),
            # Only whether there are any is used, and where the rest is hidden not even that.
            np.where(hidden, 0.0, truth.year_only),
            truth.denominator,
        ),
        hidden=hidden,
        hidden_reason=reasons,
        covered=table.covered,
    )
    return replace(columns, year_only=np.full(truth.cases.shape, np.nan))


def too_fine(table: FigureTable) -> bool:
    """Say whether the table's level is finer than its problem may be shown at."""
    return table.filter.sensitivity == "L3" and table.level in ("district", "subdistrict")


def parent_too_fine(table: FigureTable) -> bool:
    """Say the same of the parent area: a district is, a province is not."""
    return table.within is not None and len(table.within) > 2


def small(counts: Floats, wanted: Rule) -> NDArray[np.bool_]:
    """Mark counts that are above zero and below the threshold."""
    return (counts > 0) & (counts < wanted.hidden_below)


def rounded(counts: Floats, wanted: Rule) -> Floats:
    """Round counts from the truth; halves cannot occur with whole counts and a step of five."""
    return np.rint(counts / wanted.rounded_to) * wanted.rounded_to


def _disclosed_left_out(table: FigureTable, wanted: Rule) -> tuple[LeftOut, ...]:
    """Return what the table leaves out, rounded; a small number reads like none, and secret ones are not told of."""
    if too_fine(table):
        return ()
    shown = []
    for entry in table.left_out:
        if entry.cases is None:
            shown.append(entry)
        elif entry.cases >= wanted.hidden_below:
            shown.append(replace(entry, cases=int(rounded(np.array([float(entry.cases)]), wanted)[0])))
    return tuple(shown)


def check_published(audience: Audience, level: Level, filter: Filter) -> None:
    """Raise NotPublished for figures that stand in no published table of an audience.

    Each table is rounded on its own, so tables that add up to one another undo rounding and hiding: twelve months and
    their year, subtypes and their category. Published are fiscal and calendar years, and subtypes of provinces only.
    """
    if rule(audience, filter.sensitivity) is None:
        return
    subtype = filter.problem is not None and get_problem(filter.problem).category != filter.problem
    if (subtype and level != "province") or filter.period.kind in ("month", "months"):
        raise NotPublished(level_th=message(f"level.{level}").th, level_en=message(f"level.{level}").en)
