"""Plans: parts in one tree that cannot become a cycle, links across it, and changes that are only ever added."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from api.migrations.audited import allow_action, forbid_action
from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, may, protect, unprotect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)
ONE_PLAN = ["province_code", "area_code", "problem_code", "fiscal_year"]
OF_PLAN = ["province_code", "plan_id"]
TABLES = ("plan", "plan_part", "plan_link", "plan_change")

PAIRS = (
    "(kind = 'problem' AND parent_kind IS NULL) OR (kind IN ('effect', 'cause') AND parent_kind IN ('problem', kind))"
    " OR (kind = 'goal' AND parent_kind = 'problem') OR (kind = 'objective' AND parent_kind = 'goal')"
    " OR (kind = 'solution' AND parent_kind = 'objective')"
    " OR (kind = 'asset' AND parent_kind IN ('problem', 'solution'))"
    " OR (kind = 'activity' AND parent_kind = 'solution') OR (kind = 'indicator' AND parent_kind = 'activity')"
)
WHOLE = "(parent_id IS NULL) = (parent_kind IS NULL) AND (parent_id IS NULL) = (parent_depth IS NULL)"
TEXT = "coalesce(jsonb_typeof(fields -> 'text') = 'string' AND length(fields ->> 'text') BETWEEN 1 AND 1000, false)"
DAY = "(fields ->> 'ends_on')"
ENDS_ON = f"make_date(substr({DAY}, 1, 4)::int, substr({DAY}, 6, 2)::int, substr({DAY}, 9, 2)::int)"
ACTIONS = "'add', 'set', 'move', 'remove', 'restore', 'link', 'unlink', 'approve', 'supersede'"

# A plan lies in somebody's areas when one of them is the plan's area or lies above it.
PLACES = "ARRAY[substr(area_code, 1, 2), substr(area_code, 1, 4), substr(area_code, 1, 6), area_code]::text[]"
OWN = f"((SELECT scope_is_everywhere()) OR (SELECT scope_areas())::text[] && {PLACES})"
ABOVE = (
    "EXISTS (SELECT FROM unnest((SELECT scope_areas())::text[]) AS own (code)"
    " WHERE starts_with(own.code, plan.area_code))"
)
AUDIENCE = "(SELECT scope_audience())"
IN_WORK = f"({may('plan.read')} AND {AUDIENCE} = 'internal' AND ({OWN} OR {ABOVE}))"
APPROVED = (
    f"(state = 'approved' AND (sensitivity <> 'L3'"
    f" OR ({AUDIENCE} IN ('internal', 'committee') AND ({OWN} OR {ABOVE}))))"
)
READ = f"{SYSTEM} OR {IN_WORK} OR {APPROVED}"
ALLOWED = f"((state = 'draft' AND {may('plan.write')}) OR {may('plan.approve')})"
WRITE = f"{SYSTEM} OR ({OWN} AND {ALLOWED})"
CHANGE = f"{SYSTEM} OR ({OWN} AND state <> 'superseded' AND {ALLOWED})"
OF = "SELECT FROM plan WHERE plan.province_code = {table}.province_code AND plan.id = {table}.plan_id"
HANGS = f"{SYSTEM} OR EXISTS ({OF})"
WORKED_ON = f"{SYSTEM} OR ({may('plan.write')} AND EXISTS ({OF} AND state = 'draft' AND {OWN}))"
HISTORY = f"{SYSTEM} OR EXISTS ({OF} AND {IN_WORK})"
NOTED = f"{SYSTEM} OR EXISTS ({OF} AND {OWN} AND state <> 'superseded' AND {ALLOWED})"


def upgrade() -> None:
    """Make the tables. Staff read plans of their areas and of those above, write their own; all read approved ones."""
    _plan()
    _part()
    _link()
    _change()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, ("plan", "plan_part"), "SELECT, INSERT, UPDATE")
    grant_app(op, ("plan_link",), "SELECT, INSERT, DELETE")
    grant_app(op, ("plan_change",), "SELECT, INSERT")
    protect(op, "plan", read=READ, write=WRITE, change=CHANGE)
    for table in ("plan_part", "plan_link"):
        protect(op, table, read=HANGS.format(table=table), write=WORKED_ON.format(table=table))
    protect(op, "plan_change", read=HISTORY.format(table="plan_change"), write=NOTED.format(table="plan_change"))
    allow_action("plan_change")


def downgrade() -> None:
    """Drop the tables with all plans."""
    forbid_action("plan_change")
    for table in reversed(TABLES):
        unprotect(op, table)
        op.drop_table(table)


def _plan() -> None:
    op.create_table(
        "plan",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("problem_code", CODE, nullable=False),
        sa.Column("sensitivity", sa.String, nullable=False),
        sa.Column("fiscal_year", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False, server_default="draft"),
        sa.Column("approved_by", sa.String),
        sa.Column("approved_on", sa.Date),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("created_by", sa.Uuid),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint(
            r"area_code ~ '^\d{2}(\d{2}(\d{2}(\d{2})?)?)?$' AND province_code = substr(area_code, 1, 2)",
            name="area_code",
        ),
        sa.CheckConstraint(r"problem_code ~ '^P(0[1-9]|1[0-6])(\.\d{2})?$'", name="problem_code"),
        sa.CheckConstraint("sensitivity IN ('L1', 'L2', 'L3')", name="sensitivity"),
        sa.CheckConstraint(
            "extract(month FROM fiscal_year) = 10 AND extract(day FROM fiscal_year) = 1", name="fiscal_year"
        ),
        sa.CheckConstraint("state IN ('draft', 'approved', 'superseded')", name="state"),
        sa.CheckConstraint("(state = 'draft') = (approved_by IS NULL)", name="approved_by"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_on IS NULL)", name="approved_on"),
        sa.CheckConstraint("length(approved_by) BETWEEN 1 AND 200", name="approved_by_length"),
        sa.CheckConstraint("number >= 0", name="number"),
        sa.Index("uq_plan_draft", *ONE_PLAN, unique=True, postgresql_where=sa.text("state = 'draft'")),
        sa.Index("uq_plan_approved", *ONE_PLAN, unique=True, postgresql_where=sa.text("state = 'approved'")),
        sa.Index("ix_plan_id", "id"),
    )


def _part() -> None:
    op.create_table(
        "plan_part",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("plan_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("parent_id", sa.Uuid),
        sa.Column("parent_kind", sa.String),
        sa.Column("parent_depth", sa.Integer),
        sa.Column("depth", sa.Integer, sa.Computed("coalesce(parent_depth + 1, 0)", persisted=True), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("versions", JSONB, nullable=False),
        sa.Column("kept", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("removed", sa.BigInteger),
        sa.Column("origin", sa.String),
        sa.Column("budget", sa.Numeric, sa.Computed("(fields ->> 'budget')::numeric", persisted=True)),
        sa.Column("status", sa.String, sa.Computed("fields ->> 'status'", persisted=True)),
        sa.Column("ends_on", sa.Date, sa.Computed(ENDS_ON, persisted=True)),
        sa.ForeignKeyConstraint(OF_PLAN, ["plan.province_code", "plan.id"], ondelete="CASCADE", onupdate="CASCADE"),
        sa.UniqueConstraint(*OF_PLAN, "id", "kind", "depth", name="uq_plan_part_place"),
        sa.ForeignKeyConstraint(
            [*OF_PLAN, "parent_id", "parent_kind", "parent_depth"],
            [f"plan_part.{name}" for name in (*OF_PLAN, "id", "kind", "depth")],
            onupdate="CASCADE",
            name="fk_plan_part_parent",
        ),
        sa.CheckConstraint(PAIRS, name="parent_kind"),
        sa.CheckConstraint(WHOLE, name="parent"),
        sa.CheckConstraint("depth <= 12", name="depth"),
        sa.CheckConstraint("position >= 0", name="position"),
        sa.CheckConstraint("ordinal >= 0 AND ordinal < 2000", name="ordinal"),
        sa.CheckConstraint(TEXT, name="text"),
        sa.CheckConstraint("length(fields::text) <= 20000", name="fields"),
        sa.Index("uq_plan_part_root", *OF_PLAN, unique=True, postgresql_where=sa.text("parent_id IS NULL")),
        sa.Index("uq_plan_part_goal", *OF_PLAN, unique=True, postgresql_where=sa.text("kind = 'goal'")),
        sa.Index("uq_plan_part_ordinal", *OF_PLAN, "ordinal", unique=True),
        sa.Index("ix_plan_part_parent", *OF_PLAN, "parent_id"),
    )


def _link() -> None:
    ends = [
        sa.ForeignKeyConstraint(
            [*OF_PLAN, f"{end}_id"],
            [f"plan_part.{name}" for name in (*OF_PLAN, "id")],
            ondelete="CASCADE",
            onupdate="CASCADE",
            name=f"fk_plan_link_{end}",
        )
        for end in ("from", "to")
    ]
    op.create_table(
        "plan_link",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("plan_id", sa.Uuid, primary_key=True),
        sa.Column("from_id", sa.Uuid, primary_key=True),
        sa.Column("to_id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        *ends,
        sa.CheckConstraint("kind IN ('addresses', 'relates')", name="kind"),
        sa.CheckConstraint("from_id <> to_id", name="ends"),
        sa.Index("ix_plan_link_to", *OF_PLAN, "to_id"),
    )


def _change() -> None:
    op.create_table(
        "plan_change",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("plan_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("operation_id", sa.Uuid, nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("part_id", sa.Uuid),
        sa.Column("field", sa.String),
        sa.Column("old", JSONB),
        sa.Column("new", JSONB),
        sa.Column("base", sa.BigInteger, nullable=False),
        sa.Column("clashed", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.ForeignKeyConstraint(OF_PLAN, ["plan.province_code", "plan.id"], ondelete="CASCADE", onupdate="CASCADE"),
        sa.UniqueConstraint(*OF_PLAN, "operation_id"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint(f"action IN ({ACTIONS})", name="action"),
        sa.CheckConstraint("base >= 0 AND base < number", name="base"),
    )
