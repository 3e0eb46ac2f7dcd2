"""Tables of telling: deliveries, the webhooks of units, addresses of accounts. Secrets and addresses are sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, Index, String, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from layers.models import PROVINCE

CodeText = String(collation="C")
Moment = DateTime(timezone=True)
CHANNELS = ("app", "email", "webhook")
STATES = ("waiting", "sent", "given_up", "dropped")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in words)


class AlertDelivery(Base):
    """One alert over one way to one receiver. Its id follows from these three, so that it is the same when repeated."""

    __tablename__ = "alert_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "alert_id"], ["alert.province_code", "alert.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        CheckConstraint(f"province_code ~ '{PROVINCE}'", name="province_code"),
        CheckConstraint(f"channel IN ({_listed(CHANNELS)})", name="channel"),
        CheckConstraint(f"state IN ({_listed(STATES)})", name="state"),
        CheckConstraint(
            "(channel = 'webhook') = (webhook_id IS NOT NULL) AND (channel = 'webhook') = (account_id IS NULL)",
            name="receiver",
        ),
        CheckConstraint("failure ~ '^[a-z0-9_.]{1,60}$'", name="failure"),
        Index("ix_alert_delivery_alert_id", "province_code", "alert_id"),
        Index("ix_alert_delivery_waiting", "next_at", postgresql_where=sql("state = 'waiting'")),
        Index("ix_alert_delivery_account_id", "account_id", "made_at", postgresql_where=sql("channel = 'app'")),
        Index(
            "ix_alert_delivery_unread",
            "account_id",
            postgresql_where=sql("channel = 'app' AND read_at IS NULL"),
        ),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    alert_id: Mapped[UUID]
    channel: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    webhook_id: Mapped[UUID | None] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(server_default=sql("0"))
    next_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    """Not tried before; while one is being sent it is the moment from which another sender may try it."""
    failure: Mapped[str | None]
    """Why the last try failed, as a code."""
    made_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)


class Webhook(Base):
    """Where a unit's own system hears of its alerts: address and secret are sealed, the host is shown."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("length(host) BETWEEN 1 AND 253", name="host"),
        Index("ix_webhook_unit_id", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    host: Mapped[str]
    sealed: Mapped[bytes]
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    created_by: Mapped[UUID | None]


class AlertAddress(Base):
    """An account's e-mail address, sealed; nothing but its own check is sent there until a code came back from it."""

    __tablename__ = "alert_address"
    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 10", name="tries"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes]
    asked_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(server_default=sql("0"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
