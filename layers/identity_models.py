"""Tables of identity data: what is sealed, the wrapped key of each case, what is searched by, restrictions, consents.

All that is read of a person hangs on the row of the case's key: deleting that row deletes the rest.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import CodeText

FIELDS = "'name', 'national_id', 'phone', 'guardian'"
CHANNELS = "'paper', 'in_person', 'phone', 'web', 'line', 'other'"


def _hangs_on(table: str, columns: str = "case_id", delete: str = "CASCADE") -> ForeignKeyConstraint:
    """A case may move to another province: its key changes with it."""
    theirs = [f"{table}.province_code", f"{table}.{columns}"]
    return ForeignKeyConstraint(["province_code", "case_id"], theirs, ondelete=delete, onupdate="CASCADE")


class IdentityKey(Base):
    """The random key of one case's identity data, wrapped by the master key that `master` names."""

    __tablename__ = "identity_key"
    __table_args__ = (
        _hangs_on("case", "id"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("length(wrapped) = 60", name="wrapped"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    """Counts up with each save: every save has a key of its own, and the one before is destroyed."""
    master: Mapped[str]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    """Nonce of 12 bytes, key of 32, tag of 16."""
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Identity(Base):
    """What is known of the person of a case, sealed with the case's key: AES-256-GCM, nonce first."""

    __tablename__ = "identity"
    __table_args__ = (_hangs_on("identity_key"), CheckConstraint("length(sealed) > 28", name="sealed"))

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class IdentitySearch(Base):
    """A keyed hash of one normalised field; equal values have equal hashes, and nothing else can be told from one."""

    __tablename__ = "identity_search"
    __table_args__ = (
        _hangs_on("identity_key"),
        CheckConstraint(f"field IN ({FIELDS})", name="field"),
        CheckConstraint("length(hash) = 32", name="hash"),
        Index("ix_identity_search_hash", "hash", "field"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class IdentityRestriction(Base):
    """Identity data that law forbids to erase: kept, closed, and neither it nor its case can be deleted."""

    __tablename__ = "identity_restriction"
    __table_args__ = (
        _hangs_on("identity_key", delete="RESTRICT"),
        CheckConstraint("length(btrim(reason)) BETWEEN 1 AND 500", name="reason"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    actor_id: Mapped[UUID | None]
    restricted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class IdentityErasure(Base):
    """When a case's identity data were last erased: what phones sent before and is still on its way is set apart."""

    __tablename__ = "identity_erasure"
    __table_args__ = (_hangs_on("case", "id"),)

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Consent(Base):
    """That somebody agreed to what goes beyond official duty, to which version of the words, and until when."""

    __tablename__ = "consent"
    __table_args__ = (
        _hangs_on("case", "id"),
        CheckConstraint(f"channel IN ({CHANNELS})", name="channel"),
        CheckConstraint("given_by IN ('person', 'guardian')", name="given_by"),
        CheckConstraint("wording ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'", name="wording"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    wording: Mapped[str]
    channel: Mapped[str]
    given_by: Mapped[str]
    given_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
