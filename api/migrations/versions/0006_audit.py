"""The audit: entries that are only added, each bound to the one before it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from api.migrations.grants import APP_ROLE, grant_app
from api.migrations.policies import SYSTEM, may

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ACTIONS = (
    "'sign_in', 'sign_in_failed', 'sign_out', 'case_read', 'list', 'export', 'print', 'release', 'role_change',"
    " 'account_change', 'boundary_change', 'import', 'erase', 'restrict', 'correction', 'subject_access',"
    " 'system_command'"
)
SIGNED = "(SELECT scope_audience()) <> ''"
NEXT = "number = coalesce((SELECT head.number FROM audit_head() AS head), 0) + 1"
OWN_NAME = "actor_id IS NOT DISTINCT FROM (SELECT scope_actor()) AND role = (SELECT scope_claims() ->> 'role')"

HEAD = """
CREATE FUNCTION audit_head(OUT number bigint, OUT hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'SELECT number, hash FROM public.audit_entry ORDER BY number DESC LIMIT 1'
"""
"""Whoever adds an entry must know the last one's hash, and may read no entry."""


def upgrade() -> None:
    """Make the chain. The application may add and read; nobody may change or delete by grant or policy."""
    _tables()
    op.execute(HEAD)
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in ("audit_chain", "audit_entry"):
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
        op.execute("ALTER FUNCTION audit_head() OWNER TO socialmap_owner")
    op.execute("REVOKE ALL ON FUNCTION audit_head() FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION audit_head() TO {APP_ROLE}")
    op.execute("INSERT INTO audit_chain (one) VALUES (1)")
    grant_app(op, ["audit_chain"], "SELECT")
    grant_app(op, ["audit_entry"], "SELECT, INSERT")
    for table in ("audit_chain", "audit_entry"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY select_rows ON audit_chain FOR SELECT TO {APP_ROLE} USING ({SIGNED})")
    op.execute(f"CREATE POLICY select_rows ON audit_entry FOR SELECT TO {APP_ROLE} USING ({may('audit.read')})")
    op.execute(
        f"CREATE POLICY insert_rows ON audit_entry FOR INSERT TO {APP_ROLE}"
        f" WITH CHECK ({NEXT} AND ({SYSTEM} OR ({SIGNED} AND {OWN_NAME})))"
    )
    # For audit_head() alone: it runs as the owner, whom the forced policies hold too.
    op.execute("CREATE POLICY head_rows ON audit_entry FOR SELECT TO socialmap_owner USING (true)")


def downgrade() -> None:
    """Drop the chain with all its entries."""
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION audit_head()")
    op.drop_table("audit_chain")


def _tables() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Uuid, nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.CheckConstraint("one = 1", name="one"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("object_id", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("request_id", sa.String),
        sa.Column("details", JSONB, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint(f"action IN ({ACTIONS})", name="action"),
        sa.CheckConstraint("length(hash) = 32", name="hash"),
        sa.CheckConstraint("jsonb_typeof(details) = 'object'", name="details"),
        sa.CheckConstraint(
            "action <> 'case_read' OR coalesce(details ->> 'sensitivity' <> 'L3' OR btrim(reason) <> '', false)",
            name="reason",
        ),
    )
