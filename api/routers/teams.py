"""Who works on a case, for those who assign cases. Nobody joins by their own hand, and every change is on record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from api import teams
from api.auth.depends import SignedIn, Writing
from api.dependencies import known_parameters
from api.schemas.teams import Team, to_team

router = APIRouter(prefix="/api/v1/cases", tags=["cases"], dependencies=[Depends(known_parameters)])

Login = Annotated[str, Path(max_length=64)]


@router.get("/{case_id}/team")
def get_team(session: Writing, caller: SignedIn, case_id: UUID) -> Team:
    """ทีมของเรื่อง / The team of a case of your unit and area."""
    return to_team(teams.list_members(session, caller.scope, case_id))


@router.put("/{case_id}/team/{login}", status_code=204)
def put_member(session: Writing, caller: SignedIn, case_id: UUID, login: Login) -> Response:
    """เพิ่มคนในทีม / Put somebody else into the team; nobody adds themselves."""
    teams.add_member(session, caller.scope, case_id, login)
    return Response(status_code=204)


@router.delete("/{case_id}/team/{login}", status_code=204)
def delete_member(session: Writing, caller: SignedIn, case_id: UUID, login: Login) -> Response:
    """นำคนออกจากทีม / Take somebody out of the team."""
    teams.remove_member(session, caller.scope, case_id, login)
    return Response(status_code=204)
