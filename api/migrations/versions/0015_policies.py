"""Policies: themes that an administrator names, shipped without titles, by kind and fiscal year."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from api.migrations.audited import allow_action, forbid_action
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
    allow_action("policy_change")


def downgrade() -> None:
    """Drop the table with all titles."""
    forbid_action("policy_change")
    unprotect(op, TABLE)
    op.drop_table(TABLE)
