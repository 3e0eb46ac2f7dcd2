"""Cases whose area somebody should look at, and what was chosen: the point's area, the stated one, or as it is.

A choice is written through `layers/cases.py`, keeps what was there before, and can be taken back.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, level_of
from boundaries.errors import SocialMapError
from layers.assignments import assign_unit, closest_office
from layers.cases import CaseRecord, CaseValues, get_case, new_id, update_case
from layers.desk import UNSETTLED, within_sql
from layers.places import UNKNOWN
from layers.rollups import uncounted
from layers.scope import Scope

Chosen = Literal["point", "stated", "kept", "area"]
PAGE = 20
CHOICES: dict[str, tuple[Chosen, ...]] = {
    "conflict": ("point", "stated"),
    "nearest": ("kept",),
    "outside": ("kept", "area"),
}
"""What can be chosen of a case, by how it got its area."""


class AreaNotChosen(SocialMapError):
    """A choice that a case does not leave: its area is settled, or it is none of those allowed."""

    key = "error.area_choice"


class AreaNotServed(SocialMapError):
    """An area that the case's unit does not serve: the case would be nobody's to see."""

    key = "error.area_not_served"


@dataclass(frozen=True)
class Unsettled:
    """A case whose area is in doubt: what its point says and what was stated. Degrees in EPSG:4326."""

    id: UUID
    problem_code: str
    urgency: str
    status: int
    sensitivity: str
    reported_on: date
    area_match: str
    area_code: str
    """The finest area that it has now."""
    stated_code: str | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class ChoiceMade:
    """What was chosen of a case last, and what was there before."""

    id: UUID
    chosen: str
    match_before: str
    stated_before: str | None
    village_before: str | None
    lon_before: float | None
    lat_before: float | None
    accuracy_before: float | None
    chosen_at: Any


def list_unsettled(session: Session, within: str = COUNTRY, page: int = 1) -> list[Unsettled]:
    """Return a page of cases whose area is in doubt and that nobody has decided as they are now, oldest first."""
    given: dict[str, Any] = {"limit": PAGE, "before": (page - 1) * PAGE, "unsettled": list(UNSETTLED)}
    given |= uncounted()
    if within != COUNTRY:
        given |= {"within": within, "province": within[:2]}
    sql = _UNSETTLED.format(columns=_COLUMNS, within=within_sql(level_of(within)))
    ordered = f"{sql} ORDER BY c.area_match, c.reported_on, c.id LIMIT :limit OFFSET :before"
    return [Unsettled(**row._mapping) for row in session.execute(text(ordered), given)]


def count_unsettled(session: Session, within: str = COUNTRY) -> int:
    """Count them."""
    given: dict[str, Any] = {"unsettled": list(UNSETTLED)} | uncounted()
    if within != COUNTRY:
        given |= {"within": within, "province": within[:2]}
    sql = _UNSETTLED.format(columns="count(*)", within=within_sql(level_of(within)))
    return int(session.execute(text(sql), given).scalar_one())


def may_write(session: Session, case_id: UUID) -> bool:
    """Say whether the session's scope may change a case, as the database's own rules have it; it is locked."""
    return session.execute(_WRITABLE, {"id": case_id}).one_or_none() is not None


def choose_area(session: Session, scope: Scope, case_id: UUID, chosen: Chosen, area: str | None = None) -> CaseRecord:
    """Settle the area of a case and return it as it is then. The session is the product's own: figures follow.

    Whoever calls has seen that `scope` may change the case. Raises CaseNotFound, AreaNotChosen, AreaNotServed,
    UnknownArea.
    """
    session.execute(_WRITABLE, {"id": case_id})
    case = get_case(session, case_id)
    allowed = CHOICES.get(case.area_match, ())
    if chosen not in allowed or (chosen == "area") != (area is not None) or (chosen == "stated" and not _stated(case)):
        raise AreaNotChosen(match=case.area_match, allowed=", ".join(allowed) or "–")
    choice = new_id()
    session.execute(_KEEP, {"id": case_id, "choice": choice, "chosen": chosen, "actor": scope.actor_id})
    if chosen != "kept":
        update_case(session, case_id, _settled(case, chosen, area), actor_id=scope.actor_id)
        if case.area_code == UNKNOWN and case.unit_id is None:
            _hand_over(session, scope, case_id)
        _check_served(session, case_id)
    session.execute(_AFTER, {"choice": choice, "case": case_id})
    return get_case(session, case_id)


def find_choice(session: Session, case_id: UUID) -> ChoiceMade | None:
    """Return what was chosen of a case last."""
    row = session.execute(_LAST, {"id": case_id}).one_or_none()
    return ChoiceMade(**row._mapping) if row else None


def take_back_choice(session: Session, scope: Scope, case_id: UUID) -> CaseRecord:
    """Give a case back the place that it had before the last choice. The session is the product's own.

    Raises CaseNotFound, AreaNotChosen.
    """
    session.execute(_WRITABLE, {"id": case_id})
    case, last = get_case(session, case_id), find_choice(session, case_id)
    if last is None:
        raise AreaNotChosen(match=case.area_match, allowed="–")
    place = {"lat": last.lat_before, "lon": last.lon_before, "accuracy_m": last.accuracy_before}
    named = {"stated_code": last.stated_before, "village_code": last.village_before}
    values = replace(case.values, **named, **place)  # type: ignore[arg-type]
    session.execute(_FORGET, {"choice": last.id, "id": case_id})
    update_case(session, case_id, values, actor_id=scope.actor_id)
    session.execute(_NOBODYS, {"id": case_id, "unknown": UNKNOWN})
    _check_served(session, case_id)
    return get_case(session, case_id)


def _stated(case: CaseRecord) -> str | None:
    return case.values.stated_code or case.values.village_code


def _settled(case: CaseRecord, chosen: Chosen, area: str | None) -> CaseValues:
    if chosen == "stated":
        return replace(case.values, lat=None, lon=None, accuracy_m=None)
    code = case.area_code if chosen == "point" else area
    return _without_foreign_village(replace(case.values, stated_code=code), code)


def _without_foreign_village(values: CaseValues, code: str | None) -> CaseValues:
    """Take a village away that lies in another subdistrict than the area chosen."""
    village = values.village_code
    return values if village is None or code is None or village.startswith(code) else replace(values, village_code=None)


def _hand_over(session: Session, scope: Scope, case_id: UUID) -> None:
    """Give a case that had no place and was nobody's to the office of its place. Raises AreaNotServed without one."""
    case = get_case(session, case_id)
    office = closest_office(
        session, [code for code in (case.province_code, case.district_code, case.subdistrict_code) if code]
    )
    if office is None:
        raise AreaNotServed(area=case.area_code)
    assign_unit(session, scope, case_id, office)


