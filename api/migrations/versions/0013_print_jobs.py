"""Print jobs: many sheets at once, each account's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, protect, unprotect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; an account reads its own jobs, the product alone writes."""
    op.create_table(
        "print_job",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("actor_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("form", sa.String, nullable=False),
        sa.Column("audience", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("wanted", JSONB, nullable=False),
        sa.Column("server", sa.Uuid, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("pages", sa.Integer),
        sa.Column("size", sa.BigInteger),
        sa.Column("failure_th", sa.String),
        sa.Column("failure_en", sa.String),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint("state IN ('waiting', 'working', 'done', 'failed', 'cancelled')", name="state"),
        sa.CheckConstraint("form IN ('pdf', 'zip')", name="form"),
        sa.CheckConstraint("audience IN ('internal', 'committee', 'partner', 'public')", name="audience"),
        sa.CheckConstraint("(audience = 'internal') = (reason IS NOT NULL)", name="reason"),
        sa.CheckConstraint("done BETWEEN 0 AND total", name="done"),
        sa.Index("ix_print_job_actor_id", "actor_id", "made_at"),
    )
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        op.execute("ALTER TABLE print_job OWNER TO socialmap_owner")
    grant_app(op, ("print_job",))
    protect(op, "print_job", read=f"{SYSTEM} OR actor_id = (SELECT scope_actor())", write=SYSTEM)


def downgrade() -> None:
    """Drop the table; files that wait are swept away."""
    unprotect(op, "print_job")
    op.drop_table("print_job")
