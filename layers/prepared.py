"""Statements that are asked for again and again: each connection parses and plans them once, not at every asking."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

PREPARED = "prepared statements"
"""Where a connection keeps the names of its own, for as long as it lives."""
_NAME = re.compile(r"(?<!:):([a-z_]+)")


def prepared_row(session: Session, sql: str, params: Mapping[str, Any]) -> Row[Any] | None:
    """Return the one row of a statement, or None; `sql` names its values as `:value` and is one of few texts.

    Policies hold as for any other statement: their conditions are looked at when it runs, not when it is planned.
    """
    connection = session.connection()
    known: dict[str, str] = connection.info.setdefault(PREPARED, {})
    numbered, names = _numbered(sql)
    if sql not in known:
        name = f"kept_{len(known)}"
        connection.exec_driver_sql(f"PREPARE {name} AS {numbered.replace('%', '%%')}")
        known[sql] = f"EXECUTE {name}({', '.join(['%s'] * len(names))})"
    return connection.exec_driver_sql(known[sql], tuple(params[name] for name in names)).one_or_none()


@cache
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with its values as `$1`, `$2` …, and their names in that order."""
    names = tuple(dict.fromkeys(_NAME.findall(sql)))
    return _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", sql), names
