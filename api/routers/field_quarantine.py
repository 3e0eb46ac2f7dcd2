"""What phones sent and was set apart, for those who assign cases in the phones' areas."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth.depends import SignedIn
from api.database import transaction
from api.dependencies import known_parameters
from api.field import quarantine
from api.field.filing import FILING
from api.schemas.quarantine import Accepted, Apart, Quarantine, Refusal, to_apart, to_quarantine

router = APIRouter(prefix="/api/v1/field/quarantine", tags=["field"], dependencies=[Depends(known_parameters)])


def get_filing(request: Request) -> Iterator[Session]:
    """Give a session of the product as it files, committed before the answer is sent."""
    with transaction(request.app.state.engine, FILING) as session:
        yield session


Filing = Annotated[Session, Depends(get_filing, scope="function")]


@router.get("")
def get_quarantine(session: Filing, caller: SignedIn) -> Quarantine:
    """ซองที่ถูกกักไว้ / What is set apart of phones in your areas."""
    return to_quarantine(quarantine.list_quarantine(session, caller.scope))


@router.get("/{envelope_id}")
def get_one(session: Filing, caller: SignedIn, envelope_id: UUID) -> Apart:
    """เปิดดูซองที่ถูกกักไว้ / What one of them holds, without words about persons."""
    return to_apart(quarantine.look_at(session, caller.scope, envelope_id))


@router.post("/{envelope_id}/accept")
def post_accept(session: Filing, caller: SignedIn, envelope_id: UUID) -> Accepted:
    """รับซองเข้าแฟ้ม / File it within your own reach."""
    return Accepted(state=quarantine.accept(session, caller.scope, envelope_id))


@router.post("/{envelope_id}/refuse", status_code=204)
def post_refuse(session: Filing, caller: SignedIn, envelope_id: UUID, given: Refusal) -> Response:
    """ไม่รับซองพร้อมเหตุผล / Refuse it, saying why; it stays sealed as it is."""
    quarantine.refuse(session, caller.scope, envelope_id, given.reason)
    return Response(status_code=204)
