"""What phones bring: sealed envelopes, observations of cases, their sealed words and photos, each with its key."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from api.migrations.audited import allow_action, forbid_action
from api.migrations.grants import grant_app
from api.migrations.policies import SYSTEM, protect, unprotect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CODE = sa.String(collation="C")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "field_envelope", "field_part", "case_observation", "case_seal", "case_words", "case_photo", "identity_erasure",
    "case_reference",
)  # fmt: skip
STATES = "'partly', 'kept', 'waiting', 'quarantined', 'refused'"
WHYS = "'revoked', 'expired', 'disabled', 'damaged', 'invalid', 'outside', 'same_id', 'erased'"
LARGEST = 3_145_728

SEEN = 'EXISTS (SELECT FROM "case" AS one WHERE one.province_code = {table}.province_code AND one.id = {table}.case_id)'
FREE = (
    "NOT EXISTS (SELECT FROM identity_restriction AS closed WHERE closed.province_code = {table}.province_code"
    " AND closed.case_id = {table}.case_id)"
)


def holds(permission: str) -> str:
    """Return SQL that says whether the scope names a permission, the product's own scope too."""
    return f"(SELECT scope_holds('{permission}'))"


def upgrade() -> None:
    """Make the tables. Envelopes are the product's alone; what was filed of them is read with its case."""
    op.add_column("device_token", sa.Column("send_hash", sa.LargeBinary, unique=True))
    op.create_check_constraint("send_hash", "device_token", "length(send_hash) = 32")
    op.create_index("ix_case_id", "case", ["id"])
    brought = sa.text("created_by IS NOT NULL")
    op.create_index("ix_case_created_by", "case", ["created_by"], postgresql_where=brought)
    _envelopes()
    _observations()
    _sealed()
    if op.get_bind().scalar(sa.text("SELECT current_user")) != "socialmap_owner":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} OWNER TO socialmap_owner")
    grant_app(op, ("field_envelope", "case_observation"), "SELECT, INSERT, UPDATE")
    grant_app(op, ("field_part",), "SELECT, INSERT, DELETE")
    grant_app(op, ("case_seal", "identity_erasure"))
    grant_app(op, ("case_words", "case_photo"), "SELECT, INSERT")
    grant_app(op, ("case_reference",), "SELECT, INSERT, DELETE")
    _protect()
    for action in ("capture", "phone"):
        allow_action(action)


def downgrade() -> None:
    """Drop the tables: what was not filed is lost, words and photos too."""
    for action in ("capture", "phone"):
        forbid_action(action)
    for table in reversed(TABLES):
        unprotect(op, table)
        op.drop_table(table)
    op.drop_index("ix_case_created_by", "case")
    op.drop_index("ix_case_id", "case")
    op.drop_constraint("ck_device_token_send_hash", "device_token")
    op.drop_column("device_token", "send_hash")


def _protect() -> None:
    protect(op, "field_part", read=SYSTEM)
    of_case = 'EXISTS (SELECT FROM "case" AS one WHERE one.id = field_envelope.case_id)'
    erase = f"{SYSTEM} OR ({holds('identity.erase')} AND {of_case})"
    protect(op, "field_envelope", read=erase, write=erase)
    protect(op, "case_reference", read=SEEN.format(table="case_reference"), write=SYSTEM)
    protect(op, "case_observation", read=SEEN.format(table="case_observation"), write=SYSTEM)
    seen = SEEN.format(table="case_seal")
    erase = f"{SYSTEM} OR (({holds('identity.write')} OR {holds('identity.erase')}) AND {seen})"
    protect(op, "case_seal", read=f"{erase} OR ({holds('identity.read')} AND {seen})", write=SYSTEM, change=erase)
    seen = SEEN.format(table="identity_erasure")
    erase = f"{SYSTEM} OR (({holds('identity.write')} OR {holds('identity.erase')}) AND {seen})"
    protect(op, "identity_erasure", read=f"{SYSTEM} OR {seen}", write=erase)
    for table in ("case_words", "case_photo"):
        seen, free = SEEN.format(table=table), FREE.format(table=table)
        read = f"{holds('identity.read')} AND ({free} OR {holds('identity.read_restricted')}) AND {seen}"
        protect(op, table, read=read, write=f"{SYSTEM} AND {holds('identity.write')} AND {seen}", change="false")


