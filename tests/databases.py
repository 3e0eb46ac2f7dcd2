"""Throw-away databases on the server under test. Migrated ones are copies of one that each process migrates once."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.migrations.run import config, upgrade

_migrated: dict[str, str] = {}
"""The migrated database of each server, by the server's address; it holds no key of scopes."""


@contextmanager
def empty_database(server: str) -> Iterator[tuple[str, str]]:
    """Give the (owner URL, application URL) of a new database with PostGIS; it is dropped when the block ends."""
    name = _create(server)
    try:
        yield _address(server, name, "socialmap_owner"), _address(server, name, "socialmap_app")
    finally:
        _drop(server, name)


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Give the application URL of a migrated database that is dropped when the block ends."""
    if server not in _migrated:
        _migrated[server] = _create(server)
        _migrate(_address(server, _migrated[server], "socialmap_owner"))
    name = f"test_{secrets.token_hex(6)}"
    with _administering(server).connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{_migrated[server]}" OWNER socialmap_owner'))
    inside = _administering(make_url(server).set(database=name).render_as_string(hide_password=False))
    with inside.connect() as connection:  # a copy of an audit is told apart by nothing else
        connection.execute(text("UPDATE audit_chain SET id = gen_random_uuid()"))
    try:
        upgrade(_address(server, name, "socialmap_owner"))  # only the key of the moment's secrets is missing
        yield _address(server, name, "socialmap_app")
    finally:
        _drop(server, name)


def drop_migrated(server: str) -> None:
    """Drop the database that the copies were made of."""
    if server in _migrated:
        _drop(server, _migrated.pop(server))


def _create(server: str) -> str:
    name = f"test_{secrets.token_hex(6)}"
    with _administering(server).connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" OWNER socialmap_owner'))
    inside = _administering(make_url(server).set(database=name).render_as_string(hide_password=False))
    with inside.connect() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO socialmap_owner"))
    return name


def _migrate(owner: str) -> None:
    settings = config()
    with create_engine(owner, poolclass=NullPool).begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def _drop(server: str, name: str) -> None:
    with _administering(server).connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _administering(server: str) -> Engine:
    return create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")


def _address(server: str, name: str, role: str) -> str:
    url = make_url(server).set(database=name, username=role, password=None)
    return url.render_as_string(hide_password=False)
