"""Who asks, checked by the database: the signed scope, units, the teams of cases, and policies."""

import sqlalchemy as sa
from alembic import op

from api.migrations.grants import APP_ROLE, grant_app
from api.migrations.policies import OPEN, SYSTEM, in_areas, may, protect, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNIT_KINDS = "'office', 'home', 'homeless', 'settlement', 'centre', 'lao', 'partner', 'other'"
"""พมจ., บ้านพักเด็กและครอบครัว, ศูนย์คุ้มครองคนไร้ที่พึ่ง, นิคมสร้างตนเอง, other centres, local authorities, partner agencies."""

CLAIMS = """
CREATE FUNCTION scope_claims() RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    said text := current_setting('socialmap.scope', true);
    body text := substr(said, 66);
    kept public.scope_key;
    claims jsonb;
BEGIN
    IF coalesce(said, '') = '' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO kept FROM public.scope_key;
    -- Both sides are hashed once more, so that the time a comparison takes tells nothing.
    IF kept.id IS NULL OR sha256(convert_to(left(said, 65), 'UTF8')) <> sha256(convert_to(encode(
        sha256(kept.outer_pad || sha256(kept.inner_pad || convert_to(body, 'UTF8'))), 'hex') || '.', 'UTF8')) THEN
        RETURN NULL;
    END IF;
    claims := body::jsonb;
    IF (claims ->> 'pid')::int <> pg_backend_pid()
        OR (claims ->> 'until')::float8 < extract(epoch FROM clock_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN claims;
END $$
"""

FUNCTIONS = {
    "scope_is_system() RETURNS boolean": "coalesce(scope_claims() ->> 'role' = 'system', false)",
    "scope_may(permission text) RETURNS boolean": (
        "coalesce((SELECT claims ->> 'role' = 'system' OR claims -> 'can' ? permission"
        " FROM scope_claims() AS claims), false)"
    ),
    "scope_audience() RETURNS text": "coalesce(scope_claims() ->> 'audience', '')",
    "scope_is_everywhere() RETURNS boolean": "coalesce(scope_claims() -> 'areas' ? 'TH', false)",
    "scope_areas() RETURNS text[]": (
        "ARRAY(SELECT jsonb_array_elements_text(claims -> 'areas') FROM scope_claims() AS claims)"
    ),
    "scope_units() RETURNS int[]": (
        "ARRAY(SELECT jsonb_array_elements_text(claims -> 'units')::int FROM scope_claims() AS claims)"
    ),
    "scope_actor() RETURNS uuid": "(scope_claims() ->> 'actor')::uuid",
}

OWN_UNIT = "unit_id = ANY ((SELECT scope_units())::int[])"
OWN_AREA = in_areas("province_code", "district_code", "subdistrict_code", "village_code")
MEMBER = (
    'EXISTS (SELECT FROM case_member AS one WHERE one.province_code = "case".province_code'
    ' AND one.case_id = "case".id AND one.actor_id = (SELECT scope_actor()))'
)
SUBMITTED = f"({may('case.read_own')} AND created_by = (SELECT scope_actor()))"
READ_CASE = (
    f"{SYSTEM} OR ({may('case.read')} AND sensitivity <> 'L3' AND {OWN_UNIT} AND {OWN_AREA})"
    f" OR ({may('case.read_team')} AND {MEMBER}) OR {SUBMITTED}"
)
WRITE_CASE = (
    f"{SYSTEM} OR ({may('case.write')} AND sensitivity <> 'L3' AND {OWN_UNIT} AND {OWN_AREA})"
    f" OR ({may('case.write')} AND {MEMBER})"
    f" OR ({may('case.submit')} AND created_by = (SELECT scope_actor()) AND {OWN_AREA})"
)
HANGS_ON_CASE = (
    'EXISTS (SELECT FROM "case" AS one WHERE one.province_code = {table}.province_code AND one.id = {table}.case_id)'
)
WRITE_TEAM = f"{SYSTEM} OR ({may('case.assign')} AND {OWN_UNIT})"
READ_TEAM = f"{WRITE_TEAM} OR actor_id = (SELECT scope_actor())"


def upgrade() -> None:
    """Make the signed scope readable, units and teams, and close cases to everybody whom they do not concern."""
    _scope()
    _units()
    _case()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in ("scope_key", "unit", "unit_area", "case_member"):
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
        for signature in _signatures():
            op.execute(f"ALTER FUNCTION {signature} OWNER TO socialmap_owner")
    grant_app(op, ("unit", "unit_area", "case_member"))
    protect(op, "case", read=READ_CASE, write=WRITE_CASE)
    protect(op, "case_event", read=HANGS_ON_CASE.format(table="case_event"))
    protect(op, "case_member", read=READ_TEAM, write=WRITE_TEAM)
    for table in OPEN:
        protect(op, table, read="true", write=SYSTEM)


def downgrade() -> None:
    """Open cases again and drop what checked them."""
    for table in (*OPEN, "case_member", "case_event", "case"):
        unprotect(op, table)
    op.drop_table("case_member")
    op.drop_column("case", "created_by")
    op.drop_column("case", "unit_id")
    op.drop_column("case", "record_key")
    op.drop_table("unit_area")
    op.drop_table("unit")
    for signature in reversed(_signatures()):
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_table("scope_key")


def _signatures() -> list[str]:
    named = [name.split(" RETURNS")[0].replace("permission ", "") for name in FUNCTIONS]
    return ["scope_claims()", *named]


def _scope() -> None:
    op.create_table(
        "scope_key",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("inner_pad", sa.LargeBinary, nullable=False),
        sa.Column("outer_pad", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("id = 1", name="id"),
        sa.CheckConstraint("length(inner_pad) = 64 AND length(outer_pad) = 64", name="pads"),
    )
    op.execute(f"REVOKE ALL ON scope_key FROM PUBLIC, {APP_ROLE}")
    op.execute(CLAIMS)
    for signature, sql in FUNCTIONS.items():
        # A body that is parsed now: whoever changes the search path later changes nothing.
        op.execute(f"CREATE FUNCTION {signature} LANGUAGE sql STABLE PARALLEL RESTRICTED RETURN ({sql})")
    for signature in _signatures():
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}")


def _units() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name_th", sa.String, nullable=False),
        sa.Column("name_en", sa.String, nullable=False),
        sa.CheckConstraint("key ~ '^[a-z0-9][a-z0-9_.-]*$'", name="key"),
        sa.CheckConstraint(f"kind IN ({UNIT_KINDS})", name="kind"),
    )
    op.create_table(
        "unit_area",
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("area_code", sa.String(collation="C"), primary_key=True),
        sa.CheckConstraint(r"area_code ~ '^(TH|\d{2}|\d{4}|\d{6}|\d{8})$'", name="area_code"),
    )


def _case() -> None:
    op.add_column("case", sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id")))
    op.add_column("case", sa.Column("created_by", sa.Uuid))
    # A random number of each case, for statisticians' methods that perturb a cell by the records in it.
    key = sa.Column("record_key", sa.Float, nullable=False, server_default=sa.text("random()"))
    op.add_column("case", key)
    op.create_index("ix_case_unit_id", "case", ["unit_id"], postgresql_where=sa.text("unit_id IS NOT NULL"))
    op.create_table(
        "case_member",
        sa.Column("province_code", sa.String(collation="C"), primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("actor_id", sa.Uuid, primary_key=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
    )
