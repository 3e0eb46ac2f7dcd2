"""Pages of one's own alerts and of one's e-mail address; all of it works without scripts."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.alerts.addresses import ask_address, confirm_address, find_address, forget_address
from api.alerts.errors import AddressTried, MailNotSet, Undelivered
from api.alerts.inbox import Told, last_mail_failed, list_told, mark_all_read, mark_read
from api.alerts.sealing import AlertKeys, unseal
from api.alerts.sending import SENDING
from api.alerts.ways import Ways
from api.alerts.wording import district_words
from api.auth.asking import Caller
from api.auth.audited import note_change
from api.auth.depends import SignedIn
from api.auth.errors import FormBad
from api.auth.forms import Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from boundaries.errors import SocialMapError
from boundaries.messages import text

router = APIRouter(
    prefix="/alerts", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset({"read", "asked", "confirmed", "removed"})
Said = Annotated[str, Query(max_length=20, pattern=PLAIN)]


def ways_of(request: Request) -> Ways:
    """Return the ways out that the application was started with."""
    held: Ways = request.app.state.ways
    return held


def alert_keys_of(request: Request) -> AlertKeys:
    """Return the keys of sealing that the application derived when it started."""
    held: AlertKeys = request.app.state.alert_keys
    return held


@router.get("")
def get_alerts(request: Request, caller: SignedIn, said: Said = "") -> Response:
    """List one's own alerts, unread first."""
    until = datetime.now(UTC).isoformat()
    with reading(request.app.state.engine, caller.scope) as session:
        found = list_told(session, caller.id)
        names = {code: district_words(session, code) for code in _districts(found)}
    unread, read = ([one for one in found if (one.read_at is None) == new] for new in (True, False))
    shown: dict[str, Any] = {"unread": unread, "read": read, "names": names, "until": until}
    return page(request, "alerts", caller, done=_done(said), **shown)


@router.post("")
def post_all(request: Request, caller: SignedIn, form: Sent) -> Response:
    """Mark as read all that the page showed: what came meanwhile stays unread."""
    try:
        until = datetime.fromisoformat(form.get("until"))
    except ValueError:
        raise FormBad from None
    if until.tzinfo is None:
        raise FormBad
    with transaction(request.app.state.engine, SENDING) as session:
        mark_all_read(session, caller.id, until)
    return back_to("/alerts", "read")


@router.get("/mail")
def get_mail(request: Request, caller: SignedIn, said: Said = "") -> Response:
    """Show one's e-mail address."""
    return mail_page(request, caller, said=said)


@router.post("/mail")
def post_mail(request: Request, caller: SignedIn, form: Sent) -> Response:
    """Keep an address and send a code there."""
    try:
        if ways_of(request).mail is None:
            raise MailNotSet
        with transaction(request.app.state.engine, SENDING) as session:
            ask_address(session, alert_keys_of(request), caller.id, form.get("address"))
            note_change(session, caller.scope, caller.id, "email.asked")
    except SocialMapError as error:
        return mail_page(request, caller, error)
    return back_to("/alerts/mail", "asked")


@router.post("/mail/confirm")
def post_confirm(request: Request, caller: SignedIn, form: Sent) -> Response:
    """Take an address into use whose code came back."""
    try:
        with transaction(request.app.state.engine, SENDING) as session:
            right = confirm_address(session, alert_keys_of(request), caller.id, form.get("code"))
            if right:
                note_change(session, caller.scope, caller.id, "email.confirmed")
        if not right:  # after the commit: a wrong code counts
            raise AddressTried
    except SocialMapError as error:
        return mail_page(request, caller, error)
    return back_to("/alerts/mail", "confirmed")


@router.post("/mail/remove")
def post_remove(request: Request, caller: SignedIn) -> Response:
    """Take one's address away."""
    with transaction(request.app.state.engine, SENDING) as session:
        forget_address(session, caller.id)
        note_change(session, caller.scope, caller.id, "email.removed")
    return back_to("/alerts/mail", "removed")


@router.post("/{alert_id}")
def post_alert(request: Request, caller: SignedIn, alert_id: UUID, form: Sent) -> Response:
    """Mark an alert as read, and open what it tells of where that was asked."""
    goal = "/alerts"
    if form.get("do") == "open":
        with reading(request.app.state.engine, caller.scope) as session:
            found = list_told(session, caller.id, alert_id=alert_id)
        goal = next((one.goal for one in found if one.goal), goal)
    with transaction(request.app.state.engine, SENDING) as session:
        mark_read(session, caller.id, alert_id)
    return back_to(goal, "read" if goal == "/alerts" else "")


def mail_page(request: Request, caller: Caller, error: SocialMapError | None = None, said: str = "") -> Response:
    """Show the address with what could not be done."""
    with reading(request.app.state.engine, caller.scope) as session:
        held = find_address(session, caller.id)
        failed = last_mail_failed(session, caller.id)
    try:
        address = unseal(alert_keys_of(request).addresses, caller.id, held.sealed) if held else None
    except Undelivered:  # sealed with other secrets: it has to be set anew
        address = None
    shown: dict[str, Any] = {"address": address, "confirmed": held is not None and held.confirmed_at is not None}
    shown |= {"mail_set": ways_of(request).mail is not None, "failed": failed}
    status = status_of(error) if error else 200
    return page(request, "alert_mail", caller, status, error.text if error else None, done=_done(said), **shown)


def _done(said: str) -> Any:
    return text(f"alerts.said.{said}") if said in SAID else None


def _districts(found: list[Told]) -> set[str]:
    return {one.case.district_code for one in found if one.case is not None and one.case.district_code}
