"""What became of resolutions (เรื่องสืบเนื่อง): of an activity in whichever plan it now stands, of a plan, of a due day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from boundaries.dates import thai_date
from boundaries.messages import Text, text
from layers.dates import english_date
from layers.scope import Scope
from mapping.meetings import MeetingRecord
from mapping.models import Plan, PlanPart
from mapping.plan_mind_map import status_on
from mapping.plans import COPY, PlanNotFound, PlanRecord, get_plan, get_tree
from mapping.resolutions import ResolutionRecord, list_open_before

FARTHEST = 50
"""Versions of a plan that a resolution's activity is looked for in."""


@dataclass(frozen=True)
class FollowUp:
    """A resolution with what became of it until a day; `plan` is the one that it is now worked on in."""

    resolution: ResolutionRecord
    became: Text
    late: bool
    plan: PlanRecord | None


def list_follow_ups(session: Session, scope: Scope, meeting: MeetingRecord, today: date) -> list[FollowUp]:
    """List what earlier meetings of the committee left open, with what became of each."""
    return follow(session, scope, list_open_before(session, meeting), today)


def follow(session: Session, scope: Scope, found: Iterable[ResolutionRecord], today: date) -> list[FollowUp]:
    """Say of resolutions what became of them, as far as the reader may see their plans."""
    return [_followed(session, scope, one, today) for one in found]


def _followed(session: Session, scope: Scope, one: ResolutionRecord, today: date) -> FollowUp:
    if one.closed_words is not None:
        return FollowUp(one, text("meeting.became.closed", words=one.closed_words), False, None)
    if one.plan_id is None:
        late = one.due_on is not None and one.due_on < today
        return FollowUp(one, text("meeting.became.late" if late else "meeting.became.open"), late, None)
    try:
        plan, part = _newest(session, scope, one.plan_id, one.part_id)
    except PlanNotFound:
        return FollowUp(one, text("meeting.became.unseen"), False, None)
    if part is None:
        return FollowUp(one, text("meeting.became.plan", **_state(plan)), False, plan)
    tree = get_tree(session, plan)
    if part not in tree.parts or not tree.shown(part):
        return FollowUp(one, text("meeting.became.removed", **_state(plan)), False, plan)
    status = status_on(tree.parts[part].fields, today)
    words = text(f"mapping.mindmap.status.{status}")
    said = text("meeting.became.activity", status_th=words.th, status_en=words.en, **_state(plan))
    return FollowUp(one, said, status == "late", plan)


def _state(plan: PlanRecord) -> dict[str, str]:
    day = plan.approved_on
    dates = {"day_th": thai_date(day) if day else "–", "day_en": english_date(day) if day else "–"}
    words = text(f"meeting.plan.{plan.state}", **dates)
    return {"state_th": words.th, "state_en": words.en}


def _newest(session: Session, scope: Scope, plan_id: UUID, part: UUID | None) -> tuple[PlanRecord, UUID | None]:
    """Follow a superseded plan, or its part, to the version that stands now. Raises PlanNotFound."""
    plan = get_plan(session, scope, plan_id)
    for _ in range(FARTHEST):
        if plan.state != "superseded":
            break
        following = _copied_part(session, plan, part) if part else _copied_plan(session, plan)
        if following is None:
            break
        plan, part = get_plan(session, scope, following[0]), following[1]
    return plan, part


def _copied_part(session: Session, plan: PlanRecord, part: UUID) -> tuple[UUID, UUID | None] | None:
    same = (Plan.province_code == PlanPart.province_code) & (Plan.id == PlanPart.plan_id)
    copied = (PlanPart.province_code == plan.province_code, PlanPart.origin == f"{COPY}{plan.id}/{part}")
    own = (Plan.area_code == plan.area_code, Plan.fiscal_year == plan.fiscal_year)
    asked = select(PlanPart.plan_id, PlanPart.id).join(Plan, same).where(*copied, *own).order_by(Plan.state).limit(1)
    row = session.execute(asked).one_or_none()
    return (row.plan_id, row.id) if row else None


def _copied_plan(session: Session, plan: PlanRecord) -> tuple[UUID, UUID | None] | None:
    copied = (Plan.province_code == plan.province_code, Plan.origin == f"{COPY}{plan.id}")
    own = (Plan.area_code == plan.area_code, Plan.fiscal_year == plan.fiscal_year)
    found = session.execute(select(Plan.id).where(*copied, *own).order_by(Plan.state).limit(1)).scalar_one_or_none()
    return (found, None) if found else None
