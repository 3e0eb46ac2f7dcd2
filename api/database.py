"""Connections and the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from api.scope_setting import PLANS, tell_scopes
from api.secrets import load_secrets
from boundaries.errors import SocialMapError
from layers.scope import Scope

DRIVER = "postgresql+psycopg2"

CONNECT_OPTIONS = "-c timezone=Asia/Bangkok -c jit=off"

POOL, OVERFLOW = 20, 20
CONNECTIONS = POOL + OVERFLOW
"""At most so many connections has the web application at once."""


class BadAddress(SocialMapError):
    """A database's address that cannot be understood. It is not repeated: it may hold a password."""

    key = "error.database_address"


def parse_address(url: str) -> URL:
    """Read the address of a database; `postgresql://` means the one driver there is. Raises BadAddress."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise BadAddress from None
    if address.drivername not in (DRIVER, "postgresql", "postgres"):
        raise BadAddress
    return address.set(drivername=DRIVER)


def make_engine(url: str, pool_size: int = POOL, statement_seconds: int | None = None) -> Engine:
    """Create the engine of a process; a statement may be limited in time. Raises BadAddress, SecretsUnusable."""
    limit = f" -c statement_timeout={statement_seconds}s" if statement_seconds else ""
    engine = create_engine(
        parse_address(url),
        pool_size=pool_size,
        max_overflow=OVERFLOW,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,  # they may be words about a person, and an error may end in a log
        connect_args={"options": CONNECT_OPTIONS + limit, "connect_timeout": 10},
    )
    tell_scopes(engine, load_secrets().scope)
    return engine


@contextmanager
def transaction(engine: Engine, scope: Scope, *, by_keys: bool = False) -> Iterator[Session]:
    """Give a session that commits when the block ends well and rolls back when it raises.

    `by_keys` says that what it prepares looks rows up by their keys, so that one plan fits all values.
    """
    told = engine.execution_options(**{"scope": scope} | ({PLANS: "force_generic_plan"} if by_keys else {}))
    with Session(told, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine, scope: Scope) -> Iterator[Session]:
    """Give a session that cannot write and sees one snapshot throughout; nothing of it is kept."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True, "scope": scope}
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session
