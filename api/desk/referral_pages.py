"""Referrals as the agency's unit receives them: the list, one of them with what the agency needs, and its answer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api import case_work
from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.auth.errors import FormBad
from api.auth.forms import Sent
from api.auth.signing_in import AUTH
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import TextQuery, known_parameters
from api.desk.shown import area_names, known_words
from api.errors import status_of
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.referrals import ANSWERS, FOLLOWS, Received

router = APIRouter(
    prefix="/referrals", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)


Reader = Annotated[Caller, Depends(signed_in_with("referral.answer"))]


@router.get("")
def get_referrals(request: Request, reader: Reader, said: TextQuery = None) -> Response:
    """List what was referred to the reader's units, newest first; nothing of persons."""
    with transaction(request.app.state.engine, AUTH) as session:
        found = case_work.received(session, reader.scope)
    done = text(f"desk.answered.{said}") if said in ANSWERS else None
    return page(request, "referrals", reader, referrals=found, done=done, **_named(request, reader, found))


@router.get("/{referral_id}")
def get_referral(request: Request, reader: Reader, referral_id: UUID) -> Response:
    """Show one referral with what its agency needs of the person; the look is on record."""
    return referral_page(request, reader, referral_id)


@router.post("/{referral_id}")
def post_answer(request: Request, reader: Reader, referral_id: UUID, form: Sent) -> Response:
    """Accept, decline or return a referral; a refused answer is told on its page."""
    state = next((one for one in ANSWERS if one == form.get("state")), None)
    try:
        if state is None:
            raise FormBad
        with transaction(request.app.state.engine, AUTH) as session:
            case_work.answer(session, reader.scope, referral_id, state, form.get("note").strip() or None)
    except SocialMapError as error:
        return referral_page(request, reader, referral_id, error, form.get("note"))
    return back_to("/referrals", state)


def referral_page(
    request: Request, reader: Caller, referral_id: UUID, error: SocialMapError | None = None, note: str = ""
) -> Response:
    """Make the page of a referral. Raises ReferralNotFound."""
    with transaction(request.app.state.engine, case_work.READING) as session:
        one, person = case_work.read_received(session, reader.scope, referral_id)
    status, words = (status_of(error), error.text) if error else (200, None)
    shown: dict[str, Any] = {"one": one, "person": person, "note": note, "next": FOLLOWS.get(one.state, ())}
    return page(request, "referral", reader, status, words, **shown, **_named(request, reader, [one]))


def _named(request: Request, reader: Caller, found: list[Received]) -> dict[str, Any]:
    with reading(request.app.state.engine, reader.scope) as session:
        return {"names": area_names(session, [one.shown.get("area") for one in found]), **known_words()}
