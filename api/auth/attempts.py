"""Failed attempts, counted before anything is checked, so that many at once guess no more often than one by one."""

from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, delete, func, literal, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.auth.keys import Keys, address_hash
from api.auth.models import Account, AddressAttempt, SignInAttempt

FREE, NAME_FREE, ADDRESS_FREE = 5, 20, 30
"""Failures before there is any waiting: on an account from one address, on it from all strange addresses together, and
from an address behind which a whole office may sit."""
FIRST_SECONDS, LONGEST_SECONDS = 15, 900
"""The first wait; each further failure doubles it. Not longer, or anybody could lock anybody out."""
FORGOTTEN = timedelta(hours=1)
"""After so long without an attempt the failures of an address count no more."""
KNOWN = timedelta(days=90)
"""How long an address is known to an account from which it signed in wholly."""


def lock_seconds(failed: int, free: int = FREE) -> int:
    """Return how long the next attempt has to wait after so many failures."""
    return 0 if failed < free else min(FIRST_SECONDS * 2 ** min(failed - free, 10), LONGEST_SECONDS)


def reserve_account(session: Session, keys: Keys, which: ColumnElement[bool], address: str) -> Row[Any] | None:
    """Count an attempt on an account as failed, until it is given back; None for an unknown or locked one.

    It is counted for the account from this address, and for the account from all strange addresses together: guessing
    from many is bounded, and shuts nobody out where they signed in before.
    """
    asked = select(*_COLUMNS).where(which).with_for_update()
    account: Row[Any] | None = session.execute(asked).one_or_none()  # type: ignore[assignment]
    if account is None:
        return None
    here = _find(session, keys, account.id, address)
    strange = not (here and here.is_known)
    if (here and not here.is_open) or (strange and not account.is_open):
        return None
    failed = (here.failed_count if here else 0) + 1
    values = {"failed_count": failed, "last_at": func.now(), "locked_until": _until(literal(failed), FREE)}
    made = insert(SignInAttempt).values(account_id=account.id, address_hash=_key(keys, address), **values)
    session.execute(made.on_conflict_do_update(index_elements=_PAIR, set_=values))
    if strange:
        total = Account.failed_count + 1
        counted = {"failed_count": total, "locked_until": _until(total, NAME_FREE)}
        session.execute(update(Account).where(Account.id == account.id).values(counted))
    return account


def give_back_account(session: Session, keys: Keys, account_id: UUID, address: str, *, whole: bool) -> None:
    """Take an attempt back that succeeded; `whole` forgets the earlier failures too, once the sign-in is complete.

    A right password alone forgets none: whoever has it could else guess the second factor for ever.
    """
    here = _find(session, keys, account_id, address)
    counted = whole or not (here and here.is_known)
    for table, which in ((SignInAttempt, _pair(keys, account_id, address)), (Account, (Account.id == account_id,))):
        if table is SignInAttempt or counted:
            count = literal(0) if whole else func.greatest(table.failed_count - 1, 0)
            session.execute(update(table).where(*which).values(failed_count=count, locked_until=None))
    if whole:
        mine = _pair(keys, account_id, address)
        session.execute(update(SignInAttempt).where(*mine).values(known_at=func.now()))


def tries(session: Session, keys: Keys, account_id: UUID, address: str) -> int:
    """Return how many attempts in a row failed on an account from an address."""
    found = _find(session, keys, account_id, address)
    return found.failed_count if found else 0


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
    """Delete what is known of addresses that have long been quiet; those of accounts while they are known to them."""
    quiet = func.now() - timedelta(days=1)
    session.execute(delete(AddressAttempt).where(AddressAttempt.last_at < quiet))
    strange = func.coalesce(SignInAttempt.known_at < func.now() - KNOWN, True)
    session.execute(delete(SignInAttempt).where(SignInAttempt.last_at < quiet, strange))


def neighbourhood(address: str) -> str:
    """Return what one subscriber has of the network: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    return str(read) if read.version == 4 else str(ip_network(f"{read}/64", strict=False))


_PAIR = (SignInAttempt.account_id, SignInAttempt.address_hash)


def _pair(keys: Keys, account_id: UUID, address: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SignInAttempt.account_id == account_id, SignInAttempt.address_hash == _key(keys, address)


def _find(session: Session, keys: Keys, account_id: UUID, address: str) -> Row[Any] | None:
    is_known = func.coalesce(SignInAttempt.known_at > func.now() - KNOWN, False)
    asked = select(
        SignInAttempt.failed_count, _open(SignInAttempt.locked_until).label("is_open"), is_known.label("is_known")
    )
    found: Row[Any] | None = session.execute(  # type: ignore[assignment]
        asked.where(*_pair(keys, account_id, address))
    ).one_or_none()
    return found


def _key(keys: Keys, address: str) -> bytes:
    return address_hash(keys, neighbourhood(address))


def _open(locked: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(locked.is_(None), locked <= func.now())


def _until(failed: ColumnElement[Any], free: int) -> ColumnElement[Any]:
    steps = func.least(failed - free, 10)
    seconds = func.least(FIRST_SECONDS * func.power(2, steps), LONGEST_SECONDS)
    return case((failed < free, null()), else_=func.now() + seconds * timedelta(seconds=1))


_COLUMNS = (
    Account.id,
    Account.role,
    Account.password_hash,
    Account.disabled_at,
    Account.totp_secret,
    Account.totp_confirmed_at,
    Account.totp_step,
    _open(Account.locked_until).label("is_open"),
)
