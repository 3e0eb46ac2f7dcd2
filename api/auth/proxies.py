"""Requests that come through a proxy: what it says of a client is believed from stated proxies alone."""

import ipaddress

from starlette.types import ASGIApp, Receive, Scope, Send


class FromProxies:
    """Take address and scheme from the headers of stated proxies, and refuse whoever goes around them.

    Loopback may always ask: it is how a machine looks after its own server.
    """

    def __init__(self, app: ASGIApp, proxies: tuple[str, ...]) -> None:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        self.app = app
        self.believing = ProxyHeadersMiddleware(app, trusted_hosts=list(proxies))  # type: ignore[arg-type]
        self.networks = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._stated(scope):
            await self.believing(scope, receive, send)  # type: ignore[arg-type]
        elif self._loopback(scope):
            await self.app(scope, receive, send)
        else:
            from api.errors import problem
            from api.security import CSP, HEADERS
            from boundaries.messages import text

            headers = {**HEADERS, "Content-Security-Policy": CSP}
            await problem(403, "around_proxy", text("error.around_proxy"), headers)(scope, receive, send)

    def _stated(self, scope: Scope) -> bool:
        address = _peer(scope)
        return address is not None and any(address in network for network in self.networks)

    @staticmethod
    def _loopback(scope: Scope) -> bool:
        address = _peer(scope)
        return address is not None and address.is_loopback


def _peer(scope: Scope) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address at the other end; one of IPv4 that came in by IPv6 as what it is."""
    try:
        address = ipaddress.ip_address((scope.get("client") or ("",))[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
