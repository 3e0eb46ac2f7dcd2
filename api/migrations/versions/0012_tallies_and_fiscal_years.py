"""Cases whose fiscal year alone is known, and rows that stand for several cases."""

import sqlalchemy as sa
from alembic import op

from boundaries.messages import text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROLLUPS = {"case_count": "'month', 'fy', 'year', 'year_only'", "case_count_by_group": "'fy', 'year', 'year_only'"}
FIRST_DAY = (
    "date_precision = 'day' OR (extract(day FROM reported_on) = 1 AND (date_precision = 'month'"
    " OR extract(month FROM reported_on) = CASE date_precision WHEN 'fiscal' THEN 10 ELSE 1 END))"
)
OLD_FIRST_DAY = (
    "date_precision = 'day' OR (extract(day FROM reported_on) = 1"
    " AND (date_precision = 'month' OR extract(month FROM reported_on) = 1))"
)
OF_NOW = """
SELECT (SELECT count(*) FROM "case" WHERE cases <> 1 OR date_precision = 'fiscal')
     + (SELECT count(*) FROM import_change
        WHERE coalesce(before ->> 'cases', '1') <> '1' OR before ->> 'date_precision' = 'fiscal')"""


def upgrade() -> None:
    """Let a row stand for several cases, one unless it says so, and a date be a fiscal year."""
    op.add_column("case", sa.Column("cases", sa.Integer, nullable=False, server_default=sa.text("1")))
    op.create_check_constraint("cases", "case", "cases >= 0")
    op.create_check_constraint("tally", "case", "cases = 1 OR point IS NULL")
    _check("case", "date_precision", "date_precision IN ('day', 'month', 'year', 'fiscal')")
    _check("case", "reported_on", FIRST_DAY)
    for table, grains in ROLLUPS.items():
        _check(table, "grain", f"grain IN ({grains}, 'fy_only')")


def downgrade() -> None:
    """Take both back; refused while a case needs them, since what it says could not be kept."""
    tables = ("case", "import_change", *ROLLUPS)
    for table in tables:
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')  # or the owner would see no row
    held = op.get_bind().scalar(sa.text(OF_NOW))
    if held:
        words = text("cli.downgrade_loses", cases=held)
        raise RuntimeError(f"{words.th} / {words.en}")
    for table, grains in ROLLUPS.items():
        op.execute(f"DELETE FROM {table} WHERE grain = 'fy_only'")  # noqa: S608
        _check(table, "grain", f"grain IN ({grains})")
    _check("case", "reported_on", OLD_FIRST_DAY)
    _check("case", "date_precision", "date_precision IN ('day', 'month', 'year')")
    op.drop_constraint("tally", "case", type_="check")
    op.drop_constraint("cases", "case", type_="check")
    op.drop_column("case", "cases")
    for table in tables:
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def _check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, rule)
