"""Decisions about names of areas: what a person said that a name means, for the next file that writes it so."""

import sqlalchemy as sa
from alembic import op

from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, protect, unprotect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STAFF = f"({SYSTEM} OR (SELECT scope_audience()) = 'internal')"
"""The text comes from files of the office: nobody outside it reads what they said."""


def upgrade() -> None:
    """Make the table: staff read it, the product itself writes it."""
    op.create_table(
        "area_alias",
        sa.Column("level", sa.String, primary_key=True),
        sa.Column("name_key", sa.String, primary_key=True),
        sa.Column("context_key", sa.String, primary_key=True),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("level IN ('province', 'district', 'subdistrict')", name="level"),
        sa.CheckConstraint("length(name_key) BETWEEN 1 AND 100 AND name_key !~ '[[:cntrl:]]'", name="name_key"),
        sa.CheckConstraint("length(context_key) <= 200 AND context_key !~ '[[:cntrl:]]'", name="context_key"),
        sa.CheckConstraint(r"code ~ '^(\d{2}|\d{4}|\d{6})$'", name="code"),
    )
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        op.execute("ALTER TABLE area_alias OWNER TO socialmap_owner")
    grant_app(op, ["area_alias"])
    protect(op, "area_alias", read=STAFF, write=SYSTEM)


def downgrade() -> None:
    """Drop the table with all decisions."""
    unprotect(op, "area_alias")
    op.drop_table("area_alias")
