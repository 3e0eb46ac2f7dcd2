"""Fixtures of the boundaries tests."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.database import make_engine
from boundaries.areas import AreaIndex, load_index
from tests.databases import fresh_database
from tests.scopes import SYSTEM


@pytest.fixture
def thailand(thailand_engine: Engine) -> Iterator[Session]:
    """Session on the real boundaries whose work is rolled back after the test."""
    with thailand_engine.execution_options(scope=SYSTEM).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            yield made
        outer.rollback()


@pytest.fixture(scope="session")
def thailand_index(thailand_engine: Engine) -> AreaIndex:
    """The real boundaries made ready for bulk matching."""
    with Session(thailand_engine.execution_options(scope=SYSTEM)) as session:
        return load_index(session)


@pytest.fixture
def own_database(server: str) -> Iterator[str]:
    """Application URL of an empty migrated database of one test, for commands that commit."""
    with fresh_database(server) as url:
        yield url


@pytest.fixture
def own_engine(own_database: str) -> Iterator[Engine]:
    """Engine on that database."""
    engine = make_engine(own_database, pool_size=2)
    yield engine
    engine.dispose()
