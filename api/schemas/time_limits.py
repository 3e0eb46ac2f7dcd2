"""Time limits of steps and holidays, as settings."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.case_work import Asked
from api.schemas.common import Schema, Words, to_words
from layers.time_limits import MOST_HOLIDAYS, ClosedDay, Limit, LimitedStep, limited_steps, yearly_holidays

Urgency = Literal["U1", "U2", "U3", "U4"]
Title = Annotated[str, Field(max_length=200)]


class StepLimit(Schema):
    """How long a step may take at an urgency: hours round the clock, or working days in Bangkok; neither: no limit."""

    step: LimitedStep
    urgency: Urgency
    hours: Annotated[int, Field(ge=1, le=8760)] | None = None
    working_days: Annotated[int, Field(ge=1, le=250)] | None = None


class HolidayDay(Schema):
    """A day on which offices are closed."""

    day: date
    title_th: Title | None = None
    title_en: Title | None = None


class LimitedStepTitle(Schema):
    """A step that has limits."""

    step: LimitedStep
    title: Words


class TimeLimits(Schema):
    """All limits as they are now, holidays that were entered, and those of every year (month-day)."""

    steps: list[LimitedStepTitle]
    limits: list[StepLimit]
    holidays: list[HolidayDay]
    yearly: list[str]


class NewTimeLimits(Asked):
    """All limits that differ from the shipped ones (others may be among them), and all holidays."""

    limits: Annotated[list[StepLimit], Field(max_length=100)]
    holidays: Annotated[list[HolidayDay], Field(max_length=MOST_HOLIDAYS)] = Field(default_factory=list)

    def to_limits(self) -> list[Limit]:
        """Return the limits as the rules know them."""
        return [Limit(one.step, one.urgency, one.hours, one.working_days) for one in self.limits]

    def to_holidays(self) -> list[ClosedDay]:
        """Return the holidays as the rules know them."""
        return [ClosedDay(one.day, one.title_th, one.title_en) for one in self.holidays]


def to_time_limits(limits: Iterable[Limit], holidays: Iterable[ClosedDay]) -> TimeLimits:
    """Turn limits and holidays into their answered form."""
    return TimeLimits(
        steps=[LimitedStepTitle(step=name, title=to_words(title)) for name, title in limited_steps().items()],
        limits=[StepLimit(**vars(one)) for one in limits],
        holidays=[HolidayDay(**vars(one)) for one in holidays],
        yearly=list(yearly_holidays()),
    )
