"""Every change of a plan stands in the audit, whichever door it came in by."""

from sqlalchemy.orm import Session

from api.audit import record
from layers.scope import Scope
from mapping.plans import PlanRecord


def note_plan_change(session: Session, scope: Scope, plan: PlanRecord, change: str, count: int) -> None:
    """Put on record that somebody changed a plan; `count` says how many operations had an effect."""
    what = {"change": change, "area": plan.area_code, "problem": plan.problem_code}
    details = what | {"number": plan.number, "count": count}
    record(session, scope, "plan_change", kind="plan", object_id=plan.id, details=details)
