"""How many requests one address and one account may send in a while. In this process alone: a brake, not a lock."""

import time
from collections import OrderedDict
from threading import Lock
from uuid import UUID

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.attempts import neighbourhood
from api.auth.errors import TooManyRequests
from boundaries.messages import text

PER_SECOND, BURST = 20.0, 300.0
"""Of an address: an office of twenty that opens maps at the same time stays below."""
ACCOUNT_PER_SECOND, ACCOUNT_BURST = 5.0, 120.0
MOST = 10_000
"""Addresses that are remembered; the one that was quiet for longest is forgotten first."""
RETRY_SECONDS = 5


class Buckets:
    """One bucket for each key: it holds `burst` requests and fills again at `per_second`."""

    def __init__(self, per_second: float, burst: float) -> None:
        self.per_second, self.burst = per_second, burst
        self.held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.lock = Lock()

    def take(self, key: str, now: float | None = None) -> bool:
        """Take one request out of a bucket; False when it is empty."""
        moment = time.monotonic() if now is None else now
        with self.lock:
            left, then = self.held.pop(key, (self.burst, moment))
            left = min(self.burst, left + (moment - then) * self.per_second)
            taken = left >= 1
            self.held[key] = (left - taken, moment)
            while len(self.held) > MOST:
                self.held.popitem(last=False)
        return taken


def check_account(app: FastAPI, account_id: UUID) -> None:
    """Raise TooManyRequests when an account asks more often than anybody can read."""
    buckets: Buckets | None = getattr(app.state, "account_buckets", None)
    if buckets is not None and not buckets.take(str(account_id)):
        raise TooManyRequests


class AddressLimit:
    """Refuse an address that asks too often, before anything is looked up for it."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self.app, self.buckets = app, buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.buckets.take(neighbourhood((scope.get("client") or ("",))[0])):
            from api.errors import problem

            retry = {"Retry-After": str(RETRY_SECONDS)}
            await problem(429, "too_many", text("error.too_many"), retry)(scope, receive, send)
            return
        await self.app(scope, receive, send)
