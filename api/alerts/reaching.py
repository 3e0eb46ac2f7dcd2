"""Which addresses a webhook may reach: the host is looked up once, every answer judged, and that one is connected to.

A name that answers otherwise the next time (DNS rebinding) so changes nothing, and nobody can have the server knock at
the doors of its own network.
"""

import http.client
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from api.alerts.errors import Undelivered, WebhookBad

LONGEST = 500
_WRAPPED = tuple(map(ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 that stands for IPv4: compatible, NAT64, 6to4, Teredo. What lies behind is unsure: none is reached."""
LookUp = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Target:
    """Where a webhook listens: host, port, and the path with its query."""

    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """The host as a header names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


def parse_target(url: str) -> Target:
    """Read a webhook's address: https, no user, no fragment, plain ASCII. Raises WebhookBad."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise WebhookBad(limit=LONGEST) from None
    plain = url.isascii() and all(32 < ord(letter) < 127 for letter in url) and len(url) <= LONGEST
    if not plain or parts.scheme != "https" or "@" in parts.netloc or "#" in url or not 0 < len(host) <= 253:
        raise WebhookBad(limit=LONGEST)
    return Target(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the open internet and to one machine there."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in net for net in _WRAPPED) or found.is_site_local:
            return False
    return found.is_global and not found.is_multicast


def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host. Raises Undelivered."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undelivered("host_unknown", way=True) from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def choose(target: Target, private: bool, looking: LookUp = look_up) -> str:
    """Return the address to connect to; refused where any of the host's is not public. Raises Undelivered."""
    found = looking(target.host, target.port)
    if not found:
        raise Undelivered("host_unknown", way=True)
    if not private and not all(is_public(one) for one in found):
        raise Undelivered("address_refused", final=True)
    return found[0]


class Connection(http.client.HTTPSConnection):
    """A connection to an address that was chosen before, whose certificate must be the host's."""

    def __init__(self, target: Target, address: str, context: ssl.SSLContext, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds, context=context)
        self.address, self.trusting = address, context

    def connect(self) -> None:
        """Connect without asking for the host's address again."""
        plain = socket.create_connection((self.address, self.port), self.timeout)
        # The handshake comes when the socket can be cut off: it too may be drawn out letter by letter.
        self.sock = opened = self.trusting.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        opened.do_handshake()
