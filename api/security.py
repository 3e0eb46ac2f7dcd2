"""What protects the server and the browser: who may be addressed, how large a request may be, security headers."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


YEAR = 31_536_000
STRICT_TRANSPORT = f"max-age={YEAR}"


class HostRefused(SocialMapError):
    """Without TLS or a proxy that speaks it, the server may only be reached from its own machine."""

    key = "error.host_beyond"


class ServeOptions(SocialMapError):
    """Options to serve others that do not go together, or whose values cannot be used."""

    key = "error.serve_options"


@dataclass(frozen=True)
class Exposure:
    """How far the server can be reached: under which names, and through which proxies that speak TLS for it.

    `beyond` is whether others than this machine are served: then only over TLS, and nobody may ask without end.
    """

    names: frozenset[str] = HOSTS
    proxies: tuple[str, ...] = ()
    beyond: bool = False


HERE = Exposure()
"""This machine alone."""


def exposure(names: Iterable[str], proxies: Iterable[str], *, tls: bool) -> Exposure:
    """Check how the server is to be reached. Raises ServeOptions."""
    asked, behind = [name.strip().lower() for name in names], tuple(proxies)
    for name in asked:
        if not re.fullmatch(r"(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", name):
            raise ServeOptions(reason=f"--name {name[:80]}")
    for proxy in behind:
        try:
            network = ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            raise ServeOptions(reason=f"--trusted-proxy {proxy[:80]}") from None
        if network.num_addresses > 65_536:  # whoever is believed to be a proxy can claim any address
            raise ServeOptions(reason=f"--trusted-proxy {proxy[:80]}")
    if not tls and not behind:
        if asked:
            raise ServeOptions(reason="--name")
        return HERE
    if not asked:
        raise ServeOptions(reason="--name")
    return Exposure(HOSTS | set(asked), behind, beyond=True)


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

    def __init__(self, app: ASGIApp, exposed: Exposure = HERE, larger: Mapping[str, int] | None = None) -> None:
        """Guard an application; `larger` says which addresses take files, which they read piece by piece."""
        self.app, self.exposed, self.larger = app, exposed, larger or {}

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
                if self.exposed.beyond and scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            status, code = refused
            allowed = self._largest(scope) if status == 413 else MAX_ADDRESS
            answer = problem(status, code, text(f"error.{code}", allowed=allowed))
            await answer(scope, receive, protected)
            return
        await self.app(scope, receive, protected)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        name = host_name(headers.get("host", ""))
        if name not in self.exposed.names:
            return 400, "host_unknown"
        if name not in HOSTS and scope["scheme"] != "https":
            return 400, "tls_only"
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
            return 414, "address_long"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._largest(scope) or "transfer-encoding" in headers:
            return 413, "too_large"
        return None

    def _largest(self, scope: Scope) -> int:
        """Return how many bytes a body may have."""
        kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        takes_files = scope["method"] == "POST" and kind == "multipart/form-data"
        return self.larger.get(scope["path"], MAX_BODY) if takes_files else MAX_BODY
