"""Accounts: made, listed, disabled, and given units and areas. Whoever calls has checked `account.manage`."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.auth import passwords
from api.auth.audited import note_change, note_role
from api.auth.devices import revoke_devices
from api.auth.errors import (
    AccountNotFound,
    AreasNotExplicit,
    LastAdmin,
    LoginBad,
    LoginTaken,
    RoleUnknown,
    UnitNotFound,
)
from api.auth.models import Account, AccountArea, AccountUnit, SignInAttempt
from api.auth.permissions import EXPLICIT, ROLES
from api.auth.sessions import end_sessions, standing_columns, tell_access
from api.auth.words import UNIT_KEY, checked_areas, checked_name, plain_login, shown
from boundaries import locks
from layers.cases import new_id
from layers.models import Unit
from layers.scope import Scope

PAGE = 100


def create_account(session: Session, by: Scope, login: str, name: str, role: str) -> UUID:
    """Make an account without a password: its first one-time link sets it.

    Raises LoginBad, LoginTaken, NameBad, RoleUnknown.
    """
    plain = plain_login(login)
    if not plain:
        raise LoginBad(login=shown(login))
    values = {"id": new_id(), "login": plain, "name": checked_name(name), "role": _checked_role(role)}
    made = insert(Account).values(**values, created_by=by.actor_id).on_conflict_do_nothing().returning(Account.id)
    account_id = session.execute(made).scalar_one_or_none()
    if account_id is None:
        raise LoginTaken(login=plain)
    note_change(session, by, account_id, f"created:{role}")
    return account_id


def get_account(session: Session, account_id: UUID) -> Row[Any]:
    """Return an account with its units' ids and its areas. Raises AccountNotFound."""
    found = session.execute(_listed().where(Account.id == account_id)).one_or_none()
    if found is None:
        raise AccountNotFound(account=account_id)
    return found


def get_by_login(session: Session, login: str) -> Row[Any]:
    """Return the account of a login name. Raises AccountNotFound."""
    found = session.execute(_listed().where(Account.login == plain_login(login))).one_or_none()
    if found is None:
        raise AccountNotFound(account=shown(login))
    return found


def list_accounts(session: Session, after: str = "", limit: int = PAGE) -> list[Row[Any]]:
    """List accounts by login name, those after the given one, at most `limit`."""
    asked = _listed().where(Account.login > after[:100]).order_by(Account.login)
    return list(session.execute(asked.limit(limit)))


def count_admins(session: Session) -> int:
    """Count the administrators who are not disabled."""
    admins = (Account.role == "admin", Account.disabled_at.is_(None))
    return session.scalar(select(func.count()).select_from(Account).where(*admins)) or 0


def state_of(account: Row[Any]) -> str:
    """Return the word for an account's state: open, waiting for its first password, locked for a while, disabled."""
    if account.disabled_at is not None:
        return "disabled"
    if account.password_changed_at is None:
        return "waiting"
    return "locked" if account.locked_until is not None and account.locked_until > datetime.now(UTC) else "open"


def disable_account(session: Session, by: Scope, account_id: UUID) -> None:
    """Let an account in no more: its sessions and devices end at once. Raises AccountNotFound, LastAdmin."""
    account = get_account(session, account_id)
    _keep_an_admin(session, account)
    session.execute(update(Account).where(Account.id == account_id).values(disabled_at=datetime.now(UTC)))
    end_sessions(session, account_id)
    revoke_devices(session, account_id)
    note_change(session, by, account_id, "disabled")


def enable_account(session: Session, by: Scope, account_id: UUID) -> None:
    """Let a disabled account in again; sessions and devices that ended stay ended. Raises AccountNotFound."""
    get_account(session, account_id)
    empty = {"disabled_at": None, "failed_count": 0, "locked_until": None}
    session.execute(update(Account).where(Account.id == account_id).values(empty))
    session.execute(delete(SignInAttempt).where(SignInAttempt.account_id == account_id))
    note_change(session, by, account_id, "enabled")


