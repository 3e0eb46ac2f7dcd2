"""Case work: allowed steps as rows, no change of status without its event, closing by two, and what hangs on cases."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from api.migrations.audited import allow_action, forbid_action
from api.migrations.grants import APP_ROLE, grant_app
from api.migrations.policies import SYSTEM, in_areas, may, protect, unprotect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "case_step", "case_closing", "case_assignment", "referral", "visit", "assistance", "time_limit", "holiday",
)  # fmt: skip
STEPS: Mapping[int, tuple[int, ...]] = {
    10: (20, 90, 91), 20: (30, 60, 90), 30: (35, 40, 60, 90), 35: (30,), 40: (45, 50, 60, 92), 45: (50, 92),
    50: (55, 60, 70), 55: (50,), 60: (50, 70, 30), 70: (50, 80), 80: (81,), 81: (30,), 90: (), 91: (), 92: (60, 80),
}  # fmt: skip
MERGED_FROM = (10, 20, 30)
CLOSED, REPORTED, MERGED = 80, 10, 90

TAKES_STEP = """
CREATE FUNCTION case_takes_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step public.case_event;
    ended timestamptz;
BEGIN
    -- Names are whole: a temporary table of the same name would else be read in their place.
    SELECT * INTO step FROM public.case_event AS one
    WHERE one.province_code = OLD.province_code AND one.case_id = OLD.id AND one.number = NEW.last_event;
    IF NEW.last_event <> OLD.last_event + 1 OR step.number IS NULL
        OR step.from_status <> OLD.status OR step.to_status <> NEW.status THEN
        RAISE EXCEPTION 'a status changes with its event alone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_case_step', TABLE = 'case';
    END IF;
    IF NEW.status = 81 AND step.way = 'step' THEN
        SELECT one.happened_at INTO ended FROM public.case_event AS one
        WHERE one.province_code = OLD.province_code AND one.case_id = OLD.id AND one.number = OLD.last_event;
        IF coalesce(ended, OLD.recorded_at) < now() - interval '30 days' THEN
            RAISE EXCEPTION 'closed too long ago'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_case_reopened', TABLE = 'case';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
WAS_TAKEN = """
CREATE FUNCTION case_event_was_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public."case" AS one WHERE one.province_code = NEW.province_code AND one.id = NEW.case_id
               AND one.last_event < NEW.number) THEN
        RAISE EXCEPTION 'an event without its change of status'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_case_event_taken', TABLE = 'case_event';
    END IF;
    RETURN NULL;
END $$
"""
TRIGGERS = (
    'CREATE TRIGGER takes_step BEFORE UPDATE ON "case" FOR EACH ROW'
    " WHEN (OLD.status <> NEW.status OR OLD.last_event <> NEW.last_event) EXECUTE FUNCTION case_takes_step()",
    "CREATE CONSTRAINT TRIGGER was_taken AFTER INSERT ON case_event DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION case_event_was_taken()",
)

OWN_UNIT = "unit_id = ANY ((SELECT scope_units())::int[])"
OWN_AREA = in_areas("province_code", "district_code", "subdistrict_code", "village_code")
MEMBER = (
    'EXISTS (SELECT FROM case_member AS one WHERE one.province_code = "case".province_code'
    ' AND one.case_id = "case".id AND one.actor_id = (SELECT scope_actor()))'
)
PERSONS = (
    f"({may('case.write')} AND sensitivity <> 'L3' AND {OWN_UNIT} AND {OWN_AREA})"
    f" OR ({may('case.write')} AND {MEMBER})"
    f" OR ({may('case.submit')} AND created_by = (SELECT scope_actor()) AND {OWN_AREA})"
)
SEEN = 'EXISTS (SELECT FROM "case" AS one WHERE one.province_code = {table}.province_code AND one.id = {table}.case_id)'
WRITES = f"{may('case.write')} AND {SEEN}"
ACTOR = "(SELECT scope_actor())"
CONFIRMED = (
    "EXISTS (SELECT FROM case_closing AS one WHERE one.province_code = case_event.province_code"
    " AND one.case_id = case_event.case_id AND one.id = case_event.closing_id AND one.state = 'confirmed')"
)
BLANK = "-"
"""What stands in the place of words that were taken away where words are needed."""


