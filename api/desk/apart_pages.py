"""What waits for whoever assigns cases: envelopes of phones that were set apart, secret cases without a team."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api import case_work, teams
from api.auth.asking import Caller
from api.auth.errors import FormBad
from api.auth.forms import Sent
from api.auth.signing_in import AUTH
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import TextQuery, known_parameters
from api.desk.asked import Assigner
from api.desk.shown import area_names, known_words
from api.desk.stated import field_name, said
from api.errors import status_of
from api.field import quarantine
from api.field.errors import EnvelopeNotFound
from api.field.filing import FILING
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.cases import CaseNotFound

router = APIRouter(
    prefix="/desk", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset({"accepted", "refused", "joined"})


@router.get("/quarantine")
def get_quarantine(request: Request, assigner: Assigner, said: TextQuery = None) -> Response:
    """List the envelopes that were set apart, the longest waiting first."""
    with transaction(request.app.state.engine, FILING) as session:
        found = quarantine.list_quarantine(session, assigner.scope)
    return page(request, "desk_quarantine", assigner, envelopes=found, done=_done(said), **known_words())


@router.get("/quarantine/{envelope_id}")
def get_envelope(request: Request, assigner: Assigner, envelope_id: UUID) -> Response:
    """Show what an envelope holds, without words about persons; on record."""
    return envelope_page(request, assigner, envelope_id)


@router.post("/quarantine/{envelope_id}")
def post_envelope(request: Request, assigner: Assigner, envelope_id: UUID, form: Sent) -> Response:
    """Accept an envelope, which files it, or refuse it with a reason; it is kept either way."""
    do = form.get("do")
    try:
        with transaction(request.app.state.engine, FILING) as session:
            if do == "accept":
                quarantine.accept(session, assigner.scope, envelope_id)
            elif do == "refuse":
                quarantine.refuse(session, assigner.scope, envelope_id, form.get("reason"))
            else:
                raise FormBad
    except EnvelopeNotFound:
        raise
    except SocialMapError as error:
        return envelope_page(request, assigner, envelope_id, error)
    return back_to("/desk/quarantine", "accepted" if do == "accept" else "refused")


@router.get("/teams")
def get_teams(request: Request, assigner: Assigner, said: TextQuery = None) -> Response:
    """List the secret cases of own units that wait for a team; nothing of what they are about."""
    return teams_page(request, assigner, done=said)


@router.post("/teams/{case_id}")
def post_team(request: Request, assigner: Assigner, case_id: UUID, form: Sent) -> Response:
    """Put somebody into the team of a case that need not be readable to who does so."""
    try:
        with transaction(request.app.state.engine, AUTH) as session:
            teams.add_member(session, assigner.scope, case_id, form.get("login")[:64])
    except CaseNotFound:
        raise
    except SocialMapError as error:
        return teams_page(request, assigner, error)
    return back_to("/desk/teams", "joined")


def envelope_page(request: Request, caller: Caller, envelope_id: UUID, error: SocialMapError | None = None) -> Response:
    """Make the page of an envelope. Raises EnvelopeNotFound."""
    with transaction(request.app.state.engine, FILING) as session:
        looked = quarantine.look_at(session, caller.scope, envelope_id)
    shown: dict[str, Any] = {
        "looked": looked,
        "fields": [(field_name(name), said(name, value)) for name, value in looked.fields.items()],
        "sealed": [field_name(name) for name in looked.words],
    }
    status, words = (status_of(error), error.text) if error else (200, None)
    return page(request, "desk_envelope", caller, status, words, **shown, **known_words())


def teams_page(
    request: Request, caller: Caller, error: SocialMapError | None = None, done: str | None = None
) -> Response:
    """Make the list of cases that wait for a team."""
    with transaction(request.app.state.engine, AUTH) as session:
        found = case_work.awaiting_team(session, caller.scope)
    with reading(request.app.state.engine, caller.scope) as session:
        names = area_names(session, [one.district_code for one in found])
    status, words = (status_of(error), error.text) if error else (200, None)
    told = _done(done) if error is None else None
    return page(request, "desk_teams", caller, status, words, cases=found, names=names, done=told, **known_words())


def _done(name: str | None) -> Any:
    return text(f"desk.said.{name}") if name in SAID else None
