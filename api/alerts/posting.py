"""One signed request to a webhook: no redirect is followed, the answer's body is not read, and it ends in time."""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from uuid import UUID

from api.alerts.errors import Undelivered, WebhookBad
from api.alerts.reaching import Connection, LookUp, choose, look_up, parse_target
from api.alerts.ways import Ways

SECONDS, WHOLE = 10.0, 20.0
"""What one step of a request may take, and all of it."""
AGENT = "SocialMap-Alerts/1"


def signature(secret: str, moment: int, body: bytes) -> str:
    """Return what proves who sent a body and when: HMAC-SHA-256 over the moment, a dot, and the body."""
    return "v1=" + hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def post(
    ways: Ways, url: str, secret: str, delivery_id: UUID, body: bytes, looking: LookUp = look_up, whole: float = WHOLE
) -> None:
    """Post a body; any answer of 2xx means that it arrived. Raises Undelivered."""
    try:
        target = parse_target(url)
    except WebhookBad:
        raise Undelivered("address_refused", final=True) from None
    address, moment = choose(target, ways.private, looking), int(time.time())
    headers = {
        "Host": target.named,
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Idempotency-Key": str(delivery_id),
        "Socialmap-Timestamp": str(moment),
        "Socialmap-Signature": signature(secret, moment, body),
        "Connection": "close",
    }
    connection = Connection(target, address, ways.context(), SECONDS)
    status = _answered(connection, target.path, body, headers, whole)
    if not 200 <= status < 300:
        raise Undelivered(f"http_{status}", final=status == http.client.GONE, way=status >= 500)


def _answered(connection: Connection, path: str, body: bytes, headers: dict[str, str], whole: float) -> int:
    """Ask and return the status. Whoever answers a letter at a time is cut off when the whole time is over."""
    guard = threading.Timer(whole, _cut, (connection,))
    guard.daemon = True
    guard.start()
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except ssl.SSLError:
        raise Undelivered("https_certificate", way=True) from None
    except (OSError, http.client.HTTPException) as error:
        raise Undelivered(f"https_{type(error).__name__.lower()}"[:60], way=True) from None
    finally:
        guard.cancel()
        connection.close()


def _cut(connection: Connection) -> None:
    opened = connection.sock
    if opened is not None:
        with suppress(OSError):  # it has just ended by itself
            # Not the method of TLS, which would take away what the other thread is using.
            socket.socket.shutdown(opened, socket.SHUT_RDWR)
