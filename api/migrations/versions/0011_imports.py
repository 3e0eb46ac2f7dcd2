"""Imports: what each brought, so that it can be listed and undone whole; a case knows the import that made it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, in_areas, may, protect, unprotect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; staff read the imports of their areas, the product alone writes and reads old values."""
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("checksum", sa.String, nullable=False),
        sa.Column("recipe", sa.String, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by", sa.Uuid),
        sa.CheckConstraint("target IN ('cases', 'figures', 'assets')", name="target"),
        sa.CheckConstraint(r"area_code ~ '^(TH|\d{2})$'", name="area_code"),
        sa.CheckConstraint("length(file_name) <= 255", name="file_name"),
        sa.Index("ix_import_run_source_id", "source_id", "id"),
    )
    op.create_table(
        "import_change",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("before", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        sa.Index("ix_import_change_case", "province_code", "case_id"),
    )
    op.add_column("case", sa.Column("import_run_id", sa.Integer, sa.ForeignKey("import_run.id")))
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in ("import_run", "import_change"):
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, ("import_run", "import_change"))
    read = f"{SYSTEM} OR ({may('import.make')} AND {in_areas('area_code')})"
    protect(op, "import_run", read=read, write=SYSTEM)
    protect(op, "import_change", read=SYSTEM)


def downgrade() -> None:
    """Drop the tables: no earlier import can be undone any more."""
    op.drop_column("case", "import_run_id")
    for table in ("import_change", "import_run"):
        unprotect(op, table)
        op.drop_table(table)
