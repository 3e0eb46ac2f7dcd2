"""Receiving sealed envelopes: part by part, any number of times, in any order; filed in the same transaction.

Nothing is refused for what it holds. What cannot be filed stays, sealed as it came, for a coordinator to look at.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from api.auth.devices import find_sender
from api.database import transaction
from api.field.errors import EnvelopeBad, EnvelopeGap, EnvelopeNotFound, FieldFull, SendKeyUnknown
from api.field.filing import FILING, settle, why_set_apart
from api.field.models import LARGEST
from boundaries.locks import FIELD_ENVELOPE, lock_id
from boundaries.prepared import prepared
from layers.cases import new_id

MOST_WAITING = 268_435_456
"""Bytes of one account that are on their way, wait or are set apart: who finds a phone must not fill the disk."""
PART = 1_048_576


@dataclass(frozen=True)
class Part:
    """Some bytes of an envelope: where they begin, how many there are in all, and the hash of all."""

    given_id: UUID
    offset: int
    total: int
    sha256: bytes
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Receipt:
    """How far an envelope is; `fresh` when this part brought it there, `gap` when the part cannot be used."""

    state: str
    received: int
    total: int
    revoked: bool
    fresh: bool = False
    gap: bool = False


def receive(engine: Engine, send_key: str, part: Part) -> Receipt:
    """Take one part in; the last one files the envelope. Committed before the answer.

    Raises SendKeyUnknown, EnvelopeBad, EnvelopeGap, FieldFull; the phone keeps what it sent after any of them.
    """
    with transaction(engine, FILING, by_keys=True) as session:
        sender = _sender(session, send_key)
        _check(part)
        lock_id(session, FIELD_ENVELOPE, part.given_id)
        receipt = _take(session, sender, part)
    if receipt.gap:
        raise EnvelopeGap(received=receipt.received)
    return receipt


def state_of(engine: Engine, send_key: str, given_id: UUID) -> Receipt:
    """Say how far an envelope of one's own account is. Raises SendKeyUnknown, EnvelopeNotFound."""
    with transaction(engine, FILING) as session:
        sender = _sender(session, send_key)
        row = prepared(session, _OF_ACCOUNT, {"given": given_id, "account": sender.id}).one_or_none()
        if row is None:
            raise EnvelopeNotFound
        return _receipt(row, sender)


def _check(part: Part) -> None:
    fits = 0 <= part.offset < part.total <= LARGEST and 0 < len(part.content) <= PART
    if not fits or part.offset + len(part.content) > part.total:
        raise EnvelopeBad(limit=LARGEST)


def _sender(session: Session, send_key: str) -> Row[Any]:
    sender = find_sender(session, send_key) if 20 <= len(send_key) <= 100 else None
    if sender is None:
        raise SendKeyUnknown
    return sender


def _take(session: Session, sender: Row[Any], part: Part) -> Receipt:
    row = prepared(session, _FIND, {"given": part.given_id, "sha": part.sha256}).one_or_none()
    if row is None:
        row = _begin(session, sender, part)
    elif row.total != part.total:
        raise EnvelopeBad(limit=LARGEST)
    fresh = part.content[row.received - part.offset :] if part.offset <= row.received else b""
    if row.state != "partly" or (not fresh and part.offset <= row.received):
        return _receipt(row, sender)
    if part.offset > row.received:
        return _receipt(row, sender, gap=True)
    if row.received + len(fresh) < row.total:
        prepared(session, _ADD_PART, {"id": row.id, "place": row.received, "content": fresh})
        row = prepared(session, _GREW, {"id": row.id, "received": row.received + len(fresh)}).one()
        return _receipt(row, sender, fresh=True)
    return _complete(session, sender, row, fresh)


def _complete(session: Session, sender: Row[Any], row: Row[Any], last: bytes) -> Receipt:
    parts = [bytes(one) for one in prepared(session, _PARTS, {"id": row.id}).scalars()] if row.received else []
    whole = b"".join(parts) + last
    if parts:
        prepared(session, _DROP_PARTS, {"id": row.id})
    if hashlib.sha256(whole).digest() != bytes(row.sha256):
        # Something changed on its way; what was sealed still lies on the phone, which begins anew.
        return _receipt(prepared(session, _GREW, {"id": row.id, "received": 0}).one(), sender, gap=True)
    return _receipt(settle(session, sender, row, whole), sender, fresh=True)


def _begin(session: Session, sender: Row[Any], part: Part) -> Row[Any]:
    room = prepared(session, _ROOM, {"account": sender.id, "id": part.given_id}).one()
    if room.waiting + part.total > MOST_WAITING:
        raise FieldFull
    values = {"id": new_id() if room.known else part.given_id, "given": part.given_id, "sha": part.sha256}
    values |= {"device": sender.device_id, "account": sender.id, "total": part.total}
    return prepared(session, _BEGIN, values).one()


def _receipt(row: Row[Any], sender: Row[Any], *, fresh: bool = False, gap: bool = False) -> Receipt:
    # What a coordinator refused stays set apart as far as the phone is concerned.
    state = "quarantined" if row.state == "refused" else row.state
    # A token that has merely run out is no reason to forget drafts: their owner signs in anew and goes on with them.
    return Receipt(state, row.received, row.total, why_set_apart(sender) in ("revoked", "disabled"), fresh, gap)


_COLUMNS = "id, given_id, sha256, device_id, account_id, total, received, state, case_id"
_FIND = f"SELECT {_COLUMNS} FROM field_envelope WHERE given_id = :given AND sha256 = :sha"  # noqa: S608
_OF_ACCOUNT = (
    f"SELECT {_COLUMNS} FROM field_envelope WHERE given_id = :given AND account_id = :account"  # noqa: S608
    " ORDER BY id <> given_id LIMIT 1"
)
_ROOM = (
    "SELECT (SELECT coalesce(sum(total), 0) FROM field_envelope"
    " WHERE account_id = :account AND state IN ('partly', 'waiting', 'quarantined')) AS waiting,"
    " EXISTS (SELECT FROM field_envelope WHERE id = :id) AS known"
)
_BEGIN = (
    "INSERT INTO field_envelope (id, given_id, sha256, device_id, account_id, total, received, state)"  # noqa: S608
    f" VALUES (:id, :given, :sha, :device, :account, :total, 0, 'partly') RETURNING {_COLUMNS}"
)
_GREW = f"UPDATE field_envelope SET received = :received WHERE id = :id RETURNING {_COLUMNS}"  # noqa: S608
_ADD_PART = "INSERT INTO field_part (envelope_id, place, content) VALUES (:id, :place, :content)"
_PARTS = "SELECT content FROM field_part WHERE envelope_id = :id ORDER BY place"
_DROP_PARTS = "DELETE FROM field_part WHERE envelope_id = :id"
