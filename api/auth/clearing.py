"""Clearing somebody's second factor, which lets whoever has the password set up another: two administrators do it.

One asks and another confirms within a day; neither clears their own. Where there are not two others, the command line
of the server does it. The owner is told for two weeks, and for good on the page of the account.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.auth.accounts import get_account
from api.auth.audited import note_change
from api.auth.devices import revoke_devices
from api.auth.errors import FactorAlone, FactorNotAsked, FactorOwn, FactorSame
from api.auth.models import Account, FactorRequest
from api.auth.second_factor import clear_second_factor
from api.auth.sessions import end_sessions
from layers.scope import Scope

LASTS = timedelta(hours=24)
TOLD = timedelta(days=14)
"""How long every page tells an owner that others cleared the second factor."""


def ask_clearing(session: Session, by: Scope, account_id: UUID) -> None:
    """Ask that an account's second factor be cleared. Raises AccountNotFound, FactorOwn, FactorAlone."""
    account = get_account(session, account_id)
    if account.id == by.actor_id:
        raise FactorOwn
    others = (Account.role == "admin", Account.disabled_at.is_(None), Account.id.not_in([account_id, by.actor_id]))
    if not session.scalar(select(func.count()).select_from(Account).where(*others)):
        raise FactorAlone(login=account.login)
    asked = {"asked_by": by.actor_id, "asked_at": datetime.now(UTC)}
    made = insert(FactorRequest).values(account_id=account_id, **asked)
    session.execute(made.on_conflict_do_update(index_elements=[FactorRequest.account_id], set_=asked))
    note_change(session, by, account_id, "factor:asked")


def find_clearing(session: Session, account_id: UUID) -> Row[Any] | None:
    """Return who asked for an account's second factor to be cleared, and when; None for nobody within a day."""
    asked = (
        select(FactorRequest.asked_by, FactorRequest.asked_at, Account.login, Account.name)
        .join(Account, Account.id == FactorRequest.asked_by)
        .where(FactorRequest.account_id == account_id, FactorRequest.asked_at > datetime.now(UTC) - LASTS)
    )
    # Who asked must still be an administrator: one who was shut out has no say any more.
    still = asked.where(Account.role == "admin", Account.disabled_at.is_(None))
    found: Row[Any] | None = session.execute(still).one_or_none()  # type: ignore[assignment]
    return found


def confirm_clearing(session: Session, by: Scope, account_id: UUID) -> None:
    """Clear a second factor that another administrator asked to have cleared.

    Raises AccountNotFound, FactorOwn, FactorNotAsked, FactorSame.
    """
    get_account(session, account_id)
    asked = find_clearing(session, account_id)
    if account_id == by.actor_id:
        raise FactorOwn
    if asked is None:
        raise FactorNotAsked
    if asked.asked_by == by.actor_id:
        raise FactorSame
    clear_factor(session, by, account_id)


def clear_factor(session: Session, by: Scope, account_id: UUID) -> None:
    """Clear a second factor at once; sessions and devices of the account end. Raises AccountNotFound."""
    get_account(session, account_id)
    session.execute(delete(FactorRequest).where(FactorRequest.account_id == account_id))
    clear_second_factor(session, account_id)
    now = datetime.now(UTC)
    session.execute(update(Account).where(Account.id == account_id).values(factor_cleared_at=now))
    end_sessions(session, account_id)
    revoke_devices(session, account_id)
    note_change(session, by, account_id, "factor:cleared")


def is_news(cleared_at: datetime | None) -> bool:
    """Say whether an owner is still to be told on every page."""
    return cleared_at is not None and cleared_at > datetime.now(UTC) - TOLD
