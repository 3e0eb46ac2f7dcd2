"""What the audit is told about accounts: who signed in or failed to, and what became of an account by whom.

Names and passwords typed are never told: a password typed into the wrong field would stay in the audit for ever.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.audit import record
from layers.scope import Scope

KIND = "account"


def note_sign_in(session: Session, account: Row[Any], method: str) -> None:
    """Note that somebody is signed in, and with what."""
    record(session, _own(account), "sign_in", kind=KIND, object_id=account.id, details={"method": method})


def note_failure(session: Session, account_id: UUID, cause: str, tries: int) -> None:
    """Note a failed attempt on an account. Not those on unknown names: anybody could make the audit grow."""
    details = {"cause": cause, "tries": tries}
    record(session, Scope.public(), "sign_in_failed", kind=KIND, object_id=account_id, details=details)


def note_sign_out(session: Session, account: Row[Any], cause: str = "own") -> None:
    """Note that somebody signed out."""
    record(session, _own(account), "sign_out", kind=KIND, object_id=account.id, details={"cause": cause})


def note_change(session: Session, by: Scope, account_id: UUID, change: str, **places: list[str]) -> None:
    """Note what was done to an account."""
    record(session, by, "account_change", kind=KIND, object_id=account_id, details={"change": change, **places})


def note_role(session: Session, by: Scope, account_id: UUID, before: str, after: str) -> None:
    """Note that an account has another role."""
    record(session, by, "role_change", kind=KIND, object_id=account_id, details={"before": before, "after": after})


def by_owner(account_id: UUID, role: str) -> Scope:
    """Return as whom an owner of an account is noted who changes it."""
    return Scope(role, "public", actor_id=account_id)


def _own(account: Row[Any]) -> Scope:
    return by_owner(account.id, account.role)
