"""Identity data as routers and commands use them: with the keys of the place, and every use on record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from api.audit import record
from api.field.forgetting import forget_envelopes
from api.secrets import load_secrets
from boundaries.locks import IDENTITY_KEYS
from boundaries.prepared import prepared
from layers.cases import get_case
from layers.consents import create_consent, withdraw_consent
from layers.identity import (
    IdentityNotFound,
    IdentityValues,
    SearchField,
    destroy_key,
    get_identity,
    level_of,
    lift_restriction,
    restrict_identity,
    save_identity,
    search_identity,
)
from layers.scope import Scope
from layers.sealing import Keys


def identity_keys(session: Session) -> Keys:
    """Return the keys, which stay usable until the transaction ends: master keys are forgotten only in between.

    Raises SecretsUnusable.
    """
    prepared(session, "SELECT pg_advisory_xact_lock_shared(:key)", {"key": IDENTITY_KEYS})
    held = load_secrets()
    return Keys(held.masters, held.master, held.search)


def read_identity(session: Session, scope: Scope, case_id: UUID) -> IdentityValues:
    """Record the reading of a case's identity data, then return them; `scope.reason` is needed for L3.

    The session may be one that only reads. Raises what get_identity and record raise.
    """
    case = get_case(session, case_id)
    details = {"sensitivity": level_of(case.sensitivity), "identity": True}
    record(session, scope, "case_read", kind="identity", object_id=case_id, details=details)
    return get_identity(session, scope, identity_keys(session), case_id)


def find_by_identity(session: Session, scope: Scope, name: SearchField, value: str) -> list[UUID]:
    """Return the cases whose person has this value; that it was searched is on record, what for is not."""
    found = search_identity(session, scope, identity_keys(session), name, value)
    record(session, scope, "list", kind="identity", object_id=name, details={"count": len(found)})
    return found


def write_identity(session: Session, scope: Scope, case_id: UUID, values: IdentityValues) -> None:
    """Save or correct a case's identity data; which fields are filled is on record."""
    save_identity(session, scope, identity_keys(session), case_id, values)
    fields = [name for name in IdentityValues.__dataclass_fields__ if getattr(values, name) is not None]
    record(session, scope, "correction", kind="identity", object_id=case_id, details={"fields": fields})


def erase_identity(session: Session, scope: Scope, case_id: UUID, reason: str, cause: str = "request") -> bool:
    """Destroy the key of a case's identity data; return whether there was one."""
    gone = destroy_key(session, case_id)
    gone = bool(forget_envelopes(session, case_id)) or gone
    record(session, scope, "erase", kind="identity", object_id=case_id, reason=reason, details={"cause": cause})
    return gone


def correct_identity(
    session: Session, scope: Scope, case_id: UUID, changes: Mapping[str, str | None], reason: str
) -> None:
    """Correct some fields of a case's identity data, None takes one away; which ones is on record.

    Raises what get_identity and save_identity raise; a case without identity data gets some.
    """
    keys = identity_keys(session)
    try:
        held = get_identity(session, scope.with_reason(reason), keys, case_id)
    except IdentityNotFound:
        held = IdentityValues()
    save_identity(session, scope, keys, case_id, replace(held, **changes))  # type: ignore[arg-type]
    details = {"fields": sorted(changes)}
    record(session, scope, "correction", kind="identity", object_id=case_id, reason=reason, details=details)


def give_consent(
    session: Session, scope: Scope, case_id: UUID, *, wording: str, channel: str, given_by: str, given_on: date
) -> UUID:
    """Keep a consent and return its id. Raises CaseNotFound, BadConsent, DetailRefused."""
    said = {"wording": wording, "channel": channel, "given_by": given_by, "given_on": given_on}
    made = create_consent(session, scope, case_id, **said)  # type: ignore[arg-type]
    details = {"change": "given", "consent": made, "wording": wording}
    record(session, scope, "consent", kind="case", object_id=case_id, details=details)
    return made


def take_back_consent(session: Session, scope: Scope, case_id: UUID, consent_id: UUID) -> None:
    """Note that a consent was withdrawn. Raises CaseNotFound, BadConsent."""
    withdraw_consent(session, case_id, consent_id)
    details = {"change": "withdrawn", "consent": consent_id}
    record(session, scope, "consent", kind="case", object_id=case_id, details=details)


def close_identity(session: Session, scope: Scope, case_id: UUID, reason: str) -> None:
    """Restrict identity data that law forbids to erase."""
    restrict_identity(session, scope, case_id, reason)
    record(session, scope, "restrict", kind="identity", object_id=case_id, reason=reason, details={"restricted": True})


def open_identity(session: Session, scope: Scope, case_id: UUID, reason: str) -> None:
    """Lift the restriction of identity data."""
    lift_restriction(session, case_id)
    record(session, scope, "restrict", kind="identity", object_id=case_id, reason=reason, details={"restricted": False})
