"""Cases and what hangs on them, their rollups, indicators with observations, assets."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from api.migrations.grants import grant_app

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "source",
    "case",
    "case_count",
    "case_count_by_group",
    "indicator",
    "observation",
    "asset",
)
APPEND_ONLY = ("case_event",)
ORDER = (*TABLES[:2], *APPEND_ONLY, *TABLES[2:])

CODE = r"^\d{2}(\d{2}(\d{2})?)?$"
PROBLEM = r"^P(0[1-9]|1[0-6])(\.\d{2})?$"
STATUSES = "10, 20, 30, 35, 40, 45, 50, 55, 60, 70, 80, 81, 90, 91, 92"
COUNTED = "'case', 'person', 'household', 'service'"
MATCHES = "'inside', 'nearest', 'stated', 'conflict', 'outside'"
GROUPS = ", ".join(f"'T{number:02}'" for number in (*range(1, 21), 99))
CODES = ARRAY(sa.String(collation="C"))
POINT = Geometry("POINT", srid=4326, spatial_index=False)


def upgrade() -> None:
    """Make the tables; the log of a case's status may only be added to."""
    _source()
    _case()
    _case_event()
    _rollups()
    _indicators()
    _asset()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in ORDER:
            op.execute(f'ALTER TABLE "{table}" OWNER TO socialmap_owner')
    grant_app(op, TABLES)
    grant_app(op, APPEND_ONLY, "SELECT, INSERT")
    # So that the application can say which shape its database has.
    grant_app(op, ["alembic_version"], "SELECT")


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(ORDER):
        op.drop_table(table)


def code(name: str, **options: object) -> sa.Column[str]:
    """Make a column for a code, compared by its characters."""
    return sa.Column(name, sa.String(collation="C"), **options)  # type: ignore[arg-type]


def _source() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("name_th", sa.String, nullable=False),
        sa.Column("name_en", sa.String, nullable=False),
        sa.Column("licence", sa.String),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("invented", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.CheckConstraint("key ~ '^[a-z0-9][a-z0-9_.-]*$'", name="key"),
    )


