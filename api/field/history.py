"""What was stated of a case and its photos, for those who may read the case; every look is on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from api.audit import record
from api.auth.models import Account
from api.auth.signing_in import AUTH
from api.database import transaction
from api.identity_use import identity_keys
from layers.case_photos import Photo, get_photo, list_photos
from layers.cases import get_case
from layers.identity import IdentityNotAllowed, IdentityReasonNeeded, level_of
from layers.observations import Merged, merge
from layers.observed import list_history, read_observations
from layers.observed_words import read_words
from layers.scope import Scope


@dataclass(frozen=True)
class History:
    """All observations of a case in the order they were made, and how its fields stand after them."""

    rows: list[dict[str, Any]]
    merged: dict[str, Merged]


def read_history(session: Session, scope: Scope, case_id: UUID, reason: str | None = None) -> History:
    """Record the look and return what was stated of a case; of a secret one a reason is needed.

    Raises CaseNotFound, ReasonNeeded.
    """
    case = get_case(session, case_id)
    details = {"sensitivity": case.sensitivity}
    record(session, scope, "case_read", kind="observations", object_id=case_id, reason=reason, details=details)
    province = get_case(session, case_id).province_code
    return History(list_history(session, province, case_id), merge(read_observations(session, province, case_id)))


def read_field_words(session: Session, scope: Scope, case_id: UUID) -> dict[UUID, dict[str, Any]]:
    """Record the look and return the words of each observation; `scope.reason` is needed for L3.

    Raises CaseNotFound, IdentityNotAllowed, IdentityReasonNeeded, ReasonNeeded.
    """
    if "identity.read" not in scope.permissions:
        raise IdentityNotAllowed(permission="identity.read")
    case = get_case(session, case_id)
    if case.sensitivity == "L3" and not (scope.reason or "").strip():
        raise IdentityReasonNeeded
    details = {"sensitivity": level_of(case.sensitivity), "identity": True}
    record(session, scope, "case_read", kind="observations", object_id=case_id, details=details)
    return read_words(session, identity_keys(session), case.province_code, case_id)


def photos_of(session: Session, scope: Scope, case_id: UUID) -> list[Photo]:
    """Record and return which photos a case has. Raises CaseNotFound, IdentityNotAllowed."""
    found = list_photos(session, scope, case_id)
    details: dict[str, Any] = {"count": len(found)}
    record(session, scope, "list", kind="photo", object_id=case_id, details=details)
    return found


def read_photo(session: Session, scope: Scope, case_id: UUID, photo_id: UUID) -> Photo:
    """Record the look and return a photo in clear; `scope.reason` is needed for L3.

    Raises CaseNotFound, PhotoNotFound, IdentityNotAllowed, IdentityReasonNeeded, IdentityDamaged.
    """
    found = get_photo(session, scope, identity_keys(session), case_id, photo_id)
    case = get_case(session, case_id)
    details = {"sensitivity": level_of(case.sensitivity), "identity": True}
    record(session, scope, "case_read", kind="photo", object_id=photo_id, details=details)
    return found


def logins_of(engine: Engine, accounts: Iterable[UUID]) -> dict[UUID, str]:
    """Return login names of accounts; who may read a case is told who stated what of it."""
    with transaction(engine, AUTH) as session:
        asked = select(Account.id, Account.login).where(Account.id.in_(set(accounts)))
        return {row.id: row.login for row in session.execute(asked)}
