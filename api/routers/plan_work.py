"""What plans add up to and what is late, as JSON and as files; how the work of a plan goes is noted here."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.audit import record
from api.database import transaction
from api.dependencies import Asking, ReadSession, known_parameters, require
from api.made_files import answer_file
from api.plan_work.asked import Asked, WorkQuery, asked_work
from api.routers.exports import Queue
from api.schemas.common import to_words
from api.schemas.plan_work import (
    CountryWork,
    OverdueActivities,
    Policies,
    Policy,
    UntaggedPlans,
    Work,
    to_country,
    to_overdue,
    to_work,
)
from api.schemas.plans import AskedChanges, PlanApplied, Year, to_plan_applied, to_plan_line
from layers.exporting.formats import FORMATS, write
from layers.scope import Scope
from mapping.plan_asking import Operation
from mapping.plan_changes import Applied
from mapping.plan_country import country_plans
from mapping.plan_progress import check_noting, note_progress
from mapping.plan_work import MOST_OVERDUE, list_overdue, roll_up
from mapping.plan_work_file import work_content
from mapping.policies import list_untagged, tag_titles

router = APIRouter(prefix="/api/v1", tags=["work"], dependencies=[Depends(known_parameters)])

WorkFormat = Annotated[Literal["csv", "dictionary.csv", "xlsx"], Path()]
YearQuery = Annotated[Year | None, Query()]
MOST_UNTAGGED = 1_000
PlanWriting = Annotated[Scope, Depends(require("plan.write"))]


@router.get("/work")
def get_work(session: ReadSession, scope: Asking, asked: Asked) -> Work:
    """งบประมาณและสถานะของแผนทุกระดับ / Budget and status of plans, added up to an area; drafts apart."""
    return to_work(roll_up(session, scope, asked.area, asked.first, asked.today))


@router.get("/work/overdue")
def get_overdue(session: ReadSession, scope: Asking, asked: Asked) -> OverdueActivities:
    """กิจกรรมที่ล่าช้า / Activities of approved plans that are late, the oldest first."""
    found = list_overdue(session, scope, asked.area, asked.first, asked.today, MOST_OVERDUE + 1)
    return to_overdue(found, asked.today, MOST_OVERDUE)


@router.get("/work/country")
def get_country(session: ReadSession, scope: Asking, fiscal_year: YearQuery = None) -> CountryWork:
    """สาเหตุ แนวทาง และงบประมาณของทั้งประเทศ / Causes, solutions and costs that approved plans of the country name."""
    asked = asked_work(scope, None, fiscal_year)
    return to_country(country_plans(session, scope, asked.first), asked.year)


@router.get("/work/untagged")
def get_untagged(session: ReadSession, scope: Asking, fiscal_year: YearQuery = None) -> UntaggedPlans:
    """แผนที่ยังไม่ระบุนโยบาย / Drafts and approved plans of a year that name no policy."""
    asked = asked_work(scope, None, fiscal_year)
    found = list_untagged(session, scope, asked.first, MOST_UNTAGGED + 1)
    return UntaggedPlans(plans=[to_plan_line(each) for each in found[:MOST_UNTAGGED]], more=len(found) > MOST_UNTAGGED)


@router.get("/policies")
def get_policies(session: ReadSession) -> Policies:
    """นโยบายที่แผนอ้างถึงได้ / The policies that plans may name: themes, dimensions, welfare systems."""
    held = tag_titles(session)
    return Policies(policies=[Policy(tag=tag, title=to_words(title)) for tag, title in held.items()])


@router.get("/work.{format}")
def export_work(
    request: Request, session: ReadSession, scope: Asking, turns: Queue, format: WorkFormat, asked: Asked
) -> Response:
    """งบประมาณและสถานะเป็นแฟ้ม / The same as a file, one line for each area, state, source and status."""
    with turns.taken():
        content = work_content(session, scope, roll_up(session, scope, asked.area, asked.first, asked.today))
        _note_export(session, scope, asked, format, len(content.rows))
        session.rollback()  # its connection goes back: making the file needs none
        name = f"plan-work-{asked.area}-{asked.year}-{scope.audience}.{format}"
        folder, headers = request.app.state.settings.socialmap_home, {"Cache-Control": "no-store"}
        return answer_file(folder, name, FORMATS[format].media_type, lambda file: write(content, format, file), headers)


@router.post("/plans/{plan_id}/progress")
def post_progress(request: Request, scope: PlanWriting, plan_id: UUID, given: AskedChanges) -> PlanApplied:
    """รายงานความก้าวหน้าของแผน / Note how work goes: `status` and `actual` alone, in a draft or an approved plan."""
    return to_plan_applied(noted(request, scope, plan_id, [each.to_operation() for each in given.operations]))


def noted(request: Request, scope: Scope, plan_id: UUID, operations: list[Operation]) -> Applied:
    """Note how the work of a plan goes, and put it on record. Raises as `note_progress`."""
    engine = request.app.state.engine
    with transaction(engine, scope) as session:
        state = check_noting(session, scope, plan_id).state
    own = replace(Scope.system("plan.progress"), actor_id=scope.actor_id) if state == "approved" else scope
    with transaction(engine, own) as session:
        applied = note_progress(session, scope, plan_id, operations)
        if done := sum(each.state == "done" for each in applied.results):
            plan = applied.plan
            what = {"change": "progress", "area": plan.area_code, "problem": plan.problem_code}
            details = what | {"number": plan.number, "count": done}
            record(session, scope, "plan_change", kind="plan", object_id=plan.id, details=details)
        return applied


def _note_export(session: Session, scope: Scope, asked: WorkQuery, format: str, count: int) -> None:
    what = {"area": asked.area, "period": f"fy{asked.year}", "format": format}
    details = what | {"audience": scope.audience, "count": count}
    record(session, scope, "export", kind="plan-work", details=details)
