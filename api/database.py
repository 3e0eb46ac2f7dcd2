"""Connections and the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

# A generic plan cannot see the bounding box of a request and was measured 17 times slower.
CONNECT_OPTIONS = "-c plan_cache_mode=force_custom_plan -c timezone=Asia/Bangkok -c jit=off"

POOL, OVERFLOW = 20, 20
CONNECTIONS = POOL + OVERFLOW
"""At most so many connections has the web application at once."""


def make_engine(url: str, pool_size: int = POOL, statement_seconds: int | None = None) -> Engine:
    """Create the engine of a process; `url` starts with postgresql+psycopg2://, a statement may be limited in time."""
    limit = f" -c statement_timeout={statement_seconds}s" if statement_seconds else ""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=OVERFLOW,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={"options": CONNECT_OPTIONS + limit, "connect_timeout": 10},
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session that commits when the block ends well and rolls back when it raises."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session that cannot write and sees one snapshot throughout; nothing of it is kept."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session
