"""The table of print jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base

CodeText = String(collation="C")
Moment = DateTime(timezone=True)
STATES = ("waiting", "working", "done", "failed", "cancelled")


class PrintJob(Base):
    """Many sheets that somebody asked for at once, and how far they are; read by that account alone."""

    __tablename__ = "print_job"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state"),
        CheckConstraint("form IN ('pdf', 'zip')", name="form"),
        CheckConstraint("audience IN ('internal', 'committee', 'partner', 'public')", name="audience"),
        CheckConstraint("(audience = 'internal') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("done BETWEEN 0 AND total", name="done"),
        Index("ix_print_job_actor_id", "actor_id", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    state: Mapped[str]
    area_code: Mapped[str] = mapped_column(CodeText)
    form: Mapped[str]
    audience: Mapped[str]
    reason: Mapped[str | None]
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Paper, filters and classes as they were asked for."""
    server: Mapped[UUID]
    """The run of the server that began it: another one knows that it was interrupted."""
    total: Mapped[int]
    done: Mapped[int] = mapped_column(server_default=text("0"))
    pages: Mapped[int | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    failure_th: Mapped[str | None]
    failure_en: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
