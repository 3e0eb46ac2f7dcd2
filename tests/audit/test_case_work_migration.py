"""Migrating a database whose cases have a history up to the table of steps, and back, keeps the history."""

from datetime import date

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

import layers.case_work_models  # noqa: F401  (tables must be known before they are compared)
from api.database import make_engine, transaction
from api.migrations.run import config, upgrade
from boundaries.base import Base
from layers.case_steps import list_history, take_step
from layers.cases import CaseValues, change_status, create_case, get_case
from tests.databases import empty_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_source
from tests.scopes import SYSTEM

TABLES = (
    "case", "case_event", "case_step", "case_closing", "case_assignment", "referral", "visit", "assistance",
    "time_limit", "holiday",
)  # fmt: skip
FORCED = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('case', 'case_event')"
ODD = """
INSERT INTO case_event (province_code, case_id, id, happened_at, from_status, to_status, note)
SELECT province_code, case_id, gen_random_uuid(), now() + interval '1 hour', 80, 50, 'undo 3' FROM case_event LIMIT 1;
UPDATE "case" SET status = 50, close_reason = NULL"""
"""What an import that was taken back did before, by a way that no steps go but through 81."""


@pytest.mark.usefixtures("secrets")
def test_down_and_up_keep_the_history_and_number_it(server: str) -> None:
    with empty_database(server) as (owner, url):
        upgrade(owner)
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            values = CaseValues("P08", date(2026, 1, 3), stated_code="990101")
            case, quiet = (create_case(session, make_source(session), values) for _ in range(2))
            for step in (20, 30, 40, 50, 70):
                change_status(session, case, step, note="บันทึกเดิม")
            change_status(session, case, 80, close_reason="goal_met")
            before = [(one.from_status, one.to_status, one.note) for one in list_history(session, case)]
        engine.dispose()
        again(server, owner, ODD)
        with create_engine(owner, poolclass=NullPool).connect() as connection:
            options = {"include_object": alembic_helpers.include_object, "compare_type": True}
            context = MigrationContext.configure(connection, opts=options)
            differing = [str(one) for one in compare_metadata(context, Base.metadata)]
            assert [one for one in differing if any(f"'{table}'" in one for table in TABLES)] == []
            assert connection.scalar(text(FORCED)) is True
        with transaction(engine, SYSTEM) as session:
            found = list_history(session, case)
            assert [(one.from_status, one.to_status, one.note) for one in found] == [*before, (80, 50, "undo 3")]
            assert [one.way for one in found] == [*["step"] * 5, "stated", "stated"]
            assert [get_case(session, one).last_event for one in (case, quiet)] == [7, 0]
            take_step(session, SYSTEM, case, 70)
        with pytest.raises(IntegrityError, match="with its event alone"), transaction(engine, SYSTEM) as session:
            session.execute(text('UPDATE "case" SET status = 90'))
        engine.dispose()


def again(server: str, owner: str, meanwhile: str) -> None:
    """Go back to before the steps, do what could be done then, and come forward."""
    made = create_engine(make_url(server).set(database=make_url(owner).database), poolclass=NullPool)
    with create_engine(owner, poolclass=NullPool).begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0018")
    with made.begin() as connection:
        connection.execute(text(meanwhile))
    upgrade(owner)