def _check_served(session: Session, case_id: UUID) -> None:
    case = get_case(session, case_id)
    if case.area_code != UNKNOWN and session.execute(_SERVED, {"id": case_id}).one_or_none() is None:
        raise AreaNotServed(area=case.area_code)


_COLUMNS = (
    "c.id, c.problem_code, c.urgency, c.status, c.sensitivity, c.reported_on, c.area_match,"
    " coalesce(c.subdistrict_code, c.district_code, c.province_code) AS area_code, c.stated_code,"
    " ST_X(c.point) AS lon, ST_Y(c.point) AS lat"
)
_UNSETTLED = (
    'SELECT {columns} FROM "case" AS c WHERE c.area_match = ANY (:unsettled) AND c.cases = 1'
    " AND c.status <> ALL (:uncounted)"
    " AND {within} AND NOT EXISTS (SELECT FROM area_choice AS a WHERE a.province_code = c.province_code"
    " AND a.case_id = c.id AND a.stated_after IS NOT DISTINCT FROM c.stated_code"
    " AND ST_AsBinary(a.point_after) IS NOT DISTINCT FROM ST_AsBinary(c.point))"
)
_WRITABLE = text('SELECT id FROM "case" WHERE id = :id FOR UPDATE')
_KEEP = text(
    "INSERT INTO area_choice (province_code, case_id, id, chosen, match_before, stated_before, village_before,"
    " point_before, accuracy_before, actor_id) SELECT province_code, id, :choice, :chosen, area_match, stated_code,"
    ' village_code, point, accuracy_m, :actor FROM "case" WHERE id = :id'
)
_AFTER = text(
    'UPDATE area_choice AS a SET stated_after = c.stated_code, point_after = c.point FROM "case" AS c'
    " WHERE a.id = :choice AND c.id = :case AND c.province_code = a.province_code AND a.case_id = c.id"
)
_FORGET = text("DELETE FROM area_choice WHERE id = :choice AND case_id = :id")
_LAST = text(
    "SELECT id, chosen, match_before, stated_before, village_before, ST_X(point_before) AS lon_before,"
    " ST_Y(point_before) AS lat_before, accuracy_before, chosen_at FROM area_choice"
    " WHERE case_id = :id ORDER BY chosen_at DESC, id DESC LIMIT 1"
)
_NOBODYS = text(
    "UPDATE \"case\" AS c SET unit_id = NULL WHERE c.id = :id AND c.province_code = :unknown AND c.sensitivity <> 'L3'"
    " AND NOT EXISTS (SELECT FROM unit_area AS u WHERE u.unit_id = c.unit_id AND u.area_code = 'TH')"
)
"""A case without a place is seen by those who serve the country, not by the office that it had come to."""
_SERVED = text(
    'SELECT c.id FROM "case" AS c WHERE c.id = :id AND (c.unit_id IS NULL OR EXISTS (SELECT FROM unit_area AS u'
    " WHERE u.unit_id = c.unit_id AND (u.area_code = 'TH' OR starts_with("
    "coalesce(c.subdistrict_code, c.district_code, c.province_code), u.area_code))))"
)
