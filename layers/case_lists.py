"""Lists of cases and their places, as a scope may read them: the database leaves out what it may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from boundaries.codes import COUNTRY, level_of
from layers.models import Case
from layers.rollups import uncounted
from layers.taxonomy import get_problem

OPEN_LEVELS = ("L0", "L1")
"""Sensitivities whose places partners may be shown, displaced."""


@dataclass(frozen=True)
class CaseLine:
    """One case in a list: what it is and how far, nothing of whom it concerns."""

    id: UUID
    problem_code: str
    status: int
    urgency: str
    sensitivity: str
    reported_on: date
    date_precision: str
    cases: int
    """How many cases it stands for."""
    province_code: str
    district_code: str | None
    subdistrict_code: str | None
    unit_id: int | None

    @property
    def area_code(self) -> str:
        """The finest code known, '00' if none."""
        return self.subdistrict_code or self.district_code or self.province_code


def list_cases(
    session: Session,
    *,
    within: str | None = None,
    problem: str | None = None,
    status: int | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[CaseLine]:
    """Return cases, newest first; `after` is the last id of the page before. Unknown codes are refused."""
    columns = [getattr(Case, name) for name in CaseLine.__dataclass_fields__]
    asked = select(*columns).where(*_chosen(within, problem, status))
    if after is not None:
        asked = asked.where(Case.id < after)
    rows = session.execute(asked.order_by(Case.id.desc()).limit(limit))
    return [CaseLine(**row._mapping) for row in rows]


def _chosen(within: str | None, problem: str | None, status: int | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if within is not None and level_of(within) != "country":
        columns = {2: Case.province_code, 4: Case.district_code, 6: Case.subdistrict_code}
        wanted += [Case.province_code == within[:2], columns[len(within)] == within]
    if problem is not None:
        length = len(get_problem(problem).code)
        wanted.append(Case.problem_code == problem if length > 3 else Case.problem_code.startswith(problem))
    if status is not None:
        wanted.append(Case.status == status)
    return wanted


@dataclass(frozen=True)
class CasePlace:
    """Where a case is, in degrees (EPSG:4326)."""

    id: UUID
    problem_code: str
    status: int
    sensitivity: str
    subdistrict_code: str | None
    lon: float
    lat: float


_PLACES = """
SELECT id, problem_code, status, sensitivity, subdistrict_code, ST_X(point) AS lon, ST_Y(point) AS lat
FROM "case"
WHERE point IS NOT NULL AND status <> ALL (:uncounted) {chosen} ORDER BY id DESC LIMIT :limit
"""


def list_places(
    session: Session,
    *,
    within: str,
    problem: str | None = None,
    units: Sequence[int] | None = None,
    sensitivities: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
    limit: int = 2000,
) -> list[CasePlace]:
    """Return the places of cases that have one, newest first; what is no case in figures is none on a map.

    `units`, `sensitivities` and `areas` narrow what is asked on behalf of somebody who may not read cases.
    """
    params: dict[str, Any] = {"limit": limit, "within": within, "province": within[:2], "problem": problem}
    params |= uncounted()
    chosen = "" if within == COUNTRY else " AND province_code = :province"
    if level_of(within) in ("district", "subdistrict"):
        chosen += " AND left(coalesce(subdistrict_code, district_code), length(:within)) = :within"
    if problem:
        chosen += " AND left(problem_code, length(:problem)) = :problem"
    if units is not None:
        chosen += " AND unit_id = ANY(:units)"
        params["units"] = list(units)
    if sensitivities is not None:
        chosen += " AND sensitivity = ANY(:sensitivities)"
        params["sensitivities"] = list(sensitivities)
    if areas is not None:
        chosen += " AND ARRAY[province_code, district_code, subdistrict_code] && CAST(:areas AS varchar[])"
        params["areas"] = list(areas)
    rows = session.execute(text(_PLACES.format(chosen=chosen)), params)
    return [CasePlace(**row._mapping) for row in rows]
