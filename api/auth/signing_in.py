"""Signing in: count the attempt, check outside of any transaction, then begin a session with a new token."""

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, Row, select, update
from sqlalchemy.orm import Session

from api.auth import attempts, passwords
from api.auth.audited import note_failure, note_sign_in, note_sign_out
from api.auth.errors import SignInFailed
from api.auth.keys import Keys
from api.auth.models import Account
from api.auth.permissions import needs_second_factor
from api.auth.second_factor import confirm_enrolment, use_code
from api.auth.sessions import Stage, end_token, find_session, start_session
from api.auth.words import plain_login
from api.database import transaction
from layers.scope import Scope

logger = logging.getLogger("socialmap.auth")

AUTH = Scope.system("accounts")
"""The product itself, deciding who somebody is."""


GRID = 0.25
"""Seconds: failures are told at multiples of it, so that the audit's line about a known account shows in no clock."""


@dataclass(frozen=True)
class Client:
    """Where an attempt comes from: the network address, what the browser says of itself, and its present cookie."""

    address: str
    agent: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Started:
    """A session that has begun, with its token and how far it is."""

    token: str = field(repr=False)
    stage: Stage
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)


def sign_in(engine: Engine, keys: Keys, login: str, password: str, client: Client) -> Started:
    """Check name and password and begin a session, whole or half. Raises SignInFailed, TooManyRequests."""
    began = time.monotonic()
    with passwords.place():
        with transaction(engine, AUTH) as session:
            open_ = attempts.reserve_address(session, keys, client.address)
            named = Account.login == plain_login(login)
            account = attempts.reserve_account(session, keys, named, client.address) if open_ else None
        kept = account.password_hash if account is not None and account.disabled_at is None else None
        right = passwords.fits(kept, password)
    if not right or account is None:
        cause = "disabled" if account is not None and account.disabled_at else "password"
        _failed(engine, keys, account, cause, client)
        time.sleep(GRID - (time.monotonic() - began) % GRID)
        raise SignInFailed
    fresh = passwords.hash_password(password) if passwords.outdated(account.password_hash) else None
    with transaction(engine, AUTH) as session:
        _check_unchanged(session, account)
        attempts.give_back_address(session, keys, client.address)
        attempts.forget_addresses(session)
        if fresh:
            session.execute(update(Account).where(Account.id == account.id).values(password_hash=fresh))
        return _begin(session, keys, account, _stage(account), client, "password")


def give_code(engine: Engine, keys: Keys, code: str, client: Client) -> Started:
    """Check the second factor of a session that lacks it and begin a whole one. Raises SignInFailed."""
    started = account = None
    with transaction(engine, AUTH) as session:
        pending = find_session(session, client.token or "")
        if pending is not None and pending.stage == "code":
            mine = Account.id == pending.id
            account = attempts.reserve_account(session, keys, mine, client.address)
            if account is not None and use_code(session, keys, account, code):
                started = _begin(session, keys, account, "full", client, "second-factor")
    if started is None:  # raised only here, so that the attempt stays counted
        _failed(engine, keys, account, "code", client)
        raise SignInFailed
    return started


def enrol(engine: Engine, keys: Keys, code: str, client: Client) -> Started:
    """Confirm a new second factor and begin a whole session; tells the recovery codes. Raises CodeWrong."""
    with transaction(engine, AUTH) as session:
        pending = find_session(session, client.token or "")
        if pending is None or pending.stage == "code":
            raise SignInFailed
        codes = confirm_enrolment(session, keys, pending.id, code)
        begun = _begin(session, keys, pending, "full", client, "enrolment")
        return Started(begun.token, begun.stage, tuple(codes))


def sign_out(engine: Engine, token: str) -> None:
    """End the session of a token."""
    with transaction(engine, AUTH) as session:
        found = find_session(session, token)
        end_token(session, token)
        if found is not None and found.stage == "full":
            note_sign_out(session, found)


def _failed(engine: Engine, keys: Keys, account: Row[Any] | None, cause: str, client: Client) -> None:
    """Tell the log and, of a known account that was not locked, the audit."""
    logger.info("sign-in refused, account %s, %s", account.id if account is not None else "unknown or locked", cause)
    if account is not None:
        with transaction(engine, AUTH) as session:
            note_failure(session, account.id, cause, attempts.tries(session, keys, account.id, client.address))


def _stage(account: Row[Any]) -> Stage:
    if account.totp_confirmed_at is not None:
        return "code"
    return "enrol" if needs_second_factor(account.role) else "full"


def _begin(session: Session, keys: Keys, account: Row[Any], stage: Stage, client: Client, method: str) -> Started:
    """Begin a session with a token of its own; the one that the browser came with ends (no fixation)."""
    attempts.give_back_account(session, keys, account.id, client.address, whole=stage == "full")
    if client.token:
        end_token(session, client.token)
    token = start_session(session, account.id, stage, client.agent)
    logger.info("signed in, account %s, stage %s", account.id, stage)
    if stage == "full":
        note_sign_in(session, account, method)
    return Started(token, stage)


def _check_unchanged(session: Session, account: Row[Any]) -> None:
    """Raise SignInFailed when the account was disabled or given another password while its own was checked."""
    asked = select(Account.id).where(
        Account.id == account.id, Account.password_hash == account.password_hash, Account.disabled_at.is_(None)
    )
    if session.execute(asked.with_for_update()).one_or_none() is None:
        raise SignInFailed


def check_present(engine: Engine, keys: Keys, login: str, password: str, client: Client) -> None:
    """Check the password of somebody who is signed in once more; counted as any attempt. Raises SignInFailed."""
    with transaction(engine, AUTH) as session:
        open_ = attempts.reserve_address(session, keys, client.address)
        named = Account.login == login
        account = attempts.reserve_account(session, keys, named, client.address) if open_ else None
    if not passwords.fits(account.password_hash if account is not None else None, password) or account is None:
        _failed(engine, keys, account, "password", client)
        raise SignInFailed
    with transaction(engine, AUTH) as session:
        _check_unchanged(session, account)
        attempts.give_back_account(session, keys, account.id, client.address, whole=False)
        attempts.give_back_address(session, keys, client.address)