def upgrade() -> None:
    """Make the tables, number the events that there are, and let no status change without the next one."""
    _steps()
    _closing()
    _events()
    _cases()
    _assignment()
    _referral()
    _visit_and_assistance()
    _limits()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
        for name in ("case_takes_step", "case_event_was_taken"):
            op.execute(f"ALTER FUNCTION {name}() OWNER TO socialmap_owner")
    _protect()
    allow_action("case_change")
    allow_action("limit_change")


def downgrade() -> None:
    """Drop the tables with all that hangs on them; statuses change freely again."""
    forbid_action("limit_change")
    forbid_action("case_change")
    for trigger, table in (("was_taken", "case_event"), ("takes_step", '"case"')):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for name in ("case_event_was_taken", "case_takes_step"):
        op.execute(f"DROP FUNCTION {name}()")
    op.execute('DROP POLICY insert_rows ON "case"')
    op.execute(f'CREATE POLICY insert_rows ON "case" FOR INSERT TO {APP_ROLE} WITH CHECK ({SYSTEM} OR {PERSONS})')
    op.execute('ALTER TABLE "case" DROP CONSTRAINT ck_case_first_status')
    op.drop_column("case", "last_event")
    _old_event_policies()
    for column in ("closing_id", "proposed_by", "evidence", "way", "number"):
        op.drop_column("case_event", column)
    for table in reversed(TABLES):
        unprotect(op, table)
        op.drop_table(table)


def _steps() -> None:
    made = op.create_table(
        "case_step",
        sa.Column("from_status", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("to_status", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("way", CODE, primary_key=True),
        sa.CheckConstraint("way IN ('step', 'stated', 'undo', 'unmerge')", name="way"),
        sa.CheckConstraint("from_status <> to_status", name="moves"),
    )
    pairs = {
        "step": {(old, new) for old, allowed in STEPS.items() for new in allowed},
        "stated": {(old, new) for old in STEPS for new in _reached(old) - {old}},
        "undo": {(old, new) for old in STEPS for new in STEPS if old != new},
        "unmerge": {(MERGED, old) for old in MERGED_FROM},
    }
    rows = [
        {"from_status": old, "to_status": new, "way": way} for way, held in pairs.items() for old, new in sorted(held)
    ]
    op.bulk_insert(made, rows)


def _reached(start: int) -> set[int]:
    """Return all statuses that some steps lead to."""
    found: set[int] = set()
    waiting = [start]
    while waiting:
        new = set(STEPS[waiting.pop()]) - found
        found |= new
        waiting += new
    return found


def _case_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
    ]


def _of_case() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
    )


