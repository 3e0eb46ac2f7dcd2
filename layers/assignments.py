"""To which unit a case is given, and secret cases that wait for a team. The session is the product's own.

Whoever assigns need not be able to read the case: a head may give a secret one to a team and not read it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, text, update
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from layers.case_work_models import CaseAssignment
from layers.cases import CaseNotFound, new_id
from layers.models import Case, CaseMember, Unit, UnitArea
from layers.outbox import enqueue
from layers.scope import SYSTEM, Scope
from layers.taxonomy import OVER


class UnitNotServing(SocialMapError):
    """A unit that does not exist, or that serves none of the case's areas."""

    key = "case_work.unit_not_serving"


@dataclass(frozen=True)
class Awaiting:
    """A secret case without a team: enough to name one, nothing of what it is about."""

    id: UUID
    district_code: str | None
    urgency: str
    received_at: datetime


@dataclass(frozen=True)
class Assigned:
    """That a case was given to a unit."""

    unit_id: int
    unit_th: str
    unit_en: str
    actor_id: UUID | None
    happened_at: datetime


def assign_unit(session: Session, scope: Scope, case_id: UUID, unit_id: int) -> bool:
    """Give a case to a unit that serves its area; members of another unit leave its team. Return whether it changed.

    Raises CaseNotFound for a case beyond the scope's units and areas, UnitNotServing.
    """
    case = lock_assignable(session, scope, case_id)
    if case.unit_id == unit_id:
        return False
    check_serving(session, unit_id, codes_of(case))
    mine = (Case.province_code == case.province_code, Case.id == case_id)
    session.execute(update(Case).where(*mine).values(unit_id=unit_id))
    left = (CaseMember.province_code == case.province_code, CaseMember.case_id == case_id)
    session.execute(delete(CaseMember).where(*left, CaseMember.unit_id != unit_id))
    made = new_id()
    row = {"province_code": case.province_code, "case_id": case_id, "id": made, "unit_id": unit_id}
    session.execute(insert(CaseAssignment).values(row | {"actor_id": scope.actor_id}))
    about: Any = {"province": case.province_code, "case_id": case_id, "caused_by": scope.actor_id}
    enqueue(session, "assigned", key=f"assigned:{made}", unit_id=unit_id, params={"to": "unit"}, **about)
    return True


def closest_office(session: Session, codes: list[str]) -> int | None:
    """Return the office that serves one of the areas `codes` closest, None where none does."""
    found: int | None = session.execute(_OFFICE, {"areas": codes}).scalar_one_or_none()
    return found


def lock_assignable(session: Session, scope: Scope, case_id: UUID) -> Row[Any]:
    """Return the place and unit of a case that the scope may give to others, locked. Raises CaseNotFound.

    It is of an own unit, or of none yet, and in an own area.
    """
    columns = (Case.province_code, Case.district_code, Case.subdistrict_code, Case.village_code, Case.unit_id)
    case: Row[Any] | None = session.execute(select(*columns).where(Case.id == case_id).with_for_update()).one_or_none()  # type: ignore[assignment]
    if case is None:
        raise CaseNotFound(id=case_id)
    own = case.unit_id is None or case.unit_id in scope.units
    if scope.role != SYSTEM and not (own and any(scope.covers(code) for code in codes_of(case))):
        raise CaseNotFound(id=case_id)
    return case


def check_serving(session: Session, unit_id: int, codes: list[str]) -> str:
    """Return the kind of a unit that serves one of the areas `codes`; raise UnitNotServing for any other."""
    serves = UnitArea.area_code.in_([*codes, COUNTRY])
    asked = select(Unit.kind).join(UnitArea, UnitArea.unit_id == Unit.id).where(Unit.id == unit_id, serves)
    kind = session.execute(asked.limit(1)).scalar_one_or_none()
    if kind is None:
        raise UnitNotServing(unit=unit_id)
    return kind


def codes_of(case: Any) -> list[str]:
    """Return the codes of a case's areas, the province first."""
    held = (case.province_code, case.district_code, case.subdistrict_code, case.village_code)
    return [code for code in held if code]


def list_awaiting_team(session: Session, scope: Scope, limit: int = 200) -> list[Awaiting]:
    """Return open secret cases of own units and areas that nobody is in the team of, oldest first."""
    own = {"units": sorted(scope.units), "areas": None if scope.areas is None else sorted(scope.areas)}
    return [Awaiting(**row._mapping) for row in session.execute(_AWAITING, own | {"over": list(OVER), "limit": limit})]


def list_assignments(session: Session, case_id: UUID) -> list[Assigned]:
    """Return to which units a case was given, oldest first, if the session may read the case."""
    return [Assigned(**row._mapping) for row in session.execute(_ASSIGNED, {"id": case_id})]


_OFFICE = text("""
SELECT u.id FROM unit AS u JOIN unit_area AS a ON a.unit_id = u.id
WHERE u.kind = 'office'
  AND (a.area_code = 'TH' OR EXISTS (SELECT FROM unnest(CAST(:areas AS text[])) AS c WHERE starts_with(c, a.area_code)))
ORDER BY a.area_code = 'TH', length(a.area_code) DESC, u.id LIMIT 1
""")
_AWAITING = text("""
SELECT c.id, c.district_code, c.urgency, c.recorded_at AS received_at FROM "case" AS c
WHERE c.sensitivity = 'L3' AND c.unit_id = ANY (:units) AND c.status <> ALL (:over) AND c.cases = 1
  AND (CAST(:areas AS varchar[]) IS NULL
       OR ARRAY[c.province_code, c.district_code, c.subdistrict_code, c.village_code] && CAST(:areas AS varchar[]))
  AND NOT EXISTS (SELECT FROM case_member AS m WHERE m.province_code = c.province_code AND m.case_id = c.id)
ORDER BY c.recorded_at, c.id LIMIT :limit
""")
_ASSIGNED = text("""
SELECT a.unit_id, u.name_th AS unit_th, u.name_en AS unit_en, a.actor_id, a.happened_at
FROM case_assignment AS a JOIN unit AS u ON u.id = a.unit_id WHERE a.case_id = :id ORDER BY a.happened_at, a.id
""")
