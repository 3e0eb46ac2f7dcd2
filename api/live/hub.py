"""Who waits for changes on this process, and what each is woken for: one event loop, so there is nothing to lock.

A place holds one number however many changes there were: what a slow reader missed is not kept for it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine, select

from api.database import reading
from api.live.errors import StreamsFull, StreamsMany
from api.live.listening import ACCESS_CHANNEL, listen
from layers.scope import Scope
from mapping.models import Plan
from mapping.plans import CHANNEL

MOST, MOST_OF_ACCOUNT = 500, 12
"""Streams of one process, and of one account: a person has a few pages open, not a hundred."""
CONNECTING = 5.0
"""Seconds that a new stream waits for the connection that listens; without it, it looks by itself now and then."""


class Place:
    """One waiting stream: the newest number heard of its plan, whether it still may read it, whether it has to end."""

    def __init__(self, plan_id: UUID, account_id: UUID) -> None:
        self.plan_id, self.account_id = plan_id, account_id
        self.number = 0
        self.doubtful, self.ended = True, False
        self._woken = asyncio.Event()

    def hear(self, number: int) -> None:
        """Note a number; an older one changes nothing."""
        if number > self.number:
            self.number = number
            self._woken.set()

    def doubt(self) -> None:
        """Have the stream ask anew whether it may go on."""
        self.doubtful = True
        self._woken.set()

    def end(self) -> None:
        """Have the stream end."""
        self.ended = True
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """Wait until something is heard, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()


class Hub:
    """All places of this process. While it is closed, a stream is told the newest number and ends."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.places: set[Place] = set()
        self._listening: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self._open = False

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Let streams wait until the block ends; the connection that listens is made for the first of them."""
        self._open, self._connected = True, asyncio.Event()
        try:
            yield
        finally:
            self.close()
            if self._listening is not None:
                self._listening.cancel()
                with suppress(asyncio.CancelledError):
                    await self._listening
                self._listening = None

    def close(self) -> None:
        """End all streams and let no more wait."""
        self._open = False
        for place in self.places:
            place.end()

    def join(self, plan_id: UUID, account_id: UUID) -> Place:
        """Give a stream its place. Raises StreamsFull, StreamsMany."""
        if len(self.places) >= MOST:
            raise StreamsFull
        if sum(each.account_id == account_id for each in self.places) >= MOST_OF_ACCOUNT:
            raise StreamsMany(most=MOST_OF_ACCOUNT)
        place = Place(plan_id, account_id)
        if not self._open:
            place.end()
        self.places.add(place)
        return place

    def leave(self, place: Place) -> None:
        """Take a stream's place back."""
        self.places.discard(place)

    async def connected(self) -> None:
        """Wait until changes are heard of, but not for ever: what comes later is heard, what was before is read."""
        if not self._open:
            return
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(listen(self.engine.url, self._hear, self._connect, self._lose))
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECTING):
                await self._connected.wait()

    async def _connect(self) -> None:
        """Go on from a new connection: whatever was changed while there was none is looked up in one statement."""
        wanted = {place.plan_id for place in self.places}
        numbers = await run_in_threadpool(_numbers, self.engine, wanted) if wanted else {}
        for place in self.places:
            place.hear(numbers.get(place.plan_id, 0))
            place.doubtful = True  # nor was it heard who signed out
        self._connected.set()

    def _lose(self) -> None:
        self._connected.clear()

    def _hear(self, channel: str, payload: str) -> None:
        """Wake whom a notification is about; one that is not of ours is not understood and ignored."""
        first, _, number = payload.partition(" ")
        with suppress(ValueError):
            subject = UUID(first)
            if channel == CHANNEL:
                newest = int(number)
                for place in self._about(plan_id=subject):
                    place.hear(newest)
            elif channel == ACCESS_CHANNEL:
                for place in self._about(account_id=subject):
                    place.doubt()

    def _about(self, plan_id: UUID | None = None, account_id: UUID | None = None) -> Iterator[Place]:
        return (each for each in self.places if plan_id == each.plan_id or account_id == each.account_id)


def _numbers(engine: Engine, plans: set[UUID]) -> dict[UUID, int]:
    with reading(engine, Scope.system("live")) as session:
        asked = select(Plan.id, Plan.number).where(Plan.id.in_(plans))
        return {row.id: row.number for row in session.execute(asked)}
