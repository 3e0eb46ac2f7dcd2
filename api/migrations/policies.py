"""Row-level security: who may read and write which rows, and which tables are open and why.

A policy reads the signed scope once a statement: each function stands in a sub-select of its own.
"""

from collections.abc import Mapping

from api.migrations.grants import APP_ROLE, Executes

OPEN: Mapping[str, str] = {
    "edition": "boundaries are published",
    "area": "boundaries are published",
    "area_shape": "boundaries are published",
    "source": "every figure names its sources",
    "indicator": "definitions of published statistics",
    "observation": "published statistics of areas, none of a person",
    "unit": "names of offices are published",
    "unit_area": "the areas of offices are published",
}
"""Tables whose every row may be read, with the reason; only the product itself writes them."""

WITHOUT: Mapping[str, str] = {
    "alembic_version": "tells which shape the database has; the application may only read it",
    "scope_key": "who reads it can sign any scope: the application may not touch it at all",
    "spatial_ref_sys": "belongs to PostGIS",
}
"""Tables without row-level security, with the reason; every other has it, forced on the owner too."""

SYSTEM = "(SELECT scope_is_system())"


def protect(op: Executes, table: str, *, read: str, write: str | None = None, change: str | None = None) -> None:
    """Force row-level security on a table: which rows may be read, which added, and which changed or deleted.

    `write` None is the same as `read`, `change` None the same as `write`.
    """
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    rules = {"SELECT": f"USING ({read})"}
    written = write or read
    changed = change or written
    rules["INSERT"] = f"WITH CHECK ({written})"
    rules["UPDATE"] = f"USING ({changed}) WITH CHECK ({written})"
    rules["DELETE"] = f"USING ({changed})"
    for verb, rule in rules.items():
        op.execute(f'CREATE POLICY {verb.lower()}_rows ON "{table}" FOR {verb} TO {APP_ROLE} {rule}')


def unprotect(op: Executes, table: str) -> None:
    """Undo `protect`."""
    for verb in ("select", "insert", "update", "delete"):
        op.execute(f'DROP POLICY {verb}_rows ON "{table}"')
    op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def may(permission: str) -> str:
    """Return SQL that says whether the scope holds a permission; the product itself holds all."""
    return f"(SELECT scope_may('{permission}'))"


def in_areas(*columns: str) -> str:
    """Return SQL that says whether one of the codes in `columns` is among the scope's areas."""
    return f"((SELECT scope_is_everywhere()) OR (SELECT scope_areas())::text[] && ARRAY[{', '.join(columns)}]::text[])"
