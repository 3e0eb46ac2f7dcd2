"""The table of the outbox: what somebody or some unit is to be told, kept with the change that it tells of."""

from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import PROVINCE

CodeText = String(collation="C")
Moment = DateTime(timezone=True)
Kind = Literal[
    "assigned", "referred", "returned", "overdue", "quarantined", "team_needed", "closing_proposed", "address_check"
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Alert(Base):
    """Something to be told once: of which kind, about which case, to whom. It holds codes and no words."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("province_code", "key"),
        ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        CheckConstraint(f"province_code ~ '{PROVINCE}'", name="province_code"),
        CheckConstraint(f"kind IN ({', '.join(repr(one) for one in KINDS)})", name="kind"),
        CheckConstraint("key ~ '^[A-Za-z0-9][A-Za-z0-9_.:+-]{0,199}$'", name="key"),
        CheckConstraint("account_id IS NOT NULL OR unit_id IS NOT NULL", name="whom"),
        CheckConstraint("jsonb_typeof(params) = 'object'", name="params"),
        Index("ix_alert_waiting", "made_at", postgresql_where=sql("spread_at IS NULL")),
        Index("ix_alert_case_id", "province_code", "case_id"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(CodeText)
    """What it tells of: the same key twice is one alert."""
    kind: Mapped[str]
    account_id: Mapped[UUID | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    case_id: Mapped[UUID | None]
    caused_by: Mapped[UUID | None]
    """The account whose deed it tells of: it is told nothing of its own."""
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    made_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    spread_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its deliveries were made."""
