"""Print jobs kept in order while a server runs: what was interrupted is told, what is too old goes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError

from api.prints.workshop import Workshop

logger = logging.getLogger("socialmap.print")
HOUR = 3_600


@asynccontextmanager
async def kept_in_order(workshop: Workshop) -> AsyncIterator[None]:
    """Settle the jobs at once and every hour; end what is being worked on with the block."""
    task = asyncio.create_task(_settling(workshop))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        workshop.close()


async def _settling(workshop: Workshop) -> None:
    while True:
        try:
            await run_in_threadpool(workshop.settle)
        except SQLAlchemyError as error:  # it may be back the next time
            logger.warning("print jobs: %s", type(error).__name__)
        await asyncio.sleep(HOUR)
