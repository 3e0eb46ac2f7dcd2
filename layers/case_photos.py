"""Photos of cases: sealed one by one, read by who may read identity data, and byte for byte as they were taken."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.captures import Brought, check_case, check_not_erased
from layers.cases import get_case
from layers.identity import IdentityNotAllowed, IdentityReasonNeeded
from layers.observed_words import open_apart, seal_apart
from layers.photo_content import PhotoRefused, check_photo
from layers.scope import Scope
from layers.sealing import Keys

MOST = 40
"""Photos of one case, of all phones together."""


class PhotoNotFound(SocialMapError):
    """A case has no such photo, or none that the one who asks may see."""

    key = "error.photo_not_found"


@dataclass(frozen=True)
class Photo:
    """What is told of a photo without opening it."""

    id: UUID
    number: int
    media_type: str
    size: int
    account_id: UUID
    made_at: datetime
    received_at: datetime
    content: bytes = field(default=b"", repr=False)


def file_photo(
    session: Session, keys: Keys, by: Brought, number: int, media_type: str, sha256: str, content: bytes
) -> None:
    """Keep a photo of a case. Raises CaseNotFound, CaptureOutside, CaptureErased, PhotoRefused."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PhotoRefused
    check_photo(content, media_type)
    case = get_case(session, by.case_id)
    check_case(session, by, case)
    check_not_erased(session, case.province_code, by)
    at = {"province": case.province_code, "case": by.case_id}
    if session.execute(_COUNT, at).scalar_one() >= MOST:
        raise PhotoRefused
    row: dict[str, Any] = at | {"id": by.id, "account": by.account_id, "device": by.device_id, "made_at": by.made_at}
    row |= {"number": number, "type": media_type, "size": len(content)}
    sealed = seal_apart(session, keys, case.province_code, by.case_id, by.id, content)
    session.execute(_KEEP, row | {"sealed": sealed})


def list_photos(session: Session, scope: Scope, case_id: UUID) -> list[Photo]:
    """Return what photos a case has, without opening them. Raises CaseNotFound, IdentityNotAllowed."""
    if "identity.read" not in scope.permissions:
        raise IdentityNotAllowed(permission="identity.read")
    at = {"province": get_case(session, case_id).province_code, "case": case_id}
    return [Photo(**row) for row in session.execute(_LIST, at).mappings()]


def get_photo(session: Session, scope: Scope, keys: Keys, case_id: UUID, photo_id: UUID) -> Photo:
    """Return a photo in clear; the scope's reason is needed for L3 and for restricted data.

    Raises CaseNotFound, PhotoNotFound, IdentityNotAllowed, IdentityReasonNeeded, IdentityDamaged.
    """
    if "identity.read" not in scope.permissions:
        raise IdentityNotAllowed(permission="identity.read")
    case = get_case(session, case_id)
    at = {"province": case.province_code, "case": case_id, "id": photo_id}
    restricted = session.execute(_RESTRICTED, at).one_or_none() is not None
    if (restricted or case.sensitivity == "L3") and not (scope.reason or "").strip():
        raise IdentityReasonNeeded
    row = session.execute(_GET, at).one_or_none()
    if row is None:
        raise PhotoNotFound
    told = {name: getattr(row, name) for name in Photo.__dataclass_fields__ if name != "content"}
    return Photo(**told, content=open_apart(keys, row)[: row.size])


_COLUMNS = "p.id, p.number, p.media_type, p.size, p.account_id, p.made_at, p.received_at"
_OF = "p.province_code = :province AND p.case_id = :case"
_COUNT = text(f"SELECT count(*) FROM case_photo AS p WHERE {_OF}")  # noqa: S608
_LIST = text(f"SELECT {_COLUMNS} FROM case_photo AS p WHERE {_OF} ORDER BY p.made_at, p.id")  # noqa: S608
_GET = text(
    f"SELECT {_COLUMNS}, p.sealed, s.master, s.wrapped FROM case_photo AS p"  # noqa: S608
    f" JOIN case_seal AS s USING (province_code, case_id, id) WHERE {_OF} AND p.id = :id"
)
_RESTRICTED = text("SELECT 1 FROM identity_restriction WHERE province_code = :province AND case_id = :case")
_KEEP = text(
    "INSERT INTO case_photo"
    " (province_code, case_id, id, account_id, device_id, made_at, number, media_type, size, sealed)"
    " VALUES (:province, :case, :id, :account, :device, :made_at, :number, :type, :size, :sealed)"
)
