"""The page of one's own account: sessions, second factor, password, devices."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth import signing_in
from api.auth.accounts import set_password
from api.auth.asking import Caller
from api.auth.audited import note_change
from api.auth.cookies import give_cookie
from api.auth.depends import From, KeysHeld, SignedIn
from api.auth.devices import create_device, list_devices, revoke_device
from api.auth.errors import FormBad
from api.auth.forms import Sent
from api.auth.permissions import DEVICE
from api.auth.second_factor import count_recovery_codes, make_recovery_codes
from api.auth.sessions import end_session, end_sessions, list_sessions, start_session
from api.auth.web.pages import PageRoute, back_to, page
from api.database import transaction
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from boundaries.errors import SocialMapError

router = APIRouter(
    prefix="/account", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)

Said = Annotated[str, Query(max_length=20, pattern=PLAIN)]


@router.get("")
def get_account(request: Request, caller: SignedIn, said: Said = "") -> Response:
    """Show the account."""
    return account_page(request, caller)


@router.post("/sessions")
def post_sessions(request: Request, caller: SignedIn, form: Sent) -> Response:
    """End one session, or all others."""
    with transaction(request.app.state.engine, signing_in.AUTH) as session:
        if form.get("id"):
            end_session(session, caller.id, known_id(form.get("id")))
        else:
            end_sessions(session, caller.id, keep=caller.session_id)
    return back_to("/account", "ended")


@router.post("/password")
def post_password(request: Request, caller: SignedIn, form: Sent, keys: KeysHeld, client: From) -> Response:
    """Change the password; sessions elsewhere end, and this one gets a new token."""
    given = (form.get("password"), form.get("again"))
    try:
        signing_in.check_present(request.app.state.engine, keys, caller.login, form.get("present"), client)
        with transaction(request.app.state.engine, signing_in.AUTH) as session:
            set_password(session, caller.scope, caller.id, caller.login, *given)
            token = start_session(session, caller.id, "full", client.agent)
    except SocialMapError as error:
        return account_page(request, caller, error)
    answer = back_to("/account", "password")
    give_cookie(answer, token)
    return answer


@router.post("/recovery-codes")
def post_recovery_codes(request: Request, caller: SignedIn, form: Sent, keys: KeysHeld, client: From) -> Response:
    """Make new recovery codes for somebody who knows the password."""
    try:
        signing_in.check_present(request.app.state.engine, keys, caller.login, form.get("present"), client)
        with transaction(request.app.state.engine, signing_in.AUTH) as session:
            if caller.totp_confirmed_at is None:
                raise FormBad
            codes = make_recovery_codes(session, keys, caller.id)
            note_change(session, caller.scope, caller.id, "recovery-codes")
    except SocialMapError as error:
        return account_page(request, caller, error)
    return page(request, "recovery", caller, codes=codes, goal="/account")


@router.post("/devices")
def post_device(request: Request, caller: SignedIn, form: Sent) -> Response:
    """Let a device in and show its token once."""
    try:
        with transaction(request.app.state.engine, signing_in.AUTH) as session:
            token = create_device(session, caller.scope, form.get("name"), form.words("areas"))
    except SocialMapError as error:
        return account_page(request, caller, error)
    return page(request, "token", caller, device=form.get("name"), areas=form.words("areas"), token=token)


@router.post("/devices/revoke")
def post_revoke(request: Request, caller: SignedIn, form: Sent) -> Response:
    """Let a device in no more."""
    with transaction(request.app.state.engine, signing_in.AUTH) as session:
        revoke_device(session, caller.id, known_id(form.get("id")))
    return back_to("/account", "revoked")


def account_page(request: Request, caller: Caller, error: SocialMapError | None = None) -> Response:
    """Show the account, with what could not be done."""
    with transaction(request.app.state.engine, signing_in.AUTH) as session:
        shown = _shown(session, caller)
    return page(request, "account", caller, status_of(error) if error else 200, error.text if error else None, **shown)


def known_id(value: str) -> UUID:
    """Read an id that a form of ours sent. Raises FormBad."""
    try:
        return UUID(value)
    except ValueError:
        raise FormBad from None


def _shown(session: Session, caller: Caller) -> dict[str, Any]:
    return {
        "sessions": list_sessions(session, caller.id),
        "devices": list_devices(session, caller.id),
        "codes_left": count_recovery_codes(session, caller.id),
        "may_have_devices": bool(caller.scope.permissions & DEVICE),
    }
