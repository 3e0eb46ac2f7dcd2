"""Accounts: made, listed, disabled, and given units and areas. Whoever calls has checked `account.manage`."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.auth import passwords
from api.auth.devices import revoke_devices
from api.auth.errors import (
    AccountNotFound,
    AreasBad,
    AreasNotExplicit,
    LastAdmin,
    LoginBad,
    LoginTaken,
    NameBad,
    RoleUnknown,
    UnitNotFound,
)
from api.auth.logins import plain_login
from api.auth.models import AREA_CODE, Account, AccountArea, AccountUnit
from api.auth.permissions import EXPLICIT, ROLES
from api.auth.sessions import end_sessions, standing_columns
from layers.cases import new_id
from layers.models import Unit

LONGEST_NAME, MOST_AREAS, PAGE = 200, 500, 100
ADMINS_LOCK = 0x50C1A2
"""Key of the advisory lock of whoever changes how many administrators there are."""


def create_account(session: Session, login: str, name: str, role: str, made_by: UUID | None = None) -> UUID:
    """Make an account without a password: its first one-time link sets it.

    Raises LoginBad, LoginTaken, NameBad, RoleUnknown.
    """
    plain = plain_login(login)
    if not plain:
        raise LoginBad(login=shown(login))
    values = {"id": new_id(), "login": plain, "name": checked_name(name), "role": _checked_role(role)}
    made = insert(Account).values(**values, created_by=made_by).on_conflict_do_nothing().returning(Account.id)
    account_id = session.execute(made).scalar_one_or_none()
    if account_id is None:
        raise LoginTaken(login=plain)
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


def disable_account(session: Session, account_id: UUID) -> None:
    """Let an account in no more: its sessions and devices end at once. Raises AccountNotFound, LastAdmin."""
    account = get_account(session, account_id)
    _keep_an_admin(session, account)
    session.execute(update(Account).where(Account.id == account_id).values(disabled_at=datetime.now(UTC)))
    end_sessions(session, account_id)
    revoke_devices(session, account_id)


def enable_account(session: Session, account_id: UUID) -> None:
    """Let a disabled account in again; sessions and devices that ended stay ended. Raises AccountNotFound."""
    get_account(session, account_id)
    empty = {"disabled_at": None, "failed_count": 0, "locked_until": None}
    session.execute(update(Account).where(Account.id == account_id).values(empty))


def change_account(session: Session, account_id: UUID, name: str, role: str) -> None:
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


def set_units(session: Session, account_id: UUID, keys: Iterable[str]) -> None:
    """Say which units an account belongs to, by their keys. Raises AccountNotFound, UnitNotFound."""
    get_account(session, account_id)
    wanted = set(keys)
    found = session.execute(select(Unit.key, Unit.id).where(Unit.key.in_(wanted)))
    known = {row.key: row.id for row in found}
    for key in sorted(wanted - known.keys()):
        raise UnitNotFound(unit=shown(key))
    session.execute(delete(AccountUnit).where(AccountUnit.account_id == account_id))
    rows = [{"account_id": account_id, "unit_id": unit} for unit in known.values()]
    if rows:
        session.execute(insert(AccountUnit), rows)


def set_areas(session: Session, account_id: UUID, codes: Iterable[str]) -> None:
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


def set_password(session: Session, account_id: UUID, login: str, password: str, again: str) -> None:
    """Give an account a new password and end all of its sessions. Raises PasswordWeak, PasswordsDiffer."""
    passwords.check_password(login, password, again)
    values = {
        "password_hash": passwords.hash_password(password),
        "password_changed_at": datetime.now(UTC),
        "failed_count": 0,
        "locked_until": None,
    }
    session.execute(update(Account).where(Account.id == account_id).values(values))
    end_sessions(session, account_id)


def checked_areas(codes: Iterable[str]) -> list[str]:
    """Return codes of areas or villages without repetition. Raises AreasBad."""
    wanted = sorted({code.strip() for code in codes if code.strip()})
    wrong = [code for code in wanted if not re.fullmatch(AREA_CODE, code, re.ASCII)]
    if wrong or len(wanted) > MOST_AREAS:
        raise AreasBad(codes=", ".join(map(shown, wrong[:3])) or len(wanted), limit=MOST_AREAS)
    return wanted


def checked_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a display name, composed and on one line. Raises NameBad."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain or len(plain) > longest or not all(letter.isprintable() or letter == "\u200b" for letter in plain):
        raise NameBad(limit=longest)
    return plain


def shown(value: str) -> str:
    """Repeat a refused value so that it fits a sentence."""
    return "".join(letter if letter.isprintable() else "�" for letter in value)[:64]


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise RoleUnknown(role=shown(role), allowed=", ".join(ROLES))
    return role


def _keep_an_admin(session: Session, account: Row[Any]) -> None:
    """Raise LastAdmin for the last administrator; two who remove each other at once meet one after the other."""
    if account.role != "admin" or account.disabled_at is not None:
        return
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADMINS_LOCK})
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
