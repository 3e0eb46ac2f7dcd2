"""Throw-away databases on the server under test."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.migrations.run import upgrade


@contextmanager
def empty_database(server: str) -> Iterator[tuple[str, str]]:
    """Give the (owner URL, application URL) of a new database with PostGIS; it is dropped when the block ends."""
    name = f"test_{secrets.token_hex(6)}"
    url = make_url(server).set(database=name)
    admin = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" OWNER socialmap_owner'))
    try:
        with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE EXTENSION postgis"))
            connection.execute(text("GRANT ALL ON SCHEMA public TO socialmap_owner"))
        owner, app = (
            url.set(username=role, password=None).render_as_string(hide_password=False)
            for role in ("socialmap_owner", "socialmap_app")
        )
        yield owner, app
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Give the application URL of a migrated database that is dropped when the block ends."""
    with empty_database(server) as (owner, app):
        upgrade(owner)
        yield app
