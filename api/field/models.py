"""Tables of sealed envelopes on their way: whose they are, how far they came, and why one was set apart."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import CodeText

LARGEST = 3_145_728
"""Bytes of a sealed envelope: a photo of the phone and room to spare."""
STATES = ("partly", "kept", "waiting", "quarantined", "refused")
WHYS = ("revoked", "expired", "disabled", "damaged", "invalid", "outside", "same_id", "erased")
KINDS = ("case", "observation", "photo")
_SIZES = f"total BETWEEN 1 AND {LARGEST} AND received BETWEEN 0 AND total"
Moment = DateTime(timezone=True)


class FieldEnvelope(Base):
    """A sealed envelope of a phone. Its bytes stay until it is filed; refused ones keep theirs.

    `id` is the one that the phone gave it, or a new one where another content had that id already.
    """

    __tablename__ = "field_envelope"
    __table_args__ = (
        UniqueConstraint("given_id", "sha256"),
        CheckConstraint("length(sha256) = 32", name="sha256"),
        CheckConstraint(_SIZES, name="total"),
        CheckConstraint(f"state IN {STATES} AND (state = 'partly') = (received < total)", name="state"),
        CheckConstraint(f"why IN {WHYS} AND (state <> 'quarantined' OR why IS NOT NULL)", name="why"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("(state IN ('partly', 'kept')) = (sealed IS NULL)", name="sealed"),
        CheckConstraint("length(btrim(reason)) BETWEEN 1 AND 500", name="reason"),
        Index(
            "ix_field_envelope_open",
            "state",
            "account_id",
            postgresql_where=text("state IN ('partly', 'waiting', 'quarantined')"),
        ),
        Index("ix_field_envelope_waiting", "case_id", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    given_id: Mapped[UUID]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device_token.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    total: Mapped[int]
    received: Mapped[int]
    state: Mapped[str] = mapped_column(CodeText)
    why: Mapped[str | None] = mapped_column(CodeText)
    kind: Mapped[str | None] = mapped_column(CodeText)
    case_id: Mapped[UUID | None]
    capture: Mapped[str | None] = mapped_column(CodeText)
    """The key of the server that it is sealed to."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None]


class FieldPart(Base):
    """A part of an envelope that has not wholly come yet."""

    __tablename__ = "field_part"

    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("field_envelope.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Where in the envelope its first byte stands."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
