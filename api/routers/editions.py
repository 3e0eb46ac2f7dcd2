"""Editions: which boundaries are in use, and who made them."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.answers import answer_model
from api.dependencies import ReadSession, known_parameters
from api.schemas.editions import Editions, to_edition
from boundaries.editions import get_active, list_editions

router = APIRouter(prefix="/api/v1/editions", tags=["editions"], dependencies=[Depends(known_parameters)])


@router.get("", response_model=Editions)
def get_editions(request: Request, session: ReadSession) -> Response:
    """เขตการปกครองที่ใช้อยู่ พร้อมแหล่งที่มา / The boundaries in use, with licence and citation."""
    found = Editions(
        active=to_edition(get_active(session)), editions=[to_edition(edition) for edition in list_editions(session)]
    )
    return answer_model(request, found)
