"""What protects the server and the browser: who may be addressed, how large a request may be, security headers."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from boundaries.errors import SocialMapError
from boundaries.messages import text

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names under which the server may be addressed; any other is a page of somebody else (DNS rebinding)."""
MAX_BODY = 1_048_576
MAX_ADDRESS = 8_192
"""Bytes of path and query together."""

CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


class HostRefused(SocialMapError):
    """The server may only be reached from its own machine until accounts exist."""

    key = "error.host_refused"


def loopback(host: str) -> str:
    """Return `host` when it is an address of this machine alone; else raise HostRefused."""
    if host == "localhost":
        return host
    try:
        if ipaddress.ip_address(host.strip("[]")).is_loopback:
            return host.strip("[]")
    except ValueError:
        pass
    raise HostRefused(host=host)


def host_name(header: str) -> str:
    """Return the name of a Host header without its port, in small letters; an empty string when it makes no sense."""
    try:
        parts = urlsplit(f"//{header}")
        name, _port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return f"[{name}]" if ":" in name else name


class Guard:
    """Refuse foreign hosts and oversized requests, and put the security headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = HOSTS) -> None:
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", CSP)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            status, code = refused
            answer = problem(status, code, text(f"error.{code}", allowed=MAX_BODY if status == 413 else MAX_ADDRESS))
            await answer(scope, receive, protected)
            return
        await self.app(scope, receive, protected)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self.hosts:
            return 400, "host_unknown"
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
            return 414, "address_long"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY or "transfer-encoding" in headers:
            return 413, "too_large"
        return None
