"""Identity data: sealed, one wrapped key for each case, searched by keyed hashes; restrictions and consents."""

import sqlalchemy as sa
from alembic import op

from api.migrations.grants import APP_ROLE, grant_app
from api.migrations.policies import SYSTEM, may, protect, unprotect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("identity_key", "identity", "identity_search", "identity_restriction", "consent")
CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)

HOLDS = "CREATE FUNCTION scope_holds(permission text) RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED RETURN (\
coalesce((SELECT claims -> 'can' ? permission FROM scope_claims() AS claims), false))"
"""Unlike scope_may, the product itself holds nothing unless it says so: imports, jobs and rollups have no use for a
person's name, and a mistake in one of them cannot read it. Keys it may rewrap and delete, which shows it no data."""

SEEN = 'EXISTS (SELECT FROM "case" AS one WHERE one.province_code = {table}.province_code AND one.id = {table}.case_id)'
FREE = (
    "NOT EXISTS (SELECT FROM identity_restriction AS closed WHERE closed.province_code = {table}.province_code"
    " AND closed.case_id = {table}.case_id)"
)


def holds(permission: str) -> str:
    """Return SQL that says whether the scope names a permission, the product's own scope too."""
    return f"(SELECT scope_holds('{permission}'))"


def upgrade() -> None:
    """Make the tables; identity data are read by who may read their case, holds identity.read, and says so."""
    op.execute(HOLDS)
    _keys()
    _sealed()
    _beside()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
        op.execute("ALTER FUNCTION scope_holds(text) OWNER TO socialmap_owner")
    op.execute("REVOKE ALL ON FUNCTION scope_holds(text) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION scope_holds(text) TO {APP_ROLE}")
    grant_app(op, ("identity", "identity_search"), "SELECT, INSERT")
    grant_app(op, ("identity_restriction",), "SELECT, INSERT, DELETE")
    grant_app(op, ("identity_key", "consent"))
    _protect()


def downgrade() -> None:
    """Drop the tables: all identity data are lost."""
    for table in reversed(TABLES):
        unprotect(op, table)
    for table in ("consent", "identity_restriction", "identity_search", "identity", "identity_key"):
        op.drop_table(table)
    op.execute("DROP FUNCTION scope_holds(text)")


def _protect() -> None:
    for table in ("identity", "identity_search"):
        free = f"({FREE.format(table=table)} OR {holds('identity.read_restricted')})"
        seen = SEEN.format(table=table)
        protect(
            op,
            table,
            read=f"{holds('identity.read')} AND {free} AND {seen}",
            write=f"{holds('identity.write')} AND {seen}",
            change="false",
        )
    seen = SEEN.format(table="identity_key")
    write = f"{SYSTEM} OR ({holds('identity.write')} AND {seen})"
    erase = f"{SYSTEM} OR (({holds('identity.write')} OR {holds('identity.erase')}) AND {seen})"
    read = f"{erase} OR ({holds('identity.read')} AND {seen})"
    protect(op, "identity_key", read=read, write=write, change=erase)
    seen = SEEN.format(table="identity_restriction")
    protect(op, "identity_restriction", read=seen, write=f"({SYSTEM} OR {holds('identity.erase')}) AND {seen}")
    seen = SEEN.format(table="consent")
    protect(op, "consent", read=seen, write=f"{may('case.write')} AND {seen}")


def _hangs_on(table: str, column: str = "case_id", delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    theirs = [f"{table}.province_code", f"{table}.{column}"]
    return sa.ForeignKeyConstraint(["province_code", "case_id"], theirs, ondelete=delete, onupdate="CASCADE")


def _case_columns() -> tuple[sa.Column[str], sa.Column[object]]:
    return sa.Column("province_code", CODE, primary_key=True), sa.Column("case_id", sa.Uuid, primary_key=True)


def _keys() -> None:
    op.create_table(
        "identity_key",
        *_case_columns(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("master", sa.String, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _hangs_on("case", "id"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("length(wrapped) = 60", name="wrapped"),
    )
    op.create_table(
        "identity_restriction",
        *_case_columns(),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("restricted_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _hangs_on("identity_key", delete="RESTRICT"),
        sa.CheckConstraint("length(btrim(reason)) BETWEEN 1 AND 500", name="reason"),
    )


def _sealed() -> None:
    op.create_table(
        "identity",
        *_case_columns(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        _hangs_on("identity_key"),
        sa.CheckConstraint("length(sealed) > 28", name="sealed"),
    )
    op.create_table(
        "identity_search",
        *_case_columns(),
        sa.Column("field", sa.String, primary_key=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        _hangs_on("identity_key"),
        sa.CheckConstraint("field IN ('name', 'national_id', 'phone', 'guardian')", name="field"),
        sa.CheckConstraint("length(hash) = 32", name="hash"),
    )
    op.create_index("ix_identity_search_hash", "identity_search", ["hash", "field"])


def _beside() -> None:
    op.create_table(
        "consent",
        *_case_columns(),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("wording", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("given_by", sa.String, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("recorded_by", sa.Uuid),
        sa.Column("recorded_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _hangs_on("case", "id"),
        sa.CheckConstraint("channel IN ('paper', 'in_person', 'phone', 'web', 'line', 'other')", name="channel"),
        sa.CheckConstraint("given_by IN ('person', 'guardian')", name="given_by"),
        sa.CheckConstraint("wording ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'", name="wording"),
    )
