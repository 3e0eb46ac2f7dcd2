"""What becomes of a whole envelope: filed at once, waiting for its case, or set apart with the reason."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from api.audit import record
from api.auth.audited import by_owner
from api.auth.devices import find_device_of
from api.auth.scopes import device_scope, scope_of
from api.auth.sessions import standing
from api.field.opening import EnvelopeDamaged, EnvelopeInvalid, Opened, fields_of, key_name, open_envelope
from api.identity_use import identity_keys
from api.secrets import SecretsUnusable
from boundaries.editions import NoActiveEdition
from boundaries.errors import SocialMapError
from boundaries.locks import FIELD_CASE, lock_id
from boundaries.prepared import prepared
from layers.captures import (
    Brought,
    CaptureErased,
    CaptureOutside,
    CaptureTaken,
    Stated,
    file_case,
    file_observation,
)
from layers.case_photos import file_photo
from layers.cases import CaseNotFound
from layers.observed_words import FILING as PRODUCT
from layers.scope import Scope
from layers.sealing import MasterMissing

FILING = PRODUCT
Why = Literal["revoked", "expired", "disabled", "damaged", "invalid", "outside", "same_id", "erased"]
OURS = (NoActiveEdition, MasterMissing, SecretsUnusable)
"""What is wrong with the server and not with the envelope: the phone keeps it and comes again."""
WHYS: dict[type[SocialMapError], Why] = {
    EnvelopeDamaged: "damaged",
    CaptureOutside: "outside",
    CaptureTaken: "same_id",
    CaptureErased: "erased",
}


def why_set_apart(sender: Row[Any]) -> Why | None:
    """Say why nothing of a phone is filed by itself any more, None when it is."""
    if sender.disabled_at is not None:
        return "disabled"
    if sender.revoked_at is not None:
        return "revoked"
    return "expired" if sender.expires_at <= datetime.now(UTC) else None


def settle(session: Session, sender: Row[Any], row: Row[Any], sealed: bytes) -> Row[Any]:
    """File a whole envelope, let it wait or set it apart; all of it is on record. Return how far it is."""
    opened, why = _opened(sealed, row.given_id)
    if row.id != row.given_id:
        why = "same_id"
    why = why_set_apart(sender) or why
    return _file(session, sender, row, sealed, opened, why)


def settle_anyway(session: Session, row: Row[Any], by: Scope) -> str:
    """File what was set apart, as a coordinator decided; return its state. Raises EnvelopeDamaged, EnvelopeInvalid, and
    what filing raises when it still cannot be filed."""
    sender = find_device_of(session, row.device_id)
    opened = open_envelope(bytes(row.sealed), row.given_id)
    lock_id(session, FIELD_CASE, opened.header.case)
    reach = replace(_reach(sender), areas=by.areas, units=by.units, permissions=by.permissions | {"case.submit"})
    try:
        with session.begin_nested():
            _put(session, row, opened, _brought(row, opened, reach))
        state = "kept"
    except CaseNotFound:
        state = "waiting"
    prepared(session, _DECIDED, {"id": row.id, "state": state, "by": by.actor_id})
    if state == "kept" and opened.header.kind == "case":
        _file_waiting(session, opened.header.case)
    return state


def _opened(sealed: bytes, given_id: UUID) -> tuple[Opened | None, Why | None]:
    try:
        opened = open_envelope(sealed, given_id)
    except EnvelopeDamaged:
        return None, "damaged"
    except EnvelopeInvalid:
        return None, "invalid"
    wrong = opened.header.kind == "case" and opened.header.case != given_id
    return opened, "invalid" if wrong else None


def _file(
    session: Session, sender: Row[Any], row: Row[Any], sealed: bytes, opened: Opened | None, why: Why | None
) -> Row[Any]:
    state = "quarantined"
    if opened is not None and why is None:
        # One at a time files what belongs to a case: what waits for it could else be overlooked.
        lock_id(session, FIELD_CASE, opened.header.case)
        state, why = _tried(session, sender, row, opened)
    case_id = opened.header.case if opened else None
    kind = opened.header.kind if opened else None
    held = {"sealed": None if state == "kept" else sealed, "capture": key_name(sealed) or None}
    told = {"id": row.id, "state": state, "why": why, "kind": kind, "case": case_id}
    settled = prepared(session, _SETTLED, told | held).one()
    if state == "kept" and kind == "case":
        _file_waiting(session, row.id)
    details = {"change": state, "kind": kind, "why": why, "case": case_id, "device": sender.device_id}
    record(session, by_owner(sender.id, sender.role), "capture", kind="envelope", object_id=row.id, details=details)
    return settled


def _tried(session: Session, sender: Row[Any], row: Row[Any], opened: Opened) -> tuple[str, Why | None]:
    """File an envelope in a savepoint; say what its state is and why."""
    try:
        with session.begin_nested():
            _put(session, row, opened, _brought(row, opened, _reach(sender)))
    except CaseNotFound:
        return "waiting", None
    except OURS:
        raise
    except SocialMapError as error:
        return "quarantined", WHYS.get(type(error), "invalid")
    except (DataError, IntegrityError):
        return "quarantined", "invalid"
    return "kept", None


def _put(session: Session, row: Row[Any], opened: Opened, by: Brought) -> None:
    header, keys = opened.header, identity_keys(session)
    if header.photo is not None:
        file_photo(session, keys, by, header.photo.number, header.photo.type, header.photo.sha256, opened.body)
        return
    fields, words = fields_of(header)
    if header.kind == "case":
        given = {name: value for name, value in words.items() if value is not None}
        file_case(session, keys, by, Stated({"urgency": "U2"} | fields, given, {}))
        return
    seen = {name: frozenset(ids) for name, ids in header.seen.items()}
    file_observation(session, keys, by, Stated(fields, words, seen))


def _file_waiting(session: Session, case_id: UUID) -> None:
    """File what came before its case, each as its own sender may."""
    for row in prepared(session, _WAITING, {"case": case_id}).all():
        sender = find_device_of(session, row.device_id)
        opened, _ = _opened(bytes(row.sealed), row.given_id)
        if opened is None:
            continue
        state, why = _tried(session, sender, row, opened)
        held = {"sealed": None if state == "kept" else row.sealed, "capture": row.capture}
        told = {"id": row.id, "state": state, "why": why, "kind": opened.header.kind, "case": case_id}
        prepared(session, _SETTLED, told | held)


def _reach(sender: Row[Any]) -> Scope:
    return device_scope(scope_of(standing(sender)), sender.areas)


def _brought(row: Row[Any], opened: Opened, reach: Scope) -> Brought:
    case_id = row.id if opened.header.kind == "case" else opened.header.case
    return Brought(row.id, case_id, row.account_id, row.device_id, opened.header.made_at, reach)


_SETTLED = (
    "UPDATE field_envelope SET state = :state, why = :why, kind = :kind, case_id = :case, capture = :capture,"
    " sealed = :sealed, received = total WHERE id = :id RETURNING state, received, total"
)
_DECIDED = (
    "UPDATE field_envelope SET state = :state, decided_by = :by, decided_at = now(),"
    " sealed = CASE WHEN CAST(:state AS varchar) = 'kept' THEN NULL ELSE sealed END WHERE id = :id"
)
_WAITING = (
    "SELECT id, given_id, device_id, account_id, sealed, capture FROM field_envelope"
    " WHERE case_id = :case AND state = 'waiting' ORDER BY id FOR UPDATE"
)
