"""The tables belong to the owner's role; the application's role may use them and nothing more."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from boundaries.importing import import_edition
from boundaries.models import Edition
from tests import demo
from tests.scopes import SYSTEM

TABLES = ("edition", "area", "area_shape")


def test_the_application_owns_nothing_and_is_no_superuser(session: Session) -> None:
    owners = text("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename = ANY(:tables)")
    assert session.scalars(owners, {"tables": list(TABLES)}).all() == ["socialmap_owner"]
    role = session.execute(text("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")).one()
    assert tuple(role) == ("socialmap_app", False)


@pytest.mark.parametrize(
    "statement", ["TRUNCATE edition CASCADE", "DROP TABLE area_shape", "ALTER TABLE area ADD x int"]
)
def test_the_application_may_not_change_tables(session: Session, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        session.execute(text(statement))


def test_at_most_one_edition_is_active(demo_session: Session) -> None:
    second = import_edition(demo_session, demo.FILE, demo.PROVENANCE).edition_id
    with pytest.raises(IntegrityError, match="uq_edition_active"):
        demo_session.execute(text("UPDATE edition SET state = 'active' WHERE id = :id"), {"id": second})


@pytest.mark.parametrize("change", ["state = 'wished'", "detail = 'some'", "lowest_level = 'village'"])
def test_states_are_checked_by_the_database(demo_session: Session, change: str) -> None:
    with pytest.raises(IntegrityError, match="ck_edition"):
        demo_session.execute(text(f"UPDATE edition SET {change}"))


def test_the_models_say_what_the_tables_are(engine: Engine) -> None:
    columns = text("SELECT column_name FROM information_schema.columns WHERE table_name = 'edition'")
    with engine.execution_options(scope=SYSTEM).connect() as connection:
        assert set(connection.scalars(columns)) == {column.name for column in Edition.__table__.columns}