def _envelopes() -> None:
    op.create_table(
        "field_envelope",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("given_id", sa.Uuid, nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("device_id", sa.Uuid, sa.ForeignKey("device_token.id"), nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("why", CODE),
        sa.Column("kind", CODE),
        sa.Column("case_id", sa.Uuid),
        sa.Column("capture", CODE),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("received_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", MOMENT),
        sa.Column("reason", sa.String),
        sa.UniqueConstraint("given_id", "sha256"),
        sa.CheckConstraint("length(sha256) = 32", name="sha256"),
        sa.CheckConstraint(f"total BETWEEN 1 AND {LARGEST} AND received BETWEEN 0 AND total", name="total"),
        sa.CheckConstraint(f"state IN ({STATES}) AND (state = 'partly') = (received < total)", name="state"),
        sa.CheckConstraint(f"why IN ({WHYS}) AND (state <> 'quarantined' OR why IS NOT NULL)", name="why"),
        sa.CheckConstraint("kind IN ('case', 'observation', 'photo')", name="kind"),
        sa.CheckConstraint("(state IN ('partly', 'kept')) = (sealed IS NULL)", name="sealed"),
        sa.CheckConstraint("length(btrim(reason)) BETWEEN 1 AND 500", name="reason"),
    )
    open_ = sa.text("state IN ('partly', 'waiting', 'quarantined')")
    op.create_index("ix_field_envelope_open", "field_envelope", ["state", "account_id"], postgresql_where=open_)
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_field_envelope_waiting", "field_envelope", ["case_id"], postgresql_where=waiting)
    op.create_table(
        "field_part",
        sa.Column("envelope_id", sa.Uuid, sa.ForeignKey("field_envelope.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _of_case() -> tuple[sa.Column[str], sa.Column[object], sa.Column[object]]:
    return (
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
    )


def _hangs_on(table: str, own: tuple[str, ...], theirs: tuple[str, ...]) -> sa.ForeignKeyConstraint:
    named = [f"{table}.{column}" for column in theirs]
    return sa.ForeignKeyConstraint(list(own), named, ondelete="CASCADE", onupdate="CASCADE")


CASE = ("case", ("province_code", "case_id"), ("province_code", "id"))
WHOLE = ("province_code", "case_id", "id")


def _sender() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("device_id", sa.Uuid, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False, server_default=sa.func.now()),
    )


def _observations() -> None:
    op.create_table(
        "case_observation",
        *_of_case(),
        *_sender(),
        sa.Column("seen", JSONB, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("words", ARRAY(CODE), nullable=False),
        _hangs_on(*CASE),
        sa.CheckConstraint("jsonb_typeof(seen) = 'object' AND jsonb_typeof(fields) = 'object'", name="fields"),
    )


def _sealed() -> None:
    op.create_table(
        "case_seal",
        *_of_case(),
        sa.Column("master", sa.String, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        _hangs_on(*CASE),
        sa.CheckConstraint("length(wrapped) = 60", name="wrapped"),
    )
    op.create_table(
        "case_words",
        *_of_case(),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        _hangs_on("case_seal", WHOLE, WHOLE),
        sa.CheckConstraint("length(sealed) > 28", name="sealed"),
    )
    op.create_table(
        "case_photo",
        *_of_case(),
        *_sender(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("media_type", CODE, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        _hangs_on("case_seal", WHOLE, WHOLE),
        sa.CheckConstraint("number BETWEEN 1 AND 5", name="number"),
        sa.CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'image/webp')", name="media_type"),
        sa.CheckConstraint("size > 0 AND length(sealed) > 28", name="sealed"),
    )
    op.create_table(
        "identity_erasure",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("erased_at", MOMENT, nullable=False, server_default=sa.func.now()),
        _hangs_on(*CASE),
    )
    op.create_table(
        "case_reference",
        sa.Column("province_code", CODE, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), primary_key=True, autoincrement=False),
        sa.Column("external_id", sa.String, primary_key=True),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("import_run_id", sa.Integer, sa.ForeignKey("import_run.id"), nullable=False),
        _hangs_on(*CASE),
    )
