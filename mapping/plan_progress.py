"""How the work of a plan goes: the status of activities and what indicators reached, also after the plan was approved.

What a meeting approved stays as it is; these fields alone are noted on, each as a numbered change like any other, and
which policies a plan serves: their titles may be written after it was approved.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.scope import Scope
from mapping.models import Plan
from mapping.plan_asking import Operation, PartNotFound
from mapping.plan_changes import Applied, apply_operations, apply_to
from mapping.plans import PlanNotDraft, PlanReadOnly, PlanRecord, get_plan, get_tree

NOTED = frozenset({"status", "actual", "policy_tags"})
"""Fields that may be noted after a plan was approved."""


class NotProgress(SocialMapError):
    """Something else than how the work goes was to be noted."""

    key = "plan.work.not_progress"


def may_note(scope: Scope, plan: PlanRecord) -> bool:
    """Say whether somebody may note how the work of a plan goes: who may write plans, in their own areas."""
    return plan.state != "superseded" and scope.may("plan.write") and scope.covers(plan.area_code)


def check_noting(session: Session, scope: Scope, plan_id: UUID) -> PlanRecord:
    """Return the plan whose work is to be noted. Raises PlanNotFound, PlanNotDraft, PlanReadOnly."""
    plan = get_plan(session, scope, plan_id)
    if plan.state == "superseded":
        raise PlanNotDraft(id=plan_id)
    if not may_note(scope, plan):
        raise PlanReadOnly(id=plan_id)
    return plan


def note_progress(session: Session, scope: Scope, plan_id: UUID, operations: Sequence[Operation]) -> Applied:
    """Note how the work goes, in a draft or an approved plan.

    The database lets nobody but the product itself write into an approved plan: for one, the session must be the
    product's own. `scope` is the asker's, whose right is checked here. Raises as check_noting; NotProgress,
    PartNotFound.
    """
    plan = check_noting(session, scope, plan_id)
    if any(each.action != "set" or each.field not in NOTED for each in operations):
        raise NotProgress
    if plan.state == "draft":
        return apply_operations(session, scope, plan_id, operations)
    locked = select(Plan.number).where(
        Plan.province_code == plan.province_code, Plan.id == plan.id, Plan.state == "approved"
    )
    number = session.execute(locked.with_for_update()).scalar_one_or_none()
    if number is None:
        raise PlanNotDraft(id=plan_id)
    plan = replace(plan, number=number)
    tree = get_tree(session, plan)
    for each in operations:
        if each.part not in tree.parts or not tree.shown(each.part):
            raise PartNotFound(id=each.part or "–")
    return apply_to(session, scope, plan, operations)
