"""Releases: dated sets of published tables. Rollups and assets close to whom they do not concern."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from api.migrations.grants import APP_ROLE, grant_app
from api.migrations.policies import SYSTEM, may, protect, unprotect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MAKE = may("release.make")
DRAFT = "EXISTS (SELECT FROM release AS one WHERE one.id = release_id AND one.state = 'draft')"
EXACT_AREAS = "CASE WHEN scope_may('figure.exact') THEN scope_areas() ELSE ARRAY[]::text[] END"
EXACT = (
    "(SELECT scope_exact_areas() @> ARRAY['TH'])"
    " OR (SELECT scope_exact_areas())::text[] && ARRAY[province_code, left(area_code, 4), area_code]::text[]"
)
ANYBODY = "(SELECT scope_audience()) <> ''"
READERS = """CASE scope_audience()
    WHEN 'internal' THEN ARRAY['committee', 'public'] WHEN 'committee' THEN ARRAY['committee', 'public']
    WHEN 'partner' THEN ARRAY['public'] WHEN 'public' THEN ARRAY['public'] ELSE ARRAY[]::text[] END"""
# Not in SQL: that would be planned anew with every statement, which takes longer than reading the row.
RELEASED = """
CREATE FUNCTION release_is_out(number int) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, public, pg_temp
AS $$ BEGIN RETURN EXISTS (SELECT FROM release WHERE id = number AND state = 'released'); END $$
"""


FUNCTIONS = ("scope_exact_areas()", "scope_readers()", "release_is_out(int)")


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
    for signature, sql in (("scope_readers()", READERS), ("scope_exact_areas()", EXACT_AREAS)):
        op.execute(f"CREATE FUNCTION {signature} RETURNS text[] LANGUAGE sql STABLE PARALLEL RESTRICTED RETURN ({sql})")
    op.execute(RELEASED)
    for signature in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}")
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
        read=f"{MAKE} OR (audience = ANY ((SELECT scope_readers())::text[]) AND release_is_out(release_id))",
        write=f"{MAKE} AND {DRAFT}",
    )
    for table in ("case_count", "case_count_by_group"):
        protect(op, table, read=EXACT, write=SYSTEM)
    protect(op, "asset", read=ANYBODY, write=SYSTEM)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("asset", "case_count_by_group", "case_count", "release_table", "release"):
        unprotect(op, table)
    op.drop_table("release_table")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
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
    columns = ["audience", "level", "period", "key", "release_id"]
    op.create_index("ix_release_table_newest", "release_table", columns)
