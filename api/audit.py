"""The audit: who did what to what, when and why, in a chain that shows when an entry is changed, taken or added.

Each entry's hash is keyed with a secret that the database does not hold, over the entry and the hash before it. It is
written in the transaction of what it records.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from api.audit_anchor import Head, note_head
from api.audit_models import Action
from api.database import transaction
from api.secrets import load_secrets
from boundaries.errors import SocialMapError
from boundaries.locks import AUDIT
from boundaries.prepared import prepared
from layers.personal_text import check_publishable, is_storable
from layers.scope import Scope

_WHAT = frozenset({"layer", "level", "area", "problem", "group", "period", "count"})
DETAILS: Mapping[str, frozenset[str]] = {
    "sign_in": frozenset({"method", "session"}),
    "sign_in_failed": frozenset({"cause", "tries", "locked"}),
    "sign_out": frozenset({"cause", "sessions"}),
    "case_read": frozenset({"sensitivity", "identity", "restricted"}),
    "list": _WHAT,
    "export": _WHAT | {"format", "audience"},
    "print": _WHAT | {"format", "audience", "pages"},
    "release": frozenset({"state", "tables", "hidden"}),
    "role_change": frozenset({"before", "after", "units", "areas"}),
    "account_change": frozenset({"change", "units", "areas"}),
    "boundary_change": frozenset({"change", "areas", "cases"}),
    "import": frozenset({"source", "rows", "new", "changed", "rejected", "edition", "removed", "restored", "area"}),
    "erase": frozenset({"cause"}),
    "restrict": frozenset({"restricted"}),
    "correction": frozenset({"fields"}),
    "subject_access": frozenset({"field", "cases", "format"}),
    "system_command": frozenset({"command", "count", "master"}),
    "team_change": frozenset({"change", "member"}),
    "consent": frozenset({"change", "consent", "wording"}),
    "plan_change": frozenset({"change", "area", "problem", "number", "count"}),
    "policy_change": frozenset({"change", "period", "count"}),
    "meeting_change": frozenset({"change", "area", "number", "count"}),
    "case_merge": frozenset({"change", "other"}),
    "area_choice": frozenset({"change", "area"}),
    "capture": frozenset({"change", "kind", "why", "case", "device"}),
    "case_change": frozenset({"change", "status", "unit", "agency", "system"}),
    "limit_change": frozenset({"count", "days"}),
    "alert_change": frozenset({"change", "unit", "webhook", "count"}),
}
"""What may be told about each action, as codes and whole numbers: no words, so no person."""

LONGEST_REASON = 500
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}")
_LONG_NUMBER = re.compile(r"\d{9,}")


class UnknownAction(SocialMapError):
    """An action that is not among those recorded."""

    key = "error.audit_action"


class DetailRefused(SocialMapError):
    """A detail that the action does not have, or that is neither a code nor a whole number; its value is not told."""

    key = "error.audit_detail"


class ReasonNeeded(SocialMapError):
    """A case of level L3 is read only with a reason, of at most LONGEST_REASON characters."""

    key = "error.audit_reason"


def record(
    session: Session,
    scope: Scope,
    action: Action,
    *,
    kind: str,
    object_id: str | UUID | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Record an action in the audit and return the entry's number; who cannot record must not answer.

    **Writes**: call it last in the transaction that does the work, with that transaction's scope: from here to the
    commit every other writer of entries waits. **Reads**: call it with the session that reads, before its first
    question (`ReadSession`): the entry is committed in a transaction of its own, and what the session saw before is
    forgotten. Let every exception pass: a read that is not on record is refused.

    `kind` is the table or thing (`case`, `identity`, `release`), `object_id` its id. `reason` defaults to the scope's
    and must hold no personal data (PersonalDataInText). `details` are those of DETAILS; `case_read` must name the
    case's `sensitivity`, and L3 a reason (ReasonNeeded). Raises UnknownAction, DetailRefused.
    """
    entry = _checked(scope, action, kind, object_id, reason or scope.reason, dict(details or {}))
    bind = session.get_bind()
    if isinstance(bind, Engine) and bind.get_execution_options().get("postgresql_readonly"):
        session.rollback()  # its connection goes back first: two for each request could use up all there are
        with transaction(bind, scope) as own:
            own.connection(execution_options={"isolation_level": "READ COMMITTED", "postgresql_readonly": False})
            return _append(own, entry)
    return _append(session, entry)


