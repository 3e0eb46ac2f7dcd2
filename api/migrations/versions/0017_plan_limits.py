"""Limits of plans that are declared: no period ends before it begins, so many parts under one, so many links."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PERIOD = "coalesce((fields ->> 'ends_on') COLLATE \"C\" >= (fields ->> 'starts_on') COLLATE \"C\", true)"
PLACED = (
    "UPDATE {table} SET {column} = counted.place FROM (SELECT {keys}, row_number() OVER"
    " (PARTITION BY province_code, plan_id{within} ORDER BY {order}) - 1 AS place FROM {table}) AS counted"
    " WHERE ({named}) = ({counted})"
)


def upgrade() -> None:
    """Declare the limits. Places are counted anew first; what breaks a period's order already is kept, and told."""
    for table in ("plan_part", "plan_link"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")  # else its owner sees no row to count
    op.add_column("plan_link", sa.Column("place", sa.Integer))
    _count("plan_link", "place", ("from_id", "to_id", "kind"), "", "from_id, to_id, kind")
    _count("plan_part", "position", ("id",), ", parent_id", "position, ordinal")
    for statement in UP:
        op.execute(statement)
    broken = sa.text(f"SELECT count(*) FROM plan_part WHERE NOT {PERIOD}")  # noqa: S608  (our own words)
    if not op.get_bind().scalar(broken):
        op.execute("ALTER TABLE plan_part VALIDATE CONSTRAINT ck_plan_part_period")
    for table in ("plan_part", "plan_link"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Declare them no more."""
    op.execute("ALTER TABLE plan_part DROP CONSTRAINT ck_plan_part_period")
    op.execute("ALTER TABLE plan_part DROP CONSTRAINT uq_plan_part_position")
    op.execute("ALTER TABLE plan_part DROP CONSTRAINT ck_plan_part_position")
    op.execute("ALTER TABLE plan_part ADD CONSTRAINT ck_plan_part_position CHECK (position >= 0)")
    op.drop_column("plan_link", "place")


UP = (
    f"ALTER TABLE plan_part ADD CONSTRAINT ck_plan_part_period CHECK ({PERIOD}) NOT VALID",
    "ALTER TABLE plan_part DROP CONSTRAINT ck_plan_part_position",
    "ALTER TABLE plan_part ADD CONSTRAINT ck_plan_part_position CHECK (position >= 0 AND position < 200)",
    "ALTER TABLE plan_part ADD CONSTRAINT uq_plan_part_position"
    " UNIQUE (province_code, plan_id, parent_id, position) DEFERRABLE INITIALLY DEFERRED",
    "ALTER TABLE plan_link ALTER place SET NOT NULL",
    "ALTER TABLE plan_link ADD CONSTRAINT ck_plan_link_place CHECK (place >= 0 AND place < 1000)",
    "ALTER TABLE plan_link ADD CONSTRAINT uq_plan_link_place UNIQUE (province_code, plan_id, place)",
)


def _count(table: str, column: str, key: tuple[str, ...], within: str, order: str) -> None:
    names = ("province_code", "plan_id", *key)
    asked = PLACED.format(
        table=table,
        column=column,
        keys=", ".join(names),
        within=within,
        order=order,
        named=", ".join(f"{table}.{name}" for name in names),
        counted=", ".join(f"counted.{name}" for name in names),
    )
    op.execute(asked)
