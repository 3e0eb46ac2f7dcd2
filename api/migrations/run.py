"""Bring a database to the newest shape of its tables."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from api.settings import PROJECT


def config() -> Config:
    """Build Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(PROJECT / "api" / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(owner_url: str) -> bool:
    """Migrate to the newest revision; return whether anything changed. One transaction: all or nothing."""
    engine = create_engine(owner_url, poolclass=NullPool)
    made = config()
    with engine.begin() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        if before == ScriptDirectory.from_config(made).get_current_head():
            return False
        made.attributes["connection"] = connection
        command.upgrade(made, "head")
    return True
