"""Migrating a database down from the desk's rules and up again keeps closings, help and envelopes, and their rules."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

import api.field.models  # noqa: F401  (tables must be known before they are compared)
import layers.case_work_models  # noqa: F401
from api.database import make_engine, transaction
from api.migrations.run import upgrade
from boundaries.base import Base
from tests.audit.test_counted_cases_migration import read, to_version
from tests.databases import empty_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_source
from tests.scopes import SYSTEM

TABLES = ("case_closing", "assistance", "field_part", "field_envelope")
CLOSE = """
INSERT INTO case_closing (province_code, case_id, id, reason, evidence, proposed_by, state, decided_by, decided_at)
SELECT province_code, id, gen_random_uuid(), 'goal_met', 'เยี่ยมแล้วจริง', gen_random_uuid(), :state, :by, now()
FROM "case" """
RULES = """
SELECT (SELECT count(*) FROM pg_policies WHERE policyname LIKE '%_unplaced'),
       (SELECT count(*) FROM pg_class WHERE relforcerowsecurity AND relname IN ('case_closing', 'assistance', 'case')),
       (SELECT has_table_privilege('socialmap_app', 'field_envelope', 'DELETE'))"""


@pytest.mark.usefixtures("secrets")
def test_down_and_up_keep_what_was_decided(server: str) -> None:
    from datetime import date

    from layers.cases import CaseValues, create_case

    with empty_database(server) as (owner, url):
        upgrade(owner)
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            create_case(session, make_source(session), CaseValues("P08", date(2026, 1, 3), stated_code="9901"))
            session.execute(text(CLOSE), {"state": "withdrawn", "by": None})
        engine.dispose()
        assert read(server, owner, RULES) == (2, 3, True)
        to_version(owner, "0023")
        assert read(server, owner, RULES) == (0, 3, False)
        found = "SELECT state, decided_by = proposed_by FROM case_closing"
        assert read(server, owner, found) == ("declined", True)
        upgrade(owner)
        assert read(server, owner, RULES) == (2, 3, True)
        assert read(server, owner, found) == ("declined", True)
        with create_engine(owner, poolclass=NullPool).connect() as connection:
            options = {"include_object": alembic_helpers.include_object, "compare_type": True}
            context = MigrationContext.configure(connection, opts=options)
            differing = [str(one) for one in compare_metadata(context, Base.metadata)]
        assert [one for one in differing if any(f"'{table}'" in one for table in TABLES)] == []
