"""Pages to sign in and out, to set up the second factor, and to set a password with a one-time code."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from api.auth.asking import Caller
from api.auth.cookies import give_cookie, take_cookie
from api.auth.depends import Anybody, From, KeysHeld, Writing
from api.auth.errors import CodeWrong, LinkUseless, NotSignedIn, PasswordsDiffer, PasswordWeak, SignInFailed
from api.auth.forgery import own_path
from api.auth.forms import Sent
from api.auth.links import use_link
from api.auth.second_factor import enrolment_picture, enrolment_secret
from api.auth.signing_in import enrol, give_code, sign_in, sign_out
from api.auth.web.pages import PageRoute, back_to, onward, page
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from boundaries.errors import SocialMapError

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)])

Goal = Annotated[str, Query(alias="next", max_length=1000, pattern=PLAIN)]


@router.get("/signin")
def get_sign_in(request: Request, caller: Anybody, goal: Goal = "") -> Response:
    """Ask for name and password."""
    if caller is not None and caller.complete:
        return back_to(own_path(goal))
    return page(request, "signin", None, goal=own_path(goal), login="")


@router.post("/signin")
def post_sign_in(request: Request, form: Sent, keys: KeysHeld, client: From) -> Response:
    """Check them; the next step may be the second factor."""
    try:
        started = sign_in(request.app.state.engine, keys, form.get("login"), form.get("password"), client)
    except SignInFailed as failed:
        given = {"goal": own_path(form.get("next")), "login": form.get("login")[:100]}
        return page(request, "signin", None, status_of(failed), failed.text, **given)
    return onward(started, form.get("next"))


@router.get("/signin/code")
def get_code(request: Request, caller: Anybody, goal: Goal = "") -> Response:
    """Ask for the second factor of somebody who gave the right password."""
    if caller is None or caller.stage != "code":
        return back_to("/signin")
    return page(request, "code", caller, goal=own_path(goal))


@router.post("/signin/code")
def post_code(request: Request, caller: Anybody, form: Sent, keys: KeysHeld, client: From) -> Response:
    """Check it."""
    try:
        started = give_code(request.app.state.engine, keys, form.get("code") or form.get("recovery"), client)
    except SignInFailed as failed:
        if caller is None or caller.stage != "code":
            return back_to("/signin")
        return page(request, "code", caller, status_of(failed), failed.text, goal=own_path(form.get("next")))
    return onward(started, form.get("next"))


@router.get("/signin/setup")
def get_setup(request: Request, caller: Anybody, session: Writing, keys: KeysHeld, goal: Goal = "") -> Response:
    """Show the key of a second factor that is being set up."""
    if caller is None or caller.stage == "code" or caller.totp_confirmed_at is not None:
        return back_to("/account")
    return _setup_page(request, caller, enrolment_secret(session, keys, caller.id), own_path(goal))


@router.post("/signin/setup")
def post_setup(
    request: Request, caller: Anybody, session: Writing, form: Sent, keys: KeysHeld, client: From
) -> Response:
    """Take it into use and tell the recovery codes."""
    if caller is None or caller.session_id is None:
        raise NotSignedIn
    goal = own_path(form.get("next"))
    try:
        started = enrol(request.app.state.engine, keys, form.get("code"), client)
    except CodeWrong as wrong:
        if caller.totp_confirmed_at is not None:
            return back_to("/account")
        return _setup_page(request, caller, enrolment_secret(session, keys, caller.id), goal, wrong)
    answer = page(request, "recovery", None, codes=started.recovery_codes, goal=goal)
    give_cookie(answer, started.token)
    return answer


@router.post("/signout")
def post_sign_out(request: Request, client: From) -> Response:
    """End the session."""
    if client.token:
        sign_out(request.app.state.engine, client.token)
    answer = back_to("/signin")
    take_cookie(answer)
    return answer


@router.get("/reset")
def get_reset(request: Request) -> Response:
    """Ask for a one-time code and a new password; a link's code comes behind its `#`, which no server sees."""
    return page(request, "reset", None)


@router.post("/reset")
def post_reset(request: Request, form: Sent, keys: KeysHeld, client: From) -> Response:
    """Set the password."""
    given = (form.get("code"), form.get("password"), form.get("again"))
    try:
        use_link(request.app.state.engine, keys, *given, client.address)
    except (LinkUseless, PasswordWeak, PasswordsDiffer) as failed:
        return page(request, "reset", None, status_of(failed), failed.text)
    answer = page(request, "reset_done", None)
    take_cookie(answer)
    return answer


def _setup_page(
    request: Request, caller: Caller, secret: str, goal: str, wrong: SocialMapError | None = None
) -> HTMLResponse:
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    shown = {"picture": enrolment_picture(caller.login, secret), "secret": groups, "goal": goal}
    return page(request, "setup", caller, status_of(wrong) if wrong else 200, wrong.text if wrong else None, **shown)
