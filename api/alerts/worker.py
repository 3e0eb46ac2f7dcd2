"""The sender at work: in a thread of the server, or by a command of its own; any number of them at once."""

import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.alerts.noticing import notice_all
from api.alerts.sealing import AlertKeys
from api.alerts.sending import SENDING, Round, forget_old, send_waiting
from api.alerts.ways import Ways
from api.database import transaction

logger = logging.getLogger("socialmap.alerts")
PAUSE, AFTER_FAULT = 3.0, 30.0
"""Seconds between two looks at the outbox, and after the database was away."""
NOTICING = 300.0
"""Seconds between two looks for what nobody tells, and at what is too old."""
LEAVING = 25.0
"""Seconds that what is being sent may take to end with the server."""


def work(engine: Engine, ways: Ways, keys: AlertKeys, over: threading.Event) -> None:
    """Send until it is over; a fault is logged by its name alone and the work goes on."""
    looked = -NOTICING
    while not over.is_set():
        pause = PAUSE
        try:
            if time.monotonic() - looked > NOTICING:
                look_around(engine)
                looked = time.monotonic()
            send_waiting(engine, ways, keys, over.is_set)
        except SQLAlchemyError as error:  # it may be back the next time
            logger.warning("alerts: %s", type(error).__name__)
            pause = AFTER_FAULT
        except Exception as error:  # one delivery that cannot be made must not end all others
            logger.error("alerts: fault %s", type(error).__name__)
        over.wait(pause)


@asynccontextmanager
async def sending_beside(app: FastAPI) -> AsyncIterator[None]:
    """Send while the server runs, unless the settings leave that to a command."""
    if not app.state.settings.socialmap_alerts:
        yield
        return
    over = threading.Event()
    given = (app.state.engine, app.state.ways, app.state.alert_keys, over)
    thread = threading.Thread(target=work, args=given, name="alerts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        await run_in_threadpool(thread.join, LEAVING)


def run_once(engine: Engine, ways: Ways, keys: AlertKeys) -> Round:
    """Do what is due now."""
    look_around(engine)
    return send_waiting(engine, ways, keys)


def look_around(engine: Engine) -> int:
    """Put into the outbox what nobody told, take away what is too old; return how much is to be told."""
    with transaction(engine, SENDING) as session:
        forget_old(session)
        return notice_all(session, datetime.now(UTC))
