"""Cases that may be one told twice: by place, time, problem and person, with a score and the reasons for it.

Persons are compared by their keyed hashes alone: that two cases share a number is told, never the number.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, Level, level_of
from layers.desk import within_sql
from layers.identity import IdentityValues, SearchField, normalised
from layers.rollups import uncounted
from layers.statements import FOLDER
from layers.taxonomy import MERGEABLE
from layers.text_likeness import name_likeness, text_likeness

METRES, DAYS = 500, 30
"""How far apart in place and time two tellings of one case lie at most."""
LEAST = 35
"""Pairs with a smaller score are not offered."""
NEWEST, MOST = 400, 100
"""How many open cases are looked at, and how many pairs are returned."""
MOST_SCORED = 2000
"""Pairs that are scored, those first that share most: where hundreds look alike nobody reads them all."""
_BY_METRES = ((25, 35), (100, 30), (METRES, 20))
_BY_DAYS = ((0, 20), (3, 16), (7, 12), (DAYS, 6))
_BY_FIELD = {"national_id": 60, "phone": 40, "name": 30, "guardian": 10}
SAME_SUBDISTRICT, SAME_PROBLEM, SAME_CATEGORY, SAME_GROUP = 10, 20, 12, 5
MOST_PERSON, MOST_SCORE = 70, 100


@dataclass(frozen=True)
class Evidence:
    """What two cases have in common; `metres` None where one of them has no point."""

    metres: float | None = None
    same_subdistrict: bool = False
    days: int = 0
    same_problem: bool = False
    same_category: bool = False
    same_group: bool = False
    fields: tuple[str, ...] = ()
    """Fields of the person that are the same: national_id, phone, name, guardian."""


@dataclass(frozen=True)
class Reason:
    """Why two cases may be one: a key of the catalogue below `duplicates.reason`, its number, and its points."""

    key: str
    points: int
    number: int | None = None


@dataclass(frozen=True)
class Candidate:
    """Two cases that may be one, the smaller id first, with a score of 0 to 100."""

    one: UUID
    other: UUID
    evidence: Evidence
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class WordsAlike:
    """How alike the words about two cases' persons are, 0 to 100 by field; nothing of the words."""

    fields: dict[str, int] = field(default_factory=dict)


def find_candidates(session: Session, within: str = COUNTRY, limit: int = MOST) -> list[Candidate]:
    """Return pairs among the newest NEWEST open cases of an area and all others that may be read, best first."""
    given: dict[str, Any] = {"newest": NEWEST, "days": DAYS, "metres": METRES, "most": MOST_SCORED} | uncounted()
    given["mergeable"] = list(MERGEABLE)
    if within != COUNTRY:
        given |= {"within": within, "province": within[:2]}
    found = [_candidate(row._asdict()) for row in session.execute(_statement(level_of(within)), given)]
    wanted = [one for one in found if one.score >= LEAST]
    return sorted(wanted, key=lambda one: (-one.score, one.one, one.other))[:limit]


def reasons_of(evidence: Evidence) -> tuple[Reason, ...]:
    """Return why two cases may be one, the strongest reason first."""
    found = [*_of_place(evidence), *_of_time(evidence), *_of_problem(evidence), *_of_person(evidence)]
    return tuple(sorted(found, key=lambda one: -one.points))


def score_of(reasons: Iterable[Reason]) -> int:
    """Return the points of reasons together; what is known of the person counts MOST_PERSON at most."""
    reasons = list(reasons)
    person = sum(one.points for one in reasons if one.key in _BY_FIELD)
    rest = sum(one.points for one in reasons if one.key not in _BY_FIELD)
    return min(MOST_SCORE, min(MOST_PERSON, person) + rest)


def words_alike(one: IdentityValues, other: IdentityValues) -> WordsAlike:
    """Compare what is written of two persons: names by letters, address and note by words; fields of both alone."""
    found: dict[str, int] = {}
    named: tuple[SearchField, ...] = ("name", "guardian")
    for name in named:
        first, second = getattr(one, name), getattr(other, name)
        if first and second:
            found[name] = name_likeness(normalised(name, first), normalised(name, second))
    for told in ("address", "note"):
        first, second = getattr(one, told), getattr(other, told)
        if first and second:
            found[told] = text_likeness(first, second)
    return WordsAlike(found)


def _candidate(row: dict[str, Any]) -> Candidate:
    one, other = row.pop("one"), row.pop("other")
    evidence = Evidence(**row | {"fields": tuple(row["fields"])})
    reasons = reasons_of(evidence)
    return Candidate(one, other, evidence, score_of(reasons), reasons)


def _of_place(evidence: Evidence) -> list[Reason]:
    if evidence.metres is not None and evidence.metres <= METRES:
        points = next(points for most, points in _BY_METRES if evidence.metres <= most)
        return [Reason("metres", points, round(evidence.metres))]
    return [Reason("subdistrict", SAME_SUBDISTRICT)] if evidence.same_subdistrict else []


def _of_time(evidence: Evidence) -> list[Reason]:
    points = next((points for most, points in _BY_DAYS if evidence.days <= most), 0)
    return [Reason("days" if evidence.days else "same_day", points, evidence.days)] if points else []


def _of_problem(evidence: Evidence) -> list[Reason]:
    found = [Reason("group", SAME_GROUP)] if evidence.same_group else []
    if evidence.same_problem:
        return [Reason("problem", SAME_PROBLEM), *found]
    return [Reason("category", SAME_CATEGORY), *found] if evidence.same_category else found


def _of_person(evidence: Evidence) -> list[Reason]:
    return [Reason(name, _BY_FIELD[name]) for name in evidence.fields]


@cache
def _statement(level: Level) -> TextClause:
    sql = (FOLDER / "find_duplicates.sql").read_text("utf-8")
    return text(sql.format(within=within_sql(level)))
