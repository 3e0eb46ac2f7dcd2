"""Meetings: committees, their agendas, and what they resolved; staff write, those who sit in them read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from api.migrations.audited import allow_action, forbid_action
from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, may, protect, unprotect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("committee", "meeting", "meeting_stop", "resolution")
AREA = r"area_code ~ '^\d{2}(\d{2}(\d{2}(\d{2})?)?)?$' AND province_code = substr(area_code, 1, 2)"

# A meeting is in somebody's areas when one of them is the committee's area or lies above it.
PLACES = "ARRAY[substr(area_code, 1, 2), substr(area_code, 1, 4), substr(area_code, 1, 6), area_code]::text[]"
OWN = f"((SELECT scope_is_everywhere()) OR (SELECT scope_areas())::text[] && {PLACES})"
ABOVE = (
    "EXISTS (SELECT FROM unnest((SELECT scope_areas())::text[]) AS own (code)"
    " WHERE starts_with(own.code, {table}.area_code))"
)
SITS = f"{may('meeting.read')} AND (SELECT scope_audience()) IN ('internal', 'committee')"
READ = f"{SYSTEM} OR ({SITS} AND ({OWN} OR {ABOVE}))"
WRITE = f"{SYSTEM} OR ({may('meeting.write')} AND {OWN})"
CHANGE = f"{SYSTEM} OR ({may('meeting.write')} AND {OWN} AND state <> 'closed')"
OF = "SELECT FROM meeting WHERE meeting.province_code = {table}.province_code AND meeting.id = {table}.meeting_id"
HANGS = f"{SYSTEM} OR EXISTS ({OF})"
WRITTEN = f"{SYSTEM} OR ({may('meeting.write')} AND EXISTS ({OF} AND {OWN}{{more}}))"


def upgrade() -> None:
    """Make the tables; an agenda is changed until the meeting begins, resolutions are made while it is held."""
    _committee()
    _meeting()
    _stop()
    _resolution()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, ("committee", "meeting", "resolution"), "SELECT, INSERT, UPDATE")
    grant_app(op, ("meeting_stop",))
    protect(op, "committee", read=READ.format(table="committee"), write=WRITE)
    protect(op, "meeting", read=READ.format(table="meeting"), write=WRITE, change=CHANGE)
    hangs = {table: HANGS.format(table=table) for table in ("meeting_stop", "resolution")}
    prepared = WRITTEN.format(table="meeting_stop", more=" AND meeting.state = 'prepared'")
    protect(op, "meeting_stop", read=hangs["meeting_stop"], write=prepared)
    held = WRITTEN.format(table="resolution", more=" AND meeting.state = 'held'")
    # A later meeting closes what an earlier one resolved.
    later = WRITTEN.format(table="resolution", more="")
    protect(op, "resolution", read=hangs["resolution"], write=held, change=later)
    op.execute("DROP POLICY update_rows ON resolution")
    op.execute(
        f"CREATE POLICY update_rows ON resolution FOR UPDATE TO socialmap_app USING ({later}) WITH CHECK ({later})"
    )
    allow_action("meeting_change")


def downgrade() -> None:
    """Drop the tables with all meetings."""
    forbid_action("meeting_change")
    for table in reversed(TABLES):
        unprotect(op, table)
        op.drop_table(table)


def _committee() -> None:
    op.create_table(
        "committee",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.CheckConstraint(AREA, name="area_code"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        sa.UniqueConstraint("province_code", "area_code", "name"),
        sa.UniqueConstraint("province_code", "id", "area_code", name="uq_committee_area"),
    )


def _meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("committee_id", sa.Uuid, nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column(
            "year", sa.Integer, sa.Computed("extract(year FROM held_on)::int + 543", persisted=True), nullable=False
        ),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("release_id", sa.Integer, sa.ForeignKey("release.id"), nullable=False),
        sa.Column("state", sa.String, nullable=False, server_default="prepared"),
        sa.Column("held_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("created_by", sa.Uuid),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.ForeignKeyConstraint(
            ["province_code", "committee_id", "area_code"],
            ["committee.province_code", "committee.id", "committee.area_code"],
            name="fk_meeting_committee",
        ),
        sa.CheckConstraint("state IN ('prepared', 'held', 'closed')", name="state"),
        sa.CheckConstraint("(state = 'prepared') = (held_at IS NULL)", name="held_at"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name="number"),
        sa.CheckConstraint("length(place) BETWEEN 1 AND 200", name="place"),
        sa.UniqueConstraint("province_code", "committee_id", "year", "number", name="uq_meeting_number"),
        sa.UniqueConstraint("province_code", "id", "committee_id", "year", name="uq_meeting_year"),
    )


def _stop() -> None:
    op.create_table(
        "meeting_stop",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("meeting_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("area_code", CODE, nullable=False),
        sa.Column("problem_code", CODE),
        sa.Column("fiscal_year", sa.Date, nullable=False),
        sa.Column("shows", ARRAY(TEXT), nullable=False),
        sa.Column("note", sa.String),
        sa.ForeignKeyConstraint(
            ["province_code", "meeting_id"], ["meeting.province_code", "meeting.id"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "province_code", "meeting_id", "position", name="uq_meeting_stop_position", deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint("position >= 0 AND position < 40", name="position"),
        sa.CheckConstraint(AREA, name="area_code"),
        sa.CheckConstraint(r"problem_code ~ '^P(0[1-9]|1[0-6])(\.\d{2})?$'", name="problem_code"),
        sa.CheckConstraint(
            "extract(month FROM fiscal_year) = 10 AND extract(day FROM fiscal_year) = 1", name="fiscal_year"
        ),
        sa.CheckConstraint(
            "shows <@ ARRAY['map', 'mind_map', 'figures']::text[] AND cardinality(shows) BETWEEN 1 AND 3", name="shows"
        ),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
    )  # fmt: skip


def _resolution() -> None:
    op.create_table(
        "resolution",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("meeting_id", sa.Uuid, nullable=False),
        sa.Column("committee_id", sa.Uuid, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("stop_id", sa.Uuid),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("plan_id", sa.Uuid),
        sa.Column("part_id", sa.Uuid),
        sa.Column("lead", sa.String),
        sa.Column("due_on", sa.Date),
        sa.Column("closed_words", sa.String),
        sa.Column("closed_in", sa.Uuid),
        sa.Column("closed_at", MOMENT),
        sa.Column("created_by", sa.Uuid),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        *_of_others(),
        sa.UniqueConstraint("province_code", "committee_id", "year", "number", name="uq_resolution_number"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 1000", name="text"),
        sa.CheckConstraint("length(lead) BETWEEN 1 AND 200", name="lead"),
        sa.CheckConstraint("length(closed_words) BETWEEN 1 AND 1000", name="closed_words"),
        sa.CheckConstraint("kind IN ('activity', 'approve', 'follow_up')", name="kind"),
        sa.CheckConstraint("(kind = 'follow_up') = (plan_id IS NULL)", name="plan"),
        sa.CheckConstraint("(kind = 'activity') = (part_id IS NOT NULL)", name="part"),
        sa.CheckConstraint("kind <> 'activity' OR (lead IS NOT NULL AND due_on IS NOT NULL)", name="activity"),
        sa.CheckConstraint(
            "(closed_words IS NULL) = (closed_in IS NULL) AND (closed_words IS NULL) = (closed_at IS NULL)",
            name="closed",
        ),
    )


def _of_others() -> list[sa.ForeignKeyConstraint]:
    """Return what ties a resolution to its meeting, stop, plan, activity, and the meeting that closed it."""
    ends = {
        "meeting": (["meeting_id", "committee_id", "year"], "meeting", ["id", "committee_id", "year"]),
        "stop": (["meeting_id", "stop_id"], "meeting_stop", ["meeting_id", "id"]),
        "plan": (["plan_id"], "plan", ["id"]),
        "part": (["plan_id", "part_id"], "plan_part", ["plan_id", "id"]),
        "closed_in": (["closed_in"], "meeting", ["id"]),
    }
    return [
        sa.ForeignKeyConstraint(
            ["province_code", *own],
            [f"{table}.{column}" for column in ("province_code", *others)],
            name=f"fk_resolution_{name}",
        )
        for name, (own, table, others) in ends.items()
    ]
