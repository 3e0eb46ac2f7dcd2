"""One-time links: an administrator makes one, the account sets its password with it, and it is used up.

The code stands behind the `#` of the link: browsers send that part to nobody, so that no log can hold it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, delete, update
from sqlalchemy.orm import Session

from api.auth import attempts
from api.auth.accounts import set_password
from api.auth.audited import by_owner, note_change
from api.auth.devices import revoke_devices
from api.auth.errors import LinkUseless
from api.auth.keys import Keys, code_hash, new_code
from api.auth.models import Account, ResetLink
from api.auth.signing_in import AUTH
from api.database import transaction
from layers.scope import Scope

LASTS = timedelta(hours=24)
PATH = "/reset"


def create_link(session: Session, keys: Keys, by: Scope, account_id: UUID) -> str:
    """Make the one link of an account that is good, and return its code; earlier ones are void.

    It leaves the second factor alone: whoever makes links could else take over any account.
    """
    session.execute(delete(ResetLink).where(ResetLink.account_id == account_id, ResetLink.used_at.is_(None)))
    code, now = new_code(), datetime.now(UTC)
    made = ResetLink(
        code_hash=code_hash(keys, code),
        account_id=account_id,
        made_by=by.actor_id,
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(made)
    session.flush()
    note_change(session, by, account_id, "link")
    return code


def use_link(engine: Engine, keys: Keys, code: str, password: str, again: str, address: str) -> None:
    """Set the password of the account a code was made for; all its sessions and devices end.

    Raises LinkUseless, PasswordWeak, PasswordsDiffer; after the latter two the code is still good.
    """
    with transaction(engine, AUTH) as session:
        open_ = attempts.reserve_address(session, keys, address)
    if not open_:
        raise LinkUseless
    with transaction(engine, AUTH) as session:
        link = _take(session, keys, code)
        revoke_devices(session, link.account_id)
        attempts.give_back_address(session, keys, address)
        set_password(session, by_owner(link.account_id, link.role), link.account_id, link.login, password, again)


def _take(session: Session, keys: Keys, code: str) -> Row[Any]:
    """Use a link up; of two at once the second waits for the first and then finds nothing."""
    now = datetime.now(UTC)
    used = (
        update(ResetLink)
        .where(
            ResetLink.code_hash == code_hash(keys, code[:200]),
            ResetLink.used_at.is_(None),
            ResetLink.expires_at > now,
            Account.id == ResetLink.account_id,
            Account.disabled_at.is_(None),
        )
        .values(used_at=now)
        .returning(ResetLink.account_id, Account.login, Account.role)
    )
    taken: Row[Any] | None = session.execute(used).one_or_none()  # type: ignore[assignment]
    if taken is None:
        raise LinkUseless
    return taken
