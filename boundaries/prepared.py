"""Statements that are asked for again and again: each connection parses and plans them once, not at every asking.

Under row-level security that is most of what a small statement costs: its policies are planned with it.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

PREPARED = "prepared statements"
"""Where a connection keeps the names of its own, for as long as it lives."""
_NAME = re.compile(r"(?<!:):([a-z_]+)")


def prepared(session: Session, sql: str, params: Mapping[str, Any]) -> CursorResult[Any]:
    """Execute a statement that names its values as `:value` and is one of few texts; more than these may be given.

    The type of each value follows from its place in the statement: a bare `:value` needs a CAST. Policies hold as for
    any other statement: their conditions are looked at when it runs, not when it is planned.
    """
    connection = session.connection()
    known: dict[str, str] = connection.info.setdefault(PREPARED, {})
    numbered, names = _numbered(sql)
    if sql not in known:
        name = f"kept_{len(known)}"
        connection.exec_driver_sql(f"PREPARE {name} AS {numbered.replace('%', '%%')}")
        known[sql] = f"EXECUTE {name}({', '.join(['%s'] * len(names))})" if names else f"EXECUTE {name}"
    return connection.exec_driver_sql(known[sql], tuple(params[name] for name in names))


def sql_of(chosen: Select[Any]) -> str:
    """Return a statement that was put together, with its named values as `:value`."""
    return str(chosen.compile(dialect=_NAMED))


_NAMED = postgresql.dialect(paramstyle="named")


@cache
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with its values as `$1`, `$2` …, and their names in that order."""
    names = tuple(dict.fromkeys(_NAME.findall(sql)))
    return _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", sql), names
