"""The session's cookie: set, read, and taken away when its session is over."""

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "__Host-socialmap"
"""The prefix makes browsers insist: Secure, for the whole site, and set by this host alone."""
STALE = "stale_cookie"
_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


def cookie_token(request: Request) -> str | None:
    """Return the token that the browser sent, if any."""
    return request.cookies.get(COOKIE) or None


def give_cookie(answer: Response, token: str) -> None:
    """Send a token. The cookie ends with the browser; the server ends the session sooner."""
    answer.headers.append("set-cookie", f"{COOKIE}={token}; {_ATTRIBUTES}")


def take_cookie(answer: Response) -> None:
    """Take the cookie away."""
    answer.headers.append("set-cookie", _GONE)


_GONE = f'{COOKIE}=""; Max-Age=0; {_ATTRIBUTES}'


class StaleCookies:
    """Take away a cookie that was found to be good no more while the request was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def cleared(message: Message) -> None:
            if message["type"] == "http.response.start" and state.get(STALE):
                headers = MutableHeaders(scope=message)
                if "set-cookie" not in headers:
                    headers.append("set-cookie", _GONE)
            await send(message)

        await self.app(scope, receive, cleared)
