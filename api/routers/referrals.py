"""Referrals: sent by who works on a case, seen and answered by the unit that stands for the agency; all on record."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import case_work
from api.auth.depends import SignedIn, Writing
from api.database import transaction
from api.dependencies import WriteSession, known_parameters
from api.routers.case_work import CaseWriting, unit_of
from api.schemas.case_work import Made
from api.schemas.referrals import NewAnswer, NewReferral, ReceivedReferral, ReceivedReferrals, to_received
from layers.referrals import State

router = APIRouter(prefix="/api/v1", tags=["referrals"], dependencies=[Depends(known_parameters)])


def get_person_reading(request: Request) -> Iterator[Session]:
    """Give a session of the product that may open identity data for an agency, committed before the answer is sent."""
    with transaction(request.app.state.engine, case_work.READING) as session:
        yield session


PersonReading = Annotated[Session, Depends(get_person_reading, scope="function")]


@router.post("/cases/{case_id}/referrals", status_code=201)
def post_referral(session: WriteSession, scope: CaseWriting, case_id: UUID, given: NewReferral) -> Made:
    """ส่งต่อเรื่องให้หน่วยงาน / Refer a case to an agency."""
    unit = unit_of(session, given.unit) if given.unit else None
    return Made(id=case_work.refer(session, scope, case_id, given.agency, unit, given.note))


@router.post("/cases/{case_id}/referrals/{referral_id}/answer", status_code=204)
def post_noted_answer(
    session: WriteSession, scope: CaseWriting, case_id: UUID, referral_id: UUID, given: NewAnswer
) -> Response:
    """บันทึกคำตอบที่หน่วยงานแจ้งทางอื่น / Note what an agency answered by other means."""
    case_work.note_answer(session, scope, case_id, referral_id, given.state, given.note)
    return Response(status_code=204)


@router.get("/referrals")
def get_referrals(
    session: Writing, caller: SignedIn, state: Annotated[State | None, Query()] = None
) -> ReceivedReferrals:
    """เรื่องที่ส่งต่อมาถึงหน่วยงานของท่าน / What was referred to your units; nothing of persons."""
    return ReceivedReferrals(referrals=[to_received(one) for one in case_work.received(session, caller.scope, state)])


@router.get("/referrals/{referral_id}")
def get_referral(session: PersonReading, caller: SignedIn, referral_id: UUID) -> ReceivedReferral:
    """เรื่องหนึ่งที่ส่งต่อมา / One of them, with what your agency needs of the person; the look is on record."""
    return to_received(*case_work.read_received(session, caller.scope, referral_id))


@router.post("/referrals/{referral_id}/answer")
def post_answer(session: Writing, caller: SignedIn, referral_id: UUID, given: NewAnswer) -> ReceivedReferral:
    """ตอบรับ ปฏิเสธ หรือส่งคืน / Accept or decline a referral, or return one that was accepted."""
    return to_received(case_work.answer(session, caller.scope, referral_id, given.state, given.note))
