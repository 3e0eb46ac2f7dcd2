"""Tables of what phones bring: observations of cases, their words and photos, each of them sealed by its own key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, LargeBinary, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import CodeText

Moment = DateTime(timezone=True)
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")


def _hangs_on(table: str, columns: tuple[str, ...]) -> ForeignKeyConstraint:
    """A case may move to another province: its key changes with it."""
    theirs = [f"{table}.{column}" for column in (columns if table != "case" else ("province_code", "id"))]
    return ForeignKeyConstraint(list(columns), theirs, ondelete="CASCADE", onupdate="CASCADE")


_CASE = ("province_code", "case_id")
_SEAL = ("province_code", "case_id", "id")


class CaseObservation(Base):
    """What somebody stated of a case at one time: some fields, and which earlier statements they had been shown.

    Rows are only ever added. The first one has the case's own id. Fields that are words about persons stand in
    `CaseWords`; here are their names alone.
    """

    __tablename__ = "case_observation"
    __table_args__ = (
        _hangs_on("case", _CASE),
        CheckConstraint("jsonb_typeof(seen) = 'object' AND jsonb_typeof(fields) = 'object'", name="fields"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    device_id: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(Moment)
    """By the phone's clock."""
    received_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    seen: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The ids of earlier observations that the phone was shown, by field."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    words: Mapped[list[str]] = mapped_column(ARRAY(CodeText))


class CaseSeal(Base):
    """The wrapped key of one observation's words or of one photo; destroying the row erases them."""

    __tablename__ = "case_seal"
    __table_args__ = (_hangs_on("case", _CASE), CheckConstraint("length(wrapped) = 60", name="wrapped"))

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    master: Mapped[str]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class CaseWords(Base):
    """The fields of an observation that are words about persons, sealed: description, person, consent."""

    __tablename__ = "case_words"
    __table_args__ = (_hangs_on("case_seal", _SEAL), CheckConstraint("length(sealed) > 28", name="sealed"))

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CasePhoto(Base):
    """A photo of a case, sealed; it comes back byte for byte as the phone queued it."""

    __tablename__ = "case_photo"
    __table_args__ = (
        _hangs_on("case_seal", _SEAL),
        CheckConstraint("number BETWEEN 1 AND 5", name="number"),
        CheckConstraint(f"media_type IN {MEDIA_TYPES}", name="media_type"),
        CheckConstraint("size > 0 AND length(sealed) > 28", name="sealed"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    device_id: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    number: Mapped[int]
    media_type: Mapped[str] = mapped_column(CodeText)
    size: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseReference(Base):
    """That a row of an agency's file means a case which a phone had brought."""

    __tablename__ = "case_reference"
    __table_args__ = (_hangs_on("case", _CASE),)

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True, autoincrement=False)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
