"""Accounts, their units and areas, sessions, links, device tokens and failed attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, protect, unprotect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLES = "'partner', 'lao_officer', 'volunteer', 'officer', 'case_team', 'head', 'oversight', 'admin', 'auditor'"
CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)
AREA_CODE = r"area_code ~ '^(TH|\d{2}|\d{4}|\d{6}|\d{8})$'"

OWNED = ("account_unit", "account_area", "account_session", "device_token")
"""Tables whose rows an account may read where they are its own."""
CLOSED = ("recovery_code", "reset_link", "address_attempt")
"""Tables that nobody but the product itself reads: their owners have no use for hashes."""


def upgrade() -> None:
    """Make the tables. The product itself reads and writes them; an account may read its own rows."""
    _accounts()
    _sessions()
    _links()
    tables = ("account", *OWNED, *CLOSED)
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in tables:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, tables)
    protect(op, "account", read=f"{SYSTEM} OR id = (SELECT scope_actor())", write=SYSTEM)
    for table in OWNED:
        protect(op, table, read=f"{SYSTEM} OR account_id = (SELECT scope_actor())", write=SYSTEM)
    for table in CLOSED:
        protect(op, table, read=SYSTEM)


def downgrade() -> None:
    """Drop the tables."""
    for table in (*CLOSED, *OWNED, "account"):
        unprotect(op, table)
        op.drop_table(table)


def _account_id(primary: bool = False) -> sa.Column[object]:
    return sa.Column(
        "account_id",
        sa.Uuid,
        sa.ForeignKey("account.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary,
    )


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("login", CODE, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password_hash", sa.String),
        sa.Column("totp_secret", sa.LargeBinary),
        sa.Column("totp_confirmed_at", MOMENT),
        sa.Column("totp_step", sa.BigInteger),
        sa.Column("disabled_at", MOMENT),
        sa.Column("failed_count", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("locked_until", MOMENT),
        sa.Column("password_changed_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("created_by", sa.Uuid),
        sa.CheckConstraint("login ~ '^[a-z0-9][a-z0-9._-]{2,63}$'", name="login"),
        sa.CheckConstraint(f"role IN ({ROLES})", name="role"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        sa.CheckConstraint("totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="totp"),
    )
    op.create_table(
        "account_unit",
        _account_id(primary=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_table(
        "account_area",
        _account_id(primary=True),
        sa.Column("area_code", CODE, primary_key=True),
        sa.CheckConstraint(AREA_CODE, name="area_code"),
    )


def _sessions() -> None:
    op.create_table(
        "account_session",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        _account_id(),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash"),
        sa.CheckConstraint("stage IN ('code', 'enrol', 'full')", name="stage"),
    )
    op.create_index("ix_account_session_account_id", "account_session", ["account_id"])
    op.create_table(
        "address_attempt",
        sa.Column("address_hash", sa.LargeBinary, primary_key=True),
        sa.Column("failed_count", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("locked_until", MOMENT),
        sa.Column("last_at", MOMENT, nullable=False),
    )


def _links() -> None:
    op.create_table(
        "recovery_code",
        _account_id(primary=True),
        sa.Column("code_hash", sa.LargeBinary, primary_key=True),
        sa.Column("used_at", MOMENT),
    )
    op.create_table(
        "reset_link",
        sa.Column("code_hash", sa.LargeBinary, primary_key=True),
        _account_id(),
        sa.Column("made_by", sa.Uuid),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("clears_totp", sa.Boolean, nullable=False, server_default=sa.text("false")),
    )
    op.create_index("ix_reset_link_account_id", "reset_link", ["account_id"])
    op.create_table(
        "device_token",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        _account_id(),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("areas", ARRAY(CODE), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.CheckConstraint("cardinality(areas) > 0", name="areas"),
    )
    op.create_index("ix_device_token_account_id", "device_token", ["account_id"])
