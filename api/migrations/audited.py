"""The closed list of what the audit records, as its constraint holds it: a migration takes an action in or out."""

import re

import sqlalchemy as sa
from alembic import op

CONSTRAINT = "ck_audit_entry_action"


def allow_action(action: str) -> None:
    """Take an action into the list, whatever else stands in it."""
    _restate([*_held(), action])


def forbid_action(action: str) -> None:
    """Take an action out of the list."""
    # The chain is never rewritten: where such entries stand the constraint is kept for new ones alone.
    _restate([one for one in _held() if one != action], " NOT VALID")


def _held() -> list[str]:
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return re.findall(r"'(\w+)'", str(op.get_bind().scalar(asked.bindparams(name=CONSTRAINT))))


def _restate(actions: list[str], rest: str = "") -> None:
    allowed = ", ".join(f"'{one}'" for one in actions)
    op.execute(f"ALTER TABLE audit_entry DROP CONSTRAINT {CONSTRAINT}")
    op.execute(f"ALTER TABLE audit_entry ADD CONSTRAINT {CONSTRAINT} CHECK (action IN ({allowed})){rest}")
