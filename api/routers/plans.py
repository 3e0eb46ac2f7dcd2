"""Plans of areas: read by everybody once approved, worked on by the staff of their areas; every change is on record."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.models import Account
from api.auth.signing_in import AUTH
from api.database import reading
from api.dependencies import Asking, CodeQuery, ReadSession, WriteSession, known_parameters, require
from api.errors import ParameterBad
from api.planning.noting import note_plan_change
from api.schemas.plans import (
    FARTHEST,
    Approval,
    AskedChanges,
    Branch,
    BranchCopied,
    NewPlan,
    PlanApplied,
    PlanChanges,
    Plans,
    Restoring,
    WholePlan,
    Year,
    to_branch_copied,
    to_plan_applied,
    to_plan_changes,
    to_plan_line,
    to_whole_plan,
)
from boundaries.dates import BANGKOK
from layers.cases import new_id
from layers.dates import fiscal_year_start
from layers.scope import Scope
from mapping.plan_approving import approve
from mapping.plan_branches import copy_branch
from mapping.plan_changes import MOST_LISTED, Applied, apply_operations, list_changes, list_history
from mapping.plan_making import create_copy, create_from_template
from mapping.plan_restoring import restore
from mapping.plan_tree import Change
from mapping.plans import HistoryClosed, PlanRecord, get_plan, get_tree, list_plans, sees_work

router = APIRouter(prefix="/api/v1/plans", tags=["plans"], dependencies=[Depends(known_parameters)])

MOST_PLANS = 1_000
HISTORY = 100
"""Changes of one answer of the history."""
PlanWriting = Annotated[Scope, Depends(require("plan.write"))]
PlanApproving = Annotated[Scope, Depends(require("plan.approve"))]
PlanReading = Annotated[Scope, Depends(require("plan.read"))]
NumberQuery = Annotated[int | None, Query(ge=0, le=FARTHEST)]


@router.get("")
def get_plans(
    session: ReadSession,
    scope: Asking,
    area: CodeQuery = None,
    problem: CodeQuery = None,
    fiscal_year: Annotated[Year | None, Query()] = None,
) -> Plans:
    """แผนที่ท่านอ่านได้ / The plans that you may read: approved ones, and those that your office works on."""
    year = fiscal_year_start(fiscal_year) if fiscal_year else None
    found = list_plans(session, scope, area=area, problem=problem, fiscal_year=year, limit=MOST_PLANS + 1)
    return Plans(plans=[to_plan_line(each) for each in found[:MOST_PLANS]], more=len(found) > MOST_PLANS)


@router.post("", status_code=201)
def create_plan(session: WriteSession, scope: PlanWriting, given: NewPlan) -> WholePlan:
    """ร่างแผนใหม่จากแม่แบบหรือจากแผนอื่น / A new draft, from a problem's template or as a copy of another plan."""
    year = fiscal_year_start(given.fiscal_year)
    if given.origin == "copy":
        if given.plan is None:
            raise ParameterBad(name="plan", value="", allowed="UUID")
        made = create_copy(session, scope, given.area, given.plan, year)
    else:
        made = create_from_template(session, scope, given.area, given.problem or "", year)
    return _noted(session, scope, made, given.origin)


@router.get("/{plan_id}")
def get_one_plan(session: ReadSession, scope: Asking, plan_id: UUID) -> WholePlan:
    """แผนหนึ่งทั้งฉบับ / One plan, whole."""
    plan = get_plan(session, scope, plan_id)
    return to_whole_plan(plan, get_tree(session, plan), work=sees_work(scope, plan))


@router.post("/{plan_id}/changes")
def change_plan(session: WriteSession, scope: PlanWriting, plan_id: UUID, given: AskedChanges) -> PlanApplied:
    """แก้ไขร่างแผน / Change a draft. Sent twice, an operation is done once; one that is refused leaves the others."""
    operations = [each.to_operation() for each in given.operations]
    return _applied(session, scope, apply_operations(session, scope, plan_id, operations), "edit")


@router.get("/{plan_id}/changes")
def get_changes(
    request: Request, session: ReadSession, scope: PlanReading, plan_id: UUID, since: NumberQuery = None
) -> PlanChanges:
    """การแก้ไขหลังครั้งที่ระบุ / What changed after a number, oldest first."""
    plan = _worked_on(session, scope, plan_id)
    found = list_changes(session, plan, since or 0)
    return to_plan_changes(plan, found, _names(request, session, found), MOST_LISTED)


@router.get("/{plan_id}/history")
def get_history(
    request: Request, session: ReadSession, scope: PlanReading, plan_id: UUID, before: NumberQuery = None
) -> PlanChanges:
    """ประวัติของแผน / The history of a plan, newest first: who did what, and when."""
    plan = _worked_on(session, scope, plan_id)
    found = list_history(session, plan, before, HISTORY)
    return to_plan_changes(plan, found, _names(request, session, found), HISTORY)


@router.post("/{plan_id}/approve")
def approve_plan(session: WriteSession, scope: PlanApproving, plan_id: UUID, given: Approval) -> WholePlan:
    """อนุมัติแผนตามมติที่ประชุม / Approve a draft; the plan approved before is superseded."""
    made = approve(session, scope, plan_id, given.meeting, given.day, datetime.now(BANGKOK).date())
    return _noted(session, scope, made, "approve")


@router.post("/{plan_id}/restore")
def restore_plan(session: WriteSession, scope: PlanWriting, plan_id: UUID, given: Restoring) -> PlanApplied:
    """คืนร่างแผนให้เป็นอย่างครั้งที่ระบุ / Make a draft what it was after a change, by new changes."""
    return _applied(session, scope, restore(session, scope, plan_id, given.number), "restore")


@router.post("/{plan_id}/branches")
def post_branch(session: WriteSession, scope: PlanWriting, plan_id: UUID, given: Branch) -> BranchCopied:
    """คัดลอกกิ่งจากแผนอื่น / Copy a branch of another plan under a part; all of it or nothing, and once for one `id`."""
    asked = given.id or new_id()
    applied, part = copy_branch(session, scope, plan_id, given.plan, given.part, given.parent, asked)
    _applied(session, scope, applied, "branch")
    return to_branch_copied(applied, part)


def _noted(session: Session, scope: Scope, plan: PlanRecord, change: str) -> WholePlan:
    answer = to_whole_plan(plan, get_tree(session, plan), work=True)
    note_plan_change(session, scope, plan, change, 1)
    return answer


def _applied(session: Session, scope: Scope, applied: Applied, change: str) -> PlanApplied:
    done = sum(each.state == "done" for each in applied.results)
    if done:
        note_plan_change(session, scope, applied.plan, change, done)
    return to_plan_applied(applied)


def _worked_on(session: Session, scope: Scope, plan_id: UUID) -> PlanRecord:
    plan = get_plan(session, scope, plan_id)
    if not sees_work(scope, plan):
        raise HistoryClosed
    return plan


def _names(request: Request, session: Session, found: list[Change]) -> dict[UUID, str]:
    """Read, as the product itself, the names of colleagues who made changes."""
    wanted = {each.actor_id for each in found if each.actor_id}
    if not wanted:
        return {}
    session.rollback()  # its connection goes back first: two for each request could use up all there are
    with reading(request.app.state.engine, AUTH) as own:
        asked = select(Account.id, Account.name).where(Account.id.in_(wanted))
        return {row.id: row.name for row in own.execute(asked)}
