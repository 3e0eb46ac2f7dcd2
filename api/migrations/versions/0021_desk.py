"""What coordinators decide about cases: merged ones, distinct ones, and areas that were chosen."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from api.migrations.audited import allow_action, forbid_action
from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, may, protect, unprotect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)
POINT = Geometry("POINT", srid=4326, spatial_index=False)
TABLES = ("case_merge", "distinct_cases", "area_choice")
ACTIONS = ("case_merge", "area_choice")
SEEN = 'EXISTS (SELECT FROM "case" AS {alias} WHERE {alias}.province_code = {province} AND {alias}.id = {case})'


def _seen(table: str, province: str = "province_code", case: str = "case_id") -> str:
    return SEEN.format(alias=f"of_{case}", province=f"{table}.{province}", case=f"{table}.{case}")


def upgrade() -> None:
    """Make the tables: who reads both cases of a pair reads what was decided of them, who may write cases decides."""
    _merges()
    _distinct()
    _choices()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, TABLES)
    for table, side in (("case_merge", "kept"), ("distinct_cases", "other")):
        both = f"{_seen(table)} AND {_seen(table, f'{side}_province', f'{side}_id')}"
        protect(op, table, read=f"{SYSTEM} OR ({both})", write=f"{SYSTEM} OR ({may('case.write')} AND {both})")
    protect(op, "area_choice", read=f"{SYSTEM} OR {_seen('area_choice')}", write=SYSTEM)
    for action in ACTIONS:
        allow_action(action)


def downgrade() -> None:
    """Drop the tables; cases stay as they were decided."""
    for action in ACTIONS:
        forbid_action(action)
    for table in reversed(TABLES):
        unprotect(op, table)
        op.drop_table(table)


def _of_case(
    province: str = "province_code", case: str = "case_id", name: str | None = None
) -> sa.ForeignKeyConstraint:
    theirs = ["case.province_code", "case.id"]
    return sa.ForeignKeyConstraint([province, case], theirs, ondelete="CASCADE", onupdate="CASCADE", name=name)


def _merges() -> None:
    op.create_table(
        "case_merge",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kept_province", CODE, nullable=False),
        sa.Column("kept_id", sa.Uuid, nullable=False),
        sa.Column("from_status", sa.Integer, nullable=False),
        sa.Column("merged_by", sa.Uuid),
        sa.Column("merged_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("unmerged_by", sa.Uuid),
        sa.Column("unmerged_at", MOMENT),
        _of_case(),
        _of_case("kept_province", "kept_id", "fk_case_merge_kept"),
        sa.CheckConstraint("case_id <> kept_id", name="kept_id"),
        sa.CheckConstraint("from_status IN (10, 20, 30)", name="from_status"),
        sa.CheckConstraint("unmerged_at IS NOT NULL OR unmerged_by IS NULL", name="unmerged"),
    )
    op.create_index(
        "uq_case_merge_case",
        "case_merge",
        ["province_code", "case_id"],
        unique=True,
        postgresql_where=sa.text("unmerged_at IS NULL"),
    )
    op.create_index("ix_case_merge_kept", "case_merge", ["kept_province", "kept_id"])


def _distinct() -> None:
    op.create_table(
        "distinct_cases",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("other_id", sa.Uuid, primary_key=True),
        sa.Column("other_province", CODE, nullable=False),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _of_case(),
        _of_case("other_province", "other_id", "fk_distinct_cases_other"),
        sa.CheckConstraint("case_id < other_id", name="other_id"),
    )
    op.create_index("ix_distinct_cases_other", "distinct_cases", ["other_province", "other_id"])


def _choices() -> None:
    op.create_table(
        "area_choice",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("chosen", sa.String, nullable=False),
        sa.Column("match_before", sa.String, nullable=False),
        sa.Column("stated_before", CODE),
        sa.Column("village_before", CODE),
        sa.Column("point_before", POINT),
        sa.Column("accuracy_before", sa.Float),
        sa.Column("stated_after", CODE),
        sa.Column("point_after", POINT),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("chosen_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _of_case(),
        sa.CheckConstraint("chosen IN ('point', 'stated', 'kept', 'area')", name="chosen"),
        sa.CheckConstraint(
            "match_before IN ('inside', 'nearest', 'stated', 'conflict', 'outside')", name="match_before"
        ),
    )
