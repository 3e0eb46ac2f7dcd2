"""The administrator's page of sending: how it goes, and the webhooks of units."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.alerts.hooks import create_webhook, delete_webhook, list_webhooks, pause_webhook
from api.alerts.models import STATES
from api.alerts.pages import alert_keys_of, ways_of
from api.alerts.sending import SENDING, count_by_state, list_failures, retry_given_up
from api.audit import record
from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.auth.errors import FormBad
from api.auth.forms import Sent
from api.auth.units import list_units
from api.auth.web.pages import PageRoute, back_to, page
from api.database import transaction
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from boundaries.errors import SocialMapError
from boundaries.messages import text

router = APIRouter(
    prefix="/admin/alerts", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset({"retried", "changed"})


Setter = Annotated[Caller, Depends(signed_in_with("settings.write"))]


@router.get("")
def get_state(
    request: Request, setter: Setter, said: Annotated[str, Query(max_length=20, pattern=PLAIN)] = ""
) -> Response:
    """Show how sending goes and all webhooks."""
    return state_page(request, setter, said=said)


@router.post("/retry")
def post_retry(request: Request, setter: Setter) -> Response:
    """Have tried again what was given up."""
    with transaction(request.app.state.engine, SENDING) as session:
        details = {"change": "retried", "count": retry_given_up(session)}
        record(session, setter.scope, "alert_change", kind="alert_delivery", details=details)
    return back_to("/admin/alerts", "retried")


@router.post("/webhooks")
def post_webhook(request: Request, setter: Setter, form: Sent) -> Response:
    """Make a webhook and show its secret once."""
    try:
        with transaction(request.app.state.engine, SENDING) as session:
            given = (form.get("unit"), form.get("url"))
            secret = create_webhook(session, alert_keys_of(request), setter.scope, *given)
    except SocialMapError as error:
        return state_page(request, setter, error)
    return state_page(request, setter, secret=secret)


@router.post("/webhooks/{hook_id}")
def post_change(request: Request, setter: Setter, hook_id: UUID, form: Sent) -> Response:
    """Pause a webhook, go on with it, or take it away."""
    wanted = form.get("do")
    with transaction(request.app.state.engine, SENDING) as session:
        if wanted == "delete":
            delete_webhook(session, setter.scope, hook_id)
        elif wanted in ("pause", "resume"):
            pause_webhook(session, setter.scope, hook_id, wanted == "pause")
        else:
            raise FormBad
    return back_to("/admin/alerts", "changed")


def state_page(
    request: Request, setter: Caller, error: SocialMapError | None = None, said: str = "", secret: str = ""
) -> Response:
    """Show everything, with what could not be done."""
    with transaction(request.app.state.engine, SENDING) as session:
        counts = {(channel, state): count for channel, state, count in count_by_state(session)}
        shown: dict[str, Any] = {
            "counts": counts,
            "failures": list_failures(session),
            "hooks": list_webhooks(session),
            "units": list_units(session),
        }
    shown |= {"states": STATES, "mail": ways_of(request).mail, "secret": secret}
    shown |= {"given_up": any(state == "given_up" for _, state in counts)}
    done = text(f"alerts.said.{said}") if said in SAID else None
    status = status_of(error) if error else 200
    return page(request, "alerts_admin", setter, status, error.text if error else None, done=done, **shown)
