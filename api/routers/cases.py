"""Cases: lists, single ones, places, and whom they concern, for those who may read them; every look is on record."""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import GEOJSON
from api.audit import record
from api.auth.errors import NotAllowed, NotSignedIn
from api.cursors import from_cursor, next_address, to_cursor
from api.database import transaction
from api.dependencies import Asking, CodeQuery, ReadSession, TextQuery, known_parameters, require
from api.errors import ParameterBad
from api.identity_use import read_identity
from api.schemas.cases import Detail, Identity, Page, Reason, to_detail, to_line
from api.secrets import load_secrets
from boundaries.areas import get_area, list_shapes
from boundaries.codes import COUNTRY
from layers.case_lists import OPEN_LEVELS, CasePlace, list_cases, list_places
from layers.cases import CaseRecord, get_case
from layers.points import displaced
from layers.scope import Scope
from layers.taxonomy import get_problem

router = APIRouter(prefix="/api/v1", tags=["cases"], dependencies=[Depends(known_parameters)])

MOST = 200
READING = ("case.read", "case.read_team", "case.read_own")


def reads_cases(scope: Asking) -> Scope:
    """Let through who may read any case at all; which ones the database decides. Raises NotSignedIn, NotAllowed."""
    if not any(scope.may(one) for one in READING):
        raise NotAllowed(permission=READING[0]) if scope.actor_id else NotSignedIn
    return scope


Reading = Annotated[Scope, Depends(reads_cases)]
IdentityReading = Annotated[Scope, Depends(require("identity.read"))]


@router.get("/cases")
def get_cases(
    request: Request,
    session: ReadSession,
    scope: Reading,
    within: CodeQuery = None,
    problem: CodeQuery = None,
    status: Annotated[int | None, Query(ge=0, le=99)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    cursor: TextQuery = None,
) -> Page:
    """รายการกรณีที่ท่านเห็นได้ / The cases that you may read, newest first."""
    area, after = get_area(session, within or COUNTRY).code, _after(cursor)
    record(session, scope, "list", kind="case", details={"area": area, **_asked(problem)})
    found = list_cases(session, within=area, problem=problem, status=status, after=after, limit=limit)
    more = to_cursor(str(found[-1].id)) if len(found) == limit else None
    return Page(cases=[to_line(one) for one in found], next=next_address(request, more))


@router.get("/cases/{case_id}")
def get_one_case(session: ReadSession, scope: Reading, case_id: UUID) -> Detail:
    """กรณีหนึ่ง / One case. A secret one asks for a reason: POST to …/read."""
    return to_detail(_opened(session, scope, case_id, None))


@router.post("/cases/{case_id}/read")
def read_one_case(session: ReadSession, scope: Reading, case_id: UUID, given: Reason) -> Detail:
    """เปิดอ่านกรณีพร้อมเหตุผล / Read a case, saying why."""
    return to_detail(_opened(session, scope, case_id, given.reason))


@router.post("/cases/{case_id}/identity")
def read_case_identity(session: ReadSession, scope: IdentityReading, case_id: UUID, given: Reason) -> Identity:
    """เปิดอ่านข้อมูลระบุตัวบุคคลพร้อมเหตุผล / Read whom a case concerns, saying why."""
    found = read_identity(session, scope.with_reason(given.reason), case_id)
    return Identity(**{name: getattr(found, name) for name in Identity.model_fields})


@router.get("/points")
def get_points(
    request: Request, session: ReadSession, scope: Asking, within: CodeQuery = None, problem: CodeQuery = None
) -> Response:
    """ตำแหน่งกรณี / Places of cases: exact for who works on them, moved for partners, none for anybody else.

    Neither merged ones nor what is no case.
    """
    partner = scope.role == "partner"
    if not partner:
        reads_cases(scope)
    area = get_area(session, within or COUNTRY).code
    record(session, scope, "list", kind="point", details={"area": area, **_asked(problem)})
    if partner:
        places = _places_for_partner(request, session, scope, area, problem)
    else:
        places = list_places(session, within=area, problem=problem)
    return Response(_geojson(places, "moved" if partner else "exact"), media_type=GEOJSON)


def _opened(session: Session, scope: Scope, case_id: UUID, reason: str | None) -> CaseRecord:
    case = get_case(session, case_id)
    details = {"sensitivity": case.sensitivity}
    record(session, scope, "case_read", kind="case", object_id=case_id, reason=reason, details=details)
    return case


def _asked(problem: str | None) -> dict[str, str]:
    """Return what the audit is told of the problem asked for; only one that there is comes that far."""
    return {"problem": get_problem(problem).code} if problem else {}


def _after(cursor: str | None) -> UUID | None:
    key = from_cursor(cursor)
    try:
        return UUID(key) if key else None
    except ValueError:
        raise ParameterBad(name="cursor", value="…", allowed="next") from None


def _places_for_partner(
    request: Request, session: Session, scope: Scope, area: str, problem: str | None
) -> list[CasePlace]:
    """Read, as the product itself, the open cases of a partner's own unit in its areas, and move them."""
    with transaction(request.app.state.engine, Scope.system("points for a partner")) as own:
        found = list_places(
            own,
            within=area,
            problem=problem,
            units=sorted(scope.units),
            sensitivities=OPEN_LEVELS,
            areas=None if scope.areas is None else sorted(scope.areas),
        )
    shapes = list_shapes(session, "subdistrict", None if area == COUNTRY else area)
    by_code = dict(zip(shapes["code"], shapes.geometry, strict=True))
    return displaced(found, by_code, load_secrets().points)


def _geojson(places: list[CasePlace], how: Literal["exact", "moved"]) -> str:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(one.lon, 6), round(one.lat, 6)]},
            "properties": {
                "id": str(one.id) if how == "exact" else None,
                "problem": one.problem_code if how == "exact" else one.problem_code[:3],
                "status": one.status,
                "area": one.subdistrict_code,
                "place": how,
            },
        }
        for one in places
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
