"""Figures that the parts of a plan are bound to, all of a plan in one answer."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends

from api.dependencies import Asking, ReadSession, known_parameters
from api.schemas.plan_bindings import Bindings, to_bindings
from boundaries.areas import get_area
from boundaries.dates import BANGKOK
from mapping.plan_bindings import bindings
from mapping.plans import get_plan, get_tree

router = APIRouter(prefix="/api/v1/plans", tags=["plans"], dependencies=[Depends(known_parameters)])


@router.get("/{plan_id}/bindings")
def get_bindings(session: ReadSession, scope: Asking, plan_id: UUID) -> Bindings:
    """ตัวเลขข้างส่วนของแผน / The figures of a plan's parts: of this moment for its staff, else of the last release."""
    plan = get_plan(session, scope, plan_id)
    found = bindings(session, scope, [(plan, get_tree(session, plan))], datetime.now(BANGKOK))
    return to_bindings(found.get(plan.id, {}), get_area(session, plan.area_code))
