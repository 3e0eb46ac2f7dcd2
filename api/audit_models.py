"""Tables of the audit: a chain of entries that are only ever added, and the name of the chain."""

from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base

Action = Literal[
    "sign_in", "sign_in_failed", "sign_out", "case_read", "list", "export", "print", "release", "role_change",
    "account_change", "boundary_change", "import", "erase", "restrict", "correction", "subject_access",
    "system_command", "team_change", "consent", "plan_change",
    "policy_change", "meeting_change", "capture", "case_change", "limit_change", "alert_change",
    "case_merge", "area_choice",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)
"""All that is recorded; the list is closed."""


class AuditChain(Base):
    """The random name of this database's chain: a copy that lost its end is known by it."""

    __tablename__ = "audit_chain"
    __table_args__ = (CheckConstraint("one = 1", name="one"),)

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


class AuditEntry(Base):
    """Who did what to what, when, and why; bound to the entry before it by `hash`."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(f"action IN ({', '.join(repr(one) for one in ACTIONS)})", name="action"),
        CheckConstraint("length(hash) = 32", name="hash"),
        CheckConstraint("jsonb_typeof(details) = 'object'", name="details"),
        CheckConstraint(
            "action <> 'case_read' OR coalesce(details ->> 'sensitivity' <> 'L3' OR btrim(reason) <> '', false)",
            name="reason",
        ),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_id: Mapped[UUID | None]
    role: Mapped[str]
    action: Mapped[str]
    kind: Mapped[str]
    object_id: Mapped[str | None]
    reason: Mapped[str | None]
    request_id: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
