"""Time limits of steps: which are shipped, what an office changed, when a case's step should be done, what is overdue.

The clock runs in Asia/Bangkok: hours round the clock, working days without weekends and holidays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from boundaries.yaml_files import read_yaml
from layers.case_words import checked_words
from layers.case_work_models import Holiday, TimeLimit
from layers.statements import statement
from layers.taxonomy import OVER

FILE = Path(__file__).with_name("time_limits.yaml")
LimitedStep = Literal["ack", "first_contact", "plan", "referral_ack", "follow_up"]
URGENCIES = ("U1", "U2", "U3", "U4")
MOST_HOURS, MOST_DAYS, MOST_HOLIDAYS = 8760, 250, 1000
REACH = 2 * MOST_DAYS + 200
"""Days of the calendar after the last start: enough for so many working days, whatever holidays there are."""


class LimitBad(SocialMapError):
    """A limit that cannot be: an unknown step or urgency, both kinds of numbers, or one out of bounds."""

    key = "case_work.limit_bad"


@dataclass(frozen=True)
class Limit:
    """How long a step may take at an urgency: hours or working days; neither means that it has no limit."""

    step: str
    urgency: str
    hours: int | None = None
    working_days: int | None = None


@dataclass(frozen=True)
class ClosedDay:
    """A day on which offices are closed."""

    day: date
    title_th: str | None = None
    title_en: str | None = None


@dataclass(frozen=True)
class Deadline:
    """Until when a case's step (or a planned visit) should be done; nothing of what the case is about."""

    case_id: UUID
    province_code: str
    district_code: str | None
    sensitivity: str
    urgency: str
    status: int
    unit_id: int
    step: str
    """One of the limited steps, or `visit`."""
    since: datetime
    deadline: datetime


@cache
def limited_steps() -> Mapping[str, Text]:
    """Return the steps that have limits, in their order."""
    return MappingProxyType({name: Text(one["th"], one["en"]) for name, one in _shipped()["steps"].items()})


@cache
def shipped_limits() -> tuple[Limit, ...]:
    """Return the limits that ship with the product."""
    return tuple(
        Limit(name, urgency, one[urgency].get("hours"), one[urgency].get("days"))
        for name, one in _shipped()["steps"].items()
        for urgency in URGENCIES
        if urgency in one
    )


def list_limits(session: Session) -> list[Limit]:
    """Return the limit of every step and urgency as it is now, by step and urgency."""
    held = {(one.step, one.urgency): one for one in shipped_limits()}
    for row in session.execute(select(TimeLimit.step, TimeLimit.urgency, TimeLimit.hours, TimeLimit.working_days)):
        held[row.step, row.urgency] = Limit(**row._mapping)
    return [held.get((step, urgency), Limit(step, urgency)) for step in limited_steps() for urgency in URGENCIES]


def set_limits(session: Session, limits: Iterable[Limit]) -> None:
    """Replace what the office changed: limits that differ from the shipped ones are kept. Raises LimitBad."""
    shipped = {(one.step, one.urgency): one for one in shipped_limits()}
    wanted = {(one.step, one.urgency): one for one in map(_checked, limits)}
    rows = [vars(one) for key, one in wanted.items() if one != shipped.get(key, Limit(*key))]
    session.execute(_ALONE)
    session.execute(delete(TimeLimit))
    if rows:
        session.execute(insert(TimeLimit), rows)


def list_holidays(session: Session) -> list[ClosedDay]:
    """Return the holidays that were entered, oldest first; those of every year are not among them."""
    rows = session.execute(select(Holiday.day, Holiday.title_th, Holiday.title_en).order_by(Holiday.day))
    return [ClosedDay(**row._mapping) for row in rows]


