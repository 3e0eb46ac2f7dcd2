"""Cases as they are answered to those who may read them; nothing of the person is among it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Schema, Words, to_words
from boundaries.messages import Text
from layers.case_lists import CaseLine
from layers.cases import CaseRecord
from layers.taxonomy import get_problem, statuses


class Line(Schema):
    """A case in a list."""

    id: UUID
    problem: str
    problem_title: Words
    status: int
    status_title: Words
    urgency: str
    sensitivity: str
    reported_on: date
    date_precision: Literal["day", "month", "year", "fiscal"]
    cases: Annotated[int, Field(description="How many cases the row stands for: one, or the number of a tally row")]
    area: str


class Page(Schema):
    """One page of cases, newest first; `next` is the address of the next one."""

    cases: list[Line]
    next: str | None


class Detail(Line):
    """One case: what was stated of it and its exact place."""

    target_groups: list[str]
    secondary_problems: list[str]
    close_reason: str | None
    counted: str
    weight: float
    area_match: str
    lat: float | None
    lon: float | None
    accuracy_m: float | None


class Reason(Schema):
    """Why a case is opened; of a secret one it must be said."""

    reason: Annotated[str, Field(min_length=5, max_length=500)]


class Identity(Schema):
    """Who a case concerns: for those who work on it alone."""

    name: str | None
    national_id: str | None
    phone: str | None
    address: str | None
    guardian: str | None
    note: str | None


def to_line(one: CaseLine) -> Line:
    """Turn a line of a list into its answered form."""
    return Line(
        id=one.id,
        problem=one.problem_code,
        problem_title=_title(one.problem_code),
        status=one.status,
        status_title=to_words(Text(statuses()[one.status].th, statuses()[one.status].en)),
        urgency=one.urgency,
        sensitivity=one.sensitivity,
        reported_on=one.reported_on,
        date_precision=one.date_precision,
        cases=one.cases,
        area=one.area_code,
    )


def to_detail(one: CaseRecord) -> Detail:
    """Turn a case into its answered form."""
    values = one.values
    return Detail(
        id=one.id,
        problem=values.problem_code,
        problem_title=_title(values.problem_code),
        status=values.status,
        status_title=to_words(Text(statuses()[values.status].th, statuses()[values.status].en)),
        urgency=values.urgency,
        sensitivity=one.sensitivity,
        reported_on=values.reported_on,
        date_precision=values.date_precision,
        cases=values.cases,
        area=one.area_code,
        target_groups=list(values.target_groups),
        secondary_problems=list(values.secondary_problems),
        close_reason=values.close_reason,
        counted=values.counted,
        weight=values.weight,
        area_match=one.area_match,
        lat=values.lat,
        lon=values.lon,
        accuracy_m=values.accuracy_m,
    )


def _title(code: str) -> Words:
    problem = get_problem(code)
    return Words(th=problem.th, en=problem.en)
