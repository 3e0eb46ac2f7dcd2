"""Entries of the audit as an auditor is shown them; hashes stay inside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from api.schemas.common import Schema


class AuditDetail(Schema):
    """One detail of an entry: a code, a whole number, or several with spaces between."""

    name: str
    value: str


class AuditEntry(Schema):
    """Who did what to what, when and why; `login` is missing for the product itself and for strangers."""

    number: int
    at: datetime
    actor: UUID | None
    login: str | None
    role: str
    action: str
    kind: str
    object_id: str | None
    reason: str | None
    details: list[AuditDetail]


class AuditChecked(Schema):
    """What came of the last check of the whole chain: entries read, faults found."""

    at: datetime
    entries: int
    faults: int


class AuditPage(Schema):
    """Entries, newest first; `next` is the value of `before` for the following page, `checked` the last check."""

    entries: list[AuditEntry]
    next: int | None
    checked: AuditChecked | None


def to_entry(row: Any, logins: Mapping[UUID, str]) -> AuditEntry:
    """Show an entry with the login name of who did it."""
    same = ("number", "at", "role", "action", "kind", "object_id", "reason")
    details = [AuditDetail(name=name, value=_said(row.details[name])) for name in sorted(row.details)]
    named = {name: getattr(row, name) for name in same}
    return AuditEntry(**named, actor=row.actor_id, login=logins.get(row.actor_id), details=details)


def _said(value: Any) -> str:
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)
