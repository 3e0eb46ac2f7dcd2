"""Failed attempts, counted before anything is checked, so that many at once guess no more often than one by one."""

from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, delete, func, literal, null, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.auth.keys import Keys, address_hash
from api.auth.models import Account, AddressAttempt

FREE, ADDRESS_FREE = 5, 30
"""Failures of an account, and from an address behind which a whole office may sit, before there is any waiting."""
FIRST_SECONDS, LONGEST_SECONDS = 15, 900
"""The first wait; each further failure doubles it. Not longer, or anybody could lock anybody out."""
FORGOTTEN = timedelta(hours=1)
"""After so long without an attempt the failures of an address count no more."""


def lock_seconds(failed: int, free: int = FREE) -> int:
    """Return how long the next attempt has to wait after so many failures."""
    return 0 if failed < free else min(FIRST_SECONDS * 2 ** min(failed - free, 10), LONGEST_SECONDS)


def reserve_account(session: Session, which: ColumnElement[bool]) -> Row[Any] | None:
    """Count an attempt on an account as failed, until it is given back; None for an unknown or locked one."""
    failed = Account.failed_count + 1
    asked = (
        update(Account)
        .where(which, _open(Account.locked_until))
        .values(failed_count=failed, locked_until=_until(failed, FREE))
        .returning(
            Account.id,
            Account.role,
            Account.password_hash,
            Account.disabled_at,
            Account.totp_secret,
            Account.totp_confirmed_at,
            Account.totp_step,
            Account.failed_count,
        )
    )
    counted: Row[Any] | None = session.execute(asked).one_or_none()  # type: ignore[assignment]
    return counted


def give_back_account(session: Session, account_id: UUID, *, whole: bool) -> None:
    """Take an attempt back that succeeded; `whole` forgets the earlier failures too, once the sign-in is complete.

    A right password alone forgets none: whoever has it could else guess the second factor for ever.
    """
    count = literal(0) if whole else func.greatest(Account.failed_count - 1, 0)
    session.execute(update(Account).where(Account.id == account_id).values(failed_count=count, locked_until=None))


def reserve_address(session: Session, keys: Keys, address: str) -> bool:
    """Count an attempt from an address as failed, until it is given back; False while the address has to wait."""
    kept = AddressAttempt
    failed = case((kept.last_at < func.now() - FORGOTTEN, 1), else_=kept.failed_count + 1)
    made = insert(kept).values(address_hash=_key(keys, address), failed_count=1, last_at=func.now())
    counted = made.on_conflict_do_update(
        index_elements=[kept.address_hash],
        set_={"failed_count": failed, "last_at": func.now(), "locked_until": _until(failed, ADDRESS_FREE)},
        where=_open(kept.locked_until),
    ).returning(kept.failed_count)
    return session.execute(counted).one_or_none() is not None


def give_back_address(session: Session, keys: Keys, address: str) -> None:
    """Take one attempt of an address back; its other failures stay, or an own account would wash them off."""
    count = func.greatest(AddressAttempt.failed_count - 1, 0)
    found = AddressAttempt.address_hash == _key(keys, address)
    session.execute(update(AddressAttempt).where(found).values(failed_count=count, locked_until=None))


def forget_addresses(session: Session) -> None:
    """Delete what is known of addresses that have long been quiet."""
    session.execute(delete(AddressAttempt).where(AddressAttempt.last_at < func.now() - timedelta(days=1)))


def neighbourhood(address: str) -> str:
    """Return what one subscriber has of the network: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    return str(read) if read.version == 4 else str(ip_network(f"{read}/64", strict=False))


def _key(keys: Keys, address: str) -> bytes:
    return address_hash(keys, neighbourhood(address))


def _open(locked: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(locked.is_(None), locked <= func.now())


def _until(failed: ColumnElement[Any], free: int) -> ColumnElement[Any]:
    steps = func.least(failed - free, 10)
    seconds = func.least(FIRST_SECONDS * func.power(2, steps), LONGEST_SECONDS)
    return case((failed < free, null()), else_=func.now() + seconds * timedelta(seconds=1))