def set_holidays(session: Session, days: Iterable[ClosedDay]) -> None:
    """Replace the holidays that were entered; of two about one day the last counts. Raises LimitBad, WordsBad."""
    rows = [_holiday(one) for one in {one.day: one for one in days}.values()]
    if len(rows) > MOST_HOLIDAYS:
        raise LimitBad(hours=MOST_HOURS, days=MOST_DAYS, holidays=MOST_HOLIDAYS)
    session.execute(_ALONE)
    session.execute(delete(Holiday))
    if rows:
        session.execute(insert(Holiday), rows)


def add_holiday(session: Session, day: ClosedDay) -> int:
    """Add a holiday, or name one anew that is there; return how many there are. Raises LimitBad, WordsBad."""
    row = _holiday(day)
    session.execute(_ALONE)
    session.execute(delete(Holiday).where(Holiday.day == day.day))
    session.execute(insert(Holiday), [row])
    count = int(session.execute(select(func.count()).select_from(Holiday)).scalar_one())
    if count > MOST_HOLIDAYS:
        raise LimitBad(hours=MOST_HOURS, days=MOST_DAYS, holidays=MOST_HOLIDAYS)
    return count


def remove_holiday(session: Session, day: date) -> int:
    """Take a holiday away; one that is gone already is. Return how many are left."""
    session.execute(delete(Holiday).where(Holiday.day == day))
    return int(session.execute(select(func.count()).select_from(Holiday)).scalar_one())


def yearly_holidays() -> tuple[str, ...]:
    """Return the days of every year on which offices are closed, as month-day."""
    return tuple(_shipped()["yearly_holidays"])


def deadlines_of(session: Session, case_id: UUID) -> list[Deadline]:
    """Return the deadlines of a case that the session may read, the nearest first; none where no limit runs."""
    return _deadlines(session, case_id, None, 100)


def list_overdue(session: Session, now: datetime, limit: int = 500) -> list[Deadline]:
    """Return what is overdue among the cases that the session may read, the longest overdue first."""
    return _deadlines(session, None, now, limit)


def _deadlines(session: Session, case_id: UUID | None, now: datetime | None, limit: int) -> list[Deadline]:
    asked: dict[str, Any] = {
        "case_id": case_id,
        "now": now,
        "limit": limit,
        "reach": REACH,
        "yearly": list(yearly_holidays()),
        "over": list(OVER),
    }
    rows = session.execute(statement("deadlines"), {**asked, **_columns()})
    return [Deadline(**row._mapping) for row in rows]


@cache
def _columns() -> Mapping[str, list[Any]]:
    """Return the shipped limits and the statuses of each step as columns of the statement."""
    limits = shipped_limits()
    clocks = [(name, status) for name, one in _shipped()["steps"].items() for status in one["statuses"]]
    return {
        "steps": [one.step for one in limits],
        "urgencies": [one.urgency for one in limits],
        "hours": [one.hours for one in limits],
        "days": [one.working_days for one in limits],
        "clocks": [name for name, _ in clocks],
        "statuses": [status for _, status in clocks],
    }


def _checked(one: Limit) -> Limit:
    known = one.step in limited_steps() and one.urgency in URGENCIES
    hours = one.hours is None or 1 <= one.hours <= MOST_HOURS
    days = one.working_days is None or 1 <= one.working_days <= MOST_DAYS
    if not (known and hours and days) or (one.hours is not None and one.working_days is not None):
        raise LimitBad(hours=MOST_HOURS, days=MOST_DAYS, holidays=MOST_HOLIDAYS)
    return one


def _holiday(one: ClosedDay) -> dict[str, Any]:
    return {"day": one.day, **{name: _title(getattr(one, name), name) for name in ("title_th", "title_en")}}


def _title(value: str | None, field: str) -> str | None:
    return checked_words(value, field, longest=200)


_ALONE = text("LOCK TABLE time_limit, holiday IN SHARE ROW EXCLUSIVE MODE")
"""Two who say all anew at once: one after the other, so that neither finds a row that was not there."""


@cache
def _shipped() -> Mapping[str, Any]:
    held: dict[str, Any] = read_yaml(FILE)
    return MappingProxyType(held)
