"""A team's meeting approves a plan: its rules are checked, and the plan that it replaces is superseded at once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.errors import SocialMapError
from boundaries.messages import text
from boundaries.names import clean
from layers.cases import new_id
from layers.personal_text import check_publishable, is_storable
from layers.scope import Scope
from mapping.mindmaps import BadMindMap, Fault, MindMap, faults
from mapping.models import Plan
from mapping.plan_carrying import carry_work
from mapping.plan_changes import note_changes
from mapping.plan_mind_map import to_mind_map
from mapping.plan_tree import Action, Change
from mapping.plans import PlanRecord, get_plan, get_tree, lock_draft, set_number

LONGEST_MEETING = 200


class BadMeeting(SocialMapError):
    """A plan is approved by a meeting with a name, on a day that has come."""

    key = "plan.bad_meeting"


def approve(session: Session, scope: Scope, plan_id: UUID, meeting: str, day: date, today: date) -> PlanRecord:
    """Make a draft the approved plan of its area, problem and year; what was approved before is superseded.

    Work that was noted on the plan before while its revision was drafted comes along.

    Raises as lock_draft; BadMeeting, PersonalDataInText, BadMindMap for the first rule that the plan does not keep.
    """
    plan = lock_draft(session, scope, plan_id)
    name = clean(meeting) if is_storable(meeting) else ""
    if not 1 <= len(name) <= LONGEST_MEETING or not date(1900, 1, 1) <= day <= today:
        raise BadMeeting(long=LONGEST_MEETING)
    check_publishable(name)
    mind_map = to_mind_map(plan, get_tree(session, plan), get_area(session, plan.area_code), today)
    for fault in open_points(mind_map):
        raise BadMindMap(area=mind_map.area_name, place=fault.place, rule_th=fault.rule.th, rule_en=fault.rule.en)
    plan = _supersede(session, scope, plan)
    _note(session, scope, plan, "approve", name)
    mine = (Plan.province_code == plan.province_code, Plan.id == plan.id)
    session.execute(update(Plan).where(*mine).values(state="approved", approved_by=name, approved_on=day))
    return get_plan(session, scope, plan.id)


def open_points(mind_map: MindMap) -> Iterator[Fault]:
    """Yield what a team still has to settle before its plan can be approved: rules of the method, and open fields."""
    if not mind_map.causes:
        yield Fault("causes", text("plan.rule.cause"))
    if not mind_map.solutions:
        yield Fault("solutions", text("plan.rule.solution"))
    if mind_map.goal == text("plan.open.goal").th:
        yield Fault("goal", text("plan.rule.goal"))
    yield from faults(mind_map)
    for number, solution in enumerate(mind_map.solutions, start=1):
        for row, activity in enumerate(solution.activities, start=1):
            for field in ("lead", "period"):
                if getattr(activity, field) is None:
                    yield Fault(f"solutions.{number}.activities.{row}.{field}", text(f"plan.rule.{field}"))


def _supersede(session: Session, scope: Scope, plan: PlanRecord) -> PlanRecord:
    same = (
        Plan.province_code == plan.province_code,
        Plan.area_code == plan.area_code,
        Plan.problem_code == plan.problem_code,
        Plan.fiscal_year == plan.fiscal_year,
        Plan.state == "approved",
    )
    asked = update(Plan).where(*same).values(number=Plan.number).returning(Plan.id)  # locked, and still approved
    for found in session.execute(asked).scalars().all():
        before = get_plan(session, scope, found)
        plan = carry_work(session, scope, plan, before)
        _note(session, scope, before, "supersede", str(plan.id))
        session.execute(update(Plan).where(*same, Plan.id == found).values(state="superseded"))
    return plan


def _note(session: Session, scope: Scope, plan: PlanRecord, action: Action, new: str) -> None:
    number = plan.number + 1
    made = Change(
        number, new_id(), action, None, None, None, new, plan.number, False, scope.actor_id, datetime.now(UTC)
    )
    note_changes(session, plan, [made])
    set_number(session, plan, number)
