"""Figures without what is no case: duplicates, which the case they were merged into counts, and pranks."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ROLLUPS = ("case_count", "case_count_by_group")
GRAINS = """('province', 'month', 0), ('province', 'fy', 1), ('province', 'year', 1), ('province', 'year_only', 1),
    ('province', 'fy_only', 1), ('district', 'month', 0), ('district', 'fy', 1), ('district', 'year', 1),
    ('district', 'year_only', 1), ('district', 'fy_only', 1), ('subdistrict', 'fy', 0),
    ('subdistrict', 'year_only', 0)"""
GROUP_GRAINS = """('province', 'fy', 0), ('province', 'year', 0), ('province', 'year_only', 0),
    ('province', 'fy_only', 0), ('district', 'fy', 0), ('district', 'year_only', 0)"""
IN_GRAIN = """CASE cell.grain WHEN 'month' THEN date_precision IN ('day', 'month')
    WHEN 'fy' THEN date_precision <> 'year'
    WHEN 'year' THEN date_precision <> 'fiscal' WHEN 'year_only' THEN date_precision = 'year'
    ELSE date_precision = 'fiscal' END"""
PERIOD = """(CASE WHEN cell.grain = 'month' THEN date_trunc('month', reported_on::timestamp)
    WHEN cell.grain IN ('year', 'year_only') THEN date_trunc('year', reported_on::timestamp)
    ELSE date_trunc('year', reported_on::timestamp + interval '3 months') - interval '3 months' END)::date"""
COUNT = """
INSERT INTO {table} (level, grain, period, {group} problem_code, province_code, area_code, source_id, counted,
                     cases, weight)
SELECT cell.level, cell.grain, {period}, {group} left(problem_code, depth), province_code,
       CASE cell.level WHEN 'province' THEN province_code WHEN 'district' THEN coalesce(district_code, province_code)
                       ELSE coalesce(subdistrict_code, district_code, province_code) END,
       source_id, counted, {sign} * sum(cases)::int, {sign} * sum(weight)
FROM "case"{groups}
JOIN (VALUES {grains}) AS cell (level, grain, subtypes) ON {in_grain}
JOIN (VALUES (3), (6)) AS deep (depth) ON depth = 3 OR (cell.subtypes = 1 AND length(problem_code) = 6)
WHERE status IN (90, 91)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8{nine}
ON CONFLICT (level, grain, period, {group} problem_code, province_code, area_code, source_id, counted)
DO UPDATE SET cases = {table}.cases + excluded.cases, weight = {table}.weight + excluded.weight"""


def upgrade() -> None:
    """Take what is no case out of the rollups; what was released stays as it was."""
    _count(-1)


def downgrade() -> None:
    """Count it again."""
    _count(1)


def _count(sign: int) -> None:
    tables = ("case", *ROLLUPS)
    for table in tables:
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')  # or the owner would see no row
    shared = {"period": PERIOD, "in_grain": IN_GRAIN, "sign": sign}
    one = {"table": ROLLUPS[0], "group": "", "groups": "", "grains": GRAINS, "nine": ""}
    of_groups = ' CROSS JOIN unnest("case".target_groups) AS target_group'
    two = {"table": ROLLUPS[1], "group": "target_group,", "groups": of_groups, "grains": GROUP_GRAINS, "nine": ", 9"}
    for words in (one, two):
        op.execute(sa.text(COUNT.format(**words, **shared)))
    for table in tables:
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
