"""Sessions: an opaque token in a cookie, its hash in the database, thirty idle minutes and twelve hours at most."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from api.auth.keys import new_token, token_hash
from api.auth.models import Account, AccountArea, AccountSession, AccountUnit
from api.auth.scopes import Standing
from boundaries.prepared import prepared, sql_of
from layers.cases import new_id
from layers.models import UnitArea

Stage = Literal["code", "enrol", "full"]

IDLE, ABSOLUTE, PENDING = timedelta(minutes=30), timedelta(hours=12), timedelta(minutes=10)
"""Without a request; at all; and while the second factor is missing."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the time of the last request is kept: a write with every request would cost more than it tells."""
KEPT = 20
"""Sessions of one account at once; a further one ends the oldest."""
LONGEST_AGENT = 120
ACCESS_CHANNEL = "socialmap_access"
"""Where the database tells whoever listens that what an account may do has changed: its id."""


def start_session(session: Session, account_id: UUID, stage: Stage, agent: str) -> str:
    """Begin a session and return its token, which is told once and kept nowhere."""
    token, now = new_token(), datetime.now(UTC)
    session.execute(delete(AccountSession).where(AccountSession.expires_at < now))
    older = (
        select(AccountSession.token_hash)
        .where(AccountSession.account_id == account_id)
        .order_by(AccountSession.created_at.desc(), AccountSession.id.desc())
        .offset(KEPT - 1)
    )
    session.execute(delete(AccountSession).where(AccountSession.token_hash.in_(older)))
    made = AccountSession(
        token_hash=token_hash(token),
        id=new_id(),
        account_id=account_id,
        stage=stage,
        created_at=now,
        last_seen_at=now,
        expires_at=now + (ABSOLUTE if stage == "full" else PENDING),
        agent=_plain(agent),
    )
    session.add(made)
    session.flush()
    return token


def find_session(session: Session, token: str, *, used: bool = True) -> Row[Any] | None:
    """Return the live session of a token with what decides its account's scope; note that it was used."""
    now = datetime.now(UTC)
    asked = {"hash": token_hash(token), "now": now, "seen_after": now - IDLE}
    found: Row[Any] | None = prepared(session, _live(), asked).one_or_none()
    if used and found is not None and found.last_seen_at < now - SEEN_EVERY:
        mine = AccountSession.id == found.session_id
        session.execute(update(AccountSession).where(mine).values(last_seen_at=now))
    return found


@cache
def _live() -> str:
    return sql_of(
        select(
            AccountSession.id.label("session_id"),
            AccountSession.stage,
            AccountSession.last_seen_at,
            *standing_columns(),
        )
        .join(Account, Account.id == AccountSession.account_id)
        .where(
            AccountSession.token_hash == bindparam("hash"),
            AccountSession.expires_at > bindparam("now"),
            AccountSession.last_seen_at > bindparam("seen_after"),
            Account.disabled_at.is_(None),
        )
    )


def standing_columns() -> tuple[Any, ...]:
    """Return the columns of an account, its units and areas in one row; `standing` reads them."""
    nothing = array([], type_=UnitArea.area_code.type)
    # Joins and a stated correlation: a select nested in another would quietly range over all accounts.
    units = select(func.array_agg(AccountUnit.unit_id)).where(AccountUnit.account_id == Account.id)
    served = (
        select(func.array_agg(UnitArea.area_code.distinct()))
        .select_from(AccountUnit)
        .join(UnitArea, UnitArea.unit_id == AccountUnit.unit_id)
        .where(AccountUnit.account_id == Account.id)
    )
    stated = select(func.array_agg(AccountArea.area_code)).where(AccountArea.account_id == Account.id)
    return (
        Account.id,
        Account.login,
        Account.name,
        Account.role,
        Account.totp_confirmed_at,
        Account.factor_cleared_at,
        units.correlate(Account).scalar_subquery().label("units"),
        func.coalesce(served.correlate(Account).scalar_subquery(), nothing).label("unit_areas"),
        func.coalesce(stated.correlate(Account).scalar_subquery(), nothing).label("own_areas"),
    )


def standing(row: Row[Any]) -> Standing:
    """Read a row of `standing_columns`."""
    return Standing(row.id, row.role, frozenset(row.units or ()), frozenset(row.unit_areas), frozenset(row.own_areas))


def list_sessions(session: Session, account_id: UUID) -> list[AccountSession]:
    """List the live sessions of an account, the newest first; there are at most `KEPT`."""
    now = datetime.now(UTC)
    asked = select(AccountSession).where(
        AccountSession.account_id == account_id,
        AccountSession.stage == "full",
        AccountSession.expires_at > now,
        AccountSession.last_seen_at > now - IDLE,
    )
    return list(session.scalars(asked.order_by(AccountSession.created_at.desc()).limit(KEPT)))


def end_token(session: Session, token: str) -> None:
    """End the session of a token, whatever its state."""
    mine = AccountSession.token_hash == token_hash(token)
    for account in session.execute(delete(AccountSession).where(mine).returning(AccountSession.account_id)).scalars():
        tell_access(session, account)


def end_session(session: Session, account_id: UUID, session_id: UUID) -> None:
    """End one session of an account; one of another account is left alone."""
    mine = (AccountSession.account_id == account_id, AccountSession.id == session_id)
    session.execute(delete(AccountSession).where(*mine))
    tell_access(session, account_id)


def end_sessions(session: Session, account_id: UUID, keep: UUID | None = None) -> None:
    """End all sessions of an account but the one to keep."""
    asked = delete(AccountSession).where(AccountSession.account_id == account_id)
    session.execute(asked.where(AccountSession.id != keep) if keep else asked)
    tell_access(session, account_id)


def tell_access(session: Session, account_id: UUID) -> None:
    """Tell whoever listens, once this is committed, that an account may do something else than before, or nothing."""
    session.execute(select(func.pg_notify(ACCESS_CHANNEL, str(account_id))))


def _plain(agent: str) -> str:
    """Shorten what a browser says of itself, without control characters."""
    return "".join(letter for letter in agent if letter.isprintable())[:LONGEST_AGENT]