def _case() -> None:
    op.create_table(
        "case",
        code("province_code", primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("external_id", sa.String, nullable=False),
        code("problem_code", nullable=False),
        sa.Column("urgency", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("close_reason", sa.String),
        sa.Column("sensitivity", sa.String, nullable=False),
        sa.Column("reported_on", sa.Date, nullable=False),
        sa.Column("date_precision", sa.String, nullable=False),
        sa.Column("weight", sa.Numeric(14, 3), nullable=False),
        sa.Column("counted", sa.String, nullable=False),
        sa.Column("target_groups", CODES, nullable=False),
        sa.Column("secondary_problems", CODES, nullable=False),
        sa.Column("point", POINT),
        sa.Column("accuracy_m", sa.Float),
        code("stated_code"),
        code("village_code"),
        code("district_code"),
        code("subdistrict_code"),
        sa.Column("area_match", sa.String, nullable=False),
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("source_id", "external_id", "province_code"),
        *_checks_of_place(),
        *_checks_of_case(),
    )


def _checks_of_place() -> list[sa.CheckConstraint]:
    district = r"district_code ~ '^\d{4}$' AND left(district_code, 2) = province_code"
    subdistrict = (
        r"subdistrict_code IS NULL"
        r" OR (subdistrict_code ~ '^\d{6}$' AND coalesce(left(subdistrict_code, 4) = district_code, false))"
    )
    return [
        sa.CheckConstraint(r"province_code ~ '^\d{2}$'", name="province_code"),
        sa.CheckConstraint(district, name="district_code"),
        sa.CheckConstraint(subdistrict, name="subdistrict_code"),
        sa.CheckConstraint(f"stated_code ~ '{CODE}'", name="stated_code"),
        sa.CheckConstraint(r"village_code ~ '^\d{8}$'", name="village_code"),
        sa.CheckConstraint(f"area_match IN ({MATCHES})", name="area_match"),
        sa.CheckConstraint("(point IS NULL) = (area_match = 'stated')", name="point_match"),
        sa.CheckConstraint("accuracy_m IS NULL OR (point IS NOT NULL AND accuracy_m >= 0)", name="accuracy_m"),
    ]


def _checks_of_case() -> list[sa.CheckConstraint]:
    first_day = (
        "date_precision = 'day' OR (extract(day FROM reported_on) = 1"
        " AND (date_precision = 'month' OR extract(month FROM reported_on) = 1))"
    )
    return [
        sa.CheckConstraint(f"problem_code ~ '{PROBLEM}'", name="problem_code"),
        sa.CheckConstraint("urgency IN ('U1', 'U2', 'U3', 'U4')", name="urgency"),
        sa.CheckConstraint(f"status IN ({STATUSES})", name="status"),
        sa.CheckConstraint("close_reason IS NULL OR status = 80", name="close_reason"),
        sa.CheckConstraint("sensitivity IN ('L0', 'L1', 'L2', 'L3')", name="sensitivity"),
        sa.CheckConstraint("date_precision IN ('day', 'month', 'year')", name="date_precision"),
        sa.CheckConstraint(first_day, name="reported_on"),
        sa.CheckConstraint("weight >= 0", name="weight"),
        sa.CheckConstraint(f"counted IN ({COUNTED})", name="counted"),
        sa.CheckConstraint(f"target_groups <@ ARRAY[{GROUPS}]::varchar[]", name="target_groups"),
        sa.CheckConstraint(
            "cardinality(secondary_problems) <= 3 AND problem_code <> ALL (secondary_problems)",
            name="secondary_problems",
        ),
    ]


def _case_event() -> None:
    op.create_table(
        "case_event",
        code("province_code", primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("from_status", sa.Integer, nullable=False),
        sa.Column("to_status", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("note", sa.String),
        sa.ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        sa.CheckConstraint(f"from_status IN ({STATUSES})", name="from_status"),
        sa.CheckConstraint(f"to_status IN ({STATUSES})", name="to_status"),
    )


def _rollups() -> None:
    op.create_table(
        "case_count",
        *_cell(),
        sa.CheckConstraint("level IN ('province', 'district', 'subdistrict')", name="level"),
        sa.CheckConstraint("grain IN ('month', 'fy', 'year', 'year_only')", name="grain"),
    )
    op.create_table(
        "case_count_by_group",
        *_cell(code("target_group", primary_key=True)),
        sa.CheckConstraint("level IN ('province', 'district')", name="level"),
        sa.CheckConstraint("grain IN ('fy', 'year', 'year_only')", name="grain"),
    )


def _cell(*between: sa.Column[str]) -> list[sa.Column[Any]]:
    """List the columns of a rollup; the key's order is that of the questions asked."""
    return [
        code("level", primary_key=True),
        code("grain", primary_key=True),
        sa.Column("period", sa.Date, primary_key=True),
        *between,
        code("problem_code", primary_key=True),
        code("province_code", primary_key=True),
        code("area_code", primary_key=True),
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
        code("counted", primary_key=True),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.Column("weight", sa.Numeric, nullable=False),
    ]


def _indicators() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name_th", sa.String, nullable=False),
        sa.Column("name_en", sa.String, nullable=False),
        sa.Column("unit_th", sa.String, nullable=False),
        sa.Column("unit_en", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.CheckConstraint("kind IN ('count', 'share')", name="kind"),
        sa.CheckConstraint("direction IN ('worse', 'better', 'neutral')", name="direction"),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("indicator_id", sa.String, sa.ForeignKey("indicator.id"), nullable=False),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        code("level", nullable=False),
        code("area_code", nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("numerator", sa.Float),
        sa.Column("denominator", sa.Float),
        sa.UniqueConstraint(
            "indicator_id", "source_id", "area_code", "first_day", "last_day", postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint(r"area_code ~ '^(TH|\d{2}|\d{4}|\d{6})$'", name="area_code"),
        sa.CheckConstraint("level IN ('country', 'province', 'district', 'subdistrict')", name="level"),
        sa.CheckConstraint("(first_day IS NULL) = (last_day IS NULL) AND first_day <= last_day", name="days"),
    )
    columns = ["indicator_id", "level", "last_day", "source_id", "area_code"]
    op.create_index("ix_observation_lookup", "observation", columns)


def _asset() -> None:
    op.create_table(
        "asset",
        code("province_code", primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("external_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name_th", sa.String, nullable=False),
        sa.Column("name_en", sa.String),
        sa.Column("point", POINT, nullable=False),
        code("area_code", nullable=False),
        sa.Column("area_match", sa.String, nullable=False),
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
        sa.Column("properties", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.UniqueConstraint("source_id", "external_id", "province_code"),
        sa.CheckConstraint(r"province_code ~ '^\d{2}$'", name="province_code"),
        sa.CheckConstraint(f"area_code ~ '{CODE}' AND left(area_code, 2) = province_code", name="area_code"),
        sa.CheckConstraint(f"area_match IN ({MATCHES})", name="area_match"),
    )
    op.create_index("ix_asset_point", "asset", ["point"], postgresql_using="gist")
