"""One line for each request, each with the id that the answer carries too; no query strings, no personal data."""

import logging
import secrets
import time
from contextvars import ContextVar

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("socialmap.http")

_request_id: ContextVar[str] = ContextVar("request_id", default="")

HEADER = "X-Request-ID"


def request_id() -> str:
    """Return the id of the request being answered, or an empty string outside of one."""
    return _request_id.get()


class RequestLog:
    """Give each request an id, write one log line, and turn a fault that nobody caught into a problem answer.

    The id is always ours: one that a client sends could forge lines of the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        _request_id.set(secrets.token_hex(8))
        started, status = time.perf_counter(), 0

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id()
            await send(message)

        try:
            await self.app(scope, receive, marked)
        except Exception as error:  # the outermost layer: no fault may reach the server with its text
            from api.errors import told_fault

            answer = told_fault(error)
            if not status:
                await answer(scope, receive, marked)
        finally:
            spent = (time.perf_counter() - started) * 1000
            path = scope["path"][:200].encode("unicode_escape").decode()
            logger.info("%s %s %s %.1f ms", scope["method"], path, status, spent, extra={"request_id": request_id()})


def configure(level: str = "WARNING") -> None:
    """Write the product's log lines to standard error; called by the command that serves."""
    writer = logging.StreamHandler()
    writer.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("socialmap")
    root.handlers[:] = [writer]
    root.setLevel(level)
    root.propagate = False
