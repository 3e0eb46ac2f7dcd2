"""Who asks: read from the cookie or the Authorization header of a request, in one short transaction of its own."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.auth.cookies import STALE, cookie_token
from api.auth.devices import find_device
from api.auth.errors import NotSignedIn
from api.auth.keys import Keys
from api.auth.limits import check_account
from api.auth.scopes import device_scope, scope_of
from api.auth.sessions import Stage, find_session, standing
from api.auth.signing_in import AUTH
from api.database import transaction
from layers.scope import Scope


@dataclass(frozen=True)
class Caller:
    """Whoever is signed in, by a session or a device. While the second factor is missing the scope is a stranger's."""

    id: UUID
    login: str
    name: str
    role: str
    stage: Stage
    scope: Scope
    session_id: UUID | None = None
    totp_confirmed_at: datetime | None = None
    factor_cleared_at: datetime | None = None
    token: str | None = field(default=None, repr=False)

    @property
    def complete(self) -> bool:
        """Say whether nothing is missing of the sign-in."""
        return self.stage == "full"


async def get_caller(request: Request) -> Caller | None:
    """Say who asks; None for anybody. A cookie that is good no more is cleared, a bad device token refused.

    A request with an Authorization header does not ride on a cookie: the cookie is not looked at. Whoever shows
    nothing is not looked up, and costs no turn of a thread. Raises NotSignedIn, TooManyRequests.
    """
    if "authorization" not in request.headers and cookie_token(request) is None:
        return None
    return await run_in_threadpool(_known, request)


def scope_for(caller: Caller | None, stranger: Scope) -> Scope:
    """Return the scope of a caller; a stranger's while the sign-in is not complete."""
    return caller.scope if caller is not None and caller.complete else stranger


def stranger_of(request: Request) -> Scope:
    """Return what somebody may see who has not signed in, as this place of work has set it."""
    held: Scope = request.app.state.stranger
    return held


def keys_of(request: Request) -> Keys:
    """Return the keys that the application derived when it started."""
    held: Keys = request.app.state.keys
    return held


def _known(request: Request) -> Caller | None:
    header = request.headers.get("authorization")
    if header is None:
        found = _by_cookie(request)
    else:
        found = _by_device(request, header)
        if found is None:
            raise NotSignedIn
    if found is not None:
        check_account(request.app, found.id)
    return found


def _by_cookie(request: Request) -> Caller | None:
    token = cookie_token(request)
    if token is None:
        return None
    with transaction(request.app.state.engine, AUTH) as session:
        row = find_session(session, token)
    if row is None:
        setattr(request.state, STALE, True)
        return None
    scope = scope_of(standing(row))
    factor = (row.totp_confirmed_at, row.factor_cleared_at)
    return Caller(row.id, row.login, row.name, row.role, row.stage, scope, row.session_id, *factor, token)


def _by_device(request: Request, header: str) -> Caller | None:
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not 20 <= len(token) <= 100:
        return None
    with transaction(request.app.state.engine, AUTH) as session:
        row = find_device(session, token)
    if row is None:
        return None
    return Caller(row.id, row.login, row.name, row.role, "full", device_scope(scope_of(standing(row)), row.areas))
