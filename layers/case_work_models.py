"""Tables of case work: allowed steps, closings, assignments, referrals, visits, assistance, time limits, holidays."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import CodeText

SYSTEMS = "'social_service', 'social_assistance', 'social_insurance', 'social_partnership'"
REASONS = "'goal_met', 'self_reliant', 'transferred', 'moved', 'declined', 'deceased', 'lost', 'unfounded'"
LIMITS = "'ack', 'first_contact', 'plan', 'referral_ack', 'follow_up'"


def _of_case() -> ForeignKeyConstraint:
    """A case may move to another province: what hangs on it moves along."""
    return ForeignKeyConstraint(
        ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
    )


class CaseStep(Base):
    """A change of status that a way allows: a step, what a file may state, an undone import, an undone merge."""

    __tablename__ = "case_step"
    __table_args__ = (
        CheckConstraint("way IN ('step', 'stated', 'undo', 'unmerge')", name="way"),
        CheckConstraint("from_status <> to_status", name="moves"),
    )

    from_status: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_status: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    way: Mapped[str] = mapped_column(CodeText, primary_key=True)


class CaseClosing(Base):
    """Somebody's proposal to close a case, with evidence; somebody else decides on it, or a step withdraws it."""

    __tablename__ = "case_closing"
    __table_args__ = (
        _of_case(),
        UniqueConstraint("province_code", "case_id", "id", "proposed_by", name="uq_case_closing_proposed_by"),
        CheckConstraint(f"reason IN ({REASONS})", name="reason"),
        CheckConstraint("evidence = '-' OR length(btrim(evidence)) BETWEEN 5 AND 2000", name="evidence"),
        CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'declined', 'withdrawn')", name="state"),
        CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)"
            " AND (state = 'withdrawn' OR (state = 'proposed') = (decided_by IS NULL))",
            name="decided",
        ),
        CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="two_persons"),
        Index(
            "ix_case_closing_open", "province_code", "case_id", unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
    )  # fmt: skip

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    evidence: Mapped[str]
    """Words about persons; '-' where they were taken away."""
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    state: Mapped[str] = mapped_column(server_default="proposed")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None]


class CaseAssignment(Base):
    """That a case was given to a unit, by whom and when; rows are only ever added."""

    __tablename__ = "case_assignment"
    __table_args__ = (_of_case(),)

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    actor_id: Mapped[UUID | None]
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Referral(Base):
    """A case sent to an agency, and what came of it; a unit of ours may stand for the agency and answer."""

    __tablename__ = "referral"
    __table_args__ = (
        _of_case(),
        CheckConstraint("agency ~ '^[a-z][a-z0-9_]{1,39}$'", name="agency"),
        CheckConstraint("state IN ('sent', 'accepted', 'returned', 'declined')", name="state"),
        CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
        CheckConstraint("length(answer) BETWEEN 1 AND 2000", name="answer"),
        Index("ix_referral_unit_id", "unit_id", "state", postgresql_where=text("unit_id IS NOT NULL")),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(CodeText)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[str] = mapped_column(server_default="sent")
    sent_by: Mapped[UUID | None]
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    note: Mapped[str | None]
    """Words of the office's own; the agency is not shown them."""
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer: Mapped[str | None]


class Visit(Base):
    """A follow-up visit: when it is due, when it was made, and what was seen."""

    __tablename__ = "visit"
    __table_args__ = (
        _of_case(),
        CheckConstraint("done_by IS NULL OR done_on IS NOT NULL", name="done"),
        CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    note: Mapped[str | None]
    planned_by: Mapped[UUID | None]
    planned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    done_by: Mapped[UUID | None]


class Assistance(Base):
    """Help that was given: its welfare system and kind, and its worth in baht where it has one.

    What was written wrongly stays: a further row corrects it and is what counts.
    """

    __tablename__ = "assistance"
    __table_args__ = (
        _of_case(),
        CheckConstraint(f"welfare_system IN ({SYSTEMS})", name="welfare_system"),
        CheckConstraint("kind ~ '^[a-z][a-z0-9_]{1,39}$'", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
        CheckConstraint("corrects IS NULL OR corrects <> id", name="corrects"),
        UniqueConstraint("province_code", "case_id", "corrects", name="uq_assistance_corrects"),
        ForeignKeyConstraint(
            ["province_code", "case_id", "corrects"],
            ["assistance.province_code", "assistance.case_id", "assistance.id"],
            name="fk_assistance_corrects",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    welfare_system: Mapped[str] = mapped_column(CodeText)
    kind: Mapped[str] = mapped_column(CodeText)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    given_on: Mapped[date]
    note: Mapped[str | None]
    corrects: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class TimeLimit(Base):
    """How long a step may take at an urgency, where it differs from what is shipped; neither number: no limit."""

    __tablename__ = "time_limit"
    __table_args__ = (
        CheckConstraint(f"step IN ({LIMITS})", name="step"),
        CheckConstraint("urgency IN ('U1', 'U2', 'U3', 'U4')", name="urgency"),
        CheckConstraint("num_nonnulls(hours, working_days) <= 1", name="amount"),
        CheckConstraint("hours BETWEEN 1 AND 8760", name="hours"),
        CheckConstraint("working_days BETWEEN 1 AND 250", name="working_days"),
    )

    step: Mapped[str] = mapped_column(CodeText, primary_key=True)
    urgency: Mapped[str] = mapped_column(CodeText, primary_key=True)
    hours: Mapped[int | None]
    """Round the clock."""
    working_days: Mapped[int | None]
    """In Bangkok, to the end of the last one."""


class Holiday(Base):
    """A day on which offices are closed, beside weekends and the holidays of every year."""

    __tablename__ = "holiday"
    __table_args__ = (
        CheckConstraint("length(title_th) BETWEEN 1 AND 200", name="title_th"),
        CheckConstraint("length(title_en) BETWEEN 1 AND 200", name="title_en"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    title_th: Mapped[str | None]
    title_en: Mapped[str | None]
