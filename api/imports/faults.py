"""Mistakes of ours while a file is worked on: told by a number, logged without any word of the file."""

import logging
import traceback

from api.imports.errors import ImportFault
from api.logging import request_id

logger = logging.getLogger("socialmap.http")


def unsaid(error: Exception) -> ImportFault:
    """Log where a mistake of ours happened, without its words: they may repeat a cell."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames[-8:]))
    state = getattr(getattr(error, "orig", None), "pgcode", None) or "-"
    logger.error("import: %s %s at %s", type(error).__name__, state, places, extra={"request_id": request_id()})
    return ImportFault(request_id=request_id())
