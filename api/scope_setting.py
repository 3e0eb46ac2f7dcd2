"""How the database is told who asks: the scope as a signed setting of one transaction.

SQL that somebody smuggles in can set the setting too; it cannot sign it. The signature holds for one connection and a
short time, so that a copied one is of no use.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

from layers.scope import AS_PRODUCT, SYSTEM, Scope

SETTING = "socialmap.scope"
SECONDS, SYSTEM_SECONDS = 300, 86_400
"""How long a scope holds; an import may take hours."""
BLOCK = 64
"""Bytes of a block of SHA-256."""

PRODUCT = Scope.system("what follows from a change")

PLANS = "plans"
"""The option of a connection by which a transaction asks that what it prepares is planned once for all values:
`force_generic_plan`. For statements by keys, whose plan no value could change."""

_SET = f"SELECT set_config('{SETTING}', %s, true)"
_SET_BOTH = f"{_SET}, set_config('plan_cache_mode', %s, true)"
_PRESENT = f"SELECT current_setting('{SETTING}', true)"


def signed(scope: Scope, key: bytes, backend: int, until: float) -> str:
    """Return the setting's value: an HMAC-SHA-256 in hex, a dot, the claims as JSON."""
    claims = {**scope.claims(), "pid": backend, "until": until}
    body = json.dumps(claims, separators=(",", ":"))
    return f"{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}.{body}"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return HMAC's inner and outer pad of a key (RFC 2104), which is what the database keeps of it."""
    whole = key.ljust(BLOCK, b"\0")
    return bytes(one ^ 0x36 for one in whole), bytes(one ^ 0x5C for one in whole)


def tell_scopes(engine: Engine, key: bytes) -> None:
    """Set the scope at the begin of every transaction of an engine that was given one as the option `scope`.

    What stands within `layers.scope.as_product` is done as the product, and the scope is as it was after it.
    """

    def begin(connection: Connection) -> None:
        scope = connection.get_execution_options().get("scope")
        if scope is None:
            return  # nothing set reads nothing
        lasts = SYSTEM_SECONDS if scope.role == SYSTEM else SECONDS
        value, plans = signed(scope, key, _backend(connection), time.time() + lasts), _plans(connection)
        connection.exec_driver_sql(_SET_BOTH if plans else _SET, (value, plans) if plans else (value,))

    @contextmanager
    def take_over(connection: Connection) -> Iterator[None]:
        scope = connection.get_execution_options().get("scope")
        if scope is None or scope.role == SYSTEM:
            yield
            return
        # Where it fails in between, the savepoint around it takes the setting back too.
        before = connection.exec_driver_sql(_PRESENT).scalar_one()
        connection.exec_driver_sql(_SET, (signed(PRODUCT, key, _backend(connection), time.time() + SECONDS),))
        yield
        connection.exec_driver_sql(_SET, (before,))

    event.listen(engine, "begin", begin)
    engine.update_execution_options(**{AS_PRODUCT: take_over})


def _plans(connection: Connection) -> str | None:
    plans: str | None = connection.get_execution_options().get(PLANS)
    return plans


def _backend(connection: Connection) -> int:
    return int(connection.connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]