def _closing() -> None:
    reasons = "'goal_met', 'self_reliant', 'transferred', 'moved', 'declined', 'deceased', 'lost', 'unfounded'"
    op.create_table(
        "case_closing",
        *_case_columns(),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("evidence", sa.String, nullable=False),
        sa.Column("proposed_by", sa.Uuid, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("state", sa.String, nullable=False, server_default="proposed"),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", MOMENT),
        sa.Column("note", sa.String),
        _of_case(),
        sa.UniqueConstraint("province_code", "case_id", "id", "proposed_by", name="uq_case_closing_proposed_by"),
        sa.CheckConstraint(f"reason IN ({reasons})", name="reason"),
        sa.CheckConstraint(f"evidence = '{BLANK}' OR length(btrim(evidence)) BETWEEN 5 AND 2000", name="evidence"),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'declined')", name="state"),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL) AND (state = 'proposed') = (decided_at IS NULL)",
            name="decided",
        ),
        sa.CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="two_persons"),
    )
    op.create_index(
        "ix_case_closing_open", "case_closing", ["province_code", "case_id"], unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip


def _events() -> None:
    for table in ('"case"', "case_event"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")  # else its owner sees no row to count
    op.add_column("case_event", sa.Column("number", sa.Integer))
    op.add_column("case_event", sa.Column("way", CODE, nullable=False, server_default="step"))
    op.add_column("case_event", sa.Column("evidence", sa.String))
    op.add_column("case_event", sa.Column("proposed_by", sa.Uuid))
    op.add_column("case_event", sa.Column("closing_id", sa.Uuid))
    op.add_column("case", sa.Column("last_event", sa.Integer, nullable=False, server_default=sa.text("0")))
    for statement in EVENTS:
        op.execute(statement)
    for table in ('"case"', "case_event"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for trigger in (TAKES_STEP, WAS_TAKEN, *TRIGGERS):
        op.execute(trigger)


EVENTS = (
    "UPDATE case_event AS e SET number = counted.number FROM (SELECT province_code, case_id, id, row_number() OVER"
    " (PARTITION BY province_code, case_id ORDER BY happened_at, id) AS number FROM case_event) AS counted"
    " WHERE (e.province_code, e.case_id, e.id) = (counted.province_code, counted.case_id, counted.id)",
    # What stands there already was not confirmed by two, and an import that was taken back went any way.
    "UPDATE case_event AS e SET way = CASE WHEN EXISTS (SELECT FROM case_step AS s WHERE s.way = 'stated'"
    " AND (s.from_status, s.to_status) = (e.from_status, e.to_status)) THEN 'stated' ELSE 'undo' END"
    " WHERE e.to_status = 80 OR NOT EXISTS (SELECT FROM case_step AS s WHERE s.way = 'step'"
    " AND (s.from_status, s.to_status) = (e.from_status, e.to_status))",
    'UPDATE "case" AS c SET last_event = counted.number FROM (SELECT province_code, case_id, max(number) AS number'
    " FROM case_event GROUP BY 1, 2) AS counted"
    " WHERE (c.province_code, c.id) = (counted.province_code, counted.case_id)",
    "ALTER TABLE case_event ALTER number SET NOT NULL",
    "ALTER TABLE case_event ADD CONSTRAINT ck_case_event_number CHECK (number > 0)",
    "ALTER TABLE case_event ADD CONSTRAINT uq_case_event_number UNIQUE (province_code, case_id, number)",
    "ALTER TABLE case_event ADD CONSTRAINT uq_case_event_closing UNIQUE (province_code, case_id, closing_id)",
    "ALTER TABLE case_event ADD CONSTRAINT fk_case_event_step FOREIGN KEY (from_status, to_status, way)"
    " REFERENCES case_step (from_status, to_status, way)",
    "ALTER TABLE case_event ADD CONSTRAINT fk_case_event_closing FOREIGN KEY (province_code, case_id, closing_id,"
    " proposed_by) REFERENCES case_closing (province_code, case_id, id, proposed_by)"
    " ON UPDATE CASCADE ON DELETE CASCADE",
    "ALTER TABLE case_event ADD CONSTRAINT ck_case_event_two_persons CHECK (way <> 'step' OR to_status <> 80 OR"
    " coalesce(closing_id IS NOT NULL AND proposed_by <> actor_id, false))",
)


def _cases() -> None:
    op.execute(
        'ALTER TABLE "case" ADD CONSTRAINT ck_case_first_status'
        f" CHECK (status = {REPORTED} OR created_by IS NULL OR last_event > 0)"
    )
    op.execute('DROP POLICY insert_rows ON "case"')
    op.execute(
        f'CREATE POLICY insert_rows ON "case" FOR INSERT TO {APP_ROLE}'
        f" WITH CHECK ({SYSTEM} OR (status = {REPORTED} AND last_event = 0 AND ({PERSONS})))"
    )


def _assignment() -> None:
    op.create_table(
        "case_assignment",
        *_case_columns(),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("happened_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _of_case(),
    )


def _referral() -> None:
    op.create_table(
        "referral",
        *_case_columns(),
        sa.Column("agency", CODE, nullable=False),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id")),
        sa.Column("state", sa.String, nullable=False, server_default="sent"),
        sa.Column("sent_by", sa.Uuid),
        sa.Column("sent_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("note", sa.String),
        sa.Column("answered_by", sa.Uuid),
        sa.Column("answered_at", MOMENT),
        sa.Column("answer", sa.String),
        _of_case(),
        sa.CheckConstraint("agency ~ '^[a-z][a-z0-9_]{1,39}$'", name="agency"),
        sa.CheckConstraint("state IN ('sent', 'accepted', 'returned', 'declined')", name="state"),
        sa.CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
        sa.CheckConstraint("length(answer) BETWEEN 1 AND 2000", name="answer"),
    )
    op.create_index(
        "ix_referral_unit_id", "referral", ["unit_id", "state"], postgresql_where=sa.text("unit_id IS NOT NULL")
    )


def _visit_and_assistance() -> None:
    op.create_table(
        "visit",
        *_case_columns(),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("done_on", sa.Date),
        sa.Column("note", sa.String),
        sa.Column("planned_by", sa.Uuid),
        sa.Column("planned_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("done_by", sa.Uuid),
        _of_case(),
        sa.CheckConstraint("done_by IS NULL OR done_on IS NOT NULL", name="done"),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
    )
    op.create_table(
        "assistance",
        *_case_columns(),
        sa.Column("welfare_system", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("amount", sa.Numeric(12, 2)),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("note", sa.String),
        sa.Column("made_by", sa.Uuid),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _of_case(),
        sa.CheckConstraint(
            "welfare_system IN ('social_service', 'social_assistance', 'social_insurance', 'social_partnership')",
            name="welfare_system",
        ),
        sa.CheckConstraint("kind ~ '^[a-z][a-z0-9_]{1,39}$'", name="kind"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
    )


def _limits() -> None:
    op.create_table(
        "time_limit",
        sa.Column("step", CODE, primary_key=True),
        sa.Column("urgency", CODE, primary_key=True),
        sa.Column("hours", sa.Integer),
        sa.Column("working_days", sa.Integer),
        sa.CheckConstraint("step IN ('ack', 'first_contact', 'plan', 'referral_ack', 'follow_up')", name="step"),
        sa.CheckConstraint("urgency IN ('U1', 'U2', 'U3', 'U4')", name="urgency"),
        sa.CheckConstraint("num_nonnulls(hours, working_days) <= 1", name="amount"),
        sa.CheckConstraint("hours BETWEEN 1 AND 8760", name="hours"),
        sa.CheckConstraint("working_days BETWEEN 1 AND 250", name="working_days"),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("title_th", sa.String),
        sa.Column("title_en", sa.String),
        sa.CheckConstraint("length(title_th) BETWEEN 1 AND 200", name="title_th"),
        sa.CheckConstraint("length(title_en) BETWEEN 1 AND 200", name="title_en"),
    )


def _protect() -> None:
    grant_app(op, ("case_step",), "SELECT")
    grant_app(op, ("case_assignment", "assistance"), "SELECT, INSERT")
    grant_app(op, ("case_closing", "referral", "visit"), "SELECT, INSERT")
    grant_app(op, ("time_limit", "holiday"))
    for table, columns in CHANGED.items():
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO {APP_ROLE}")
    protect(op, "case_step", read="true", write="false")
    for table in ("time_limit", "holiday"):
        protect(op, table, read="true", write=may("settings.write"))
    _protect_closing()
    seen = {table: SEEN.format(table=table) for table in ("case_assignment", "referral", "visit", "assistance")}
    writes = {table: WRITES.format(table=table) for table in ("referral", "visit", "assistance")}
    protect(op, "case_assignment", read=seen["case_assignment"], write=SYSTEM)
    sent = f"{SYSTEM} OR ({writes['referral']} AND sent_by = {ACTOR} AND state = 'sent')"
    protect(op, "referral", read=seen["referral"], write=sent)
    op.execute("DROP POLICY update_rows ON referral")
    answered = f"{SYSTEM} OR ({writes['referral']} AND state <> 'sent')"
    op.execute(
        f"CREATE POLICY update_rows ON referral FOR UPDATE TO {APP_ROLE}"
        f" USING ({SYSTEM} OR ({writes['referral']})) WITH CHECK ({answered})"
    )
    protect(op, "visit", read=seen["visit"], write=f"{SYSTEM} OR ({writes['visit']})")
    given = f"{SYSTEM} OR ({writes['assistance']} AND made_by = {ACTOR})"
    protect(op, "assistance", read=seen["assistance"], write=given, change=SYSTEM)
    _protect_events()


CHANGED = {
    "case_closing": "state, decided_by, decided_at, note, evidence",
    "referral": "state, answered_by, answered_at, answer, note",
    "visit": "due_on, done_on, done_by, note",
    "assistance": "note",
}


def _protect_closing() -> None:
    seen, writes = SEEN.format(table="case_closing"), WRITES.format(table="case_closing")
    proposes = f"{SYSTEM} OR ({writes} AND proposed_by = {ACTOR} AND state = 'proposed' AND evidence <> '{BLANK}')"
    protect(op, "case_closing", read=seen, write=proposes)
    op.execute("DROP POLICY update_rows ON case_closing")
    # What is decided stays so; the product itself takes words away.
    op.execute(
        f"CREATE POLICY update_rows ON case_closing FOR UPDATE TO {APP_ROLE}"
        f" USING ({SYSTEM} OR ({writes} AND state = 'proposed'))"
        f" WITH CHECK ({SYSTEM} OR ({writes} AND decided_by = {ACTOR}))"
    )


def _protect_events() -> None:
    """People add steps of their own; what was stated or taken back is the product's to tell."""
    op.execute(f"REVOKE INSERT ON case_event FROM {APP_ROLE}")
    op.execute(  # when it happened is the clock's to say
        "GRANT INSERT (province_code, case_id, id, number, from_status, to_status, way, actor_id, note, evidence,"
        f" proposed_by, closing_id) ON case_event TO {APP_ROLE}"
    )
    op.execute(f"GRANT UPDATE (evidence) ON case_event TO {APP_ROLE}")
    op.execute("DROP POLICY insert_rows ON case_event")
    writes = WRITES.format(table="case_event")
    op.execute(
        f"CREATE POLICY insert_rows ON case_event FOR INSERT TO {APP_ROLE}"
        f" WITH CHECK ({SYSTEM} OR ({writes} AND actor_id = {ACTOR} AND way IN ('step', 'unmerge')"
        f" AND (to_status <> {CLOSED} OR {CONFIRMED})))"
    )
    op.execute("DROP POLICY update_rows ON case_event")
    op.execute(
        f"CREATE POLICY update_rows ON case_event FOR UPDATE TO {APP_ROLE}"
        f" USING ({SYSTEM}) WITH CHECK ({SYSTEM} AND note IS NULL AND evidence IS NULL)"
    )


def _old_event_policies() -> None:
    op.execute(f"GRANT INSERT ON case_event TO {APP_ROLE}")
    for verb in ("insert", "update"):
        op.execute(f"DROP POLICY {verb}_rows ON case_event")
    seen = SEEN.format(table="case_event")
    op.execute(f"CREATE POLICY insert_rows ON case_event FOR INSERT TO {APP_ROLE} WITH CHECK ({seen})")
    op.execute(
        f"CREATE POLICY update_rows ON case_event FOR UPDATE TO {APP_ROLE}"
        f" USING ({SYSTEM}) WITH CHECK ({SYSTEM} AND note IS NULL)"
    )
