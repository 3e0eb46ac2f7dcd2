"""A prepared meeting may be deleted; a stop may be of the draft where an approved plan stands."""

import sqlalchemy as sa
from alembic import op

from api.migrations.grants import APP_ROLE
from api.migrations.policies import SYSTEM, may

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PLACES = "ARRAY[substr(area_code, 1, 2), substr(area_code, 1, 4), substr(area_code, 1, 6), area_code]::text[]"
OWN = f"((SELECT scope_is_everywhere()) OR (SELECT scope_areas())::text[] && {PLACES})"
WRITES = f"{may('meeting.write')} AND {OWN}"
BEFORE = f"{SYSTEM} OR ({WRITES} AND state <> 'closed')"
NOW = f"state = 'prepared' AND ({SYSTEM} OR ({WRITES}))"


def upgrade() -> None:
    """Let nobody delete a meeting that was held, not even the product itself."""
    op.add_column("meeting_stop", sa.Column("draft", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(f"GRANT DELETE ON TABLE meeting TO {APP_ROLE}")
    _deleting(NOW)


def downgrade() -> None:
    """Let no meeting be deleted, and every stop be of the approved plan first."""
    _deleting(BEFORE)
    op.execute(f"REVOKE DELETE ON TABLE meeting FROM {APP_ROLE}")
    op.drop_column("meeting_stop", "draft")


def _deleting(rule: str) -> None:
    op.execute("DROP POLICY delete_rows ON meeting")
    op.execute(f"CREATE POLICY delete_rows ON meeting FOR DELETE TO {APP_ROLE} USING ({rule})")
