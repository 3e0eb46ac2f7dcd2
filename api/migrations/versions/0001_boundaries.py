"""Editions of boundaries, their areas and the shapes that maps draw."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

from api.migrations.grants import grant_app

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("edition", "area", "area_shape")

# A private cluster makes the roles beforehand; elsewhere an administrator's connection makes them here.
MAKE_ROLES = """
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['socialmap_owner', 'socialmap_app'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole)) THEN
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted);
            ELSE
                RAISE EXCEPTION 'role % is missing and % may not create it', wanted, current_user;
            END IF;
        END IF;
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Make the roles where they are missing, then the tables."""
    op.execute(MAKE_ROLES)
    _edition()
    _area()
    _area_shape()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, TABLES)


def downgrade() -> None:
    """Drop the tables; the roles may serve other databases and stay."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _edition() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("source_key", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("lowest_level", sa.String, nullable=False),
        sa.Column("licence", sa.String, nullable=False),
        sa.Column("citation_th", sa.String, nullable=False),
        sa.Column("citation_en", sa.String, nullable=False),
        sa.Column("reference_date", sa.Date),
        sa.Column("checksum", sa.String, nullable=False),
        sa.Column("modified", sa.Boolean, nullable=False),
        sa.Column("report", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("activated_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('draft', 'checked', 'active', 'retired')", name="state"),
        sa.CheckConstraint("detail IN ('full', 'light', 'outline')", name="detail"),
        sa.CheckConstraint("lowest_level IN ('province', 'district', 'subdistrict')", name="lowest_level"),
    )
    op.create_index(
        "uq_edition_active", "edition", ["state"], unique=True, postgresql_where=sa.text("state = 'active'")
    )


def _area() -> None:
    op.create_table(
        "area",
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("parent_code", sa.String),
        sa.Column("name_th", sa.String, nullable=False),
        sa.Column("name_en", sa.String, nullable=False),
        sa.Column("name_key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("label_lon", sa.Double, nullable=False),
        sa.Column("label_lat", sa.Double, nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.CheckConstraint("level IN ('country', 'province', 'district', 'subdistrict')", name="level"),
        sa.CheckConstraint(r"code ~ '^(TH|\d{2}|\d{4}|\d{6})$'", name="code"),
    )
    # Uncompressed shapes: asking which area a point lies in is twice as fast, for 20 MB more.
    op.execute("ALTER TABLE area ALTER COLUMN geom SET STORAGE EXTERNAL")
    op.create_index("ix_area_edition_id_level", "area", ["edition_id", "level", "code"])
    op.create_index("ix_area_geom", "area", ["geom"], postgresql_using="gist")
    op.create_index(
        "ix_area_name_key", "area", ["edition_id", "name_key"], postgresql_ops={"name_key": "text_pattern_ops"}
    )


def _area_shape() -> None:
    op.create_table(
        "area_shape",
        sa.Column("edition_id", sa.Integer, primary_key=True),
        sa.Column("detail", sa.String, primary_key=True),
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.CheckConstraint("detail IN ('country', 'province')", name="detail"),
        sa.ForeignKeyConstraint(["edition_id", "code"], ["area.edition_id", "area.code"], ondelete="CASCADE"),
    )
