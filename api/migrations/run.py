"""Bring a database to the newest shape of its tables."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from api.database import parse_address
from api.settings import PROJECT

LOCK = 0x50C1A1
"""Key of the advisory lock that whoever migrates a database holds."""


def config() -> Config:
    """Build Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(PROJECT / "api" / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(owner_url: str) -> bool:
    """Migrate to the newest revision; return whether anything changed. One transaction: all or nothing.

    Several commands may do so at once: one migrates, the others wait. Raises BadAddress.
    """
    engine = create_engine(parse_address(owner_url), poolclass=NullPool)
    made = config()
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        before = MigrationContext.configure(connection).get_current_revision()
        if before == ScriptDirectory.from_config(made).get_current_head():
            return False
        made.attributes["connection"] = connection
        command.upgrade(made, "head")
    return True
