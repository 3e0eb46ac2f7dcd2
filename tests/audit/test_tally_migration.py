"""Migrating a database with cases up to tally rows and fiscal years, and back, keeps what it holds."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

import layers.identity_models
import layers.import_models
import layers.models  # noqa: F401  (tables must be known before they are compared)
from api.database import make_engine, transaction
from api.migrations.run import config, upgrade
from boundaries.base import Base
from layers import rollups
from tests.databases import empty_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_source, many
from tests.scopes import SYSTEM

HELD = """
SELECT (SELECT json_agg(to_jsonb(c) - 'cases' ORDER BY id)::text FROM "case" c),
       (SELECT json_agg(to_jsonb(c) ORDER BY c)::text FROM case_count c)"""
FORCED = """
SELECT relname::text FROM pg_class
WHERE relforcerowsecurity AND relname IN ('case', 'import_change', 'case_count', 'case_count_by_group') ORDER BY 1"""


def down(owner: str) -> None:
    """Take the database back to before this migration."""
    engine = create_engine(owner, poolclass=NullPool)
    with engine.begin() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.downgrade(made, "0011")


def read(server: str, owner: str, sql: str) -> list[tuple[object, ...]]:
    """Read as the server's superuser, whom no policy concerns."""
    address = make_url(server).set(database=make_url(owner).database)
    with create_engine(address, poolclass=NullPool).connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def write(engine: Engine, **values: object) -> None:
    """Write two cases and check the rollups."""
    with transaction(engine, SYSTEM) as session:
        many(session, make_source(session), 2, "9901", **values)
        assert rollups.check(session) == []


@pytest.mark.usefixtures("secrets")
def test_down_and_up_keep_the_cases(server: str) -> None:
    with empty_database(server) as (owner, url):
        upgrade(owner)
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
        write(engine)
        write(engine, reported_on="2025-01-01", date_precision="year")
        before, forced = read(server, owner, HELD), read(server, owner, FORCED)
        engine.dispose()
        down(owner)
        assert read(server, owner, "SELECT count(*) FROM \"case\" WHERE date_precision = 'year'") == [(2,)]
        assert read(server, owner, FORCED) == forced
        upgrade(owner)
        assert read(server, owner, HELD) == before
        assert read(server, owner, 'SELECT DISTINCT cases FROM "case"') == [(1,)]
        write(engine, reported_on="2024-10-01", date_precision="fiscal")
        write(engine, cases=37)
        engine.dispose()
        held = read(server, owner, HELD)
        with pytest.raises(RuntimeError, match="4 rows"):
            down(owner)
        assert (read(server, owner, HELD), read(server, owner, FORCED)) == (held, forced)
        with create_engine(owner, poolclass=NullPool).connect() as connection:
            options = {"include_object": alembic_helpers.include_object, "compare_type": True}
            context = MigrationContext.configure(connection, opts=options)
            differing = [str(one) for one in compare_metadata(context, Base.metadata)]
        assert [one for one in differing if "'case'" in one] == []
