"""Erasure takes the notes of a case's history along: the product may blank them, and nothing else of a row changes."""

from alembic import op

from api.migrations.grants import APP_ROLE
from api.migrations.policies import SYSTEM

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SEEN = (
    'EXISTS (SELECT FROM "case" AS one WHERE one.province_code = case_event.province_code'
    " AND one.id = case_event.case_id)"
)


def upgrade() -> None:
    """Let the product itself set notes to nothing."""
    op.execute(f"GRANT UPDATE (note) ON case_event TO {APP_ROLE}")
    op.execute("DROP POLICY update_rows ON case_event")
    op.execute(
        f"CREATE POLICY update_rows ON case_event FOR UPDATE TO {APP_ROLE}"
        f" USING ({SYSTEM}) WITH CHECK ({SYSTEM} AND note IS NULL)"
    )


def downgrade() -> None:
    """Let rows be added alone."""
    op.execute("DROP POLICY update_rows ON case_event")
    op.execute(f"CREATE POLICY update_rows ON case_event FOR UPDATE TO {APP_ROLE} USING ({SEEN}) WITH CHECK ({SEEN})")
    op.execute(f"REVOKE UPDATE (note) ON case_event FROM {APP_ROLE}")
