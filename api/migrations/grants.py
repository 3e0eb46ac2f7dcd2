"""What the application role may do with a table."""

from collections.abc import Iterable
from typing import Any, Protocol

APP_ROLE = "socialmap_app"


class Executes(Protocol):
    """What runs a statement: Alembic's `op`."""

    def execute(self, sqltext: str, /) -> Any:
        """Run one statement."""


def grant_app(op: Executes, tables: Iterable[str], verbs: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Let the application role use `tables` (and their sequences); it owns none and may not truncate."""
    for table in tables:
        op.execute(f'GRANT {verbs} ON TABLE "{table}" TO {APP_ROLE}')
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
