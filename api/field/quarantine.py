"""What was set apart, for those who assign cases in the phone's areas: list, look, accept, refuse. Nothing is lost.

The session is the product's own with `filing.FILING`. Words about persons are not shown here: once accepted, they are
read with the case.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from api.audit import record
from api.auth.errors import NotAllowed
from api.field.errors import EnvelopeNotFound, QuarantineNotOpen
from api.field.filing import settle_anyway
from api.field.opening import EnvelopeDamaged, EnvelopeInvalid, fields_of, open_envelope
from boundaries.errors import SocialMapError
from layers.cases import sensitivity_of
from layers.personal_text import check_publishable
from layers.scope import SYSTEM, Scope

MOST = 200
LATE_DAYS = 7
"""After so many days what waits for its case is shown as well: the case may never come."""
LONGEST_REASON = 500


class RefusalReason(SocialMapError):
    """Refusing an envelope asks for a reason of at most 500 characters."""

    key = "error.refusal_reason"


@dataclass(frozen=True)
class SetApart:
    """An envelope that a coordinator decides on."""

    id: UUID
    state: str
    why: str | None
    kind: str | None
    case_id: UUID | None
    total: int
    received_at: datetime
    login: str
    device: str
    areas: list[str]


@dataclass(frozen=True)
class Looked:
    """The same with what can be told of its content: open fields by name, and which words there are."""

    envelope: SetApart
    readable: bool
    secret: bool = False
    made_at: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def list_quarantine(session: Session, by: Scope, limit: int = MOST) -> list[SetApart]:
    """List what is set apart of phones in one's areas, the longest waiting first. Raises NotAllowed."""
    _need(by)
    rows = session.execute(_LIST, {"days": LATE_DAYS, "areas": _areas(by), "limit": min(limit, MOST)})
    return [SetApart(**row) for row in rows.mappings()]


def count_quarantine(session: Session, by: Scope) -> int:
    """Return how many there are. Raises NotAllowed."""
    _need(by)
    return int(session.execute(_COUNT, {"days": LATE_DAYS, "areas": _areas(by)}).scalar_one())


def look_at(session: Session, by: Scope, envelope_id: UUID) -> Looked:
    """Open an envelope and tell its open fields; of a secret problem only that it is one. On record.

    Raises NotAllowed, EnvelopeNotFound.
    """
    row = _get(session, by, envelope_id)
    shown = SetApart(**{name: getattr(row, name) for name in SetApart.__dataclass_fields__})
    details = {"change": "looked", "kind": row.kind, "why": row.why, "case": row.case_id}
    record(session, by, "capture", kind="envelope", object_id=envelope_id, details=details)
    try:
        opened = open_envelope(bytes(row.sealed), row.given_id)
    except (EnvelopeDamaged, EnvelopeInvalid):
        return Looked(shown, readable=False)
    if opened.header.fields is None:
        return Looked(shown, readable=True, made_at=opened.header.made_at)
    fields, words = fields_of(opened.header)
    secret = _secret(session, fields, row.case_id)
    if secret:
        fields = {name: value for name, value in fields.items() if name not in ("problem", "target_groups")}
    return Looked(shown, True, secret, opened.header.made_at, fields, sorted(words))


def accept(session: Session, by: Scope, envelope_id: UUID) -> str:
    """File what was set apart within one's own reach; return its state. On record.

    Raises NotAllowed, EnvelopeNotFound, QuarantineNotOpen, and what filing raises: then it stays set apart.
    """
    row = _get(session, by, envelope_id, change=True)
    try:
        state = settle_anyway(session, row, by)
    except (EnvelopeDamaged, EnvelopeInvalid):
        raise QuarantineNotOpen from None
    _note(session, by, row, "accepted")
    return state


def refuse(session: Session, by: Scope, envelope_id: UUID, reason: str) -> None:
    """Refuse what was set apart, saying why; it stays sealed as it is. On record.

    Raises NotAllowed, EnvelopeNotFound, RefusalReason, PersonalDataInText.
    """
    plain = " ".join(reason.split())
    if not 0 < len(plain) <= LONGEST_REASON:
        raise RefusalReason(limit=LONGEST_REASON)
    check_publishable(plain)
    row = _get(session, by, envelope_id, change=True)
    session.execute(_REFUSE, {"id": row.id, "by": by.actor_id, "reason": plain})
    _note(session, by, row, "refused", plain)


def _note(session: Session, by: Scope, row: Row[Any], change: str, reason: str | None = None) -> None:
    details = {"change": change, "kind": row.kind, "why": row.why, "case": row.case_id}
    record(session, by, "capture", kind="envelope", object_id=row.id, reason=reason, details=details)


def _secret(session: Session, fields: dict[str, Any], case_id: UUID | None) -> bool:
    held = session.execute(_SENSITIVITY, {"id": case_id}).scalar_one_or_none()
    if held == "L3":
        return True
    try:
        return sensitivity_of(fields.get("problem", "P16"), fields.get("target_groups", ()), ()) == "L3"
    except SocialMapError:  # a code that nobody knows
        return False


def _need(by: Scope) -> None:
    if not by.may("case.assign"):
        raise NotAllowed(permission="case.assign")


def _areas(by: Scope) -> list[str] | None:
    return None if by.areas is None or by.role == SYSTEM else sorted(by.areas)


def _get(session: Session, by: Scope, envelope_id: UUID, change: bool = False) -> Row[Any]:
    _need(by)
    asked = {"id": envelope_id, "areas": _areas(by)}
    row: Row[Any] | None = session.execute(_LOCKED if change else _GET, asked).one_or_none()
    if row is None:
        raise EnvelopeNotFound
    return row


_COLUMNS = """
SELECT e.id, e.given_id, e.state, e.why, e.kind, e.case_id, e.total, e.received_at, a.login, d.name AS device, d.areas
"""
_FROM = """
FROM field_envelope AS e JOIN account AS a ON a.id = e.account_id JOIN device_token AS d ON d.id = e.device_id
"""
_REACHED = """
(CAST(:areas AS text[]) IS NULL
 OR EXISTS (SELECT FROM unnest(CAST(:areas AS text[])) AS own, unnest(d.areas) AS theirs
            WHERE starts_with(theirs, own)))
"""
_OPEN = f"""
(e.state = 'quarantined' OR (e.state = 'waiting' AND e.received_at < now() - make_interval(days => :days)))
AND {_REACHED}
"""
_LISTED = _COLUMNS.replace("e.given_id, ", "")
_LIST = text(f"{_LISTED} {_FROM} WHERE {_OPEN} ORDER BY e.received_at, e.id LIMIT :limit")
_COUNT = text(f"SELECT count(*) {_FROM} WHERE {_OPEN}")
_ONE = f"WHERE e.id = :id AND e.state IN ('quarantined', 'waiting') AND {_REACHED}"
_MORE = "e.device_id, e.account_id, e.sealed"
_GET = text(f"{_COLUMNS}, {_MORE} {_FROM} {_ONE}")
_LOCKED = text(f"{_COLUMNS}, {_MORE} {_FROM} {_ONE} FOR UPDATE OF e")
_SENSITIVITY = text('SELECT sensitivity FROM "case" WHERE id = :id')
_REFUSE = text(
    "UPDATE field_envelope SET state = 'refused', decided_by = :by, decided_at = now(), reason = :reason WHERE id = :id"
)
