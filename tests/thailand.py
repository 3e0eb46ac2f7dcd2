"""Databases of their own for tests that commit, and one with the real boundaries, loaded once a run."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.database import make_engine, transaction
from api.migrations.run import upgrade
from boundaries.fetching import Obtained
from boundaries.loading import load
from boundaries.sources import provenance_of
from tests.shared import shared

FILE = "boundaries/tha_admin.gpkg"


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Give the application URL of a migrated database that is dropped at the end."""
    name = f"test_{secrets.token_hex(6)}"
    admin = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" OWNER socialmap_owner'))
    try:
        url = make_url(server).set(database=name)
        with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE EXTENSION postgis"))
            connection.execute(text("GRANT ALL ON SCHEMA public TO socialmap_owner"))
        upgrade(url.set(username="socialmap_owner", password=None).render_as_string(hide_password=False))
        yield url.set(username="socialmap_app", password=None).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def thailand_engine(server: str) -> Iterator[Engine]:
    """Engine of the application role on a database with all Thailand active; tests roll back what they write."""
    path = shared(FILE)
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=5)
        with transaction(engine) as session:
            load(session, Obtained(path, provenance_of(path, "default")))
        yield engine
        engine.dispose()