def change_account(session: Session, by: Scope, account_id: UUID, name: str, role: str) -> None:
    """Give an account another name or role; another role ends its sessions and devices, areas that it cannot have go.

    Raises AccountNotFound, LastAdmin, NameBad, RoleUnknown.
    """
    account = get_account(session, account_id)
    values = {"name": checked_name(name), "role": _checked_role(role)}
    if role != account.role:
        _keep_an_admin(session, account)
        end_sessions(session, account_id)
        revoke_devices(session, account_id)
        if role in EXPLICIT:
            wide = func.length(AccountArea.area_code) < 6
            session.execute(delete(AccountArea).where(AccountArea.account_id == account_id, wide))
    session.execute(update(Account).where(Account.id == account_id).values(values))
    if role != account.role:
        note_role(session, by, account_id, account.role, role)
    elif values["name"] != account.name:
        note_change(session, by, account_id, "name")


def set_units(session: Session, by: Scope, account_id: UUID, keys: Iterable[str]) -> None:
    """Say which units an account belongs to, by their keys. Raises AccountNotFound, UnitNotFound."""
    account, wanted = get_account(session, account_id), set(keys)
    found = session.execute(select(Unit.key, Unit.id).where(Unit.key.in_(filter(UNIT_KEY.fullmatch, wanted))))
    known = {row.key: row.id for row in found}
    for key in sorted(wanted - known.keys()):
        raise UnitNotFound(unit=shown(key))
    session.execute(delete(AccountUnit).where(AccountUnit.account_id == account_id))
    rows = [{"account_id": account_id, "unit_id": unit} for unit in known.values()]
    if rows:
        session.execute(insert(AccountUnit), rows)
    tell_access(session, account_id)
    if wanted != set(account.unit_keys or ()):
        note_change(session, by, account_id, "units", units=sorted(wanted))


def set_areas(session: Session, by: Scope, account_id: UUID, codes: Iterable[str]) -> None:
    """State the areas of an account; none means all of its units, and nothing at all for roles that need them stated.

    Raises AccountNotFound, AreasBad, AreasNotExplicit.
    """
    account = get_account(session, account_id)
    wanted = checked_areas(codes)
    if account.role in EXPLICIT and any(len(code) < 6 for code in wanted):
        raise AreasNotExplicit
    session.execute(delete(AccountArea).where(AccountArea.account_id == account_id))
    rows = [{"account_id": account_id, "area_code": code} for code in wanted]
    if rows:
        session.execute(insert(AccountArea), rows)
    tell_access(session, account_id)
    if set(wanted) != set(account.own_areas):
        note_change(session, by, account_id, "areas", areas=wanted)


def set_password(session: Session, by: Scope, account_id: UUID, login: str, password: str, again: str) -> None:
    """Give an account a new password and end all of its sessions. Raises PasswordWeak, PasswordsDiffer."""
    passwords.check_password(login, password, again)
    values = {
        "password_hash": passwords.hash_password(password),
        "password_changed_at": datetime.now(UTC),
        "failed_count": 0,
        "locked_until": None,
    }
    session.execute(update(Account).where(Account.id == account_id).values(values))
    session.execute(
        update(SignInAttempt).where(SignInAttempt.account_id == account_id).values(failed_count=0, locked_until=None)
    )
    end_sessions(session, account_id)
    note_change(session, by, account_id, "password")


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise RoleUnknown(role=shown(role), allowed=", ".join(ROLES))
    return role


def _keep_an_admin(session: Session, account: Row[Any]) -> None:
    """Raise LastAdmin for the last administrator; two who remove each other at once meet one after the other."""
    if account.role != "admin" or account.disabled_at is not None:
        return
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": locks.ADMINS})
    if count_admins(session) < 2:
        raise LastAdmin


def _listed() -> Any:
    keys = (
        select(func.array_agg(Unit.key))
        .select_from(AccountUnit)
        .join(Unit, Unit.id == AccountUnit.unit_id)
        .where(AccountUnit.account_id == Account.id)
        .correlate(Account)
    )
    return select(
        *standing_columns(),
        Account.disabled_at,
        Account.locked_until,
        Account.password_changed_at,
        Account.created_at,
        keys.scalar_subquery().label("unit_keys"),
    )
