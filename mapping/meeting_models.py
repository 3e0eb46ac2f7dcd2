"""Tables of meetings: committees, their meetings with what they halt at, and what they resolved.

Keys begin with `province_code`, as those of plans. What only a meeting that is held may do is checked by the policies
of the database, which see its state; that resolutions are numbered within a committee's year is declared.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from mapping.models import AREA, FIRST_DAY, PROBLEM, CodeText

OF_PROVINCE = "province_code = substr(area_code, 1, 2)"
YEAR = "extract(year FROM held_on)::int + 543"
SHOWN = "'map', 'mind_map', 'figures'"
MOST_STOPS = 40
"""More than anybody sits through."""


class Committee(Base):
    """A committee of a province or of an area within it."""

    __tablename__ = "committee"
    __table_args__ = (
        CheckConstraint(f"area_code ~ '{AREA}' AND {OF_PROVINCE}", name="area_code"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        UniqueConstraint("province_code", "area_code", "name"),
        UniqueConstraint("province_code", "id", "area_code", name="uq_committee_area"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(CodeText)
    name: Mapped[str]


class Meeting(Base):
    """One meeting of a committee; all its figures are those of one release. Prepared, held, closed, and never back."""

    __tablename__ = "meeting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "committee_id", "area_code"],
            ["committee.province_code", "committee.id", "committee.area_code"],
            name="fk_meeting_committee",
        ),
        CheckConstraint("state IN ('prepared', 'held', 'closed')", name="state"),
        CheckConstraint("(state = 'prepared') = (held_at IS NULL)", name="held_at"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("number BETWEEN 1 AND 999", name="number"),
        CheckConstraint("length(place) BETWEEN 1 AND 200", name="place"),
        UniqueConstraint("province_code", "committee_id", "year", "number", name="uq_meeting_number"),
        UniqueConstraint("province_code", "id", "committee_id", "year", name="uq_meeting_year"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    committee_id: Mapped[UUID]
    area_code: Mapped[str] = mapped_column(CodeText)
    """The committee's, so that the database can tell whose meeting it is by this row alone."""
    number: Mapped[int]
    held_on: Mapped[date]
    year: Mapped[int] = mapped_column(Computed(YEAR, persisted=True))
    """The calendar year in พ.ศ., within which meetings and resolutions are counted."""
    place: Mapped[str]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    state: Mapped[str] = mapped_column(server_default="prepared")
    held_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class MeetingStop(Base):
    """One point of the agenda: an area with its problem and year, and what of it is shown."""

    __tablename__ = "meeting_stop"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "meeting_id"], ["meeting.province_code", "meeting.id"], ondelete="CASCADE"
        ),
        UniqueConstraint(
            "province_code", "meeting_id", "position", name="uq_meeting_stop_position", deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint(f"position >= 0 AND position < {MOST_STOPS}", name="position"),
        CheckConstraint(f"area_code ~ '{AREA}' AND {OF_PROVINCE}", name="area_code"),
        CheckConstraint(f"problem_code ~ '{PROBLEM}'", name="problem_code"),
        CheckConstraint(FIRST_DAY, name="fiscal_year"),
        CheckConstraint(f"shows <@ ARRAY[{SHOWN}]::text[] AND cardinality(shows) BETWEEN 1 AND 3", name="shows"),
        CheckConstraint("length(note) BETWEEN 1 AND 2000", name="note"),
    )  # fmt: skip

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    area_code: Mapped[str] = mapped_column(CodeText)
    problem_code: Mapped[str | None] = mapped_column(CodeText)
    """None for all problems together."""
    fiscal_year: Mapped[date]
    """1 October, its first day."""
    shows: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    note: Mapped[str | None]
    draft: Mapped[bool] = mapped_column(server_default=false())
    """Whether the draft is shown where an approved plan stands too."""


class Resolution(Base):
    """What a meeting resolved (มติ): a new activity of a plan, a plan's approval, or something to follow up."""

    __tablename__ = "resolution"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "meeting_id", "committee_id", "year"],
            [f"meeting.{name}" for name in ("province_code", "id", "committee_id", "year")],
            name="fk_resolution_meeting",
        ),
        ForeignKeyConstraint(
            ["province_code", "meeting_id", "stop_id"],
            [f"meeting_stop.{name}" for name in ("province_code", "meeting_id", "id")],
            name="fk_resolution_stop",
        ),
        ForeignKeyConstraint(
            ["province_code", "plan_id"], ["plan.province_code", "plan.id"], name="fk_resolution_plan"
        ),
        ForeignKeyConstraint(
            ["province_code", "plan_id", "part_id"],
            [f"plan_part.{name}" for name in ("province_code", "plan_id", "id")],
            name="fk_resolution_part",
        ),
        ForeignKeyConstraint(
            ["province_code", "closed_in"], ["meeting.province_code", "meeting.id"], name="fk_resolution_closed_in"
        ),
        UniqueConstraint("province_code", "committee_id", "year", "number", name="uq_resolution_number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("length(text) BETWEEN 1 AND 1000", name="text"),
        CheckConstraint("length(lead) BETWEEN 1 AND 200", name="lead"),
        CheckConstraint("length(closed_words) BETWEEN 1 AND 1000", name="closed_words"),
        CheckConstraint("kind IN ('activity', 'approve', 'follow_up')", name="kind"),
        CheckConstraint("(kind = 'follow_up') = (plan_id IS NULL)", name="plan"),
        CheckConstraint("(kind = 'activity') = (part_id IS NOT NULL)", name="part"),
        CheckConstraint("kind <> 'activity' OR (lead IS NOT NULL AND due_on IS NOT NULL)", name="activity"),
        CheckConstraint(
            "(closed_words IS NULL) = (closed_in IS NULL) AND (closed_words IS NULL) = (closed_at IS NULL)",
            name="closed",
        ),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID]
    committee_id: Mapped[UUID]
    year: Mapped[int]
    number: Mapped[int]
    stop_id: Mapped[UUID | None]
    text: Mapped[str]
    kind: Mapped[str]
    plan_id: Mapped[UUID | None]
    part_id: Mapped[UUID | None]
    lead: Mapped[str | None]
    due_on: Mapped[date | None]
    closed_words: Mapped[str | None]
    """What became of it, in the words of the meeting that closed it."""
    closed_in: Mapped[UUID | None]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
