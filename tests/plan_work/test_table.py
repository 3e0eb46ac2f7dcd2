"""The table of policies as its model says, and who may write it, asked of the database itself."""

from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

import mapping.policy_models  # noqa: F401  (its table must be known before it is compared)
from api.auth.permissions import PERMISSIONS
from boundaries.base import Base
from layers.scope import Scope


def test_the_table_is_as_its_model_says(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"include_object": alembic_helpers.include_object, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        differing = [str(one) for one in compare_metadata(context, Base.metadata)]
    assert "policy_theme" in Base.metadata.tables
    assert [one for one in differing if "policy_theme" in one] == []


@pytest.mark.parametrize("role", PERMISSIONS)
def test_the_database_lets_nobody_but_an_administrator_write_titles(engine: Engine, role: str) -> None:
    """Everybody reads; who may not change settings changes no row and adds none."""
    scope = replace(Scope(role, "public"), permissions=PERMISSIONS[role])
    changed = "UPDATE policy_theme SET title_th = 'x'"
    added = "INSERT INTO policy_theme (fiscal_year, kind, order_no) VALUES ('2020-10-01', 'area', 1)"
    with Session(engine.execution_options(scope=scope)) as session:  # nothing of it is kept
        assert session.execute(text("SELECT count(*) FROM policy_theme")).scalar_one() == 19
        many = session.execute(text(changed)).rowcount  # type: ignore[attr-defined]
        assert many == (19 if role == "admin" else 0)
        if role == "admin":
            session.execute(text(added))
        else:
            with pytest.raises(ProgrammingError, match="row-level security"):
                session.execute(text(added))
