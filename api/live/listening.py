"""The one connection of a process that hears what others committed: outside the pool, made anew when it breaks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg2
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg2 import dialect
from sqlalchemy.exc import SQLAlchemyError

from api.auth.sessions import ACCESS_CHANNEL
from mapping.plans import CHANNEL

__all__ = ["ACCESS_CHANNEL", "listen"]

logger = logging.getLogger("socialmap.live")

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each further attempt to connect; the last one for good."""
ALIVE = {
    "application_name": "socialmap listens",
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""Nothing is asked on this connection: that the other side is gone must be told by the network."""

Connection = Any
Hear = Callable[[str, str], None]


async def listen(address: URL, hear: Hear, connected: Callable[[], Awaitable[None]], lost: Callable[[], None]) -> None:
    """Hand each notification (channel, payload) to `hear`, until cancelled; the database may go and come back.

    `connected` is awaited whenever notifications are heard of from then on: what happened before is its to find out.
    """
    failed = 0
    while True:
        try:
            connection = await run_in_threadpool(_connect, address)
        except psycopg2.Error as error:
            logger.warning("not listening: %s", type(error).__name__)
            await asyncio.sleep(PAUSES[min(failed, len(PAUSES) - 1)])
            failed += 1
            continue
        try:
            await _hearing(connection, hear, connected)
        except SQLAlchemyError as error:
            logger.warning("listening again: %s", type(error).__name__)
        finally:
            lost()
            connection.close()
        await asyncio.sleep(PAUSES[0])
        failed = 0


async def _hearing(connection: Connection, hear: Hear, connected: Callable[[], Awaitable[None]]) -> None:
    """Hear until the connection breaks."""
    loop = asyncio.get_running_loop()
    broken = loop.create_future()

    def read() -> None:
        try:
            connection.poll()
        except psycopg2.Error:
            loop.remove_reader(number)
            if not broken.done():
                broken.set_result(None)
        while connection.notifies:
            told = connection.notifies.pop(0)
            hear(told.channel, told.payload)

    number = connection.fileno()
    loop.add_reader(number, read)
    try:
        read()
        await connected()
        await broken
    finally:
        loop.remove_reader(number)


def _connect(address: URL) -> Connection:
    arguments, named = dialect().create_connect_args(address)
    connection = psycopg2.connect(*arguments, **{**ALIVE, **named})
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for channel in (CHANNEL, ACCESS_CHANNEL):
                cursor.execute(f"LISTEN {channel}")
    except psycopg2.Error:
        connection.close()
        raise
    return connection
