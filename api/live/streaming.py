"""An answer that goes on: an event for each change of a plan, a comment now and then, while the reader may and does."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.capacity import give_back_turn
from api.live.hub import Hub, Place
from boundaries.errors import SocialMapError

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Neither kept nor held back by what lies between."""
RETRY = b"retry: 3000\n\n"
"""Milliseconds after which a browser asks again where a stream broke off."""
BEAT = 15.0
"""Seconds without a word: then a comment says that the stream is alive."""
CHECKED_EVERY, UNCHECKED_MOST = 60.0, 300.0
"""Seconds after which it is asked anew whether somebody may read; after which a stream ends that could not ask."""
STALLED = 20.0
"""Seconds that a reader may leave everything unread; then it is cut off."""
LONGEST = 3600.0
"""Seconds after which any stream ends; the browser asks for another one."""

Look = Callable[[], Awaitable[int]]
"""Says the number of the plan, or raises what forbids to read it."""


class EventStream(StreamingResponse):
    """The events of one place; they end when the place is told to, or when `look` says that it may not go on."""

    media_type = MEDIA_TYPE

    def __init__(self, hub: Hub, place: Place, look: Look) -> None:
        super().__init__((), headers=HEADERS)
        self.hub, self.place, self.look = hub, place, look
        self.told, self.checked, self.begun = -1, 0.0, time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        give_back_turn(scope)  # it waits, and does no work that others would have to wait for
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.hub.leave(self.place)

    async def stream_response(self, send: Send) -> None:
        """Send what is heard. A reader that leaves everything unread is left without the end of the answer."""
        try:
            await _sent(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await _sent(send, _body(RETRY))
            await self.hub.connected()
            while await self._may_go_on():
                await _sent(send, _body(self._words()))
                if self.place.ended:
                    break
                await self.place.wait(BEAT)
            await _sent(send, _body(b"", more=False))
        except TimeoutError:
            return

    def _words(self) -> bytes:
        number = self.place.number
        if number == self.told:
            return b":\n\n"
        self.told = number
        return f'id: {number}\nevent: change\ndata: {{"number": {number}}}\n\n'.encode()

    async def _may_go_on(self) -> bool:
        """Ask anew where that is due; while the database is away nobody can say, and a stream goes on for a while."""
        now = time.monotonic()
        if now - self.begun > LONGEST:
            return False
        if not self.place.doubtful and now - self.checked < CHECKED_EVERY:
            return True
        self.place.doubtful = False
        try:
            self.place.hear(await self.look())
        except SocialMapError:
            return False
        except SQLAlchemyError:
            self.place.doubtful = True
            return self.told >= 0 and now - self.checked < UNCHECKED_MOST
        self.checked = now
        return True


def _body(content: bytes, *, more: bool = True) -> MutableMapping[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": more}


async def _sent(send: Send, message: MutableMapping[str, Any]) -> None:
    async with asyncio.timeout(STALLED):
        await send(message)
