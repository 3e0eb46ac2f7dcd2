"""Cases that may be one, and cases whose area is in doubt, as they are asked for and answered."""

from datetime import date
from typing import Literal
from uuid import UUID

from api.schemas.case_work import Asked, Code
from api.schemas.common import Schema, Words, to_words
from boundaries.messages import text
from layers.area_choices import CHOICES, Chosen, Unsettled
from layers.cases import CaseRecord
from layers.duplicates import Candidate, Reason


class NewMerge(Asked):
    """The case that is kept."""

    into: UUID


class NewDistinction(Asked):
    """The case that is another one."""

    other: UUID


class NewAreaChoice(Asked):
    """Where a case is: its point's area, the stated one, as it is, or another `area` by code."""

    choice: Chosen
    area: Code | None = None


class MergedInto(Schema):
    """A case and the one that it is merged into, or was."""

    id: UUID
    kept: UUID


class LikenessReason(Schema):
    """Why two cases may be one, with its points of the score."""

    key: str
    points: int
    title: Words


class DuplicatePair(Schema):
    """Two cases that may be one, with a score of 0 to 100; what they are about is read with each case."""

    one: UUID
    other: UUID
    score: int
    reasons: list[LikenessReason]


class DuplicatePairs(Schema):
    """Pairs of cases that may be one, the likeliest first."""

    pairs: list[DuplicatePair]


class AreaInDoubt(Schema):
    """A case whose area somebody should look at: degrees in EPSG:4326, and what may be chosen."""

    id: UUID
    problem: str
    urgency: str
    status: int
    sensitivity: str
    reported_on: date
    match: Literal["conflict", "nearest", "outside"]
    area: str
    stated: str | None
    lat: float | None
    lon: float | None
    choices: list[Chosen]


class AreasInDoubt(Schema):
    """One page of them, oldest first of each kind, and how many there are."""

    cases: list[AreaInDoubt]
    count: int


class SettledArea(Schema):
    """Where a case is now, and how it got its area."""

    id: UUID
    area: str
    match: str


def to_pairs(found: list[Candidate]) -> DuplicatePairs:
    """Turn candidates into their answered form."""
    return DuplicatePairs(
        pairs=[
            DuplicatePair(
                one=pair.one, other=pair.other, score=pair.score, reasons=[_reason(one) for one in pair.reasons]
            )
            for pair in found
        ]
    )


def to_doubts(found: list[Unsettled], count: int) -> AreasInDoubt:
    """Turn cases whose area is in doubt into their answered form."""
    return AreasInDoubt(cases=[_doubt(one) for one in found], count=count)


def to_settled(case: CaseRecord) -> SettledArea:
    """Turn a case into what is said of its area."""
    return SettledArea(id=case.id, area=case.area_code, match=case.area_match)


def _pair(one: Candidate) -> DuplicatePair:
    reasons = [_reason(reason) for reason in one.reasons]
    return DuplicatePair(one=one.one, other=one.other, score=one.score, reasons=reasons)


def _doubt(one: Unsettled) -> AreaInDoubt:
    return AreaInDoubt(
        id=one.id,
        problem=one.problem_code,
        urgency=one.urgency,
        status=one.status,
        sensitivity=one.sensitivity,
        reported_on=one.reported_on,
        match=one.area_match,
        area=one.area_code,
        stated=one.stated_code,
        lat=one.lat,
        lon=one.lon,
        choices=list(CHOICES[one.area_match]),
    )


def _reason(one: Reason) -> LikenessReason:
    title = text(f"duplicates.reason.{one.key}", count=one.number)
    return LikenessReason(key=one.key, points=one.points, title=to_words(title))
