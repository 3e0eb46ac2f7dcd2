"""Migrating a database with plans up to declared limits, and back, keeps the plans; places are counted anew."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

import mapping.models  # noqa: F401  (tables must be known before they are compared)
from api.database import make_engine, transaction
from api.migrations.run import config, upgrade
from boundaries.base import Base
from layers.dates import fiscal_year_start
from mapping.plan_making import create_from_template
from mapping.plans import get_tree
from tests.databases import empty_database
from tests.demo import load_demo_boundaries
from tests.mapping.plan_trees import same
from tests.scopes import SYSTEM

TABLES = ("plan", "plan_part", "plan_link", "plan_change")
BROKEN = """UPDATE plan_part SET fields = fields || '{"starts_on": "2026-02-02", "ends_on": "2026-02-01"}'
            WHERE id = (SELECT id FROM plan_part WHERE kind = 'activity' ORDER BY ordinal LIMIT 1)"""
CHECKED = "SELECT convalidated FROM pg_constraint WHERE conname = 'ck_plan_part_period'"
FORCED = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('plan_part', 'plan_link')"


@pytest.mark.usefixtures("secrets")
def test_down_and_up_keep_the_plans(server: str) -> None:
    with empty_database(server) as (owner, url):
        upgrade(owner)
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            plan = create_from_template(session, SYSTEM, "9901", "P08", fiscal_year_start(2569))
            before = get_tree(session, plan)
        engine.dispose()
        again(server, owner, "UPDATE plan_part SET position = position * 2 + 1")
        with create_engine(owner, poolclass=NullPool).connect() as connection:
            options = {"include_object": alembic_helpers.include_object, "compare_type": True}
            context = MigrationContext.configure(connection, opts=options)
            differing = [str(one) for one in compare_metadata(context, Base.metadata)]
            assert [one for one in differing if any(f"'{table}'" in one for table in TABLES)] == []
            assert connection.scalar(text(CHECKED)) is True
        with transaction(engine, SYSTEM) as session:
            assert same(get_tree(session, plan), before)
            places = session.scalars(text("SELECT place FROM plan_link ORDER BY place")).all()
            assert places == list(range(len(before.links)))
        engine.dispose()
        # Days that stand in the wrong order are kept; the rule holds for whatever is written from then on.
        again(server, owner, BROKEN)
        with create_engine(owner, poolclass=NullPool).connect() as connection:
            assert connection.scalar(text(CHECKED)) is False
            assert connection.scalar(text(FORCED)) is True


def again(server: str, owner: str, spoiling: str) -> None:
    """Go back to before the limits, do what they forbid, and come forward."""
    with create_engine(owner, poolclass=NullPool).begin() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.downgrade(made, "0014")
    root = make_url(server).set(database=make_url(owner).database)
    with create_engine(root, poolclass=NullPool).begin() as connection:
        connection.execute(text(spoiling))
    upgrade(owner)
