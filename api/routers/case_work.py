"""Work on cases: steps, closing by two, assignment, visits, help, and the history of all; every change is on record."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import case_work
from api.auth.depends import SignedIn, Writing
from api.auth.errors import UnitNotFound
from api.auth.words import shown
from api.database import transaction
from api.dependencies import ReadSession, WriteSession, known_parameters, require
from api.schemas.case_history import History, to_history
from api.schemas.case_work import (
    AwaitingCases,
    ClosingCounts,
    Made,
    MadeVisit,
    Moved,
    NewAssignment,
    NewAssistance,
    NewClosing,
    NewStep,
    NewVisit,
    Noted,
    Overdue,
    to_awaiting,
    to_moved,
    to_overdue,
)
from api.schemas.cases import Reason
from layers.models import Unit
from layers.scope import Scope
from layers.taxonomy import CLOSED

router = APIRouter(prefix="/api/v1", tags=["case work"], dependencies=[Depends(known_parameters)])

CaseReading = Annotated[Scope, Depends(require("case.read"))]
CaseWriting = Annotated[Scope, Depends(require("case.write"))]


@router.get("/cases/awaiting-team")
def get_awaiting(session: Writing, caller: SignedIn) -> AwaitingCases:
    """เรื่องลับที่รอตั้งทีม / Secret cases of your units that wait for a team; nothing of what they are about."""
    return to_awaiting(case_work.awaiting_team(session, caller.scope))


@router.get("/overdue")
def get_overdue(session: ReadSession, scope: CaseReading) -> Overdue:
    """เรื่องที่เกินกำหนด / What is overdue among the cases that you may read."""
    return to_overdue(case_work.overdue(session, scope))


@router.get("/closings")
def get_closings(session: ReadSession, scope: CaseReading, since: date) -> ClosingCounts:
    """ยุติแล้วและเปิดซ้ำกี่ครั้ง / How often cases that you may read were closed, and opened again, from a day on."""
    found = case_work.closings(session, scope, since)
    return ClosingCounts(since=since, closed=found.closed, reopened=found.reopened)


@router.get("/cases/{case_id}/history")
def get_history(request: Request, session: ReadSession, scope: CaseReading, case_id: UUID) -> History:
    """ประวัติการดำเนินการของเรื่อง / All work on a case. A secret one asks for a reason: POST to the same address."""
    return _history(request, session, scope, case_id, None)


@router.post("/cases/{case_id}/history")
def read_history(request: Request, session: ReadSession, scope: CaseReading, case_id: UUID, given: Reason) -> History:
    """เปิดอ่านประวัติพร้อมเหตุผล / Read all work on a case, saying why."""
    return _history(request, session, scope, case_id, given.reason)


@router.post("/cases/{case_id}/steps", status_code=201)
def post_step(session: WriteSession, scope: CaseWriting, case_id: UUID, given: NewStep) -> Moved:
    """เปลี่ยนสถานะตามขั้นตอน / Take a case one allowed step further."""
    event = case_work.step(session, scope, case_id, given.to, note=given.note, evidence=given.evidence)
    return to_moved(given.to, event)


@router.post("/cases/{case_id}/closing", status_code=201)
def post_closing(session: WriteSession, scope: CaseWriting, case_id: UUID, given: NewClosing) -> Made:
    """เสนอยุติเรื่องพร้อมหลักฐาน / Propose to close a case, with evidence; somebody else confirms it."""
    return Made(id=case_work.propose(session, scope, case_id, given.reason, given.evidence))


@router.post("/cases/{case_id}/closing/confirm")
def post_confirm(session: WriteSession, scope: CaseWriting, case_id: UUID) -> Moved:
    """ยืนยันการยุติเรื่องที่ผู้อื่นเสนอ / Confirm the closing that somebody else proposed."""
    return to_moved(CLOSED, case_work.confirm(session, scope, case_id))


@router.post("/cases/{case_id}/closing/decline", status_code=204)
def post_decline(session: WriteSession, scope: CaseWriting, case_id: UUID, given: Noted) -> Response:
    """ไม่ยืนยันการยุติเรื่อง / Decline a closing, or take back one's own."""
    case_work.decline(session, scope, case_id, given.note)
    return Response(status_code=204)


@router.post("/cases/{case_id}/assignment", status_code=204)
def post_assignment(session: Writing, caller: SignedIn, case_id: UUID, given: NewAssignment) -> Response:
    """มอบหมายเรื่องให้หน่วยงานและทีม / Give a case to a unit, and put people of it into the team."""
    case_work.assign(session, caller.scope, case_id, unit_of(session, given.unit), given.team)
    return Response(status_code=204)


@router.post("/cases/{case_id}/visits", status_code=201)
def post_visit(session: WriteSession, scope: CaseWriting, case_id: UUID, given: NewVisit) -> Made:
    """นัดเยี่ยมติดตาม / Plan a follow-up visit."""
    return Made(id=case_work.plan(session, scope, case_id, given.due_on, given.note))


@router.post("/cases/{case_id}/visits/{visit_id}/made", status_code=204)
def post_made_visit(
    session: WriteSession, scope: CaseWriting, case_id: UUID, visit_id: UUID, given: MadeVisit
) -> Response:
    """บันทึกผลการเยี่ยม / Note that a visit was made."""
    case_work.visited(session, scope, case_id, visit_id, given.done_on, given.note)
    return Response(status_code=204)


@router.post("/cases/{case_id}/assistance", status_code=201)
def post_assistance(session: WriteSession, scope: CaseWriting, case_id: UUID, given: NewAssistance) -> Made:
    """บันทึกความช่วยเหลือที่ให้ / Note help that was given, by welfare system and kind."""
    about = (given.welfare_system, given.kind, given.given_on)
    return Made(id=case_work.give(session, scope, case_id, *about, amount=given.amount, note=given.note))


@router.post("/cases/{case_id}/assistance/{assistance_id}/correction", status_code=201)
def post_correction(
    session: WriteSession, scope: CaseWriting, case_id: UUID, assistance_id: UUID, given: NewAssistance
) -> Made:
    """แก้ไขความช่วยเหลือที่บันทึกไว้ / Correct what was noted of help; what was noted before stays in the history."""
    about = (given.welfare_system, given.kind, given.given_on)
    more = {"amount": given.amount, "note": given.note}
    return Made(id=case_work.correct(session, scope, case_id, assistance_id, *about, **more))  # type: ignore[arg-type]


def unit_of(session: Session, key: str) -> int:
    """Return the number of a unit. Raises UnitNotFound."""
    found = session.execute(select(Unit.id).where(Unit.key == key)).scalar_one_or_none()
    if found is None:
        raise UnitNotFound(unit=shown(key))
    return found


def _history(request: Request, session: Session, scope: Scope, case_id: UUID, reason: str | None) -> History:
    case, work = case_work.read_work(session, scope, case_id, reason)
    with transaction(request.app.state.engine, Scope.system("names of who did the work")) as own:
        names = case_work.names_of(own, work.actors)
    return to_history(case, work, names)
