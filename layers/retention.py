"""Retention: how long closed cases keep their persons, and what is left of a case afterwards.

What is left is the case's place in the statistics: problem, month, subdistrict, target groups, weight. It is counted
anew under an id of its own, so that no log, file or backup leads from it to the case it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers import places
from layers.cases import CaseRecord, CaseValues, create_case, delete_case, get_case, remove_words, update_case
from layers.identity import destroy_key
from layers.taxonomy import ENDED, get_problem

FILE = Path(__file__).with_name("retention.yaml")
MOST_DAYS = 36_500


class BadPeriods(SocialMapError):
    """A file of retention periods that cannot be used."""

    key = "error.retention_periods"


@dataclass(frozen=True)
class Period:
    """Years after closing, and who confirmed them in law; None while nobody did."""

    years: int
    confirmed: str | None


@dataclass(frozen=True)
class EnvelopeDays:
    """Days after which what a phone sent is destroyed: refused by a coordinator, or never wholly come."""

    refused: int
    unfinished: int


@dataclass(frozen=True)
class Due:
    """A closed case whose period is over."""

    case_id: UUID
    problem_code: str
    ended_on: date


@cache
def load_periods(path: Path = FILE) -> Mapping[str, Period]:
    """Return the periods by code of problem, `default` for all others. Raises BadPeriods."""
    try:
        held = yaml.safe_load(path.read_text("utf-8"))
        stated = {"default": held["default"], **(held.get("problems") or {})}
        periods = {code: Period(int(one["years"]), one.get("confirmed")) for code, one in stated.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):
        raise BadPeriods(file=path.name) from None
    if any(not 0 < one.years <= 200 for one in periods.values()):
        raise BadPeriods(file=path.name)
    for code in periods.keys() - {"default"}:
        get_problem(code)
    return periods


def load_envelope_days(path: Path = FILE) -> EnvelopeDays:
    """Return how long envelopes are kept; as shipped where a file says nothing of them. Raises BadPeriods."""
    try:
        held = dict(yaml.safe_load(path.read_text("utf-8")).get("envelopes") or {})
        shipped = held if path == FILE else vars(load_envelope_days())
        days = {name: int(held[name]["days"]) if name in held else shipped[name] for name in ("refused", "unfinished")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):
        raise BadPeriods(file=path.name) from None
    if any(not 0 < one <= MOST_DAYS for one in days.values()):
        raise BadPeriods(file=path.name)
    return EnvelopeDays(**days)


def period_of(periods: Mapping[str, Period], problem: str) -> Period:
    """Return the period of a problem: its own, its category's, the default."""
    return periods.get(problem) or periods.get(problem[:3]) or periods["default"]


def list_due(
    session: Session,
    periods: Mapping[str, Period],
    today: date,
    limit: int = 1000,
    among: Sequence[UUID] | None = None,
) -> list[Due]:
    """Return closed cases whose period is over, oldest first; restricted ones and those without a person are not due.

    `among` asks about these cases alone and lets others who would change them wait.

    A tally row is never due: it is nothing but statistics. A case that came in closed counts from the day it was
    recorded: when it was closed nobody says.
    """
    years = {code: one.years for code, one in periods.items()}
    if among is not None:
        session.execute(_LOCK, {"among": list(among)})
    found = session.execute(
        _DUE,
        {
            "today": today,
            "codes": list(years),
            "years": list(years.values()),
            "default": years["default"],
            "ended": list(ENDED),
            "limit": limit,
            "among": None if among is None else list(among),
        },
    )
    return [Due(row.id, row.problem_code, row.ended_on) for row in found]


def anonymise(session: Session, case_id: UUID) -> None:
    """Leave of a case its cell of the statistics and nothing else; rollups stay as they are.

    Key, history, team, unit, point, village, stated code, day and external id go. Raises CaseNotFound,
    IdentityRestricted.
    """
    case = get_case(session, case_id)
    destroy_key(session, case_id)
    values = _without_place(session, case)
    if values.date_precision == "day":
        values = replace(values, date_precision="month", reported_on=values.reported_on.replace(day=1))
    delete_case(session, case_id)
    create_case(session, case.source_id, values)


def remove_point(session: Session, case_id: UUID) -> None:
    """Take a case's exact place away, down to its subdistrict; it stays in its cell of the statistics.

    What it was before somebody chose its area goes too.
    """
    session.execute(text("DELETE FROM area_choice WHERE case_id = :id"), {"id": case_id})
    update_case(session, case_id, _without_place(session, get_case(session, case_id)))
    session.execute(_NO_POINTS, {"province": get_case(session, case_id).province_code, "id": case_id})


def remove_traces(session: Session, case_id: UUID) -> None:
    """Take away all of a case that may lead to its person, beside its identity data; it stays in its cell.

    Its exact place down to its subdistrict, the notes of its history, and the id by which a file knew it.
    """
    remove_point(session, case_id)
    remove_words(session, case_id)


def _without_place(session: Session, case: CaseRecord) -> CaseValues:
    known = places.known_codes(session)
    # An area that the active edition no longer knows is told by the one above it.
    stated = None if case.area_code == places.UNKNOWN else places.stated_area(case.area_code, known)
    return replace(case.values, lat=None, lon=None, accuracy_m=None, village_code=None, stated_code=stated)


_NO_POINTS = text(
    "UPDATE case_observation SET fields = fields #- '{place,lat}' #- '{place,lon}' #- '{place,accuracy_m}'"
    " WHERE province_code = :province AND case_id = :id AND fields ? 'place'"
)
_LOCK = text('SELECT 1 FROM "case" WHERE id = ANY (:among) ORDER BY province_code, id FOR UPDATE')
_DUE = text("""
WITH period AS (SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:years AS int[])) AS p (code, years)),
ended AS (
    SELECT c.id, c.problem_code, coalesce(
        (SELECT max(e.happened_at) FROM case_event AS e
         WHERE e.province_code = c.province_code AND e.case_id = c.id AND e.to_status = c.status),
        c.recorded_at)::date AS ended_on
    FROM "case" AS c
    LEFT JOIN identity_key AS k ON k.province_code = c.province_code AND k.case_id = c.id
    WHERE c.status = ANY (CAST(:ended AS int[])) AND c.cases = 1
      AND (CAST(:among AS uuid[]) IS NULL OR c.id = ANY (CAST(:among AS uuid[])))
      AND (k.case_id IS NOT NULL OR c.point IS NOT NULL OR c.village_code IS NOT NULL OR c.external_id <> c.id::text)
      AND NOT EXISTS (SELECT FROM identity_restriction AS r
                      WHERE r.province_code = c.province_code AND r.case_id = c.id)
)
SELECT one.id, one.problem_code, one.ended_on FROM ended AS one
WHERE (one.ended_on + make_interval(years => coalesce(
    (SELECT years FROM period WHERE code = one.problem_code),
    (SELECT years FROM period WHERE code = left(one.problem_code, 3)),
    :default))) <= :today
ORDER BY one.ended_on, one.id LIMIT :limit
""")
