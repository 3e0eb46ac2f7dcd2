"""Whether a number of events has changed since the year before, and when nothing may be said of it."""

from dataclasses import dataclass
from math import isnan, log, sqrt
from typing import Literal

from layers.figures import UNSTABLE_BELOW, Z95

Direction = Literal["up", "down", "flat", "unknown"]


@dataclass(frozen=True)
class Events:
    """Events among so many people: 1 where numbers are compared as they are, NaN where there is no denominator."""

    cases: float
    people: float = 1.0


@dataclass(frozen=True)
class Trend:
    """Up, down or flat against the same months a year before; unknown for a `reason`, a key of the catalogue."""

    direction: Direction
    now: int | None = None
    before: int | None = None
    reason: str | None = None


def unknown(reason: str) -> Trend:
    """Return that nothing may be said, and why."""
    return Trend("unknown", reason=reason)


def trend(now: Events, before: Events, slack: float = 0.0) -> Trend:
    """Compare two numbers of events: flat unless the rates differ by more than chance does 19 times out of 20.

    Below 20 events on either side nothing is claimed. `slack` is how far each number may be from the true one, as
    printed numbers are: the two are moved towards each other by it before they are compared.
    """
    if isnan(now.cases) or isnan(before.cases):
        return unknown("trend.no_before")
    if not (now.people > 0 and before.people > 0):
        return unknown("trend.no_denominator")
    if min(now.cases, before.cases) < UNSTABLE_BELOW:
        return unknown("trend.few")
    direction: Direction = "flat"
    if _rises(before, now, slack):
        direction = "up"
    elif _rises(now, before, slack):
        direction = "down"
    return Trend(direction, round(now.cases), round(before.cases))


def _rises(first: Events, second: Events, slack: float) -> bool:
    """Say whether the second rate is the greater one beyond chance, by the logarithm of two Poisson rates' ratio."""
    few, many = first.cases + slack, second.cases - slack
    if many <= 0:
        return False
    ratio = log((many / second.people) / (few / first.people))
    return ratio > Z95 * sqrt(1 / few + 1 / many)
