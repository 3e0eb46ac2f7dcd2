"""Connections and the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

# A generic plan cannot see the bounding box of a request and was measured 17 times slower.
CONNECT_OPTIONS = "-c plan_cache_mode=force_custom_plan -c timezone=Asia/Bangkok -c jit=off"


def make_engine(url: str, pool_size: int = 20) -> Engine:
    """Create the engine of a process; `url` starts with postgresql+psycopg2://."""
    return create_engine(
        url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, connect_args={"options": CONNECT_OPTIONS}
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session that commits when the block ends well and rolls back when it raises."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
