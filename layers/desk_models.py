"""What a coordinator decided about cases: which are one and the same, which are not, and where one really is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import MATCHES, CodeText

CHOICES = "'point', 'stated', 'kept', 'area'"


def _of_case(province: str = "province_code", case: str = "case_id", name: str | None = None) -> ForeignKeyConstraint:
    """A case may move to another province: what hangs on it moves along."""
    theirs = ["case.province_code", "case.id"]
    return ForeignKeyConstraint([province, case], theirs, ondelete="CASCADE", onupdate="CASCADE", name=name)


class CaseMerge(Base):
    """That a case was found to be another one told again; it lasts until somebody takes it back.

    The two may lie in different provinces, each side follows its own.
    """

    __tablename__ = "case_merge"
    __table_args__ = (
        _of_case(),
        _of_case("kept_province", "kept_id", "fk_case_merge_kept"),
        CheckConstraint("case_id <> kept_id", name="kept_id"),
        CheckConstraint("from_status IN (10, 20, 30)", name="from_status"),
        CheckConstraint("unmerged_at IS NOT NULL OR unmerged_by IS NULL", name="unmerged"),
        Index(
            "uq_case_merge_case", "province_code", "case_id", unique=True, postgresql_where=text("unmerged_at IS NULL")
        ),
        Index("ix_case_merge_kept", "kept_province", "kept_id"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The one that is worked on no more."""
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kept_province: Mapped[str] = mapped_column(CodeText)
    kept_id: Mapped[UUID]
    from_status: Mapped[int]
    """What it goes back to."""
    merged_by: Mapped[UUID | None]
    merged_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    unmerged_by: Mapped[UUID | None]
    unmerged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DistinctCases(Base):
    """That two cases which look alike are not the same; they are not offered again."""

    __tablename__ = "distinct_cases"
    __table_args__ = (
        _of_case(),
        _of_case("other_province", "other_id", "fk_distinct_cases_other"),
        CheckConstraint("case_id < other_id", name="other_id"),
        Index("ix_distinct_cases_other", "other_province", "other_id"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_province: Mapped[str] = mapped_column(CodeText)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class AreaChoice(Base):
    """What somebody chose where point and stated area of a case disagree, or a point lies at a border or outside.

    It keeps what was there before, so that nothing is lost by a choice.
    """

    __tablename__ = "area_choice"
    __table_args__ = (
        _of_case(),
        CheckConstraint(f"chosen IN ({CHOICES})", name="chosen"),
        CheckConstraint(f"match_before IN ({MATCHES})", name="match_before"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    chosen: Mapped[str]
    """`point`: the point's area; `stated`: the stated one, the point is taken away; `area`: one that was neither;
    `kept`: all is right as it is."""
    match_before: Mapped[str]
    stated_before: Mapped[str | None] = mapped_column(CodeText)
    village_before: Mapped[str | None] = mapped_column(CodeText)
    point_before: Mapped[Any] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False), nullable=True)
    accuracy_before: Mapped[float | None]
    stated_after: Mapped[str | None] = mapped_column(CodeText)
    point_after: Mapped[Any] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False), nullable=True)
    actor_id: Mapped[UUID | None]
    chosen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
