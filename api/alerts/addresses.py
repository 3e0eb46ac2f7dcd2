"""E-mail addresses of accounts: asked for, proven by a code that was sent there, and taken back."""

import hmac
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.alerts.errors import AddressBad, AddressMany, AddressTried
from api.alerts.models import AlertAddress
from api.alerts.sealing import DIGITS, AlertKeys, check_code, seal
from layers.alert_models import Alert
from layers.outbox import NOWHERE, enqueue

MOST_TRIES, MOST_CHECKS = 5, 5
"""Wrong codes of one check, and checks of one account within a day."""
VALID = timedelta(days=1)
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
_ADDRESS = re.compile(f"({_LOCAL})@({_DOMAIN})", re.ASCII)


def is_address(typed: str) -> bool:
    """Say whether a text is a plain e-mail address: no name beside it, no comment, no line end, nothing quoted."""
    found = _ADDRESS.fullmatch(typed) if len(typed) <= 254 else None
    return found is not None and len(found[1]) <= 64


def ask_address(session: Session, keys: AlertKeys, account_id: UUID, typed: str) -> None:
    """Keep an address of an account and send a code there. Raises AddressBad, AddressMany."""
    plain, now = typed.strip(), datetime.now(UTC)
    if not is_address(plain):
        raise AddressBad
    recent = (Alert.kind == "address_check", Alert.account_id == account_id, Alert.made_at > now - VALID)
    if (session.scalar(select(func.count()).select_from(Alert).where(*recent)) or 0) >= MOST_CHECKS:
        raise AddressMany(limit=MOST_CHECKS)
    sealed = seal(keys.addresses, account_id, plain)
    values = {"sealed": sealed, "asked_at": now, "tries": 0, "confirmed_at": None}
    kept = insert(AlertAddress).values(account_id=account_id, **values)
    session.execute(kept.on_conflict_do_update(index_elements=["account_id"], set_=values))
    key = f"address_check:{account_id}:{now:%Y%m%dT%H%M%S.%f}"
    enqueue(session, "address_check", key=key, province=NOWHERE, account_id=account_id)


def confirm_address(session: Session, keys: AlertKeys, account_id: UUID, code: str) -> bool:
    """Say whether a code is the one that was sent, and take the address into use; a wrong one is counted.

    Raises AddressTried where there is nothing to confirm, the code is too old, or too many were wrong.
    """
    asked = select(AlertAddress).where(AlertAddress.account_id == account_id).with_for_update()
    held = session.scalars(asked).one_or_none()
    fresh = held is not None and held.confirmed_at is None and held.asked_at > datetime.now(UTC) - VALID
    if held is None or not fresh or held.tries >= MOST_TRIES:
        raise AddressTried
    digits = "".join(letter for letter in code[:40] if letter.isascii() and letter.isdecimal())
    right = hmac.compare_digest(digits, check_code(keys.codes, account_id, held.sealed)) and len(digits) == DIGITS
    change = {"confirmed_at": datetime.now(UTC)} if right else {"tries": held.tries + 1}
    session.execute(update(AlertAddress).where(AlertAddress.account_id == account_id).values(**change))
    return right


def forget_address(session: Session, account_id: UUID) -> None:
    """Take an account's address away; what waits to be sent there is never sent."""
    session.execute(delete(AlertAddress).where(AlertAddress.account_id == account_id))


def find_address(session: Session, account_id: UUID) -> AlertAddress | None:
    """Return what is kept of an account's address, None for nothing."""
    return session.get(AlertAddress, account_id)
