"""The auditor's page: who did what, when and why, and whether the chain of entries is whole."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Row
from starlette.responses import Response

from api.audit import DETAILS
from api.audit_anchor import list_anchored, read_anchor
from api.audit_check import Check, chain_of
from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.auth.permissions import PERMISSIONS
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from api.routers.audit import PAGE, Action, Before, First, Last, last_check, logins_of, read_entries
from api.schemas.audit import AuditChecked, to_entry
from api.secrets import load_secrets
from boundaries.errors import SocialMapError

router = APIRouter(
    prefix="/audit", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)

Said = Annotated[str, Query(max_length=20, pattern=PLAIN)]


Auditor = Annotated[Caller, Depends(signed_in_with("audit.read"))]


@router.get("")
def get_page(
    request: Request,
    auditor: Auditor,
    first: First = "",
    last: Last = "",
    action: Action = "",
    before: Before = None,
    said: Said = "",
) -> Response:
    """Show a page of entries, newest first."""
    asked, engine = (first, last, action), request.app.state.engine
    error: SocialMapError | None = None
    rows: list[Row[Any]] = []
    following: int | None = None
    try:
        with reading(engine, auditor.scope) as session:
            rows, following = read_entries(session, auditor.scope, asked, before, PAGE)
    except SocialMapError as refused:
        error = refused
    logins = logins_of(engine, rows)
    chosen = {name: value for name, value in zip(("from", "to", "action"), asked, strict=True) if value}
    shown: dict[str, Any] = {
        "entries": [to_entry(row, logins) for row in rows],
        "first": first,
        "last": last,
        "action": action,
        "actions": tuple(DETAILS),
        "roles": tuple(PERMISSIONS),
        "newest": f"/audit?{urlencode(chosen)}" if before else None,
        "following": f"/audit?{urlencode({**chosen, 'before': following})}" if following else None,
        "checked": last_check(request),
    }
    return page(request, "audit", auditor, status_of(error) if error else 200, error.text if error else None, **shown)


@router.post("/check")
def post_check(request: Request, auditor: Auditor) -> Response:
    """Check the whole chain against its keys and the file of anchors, and keep what came of it."""
    engine = request.app.state.engine
    with reading(engine, auditor.scope) as session:
        name, chain = engine.url.database or "", chain_of(session)
        # Read before the entries: what is anchored meanwhile would look like a cut-off end.
        anchored = read_anchor(name, chain)
        check = Check(session, load_secrets().audit, anchored, name, list_anchored(chain))
        faults = sum(1 for _ in check.faults())
    request.app.state.audit_checked = AuditChecked(at=datetime.now(UTC), entries=check.count, faults=faults)
    return back_to("/audit")
