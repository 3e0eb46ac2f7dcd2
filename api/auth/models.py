"""Tables of accounts and of what lets somebody in. Secrets stand here as hashes, or encrypted; no address in clear."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from api.auth.permissions import ROLES
from boundaries.base import Base

ROLE_LIST = ", ".join(f"'{role}'" for role in ROLES)
AREA_CODE = r"^(TH|\d{2}|\d{4}|\d{6}|\d{8})$"
CodeText = String(collation="C")
Moment = DateTime(timezone=True)


class Account(Base):
    """Somebody who may sign in. Never deleted: what an account did must stay traceable; it is disabled instead."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("login ~ '^[a-z0-9][a-z0-9._-]{2,63}$'", name="login"),
        CheckConstraint(f"role IN ({ROLE_LIST})", name="role"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        CheckConstraint("totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="totp"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(CodeText, unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    """None until the first link was used."""
    totp_secret: Mapped[bytes | None]
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The newest time step whose code was used; neither it nor an older one is taken again."""
    factor_cleared_at: Mapped[datetime | None] = mapped_column(Moment)
    """When others last cleared the second factor: its owner is told."""
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_count: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    password_changed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    created_by: Mapped[UUID | None]


class AccountUnit(Base):
    """A unit whose cases are an account's."""

    __tablename__ = "account_unit"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)


class AccountArea(Base):
    """An area that narrows what the units of an account give; local officers and volunteers must have some."""

    __tablename__ = "account_area"
    __table_args__ = (CheckConstraint(f"area_code ~ '{AREA_CODE}'", name="area_code"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    area_code: Mapped[str] = mapped_column(CodeText, primary_key=True)


class AccountSession(Base):
    """Somebody signed in on one browser; only a hash of its token is kept."""

    __tablename__ = "account_session"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 32", name="token_hash"),
        CheckConstraint("stage IN ('code', 'enrol', 'full')", name="stage"),
        Index("ix_account_session_account_id", "account_id"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    stage: Mapped[str]
    """`code`: the second factor is missing; `enrol`: it has to be set up first; only `full` may do anything else."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    agent: Mapped[str]


class RecoveryCode(Base):
    """A code that stands in for the second factor once; only a keyed hash is kept."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class ResetLink(Base):
    """A code with which an account sets its password once; it leaves the second factor alone."""

    __tablename__ = "reset_link"
    __table_args__ = (Index("ix_reset_link_account_id", "account_id"),)

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class DeviceToken(Base):
    """What a phone in the field shows instead of a password: bound to areas, and revocable."""

    __tablename__ = "device_token"
    __table_args__ = (
        CheckConstraint("cardinality(areas) > 0", name="areas"),
        CheckConstraint("length(send_hash) = 32", name="send_hash"),
        Index("ix_device_token_account_id", "account_id"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str]
    areas: Mapped[list[str]] = mapped_column(ARRAY(CodeText))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    send_hash: Mapped[bytes | None] = mapped_column(unique=True)
    """Of the key with which the phone may bring sealed envelopes in, and nothing else; it outlives the token."""


class AddressAttempt(Base):
    """Failed attempts from one address of the network, which stands here as a keyed hash only."""

    __tablename__ = "address_attempt"

    address_hash: Mapped[bytes] = mapped_column(primary_key=True)
    failed_count: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)


class SignInAttempt(Base):
    """Failed attempts on an account from one address, a keyed hash; `known_at`: when it last signed in from there."""

    __tablename__ = "sign_in_attempt"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    address_hash: Mapped[bytes] = mapped_column(primary_key=True)
    failed_count: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
    known_at: Mapped[datetime | None] = mapped_column(Moment)


class FactorRequest(Base):
    """An administrator asks for an account's second factor to be cleared; a second one has to confirm it."""

    __tablename__ = "factor_request"
    __table_args__ = (
        CheckConstraint("account_id <> asked_by", name="asked_by"),
        Index("ix_factor_request_asked_by", "asked_by"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
