"""Alerts: the outbox, its deliveries, webhooks of units, e-mail addresses of accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from api.migrations.audited import allow_action, forbid_action
from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, protect, unprotect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("alert", "webhook", "alert_delivery", "alert_address")
KINDS = (
    "'assigned', 'referred', 'returned', 'overdue', 'quarantined', 'team_needed', 'closing_proposed', 'address_check'"
)
OWN = f"{SYSTEM} OR account_id = (SELECT scope_actor())"
TOLD = (
    "EXISTS (SELECT FROM alert_delivery AS one WHERE one.province_code = alert.province_code"
    " AND one.alert_id = alert.id AND one.account_id = (SELECT scope_actor()))"
)
# Whoever does something writes the alert of it; nobody but the product reads it before it is somebody's.
NOTED = f"{SYSTEM} OR ((SELECT scope_actor()) IS NOT NULL AND spread_at IS NULL)"


def upgrade() -> None:
    """Make the tables; an account reads what it is told, the product alone decides who is."""
    _alert()
    _webhook()
    _delivery()
    _address()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, TABLES)
    protect(op, "alert", read=f"{SYSTEM} OR {TOLD}", write=NOTED, change=SYSTEM)
    protect(op, "webhook", read=SYSTEM)
    protect(op, "alert_delivery", read=OWN, write=SYSTEM)
    protect(op, "alert_address", read=OWN, write=SYSTEM)
    allow_action("alert_change")


def downgrade() -> None:
    """Drop the tables: what was not yet sent is never told."""
    forbid_action("alert_change")
    for table in reversed(TABLES):
        unprotect(op, table)
    for table in reversed(TABLES):
        op.drop_table(table)


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("key", CODE, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("account_id", sa.Uuid),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id", ondelete="CASCADE")),
        sa.Column("case_id", sa.Uuid),
        sa.Column("caused_by", sa.Uuid),
        sa.Column("params", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("spread_at", MOMENT),
        sa.UniqueConstraint("province_code", "key"),
        sa.ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        sa.CheckConstraint(r"province_code ~ '^\d{2}$'", name="province_code"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        sa.CheckConstraint("key ~ '^[A-Za-z0-9][A-Za-z0-9_.:+-]{0,199}$'", name="key"),
        sa.CheckConstraint("account_id IS NOT NULL OR unit_id IS NOT NULL", name="whom"),
        sa.CheckConstraint("jsonb_typeof(params) = 'object'", name="params"),
    )
    op.create_index("ix_alert_waiting", "alert", ["made_at"], postgresql_where=sa.text("spread_at IS NULL"))
    op.create_index("ix_alert_case_id", "alert", ["province_code", "case_id"])


def _webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id", ondelete="CASCADE"), nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("paused_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("created_by", sa.Uuid),
        sa.CheckConstraint("length(host) BETWEEN 1 AND 253", name="host"),
    )
    op.create_index("ix_webhook_unit_id", "webhook", ["unit_id"])


def _delivery() -> None:
    op.create_table(
        "alert_delivery",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("alert_id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE")),
        sa.Column("webhook_id", sa.Uuid, sa.ForeignKey("webhook.id", ondelete="CASCADE")),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("next_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("failure", sa.String),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("done_at", MOMENT),
        sa.Column("read_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["province_code", "alert_id"], ["alert.province_code", "alert.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        sa.CheckConstraint(r"province_code ~ '^\d{2}$'", name="province_code"),
        sa.CheckConstraint("channel IN ('app', 'email', 'webhook')", name="channel"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'given_up', 'dropped')", name="state"),
        sa.CheckConstraint(
            "(channel = 'webhook') = (webhook_id IS NOT NULL) AND (channel = 'webhook') = (account_id IS NULL)",
            name="receiver",
        ),
        sa.CheckConstraint("failure ~ '^[a-z0-9_.]{1,60}$'", name="failure"),
    )
    app = "channel = 'app'"
    op.create_index("ix_alert_delivery_alert_id", "alert_delivery", ["province_code", "alert_id"])
    for name, columns, rows in (
        ("waiting", ["next_at"], "state = 'waiting'"),
        ("account_id", ["account_id", "made_at"], app),
        ("unread", ["account_id"], f"{app} AND read_at IS NULL"),
    ):
        op.create_index(f"ix_alert_delivery_{name}", "alert_delivery", columns, postgresql_where=sa.text(rows))


def _address() -> None:
    op.create_table(
        "alert_address",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("confirmed_at", MOMENT),
        sa.CheckConstraint("tries BETWEEN 0 AND 10", name="tries"),
    )
