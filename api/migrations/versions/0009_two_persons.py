"""What needs two persons: teams of cases, clearing a second factor. And failed sign-ins by name and address."""

import sqlalchemy as sa
from alembic import op

from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, may, protect, unprotect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("factor_request", "sign_in_attempt")
BEFORE = (
    "'sign_in', 'sign_in_failed', 'sign_out', 'case_read', 'list', 'export', 'print', 'release', 'role_change',"
    " 'account_change', 'boundary_change', 'import', 'erase', 'restrict', 'correction', 'subject_access',"
    " 'system_command'"
)
OWN_UNIT = f"({may('case.assign')} AND unit_id = ANY ((SELECT scope_units())::int[]))"
READ_TEAM = f"{SYSTEM} OR {OWN_UNIT} OR actor_id = (SELECT scope_actor())"


def upgrade() -> None:
    """Let the product alone write teams, after it has checked who asks; make the tables."""
    unprotect(op, "case_member")
    protect(op, "case_member", read=READ_TEAM, write=SYSTEM)
    _actions(f"{BEFORE}, 'team_change', 'consent'")
    op.drop_column("reset_link", "clears_totp")
    op.add_column("account", sa.Column("factor_cleared_at", MOMENT))
    op.create_table(
        "factor_request",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("asked_by", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.CheckConstraint("account_id <> asked_by", name="asked_by"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("address_hash", sa.LargeBinary, primary_key=True),
        sa.Column("failed_count", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("locked_until", MOMENT),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("known_at", MOMENT),
    )
    op.create_index("ix_factor_request_asked_by", "factor_request", ["asked_by"])
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, TABLES)
    for table in TABLES:
        protect(op, table, read=SYSTEM)


def downgrade() -> None:
    """Let whoever assigns cases write teams again."""
    for table in TABLES:
        unprotect(op, table)
        op.drop_table(table)
    op.drop_column("account", "factor_cleared_at")
    op.add_column("reset_link", sa.Column("clears_totp", sa.Boolean, nullable=False, server_default=sa.text("false")))
    # The chain is never rewritten: where such entries stand the constraint is kept for new ones alone.
    _actions(BEFORE, checked=False)
    unprotect(op, "case_member")
    protect(op, "case_member", read=READ_TEAM, write=f"{SYSTEM} OR {OWN_UNIT}")


def _actions(allowed: str, checked: bool = True) -> None:
    op.execute("ALTER TABLE audit_entry DROP CONSTRAINT ck_audit_entry_action")
    rest = "" if checked else " NOT VALID"
    op.execute(f"ALTER TABLE audit_entry ADD CONSTRAINT ck_audit_entry_action CHECK (action IN ({allowed})){rest}")
