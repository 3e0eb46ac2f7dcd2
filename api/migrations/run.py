"""Bring a database to the newest shape of its tables."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from api.database import parse_address
from api.scope_setting import pads
from api.secrets import SecretsOfAnother, make_secrets
from api.settings import PROJECT
from boundaries.locks import MIGRATE


def config() -> Config:
    """Build Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(PROJECT / "api" / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(owner_url: str) -> bool:
    """Migrate to the newest revision; return whether anything changed. One transaction: all or nothing.

    The database is also told the key of scopes. Several commands may do so at once: one migrates, the others wait.
    Raises BadAddress, SecretsUnusable, SecretsOfAnother.
    """
    engine = create_engine(parse_address(owner_url), poolclass=NullPool)
    made = config()
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATE})
        before = MigrationContext.configure(connection).get_current_revision()
        newest = ScriptDirectory.from_config(made).get_current_head()
        if before != newest:
            made.attributes["connection"] = connection
            command.upgrade(made, "head")
        _keep_key(connection, make_secrets().scope)
    return before != newest


def _keep_key(connection: Connection, key: bytes) -> None:
    inner, outer = pads(key)
    connection.execute(_KEEP, {"inner": inner, "outer": outer})
    if bytes(connection.execute(_KEPT).scalar_one()) != inner:
        raise SecretsOfAnother


_KEEP = text("INSERT INTO scope_key (id, inner_pad, outer_pad) VALUES (1, :inner, :outer) ON CONFLICT DO NOTHING")
_KEPT = text("SELECT inner_pad FROM scope_key")
