"""Policies: themes that an administrator names, shipped without titles, by kind and fiscal year."""

import re
from datetime import date

import sqlalchemy as sa
from alembic import op

from api.migrations.grants import grant_app
from api.migrations.policies import may, protect, unprotect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "policy_theme"
FIRST = date(2016, 10, 1)
"""Fiscal year 2560, whose policies had so many themes of each kind; no list of their titles was found."""
THEMES = {"agenda": 9, "area": 5, "administration": 5}
EVERYBODY = "true"
AUDITED = "ck_audit_entry_action"


def upgrade() -> None:
    """Make the table with its empty themes; everybody reads it, who may change settings writes it."""
    made = op.create_table(
        TABLE,
        sa.Column("fiscal_year", sa.Date, primary_key=True),
        sa.Column("kind", sa.String(collation="C"), primary_key=True),
        sa.Column("order_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title_th", sa.String),
        sa.Column("title_en", sa.String),
        sa.CheckConstraint("kind IN ('agenda', 'area', 'administration')", name="kind"),
        sa.CheckConstraint(
            "extract(month FROM fiscal_year) = 10 AND extract(day FROM fiscal_year) = 1", name="fiscal_year"
        ),
        sa.CheckConstraint("order_no BETWEEN 1 AND 99", name="order_no"),
        sa.CheckConstraint("length(title_th) BETWEEN 1 AND 300", name="title_th"),
        sa.CheckConstraint("length(title_en) BETWEEN 1 AND 300", name="title_en"),
    )
    rows = [
        {"fiscal_year": FIRST, "kind": kind, "order_no": number}
        for kind, many in THEMES.items()
        for number in range(1, many + 1)
    ]
    op.bulk_insert(made, rows)
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        op.execute(f"ALTER TABLE {TABLE} OWNER TO socialmap_owner")
    grant_app(op, (TABLE,), "SELECT, INSERT, UPDATE, DELETE")
    protect(op, TABLE, read=EVERYBODY, write=may("settings.write"))
    _audited("policy_change", True)


def downgrade() -> None:
    """Drop the table with all titles."""
    _audited("policy_change", False)
    unprotect(op, TABLE)
    op.drop_table(TABLE)


def _audited(action: str, wanted: bool) -> None:
    """Take an action into the closed list of the audit, whatever else stands in it, or out of it."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    held = re.findall(r"'(\w+)'", str(op.get_bind().scalar(asked.bindparams(name=AUDITED))))
    allowed = ", ".join(f"'{one}'" for one in [*held, action] if wanted or one != action)
    # The chain is never rewritten: where such entries stand the constraint is kept for new ones alone.
    rest = "" if wanted else " NOT VALID"
    op.execute(f"ALTER TABLE audit_entry DROP CONSTRAINT {AUDITED}")
    op.execute(f"ALTER TABLE audit_entry ADD CONSTRAINT {AUDITED} CHECK (action IN ({allowed})){rest}")