def hash_of(entry: Mapping[str, Any], previous: bytes, key: bytes) -> bytes:
    """Return an entry's hash: HMAC-SHA-256 over its canonical JSON, which holds the hash before it."""
    said = {name: entry[name] for name in ("number", "role", "action", "kind", "object_id", "reason", "request_id")}
    said |= {"at": entry["at"].astimezone(UTC).isoformat(timespec="microseconds")}
    said |= {"actor_id": str(entry["actor_id"]) if entry["actor_id"] else None}
    said |= {"details": entry["details"], "previous": previous.hex()}
    body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, body.encode(), hashlib.sha256).digest()


def before_first(chain: UUID) -> bytes:
    """Return what stands in the place of a hash before a chain's first entry."""
    return hashlib.sha256(chain.bytes).digest()


def _checked(
    scope: Scope, action: str, kind: str, object_id: str | UUID | None, reason: str | None, details: dict[str, Any]
) -> dict[str, Any]:
    """Return an entry without number and hash, or refuse it."""
    if action not in DETAILS:
        raise UnknownAction(allowed=", ".join(DETAILS))
    for name, value in {"kind": kind, "object_id": object_id, **details}.items():
        allowed = name in DETAILS[action] or name in ("kind", "object_id")
        values = value if isinstance(value, list | tuple) else [value]
        if not allowed or not all(_is_code(one) for one in values):
            raise DetailRefused(action=action, allowed=", ".join(sorted(DETAILS[action])))
    details = {name: _plain(value) for name, value in details.items()}
    reason = (reason or "").strip() or None
    secret = action == "case_read" and details.get("sensitivity", "L3") == "L3"
    if (secret and not reason) or len(reason or "") > LONGEST_REASON or not is_storable(reason or ""):
        raise ReasonNeeded(limit=LONGEST_REASON)
    check_publishable(reason or "")
    who = {"actor_id": scope.actor_id, "role": scope.role}
    what = {"action": action, "kind": kind, "object_id": str(object_id) if object_id else None}
    return who | what | {"reason": reason, "details": details}


def _is_code(value: object) -> bool:
    if value is None or isinstance(value, bool | UUID):
        return True
    if isinstance(value, int):
        return abs(value) < 10**9  # a longer one could be somebody's number
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        return False
    return not _LONG_NUMBER.search(value.replace("-", "")) or _is_uuid(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, UUID) else value


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


_LOCK = "SELECT pg_advisory_xact_lock(:key)"
_HEAD = "SELECT chain.id AS chain, head.number, head.hash FROM audit_chain AS chain, audit_head() AS head"
_ADD = (
    "INSERT INTO audit_entry (number, at, actor_id, role, action, kind, object_id, reason, request_id, details, hash)"
    " VALUES (:number, :at, :actor_id, :role, :action, :kind, :object_id, :reason, :request_id,"
    " CAST(:details AS jsonb), :hash)"
)


def _append(session: Session, entry: dict[str, Any]) -> int:
    from api.logging import request_id  # brings the web framework along, which commands need not load

    # A statement of its own: the next one must see what the last holder of the lock committed.
    prepared(session, _LOCK, {"key": AUDIT})
    last = prepared(session, _HEAD, {}).one()
    whole = entry | {"number": (last.number or 0) + 1, "at": datetime.now(UTC), "request_id": request_id() or None}
    previous = bytes(last.hash) if last.number else before_first(last.chain)
    whole["hash"] = hash_of(whole, previous, load_secrets().audit)
    prepared(session, _ADD, whole | {"details": json.dumps(whole["details"], ensure_ascii=False)})
    _anchor_when_committed(session, last.chain, whole["number"], whole["hash"])
    return int(whole["number"])


def _anchor_when_committed(session: Session, chain: UUID, number: int, made: bytes) -> None:
    bind = session.get_bind()
    if not isinstance(bind, Engine):
        return  # a connection whose transaction somebody else ends
    if "audit_head" not in session.info:
        event.listen(session, "after_commit", _committed)
        event.listen(session, "after_soft_rollback", _rolled_back)
    held = session.info.get("audit_head")
    session.info["audit_head"] = (Head(bind.url.database or "", chain, number, made), held[1] if held else number)


def _committed(session: Session) -> None:
    if session.in_nested_transaction():
        return
    held = session.info.get("audit_head")
    if held is not None:
        session.info["audit_head"] = None
        note_head(*held)


def _rolled_back(session: Session, _: SessionTransaction) -> None:
    session.info["audit_head"] = None
