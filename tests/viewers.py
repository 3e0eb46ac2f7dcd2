"""Pages that wait for events of plans, as they are on the wire: bare connections, hundreds of which cost little."""

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import FastAPI

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.database import transaction
from tests.scopes import SYSTEM

Result = TypeVar("Result")
PATIENCE = 20.0
"""Seconds after which what a test waits for does not come any more."""


def token_for(app: FastAPI, account: UUID) -> str:
    """Begin a session of an account and return its token."""
    with transaction(app.state.engine, SYSTEM) as session:
        return start_session(session, account, "full", "viewer")


@dataclass
class Viewer:
    """One open stream: the status and headers of its answer, and the numbers that it was told so far."""

    status: int
    headers: dict[str, str]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    told: list[int] = field(default_factory=list)
    comments: int = 0

    async def next(self) -> int | None:
        """Return the next number; None where the stream ends, as it should: with the last piece of its answer."""
        async with asyncio.timeout(PATIENCE):
            while True:
                line = await self.reader.readline()
                if line.startswith(b"data: "):
                    self.told.append(int(json.loads(line[6:])["number"]))
                    return self.told[-1]
                self.comments += line == b":\n"
                if line in (b"", b"0\r\n"):
                    assert line, "broken off"
                    return None

    async def until(self, number: int) -> None:
        """Wait until a number is told."""
        while number not in self.told:
            assert await self.next() is not None

    async def close(self) -> None:
        """Go away, whatever was not read."""
        self.writer.transport.abort()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


async def watch(address: str, plan: str, token: str | None, buffer: int | None = None) -> Viewer:
    """Open a stream; `buffer` bytes at most are taken in before somebody reads them."""
    place = urlsplit(address)
    opened = socket.socket()
    if buffer is not None:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    opened.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(opened, (place.hostname, place.port))
    except OSError:
        opened.close()
        raise
    reader, writer = await asyncio.open_connection(sock=opened, limit=2**16)
    cookie = f"Cookie: {COOKIE}={token}\r\n" if token else ""
    path = f"/api/v1/plans/{plan}/events"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}Accept: text/event-stream\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        first = await reader.readline()
        headers: dict[str, str] = {}
        while (line := (await reader.readline()).decode().strip()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
    made = Viewer(int(first.split()[1]), headers, reader, writer)
    _open.append(made)
    return made


_open: list[Viewer] = []


def run(story: Coroutine[Any, Any, Result]) -> Result:
    """Let a story happen, and close what it leaves open."""

    async def whole() -> Result:
        try:
            return await story
        finally:
            while _open:
                await _open.pop().close()

    return asyncio.run(whole())


async def eventually(holds: Callable[[], Any]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.02)
