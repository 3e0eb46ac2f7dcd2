"""The tables of audit and identity: made, dropped and made again, and as their models say."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

import layers.identity_models
import layers.import_models
import layers.models  # noqa: F401  (tables must be known before they are compared)
from api.migrations.run import config, upgrade
from boundaries.base import Base
from tests.databases import empty_database

TABLES = {
    "audit_chain",
    "audit_entry",
    "identity",
    "identity_key",
    "identity_search",
    "identity_restriction",
    "consent",
}


@pytest.mark.usefixtures("secrets")
def test_down_and_up_again(server: str) -> None:
    with empty_database(server) as (owner, _):
        upgrade(owner)
        engine = create_engine(owner, poolclass=NullPool)
        with engine.begin() as connection:
            made = config()
            made.attributes["connection"] = connection
            command.downgrade(made, "0005")
            kept = set(connection.scalars(text("SELECT relname::text FROM pg_class WHERE relkind = 'r'")))
            assert kept & TABLES == set()
            left = text("SELECT proname::text FROM pg_proc WHERE proname IN ('audit_head', 'scope_holds')")
            assert connection.scalars(left).all() == []
        upgrade(owner)
        with engine.connect() as connection:
            options = {"include_object": alembic_helpers.include_object, "compare_type": True}
            context = MigrationContext.configure(connection, opts=options)
            differing = [str(one) for one in compare_metadata(context, Base.metadata)]
        assert set(Base.metadata.tables) >= TABLES
        assert [one for one in differing if any(f"'{table}'" in one for table in TABLES)] == []
