"""One throw-away database a run; each test in a transaction that is rolled back."""

import os
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from api.database import make_engine
from api.migrations.run import upgrade
from tests.demo.fixtures import demo_session
from tests.thailand import thailand_engine

__all__ = ["demo_session", "thailand_engine"]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Superuser URL of the server under test: TEST_DATABASE_URL, else the project's private cluster."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    from api.cluster import running
    from api.settings import Settings

    with running(Settings().socialmap_home) as cluster:
        yield cluster.admin_url


@pytest.fixture(scope="session")
def empty_database(server: str) -> Iterator[tuple[str, str]]:
    """(owner URL, application URL) of a fresh database with PostGIS, dropped at the end."""
    name = f"test_{secrets.token_hex(6)}"
    admin = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" OWNER socialmap_owner'))
    url = make_url(server).set(database=name)
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO socialmap_owner"))
    roles = [url.set(username=role, password=None) for role in ("socialmap_owner", "socialmap_app")]
    yield tuple(role.render_as_string(hide_password=False) for role in roles)  # type: ignore[misc]
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def migrated(empty_database: tuple[str, str]) -> str:
    """Application URL of a migrated, empty database."""
    owner, app = empty_database
    upgrade(owner)
    return app


@pytest.fixture(scope="session")
def engine(migrated: str) -> Iterator[Engine]:
    """Engine of the application role, for tests that need several connections; they clean up after themselves."""
    made = make_engine(migrated, pool_size=5)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Session of the application role whose work, commits included, is rolled back after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            yield made
        outer.rollback()
