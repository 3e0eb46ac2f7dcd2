"""How many requests are worked on at once."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from api.database import CONNECTIONS

AT_ONCE = CONNECTIONS - 8
"""Fewer than there are connections, and than the 40 threads that endpoints run in."""


class Capacity:
    """Let a bounded number of requests be worked on; the others wait for their turn.

    A request keeps its connection while it waits for a thread. Without a bound all threads could come to wait for
    connections whose owners wait for threads, and nobody would go on.
    """

    def __init__(self, app: ASGIApp, at_once: int = AT_ONCE) -> None:
        self.app, self.turns = app, asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        async with self.turns:
            await self.app(scope, receive, send)
