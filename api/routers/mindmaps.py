"""Mind maps: an area's plan, or the draft that it starts from."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.answers import answer_model
from api.dependencies import Asking, ReadSession, known_parameters
from api.errors import NotFound
from api.routers.areas import AreaInPath
from api.routers.figures import asked_period
from api.schemas.mindmaps import MindMap, to_mind_map
from layers.periods import Period
from mapping.area_map import shows_drafts
from mapping.plan_maps import plan_above, stored_mind_maps
from mapping.templates import draft_of_area

router = APIRouter(prefix="/api/v1/mindmaps", tags=["mindmaps"], dependencies=[Depends(known_parameters)])


class MindMapMissing(NotFound):
    """No mind map belongs to this area."""

    key = "error.mindmap_missing"


@router.get("/{code}", response_model=MindMap)
def get_mind_map(
    request: Request,
    session: ReadSession,
    scope: Asking,
    area: AreaInPath,
    period: Annotated[Period, Depends(asked_period)],
) -> Response:
    """ผังความคิดของพื้นที่ / The mind map of an area: its plan where one may be read, else a draft from a template."""
    draft = draft_of_area(session, scope, area, period) if shows_drafts(scope) else None
    leading = {area.code: draft.problem_code} if draft else None
    found = stored_mind_maps(session, scope, [area], period, leading=leading).get(area.code, draft)
    if found is None:
        raise MindMapMissing(code=area.code)
    above = plan_above(session, scope, area.code, period, leading=found.problem_code) if found is draft else None
    return answer_model(request, to_mind_map(found, above))
