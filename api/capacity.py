"""How many requests are worked on at once."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from api.database import CONNECTIONS

AT_ONCE = CONNECTIONS - 8
"""Fewer than there are connections, and than the 40 threads that endpoints run in."""
TURN = "turn"


class Turn:
    """The turn of one request; it is given back once, at its end or sooner."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self.turns, self.held = turns, True

    def give_back(self) -> None:
        """Let the next one in."""
        if self.held:
            self.held = False
            self.turns.release()


def give_back_turn(scope: MutableMapping[str, Any]) -> None:
    """Give back the turn of a request whose answer goes on but does no work: it holds no thread and no connection."""
    turn = scope.get("state", {}).get(TURN)
    if turn is not None:
        turn.give_back()


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
        await self.turns.acquire()
        turn = Turn(self.turns)
        scope.setdefault("state", {})[TURN] = turn
        try:
            await self.app(scope, receive, send)
        finally:
            turn.give_back()
