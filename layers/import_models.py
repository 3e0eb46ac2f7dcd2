"""What cases were before an import changed them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import CodeText


class ImportChange(Base):
    """A case as it was before an import changed it."""

    __tablename__ = "import_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        Index("ix_import_change_case", "province_code", "case_id"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True)
    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
