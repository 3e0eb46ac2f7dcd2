"""Who watches a plan: looked up without counting as work, so that an open page keeps nobody signed in."""

from dataclasses import dataclass, field
from uuid import UUID

import anyio
from fastapi import Request
from sqlalchemy import Engine

from api.auth.cookies import STALE, cookie_token
from api.auth.errors import NotAllowed, NotSignedIn
from api.auth.limits import check_account
from api.auth.scopes import scope_of
from api.auth.sessions import find_session, standing
from api.auth.signing_in import AUTH
from api.database import reading
from mapping.plans import HistoryClosed, get_plan, sees_work

LOOKS_AT_ONCE = 4
"""Streams that look again at the same moment; of the connections beside those of `api.capacity.AT_ONCE`."""
_turns = anyio.CapacityLimiter(LOOKS_AT_ONCE)


@dataclass(frozen=True)
class Watcher:
    """Somebody signed in on a browser who may see how a plan comes about."""

    engine: Engine = field(repr=False)
    token: str = field(repr=False)
    plan_id: UUID
    account_id: UUID

    async def look(self) -> int:
        """Return the plan's number, if it may still be read. Raises as `watcher_of`."""
        _, number = await anyio.to_thread.run_sync(_look, self.engine, self.token, self.plan_id, limiter=_turns)
        return number


def watcher_of(request: Request, plan_id: UUID) -> Watcher:
    """Give who wants to watch a plan. Raises NotSignedIn, NotAllowed, PlanNotFound, HistoryClosed, TooManyRequests."""
    token, engine = cookie_token(request), request.app.state.engine
    if token is None:
        raise NotSignedIn
    try:
        account, _ = _look(engine, token, plan_id)
    except NotSignedIn:
        setattr(request.state, STALE, True)
        raise
    check_account(request.app, account)
    return Watcher(engine, token, plan_id, account)


def _look(engine: Engine, token: str, plan_id: UUID) -> tuple[UUID, int]:
    with reading(engine, AUTH) as session:
        row = find_session(session, token, used=False)
    if row is None or row.stage != "full":
        raise NotSignedIn
    scope = scope_of(standing(row))
    if not scope.may("plan.read"):
        raise NotAllowed(permission="plan.read")
    with reading(engine, scope) as session:
        plan = get_plan(session, scope, plan_id)
    if not sees_work(scope, plan):
        raise HistoryClosed
    return row.id, plan.number
