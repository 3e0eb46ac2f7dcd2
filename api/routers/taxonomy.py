"""Taxonomies: the words for problems, target groups, urgency and status."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.answers import answer_model
from api.dependencies import known_parameters
from api.schemas.taxonomy import Taxonomy, to_taxonomy

router = APIRouter(prefix="/api/v1/taxonomy", tags=["taxonomy"], dependencies=[Depends(known_parameters)])


@router.get("", response_model=Taxonomy)
def get_taxonomy(request: Request) -> Response:
    """ประเภทปัญหา กลุ่มเป้าหมาย ความเร่งด่วน และสถานะ / Problems, target groups, urgency and status."""
    return answer_model(request, to_taxonomy())
