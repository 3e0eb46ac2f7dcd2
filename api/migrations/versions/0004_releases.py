"""Releases: dated sets of published tables. Rollups and assets close to whom they do not concern."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, may, protect, unprotect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MAKE = f"({SYSTEM} OR {may('release.make')})"
DRAFT = "EXISTS (SELECT FROM release AS one WHERE one.id = release_id AND one.state = 'draft')"
RELEASED = "EXISTS (SELECT FROM release AS one WHERE one.id = release_id AND one.state = 'released')"
AUDIENCE = (
    "CASE audience WHEN 'public' THEN (SELECT scope_audience()) <> ''"
    " ELSE (SELECT scope_audience()) IN ('internal', 'committee') END"
)
ANYBODY = "(SELECT scope_audience()) <> ''"


def upgrade() -> None:
    """Make the tables; what is released can neither be changed nor deleted."""
    op.add_column("source", sa.Column("has_cases", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.execute("ALTER TABLE source NO FORCE ROW LEVEL SECURITY")
    op.execute('ALTER TABLE "case" NO FORCE ROW LEVEL SECURITY')
    op.execute('UPDATE source SET has_cases = EXISTS (SELECT FROM "case" WHERE source_id = source.id)')
    op.execute('ALTER TABLE "case" FORCE ROW LEVEL SECURITY')
    op.execute("ALTER TABLE source FORCE ROW LEVEL SECURITY")
    _tables()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in ("release", "release_table"):
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, ("release", "release_table"))
    protect(
        op,
        "release",
        read=f"{MAKE} OR (state = 'released' AND {ANYBODY})",
        write=MAKE,
        change=f"{MAKE} AND state = 'draft'",
    )
    protect(
        op,
        "release_table",
        read=f"{MAKE} OR ({RELEASED} AND {AUDIENCE})",
        write=f"{MAKE} AND {DRAFT}",
    )
    for table in ("case_count", "case_count_by_group"):
        protect(op, table, read=ANYBODY, write=SYSTEM)
    protect(op, "asset", read=ANYBODY, write=SYSTEM)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("asset", "case_count_by_group", "case_count", "release_table", "release"):
        unprotect(op, table)
    op.drop_table("release_table")
    op.drop_table("release")
    op.drop_column("source", "has_cases")


def _tables() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("sources", JSONB, nullable=False),
        sa.Column("report", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("made_by", sa.Uuid),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('draft', 'released')", name="state"),
        sa.CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_at"),
    )
    op.create_table(
        "release_table",
        sa.Column("release_id", sa.Integer, sa.ForeignKey("release.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("audience", CODE, primary_key=True),
        sa.Column("level", CODE, primary_key=True),
        sa.Column("period", sa.Date, primary_key=True),
        sa.Column("key", CODE, primary_key=True),
        sa.Column("areas", ARRAY(CODE), nullable=False),
        sa.Column("labels", ARRAY(sa.Integer), nullable=False),
        sa.CheckConstraint("audience IN ('committee', 'public')", name="audience"),
        sa.CheckConstraint("level IN ('province', 'district')", name="level"),
        sa.CheckConstraint("cardinality(areas) = cardinality(labels)", name="labels"),
    )
