"""What the desk decides: a closing withdrawn by a further step, corrected help, unplaced cases, envelopes swept."""

import sqlalchemy as sa
from alembic import op

from api.migrations.grants import APP_ROLE
from api.migrations.policies import SYSTEM, may

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "state IN ('proposed', 'confirmed', 'declined')"
WITHDRAWN = "state IN ('proposed', 'confirmed', 'declined', 'withdrawn')"
DECIDED = "(state = 'proposed') = (decided_by IS NULL) AND (state = 'proposed') = (decided_at IS NULL)"
ENDED = (
    "(state = 'proposed') = (decided_at IS NULL)"
    " AND (state = 'withdrawn' OR (state = 'proposed') = (decided_by IS NULL))"
)
"""A step that no person took withdraws a proposal too."""
SWEEPS = f"{SYSTEM} AND state = 'partly'"
HOLDS = "(SELECT scope_may('identity.erase'))"
ERASES = f'{SYSTEM} OR ({HOLDS} AND EXISTS (SELECT FROM "case" AS one WHERE one.id = field_envelope.case_id))'
UNPLACED = "province_code = '00' AND unit_id IS NULL AND sensitivity <> 'L3' AND (SELECT scope_is_everywhere())"
"""No place and nobody's: whoever serves the whole country finds its place. Secret ones stay with their team."""
NOT_ITSELF = "corrects IS NULL OR corrects <> id"


def upgrade() -> None:
    """Add the columns; let nobody delete an envelope but an unfinished one."""
    op.drop_constraint("state", "case_closing", type_="check")
    op.drop_constraint("decided", "case_closing", type_="check")
    op.create_check_constraint("state", "case_closing", WITHDRAWN)
    op.create_check_constraint("decided", "case_closing", ENDED)
    op.add_column("assistance", sa.Column("corrects", sa.Uuid))
    op.create_check_constraint("corrects", "assistance", NOT_ITSELF)
    op.create_unique_constraint("uq_assistance_corrects", "assistance", ["province_code", "case_id", "corrects"])
    op.create_foreign_key(
        "fk_assistance_corrects", "assistance", "assistance",
        ["province_code", "case_id", "corrects"], ["province_code", "case_id", "id"],
        onupdate="CASCADE", ondelete="CASCADE",
    )  # fmt: skip
    op.add_column("field_part", sa.Column("received_at", MOMENT, nullable=False, server_default=sa.func.now()))
    op.execute(f"GRANT DELETE ON TABLE field_envelope TO {APP_ROLE}")
    _deleting(SWEEPS)
    for verb, permission in (("SELECT", "case.read"), ("UPDATE", "case.write")):
        rule = f"USING ({may(permission)} AND {UNPLACED})"
        rule += f" WITH CHECK ({may(permission)} AND {UNPLACED})" if verb == "UPDATE" else ""
        op.execute(f'CREATE POLICY {verb.lower()}_unplaced ON "case" FOR {verb} TO {APP_ROLE} {rule}')


def downgrade() -> None:
    """Drop them: withdrawn closings become declined ones, and what was corrected stands beside its correction."""
    for verb in ("select", "update"):
        op.execute(f'DROP POLICY {verb}_unplaced ON "case"')
    _deleting(ERASES)
    op.execute(f"REVOKE DELETE ON TABLE field_envelope FROM {APP_ROLE}")
    op.drop_column("field_part", "received_at")
    op.drop_constraint("fk_assistance_corrects", "assistance", type_="foreignkey")
    op.drop_column("assistance", "corrects")
    op.execute("ALTER TABLE case_closing NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE case_closing SET state = 'declined', decided_by = coalesce(decided_by, proposed_by)"
        " WHERE state = 'withdrawn'"
    )
    op.execute("ALTER TABLE case_closing FORCE ROW LEVEL SECURITY")
    op.drop_constraint("state", "case_closing", type_="check")
    op.drop_constraint("decided", "case_closing", type_="check")
    op.create_check_constraint("state", "case_closing", STATES)
    op.create_check_constraint("decided", "case_closing", DECIDED)


def _deleting(rule: str) -> None:
    op.execute("DROP POLICY delete_rows ON field_envelope")
    op.execute(f"CREATE POLICY delete_rows ON field_envelope FOR DELETE TO {APP_ROLE} USING ({rule})")
