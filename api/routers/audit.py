"""The audit for auditors, for programs and scripts. The page for people: `api/auth/web/audit.py`."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Engine, Row, select

from api.audit import DETAILS, UnknownAction, record
from api.audit_check import list_entries
from api.auth.models import Account
from api.auth.signing_in import AUTH
from api.database import transaction
from api.dependencies import PLAIN, ReadSession, known_parameters, require
from api.schemas.audit import AuditChecked, AuditPage, to_entry
from layers.dates import parse_date
from layers.scope import Scope

router = APIRouter(prefix="/api/v1", tags=["audit"], dependencies=[Depends(known_parameters)])

PAGE, MOST = 50, 500
LARGEST = 2**63 - 1

Auditing = Annotated[Scope, Depends(require("audit.read"))]
First = Annotated[str, Query(alias="from", max_length=20, pattern=PLAIN)]
Last = Annotated[str, Query(alias="to", max_length=20, pattern=PLAIN)]
Action = Annotated[str, Query(max_length=40, pattern=PLAIN)]
Before = Annotated[int | None, Query(ge=1, le=LARGEST)]


@router.get("/audit")
def get_audit(
    request: Request,
    session: ReadSession,
    scope: Auditing,
    first: First = "",
    last: Last = "",
    action: Action = "",
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
) -> AuditPage:
    """บันทึกการใช้งาน ใหม่สุดก่อน / Entries of the audit, newest first; that they were read is one of them."""
    rows, following = read_entries(session, scope, (first, last, action), before, limit)
    logins = logins_of(request.app.state.engine, rows)
    return AuditPage(entries=[to_entry(row, logins) for row in rows], next=following, checked=last_check(request))


def read_entries(
    session: Any, scope: Scope, asked: tuple[str, str, str], before: int | None, limit: int
) -> tuple[list[Row[Any]], int | None]:
    """Record the look, then return a page and where the next one begins. Raises UnknownAction, BadDate."""
    first, last, action = asked
    if action and action not in DETAILS:
        raise UnknownAction(allowed=", ".join(DETAILS))
    days = _day(first), _day(last)
    record(session, scope, "list", kind="audit_entry", details={"count": limit})
    found = list_entries(session, *days, action or None, limit + 1, before)
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def logins_of(engine: Engine, rows: Iterable[Row[Any]]) -> dict[UUID, str]:
    """Return the login names behind entries, read as the product itself: an auditor reads no accounts."""
    wanted = {row.actor_id for row in rows if row.actor_id is not None}
    with transaction(engine, AUTH) as session:
        found = session.execute(select(Account.id, Account.login).where(Account.id.in_(wanted)))
        return {row.id: row.login for row in found}


def last_check(request: Request) -> AuditChecked | None:
    """Return what came of the last check since the server started."""
    held: AuditChecked | None = getattr(request.app.state, "audit_checked", None)
    return held


def _day(given: str) -> date | None:
    return parse_date(given)[0] if given else None
