"""Identity data of cases: who the person is. Saved sealed, read by few, found by keyed hashes, erased with its key.

Whatever a case's problem, its identity data are at least L2. Nothing here repeats a value in an error.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries import names
from boundaries.errors import SocialMapError
from boundaries.locks import IDENTITY_OF_CASE, lock_id
from boundaries.prepared import prepared
from layers.cases import CaseNotFound
from layers.personal_text import check_publishable, is_storable
from layers.scope import Scope
from layers.sealing import Keys, new_key, seal, search_hash, unseal, unwrap, wrap
from layers.taxonomy import Sensitivity, highest

SearchField = Literal["name", "national_id", "phone", "guardian"]
SEARCHED: tuple[SearchField, ...] = ("name", "national_id", "phone", "guardian")
TEXTS = ("name", "national_id", "phone", "address", "photo", "guardian", "note")
"""Fields that are words, in the order of a form."""
LONGEST, LONGEST_NOTE = 300, 4000
_TITLES = (
    "เด็กหญิง", "เด็กชาย", "นางสาว", "นาย", "นาง", "ด.ญ.", "ด.ช.", "น.ส.", "mr.", "mrs.", "ms.", "miss ",
)  # fmt: skip


class IdentityNotFound(SocialMapError):
    """A case has no identity data, or none that the one who asks may read."""

    key = "error.identity_not_found"


class IdentityNotAllowed(SocialMapError):
    """The one who asks lacks the permission `permission`."""

    key = "error.identity_not_allowed"


class IdentityReasonNeeded(SocialMapError):
    """Identity data of a case of level L3, or restricted ones, are read with a reason only."""

    key = "error.identity_reason"


class IdentityRestricted(SocialMapError):
    """Restricted identity data are neither changed nor erased."""

    key = "error.identity_restricted"


class NoPerson(SocialMapError):
    """A row that stands for a number of cases: it concerns no one person."""

    key = "error.identity_of_tally"


class BadIdentity(SocialMapError):
    """A field that cannot be kept; the error names it and not its value."""

    key = "error.bad_identity"


@dataclass(frozen=True)
class IdentityValues:
    """What is known of a person. Nothing of it is shown by repr, so that no log can hold it."""

    name: str | None = field(default=None, repr=False)
    national_id: str | None = field(default=None, repr=False)
    """13 digits as text; the check digit is not enforced: people without a Thai ID have other numbers."""
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    lat: float | None = field(default=None, repr=False)
    lon: float | None = field(default=None, repr=False)
    """The exact position, degrees in EPSG:4326."""
    photo: str | None = field(default=None, repr=False)
    """Reference of a picture, not the picture."""
    guardian: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)


def level_of(sensitivity: Sensitivity) -> Sensitivity:
    """Return the level of a case's identity data: that of the case, L2 at least."""
    return highest([sensitivity, "L2"])


def normalised(name: SearchField, value: str) -> str:
    """Return the form by which a field is found: ASCII digits; names cleaned, without title and blanks."""
    if name in ("national_id", "phone"):
        digits = re.sub(r"[^0-9a-z+]", "", names.key(value))
        return re.sub(r"^(?:\+|00)?660?(?=[1-9]\d{7,8}$)", "0", digits) if name == "phone" else digits
    plain = names.clean(value).casefold()
    title = next((one for one in _TITLES if plain.startswith(one)), "")
    return names.key(plain[len(title) :] or plain)


def save_identity(session: Session, scope: Scope, keys: Keys, case_id: UUID, values: IdentityValues) -> None:
    """Replace what is known of a case's person, under a new key; the key before is destroyed with all it sealed.

    Raises CaseNotFound, NoPerson, IdentityNotAllowed, IdentityRestricted, BadIdentity.
    """
    _need(scope, "identity.write")
    _check(values)
    row = _case(session, case_id, lock=True)
    if row["cases"] != 1:
        raise NoPerson(cases=row["cases"])
    if row["restricted"]:
        raise IdentityRestricted
    version, key = (row["version"] or 0) + 1, new_key()
    at = {"province": row["province_code"], "id": case_id, "version": version}
    body = json.dumps({name: value for name, value in asdict(values).items() if value is not None}, ensure_ascii=False)
    if row["version"] is not None:
        prepared(session, _DELETE, at)
    prepared(session, _KEY, at | {"master": keys.master, "wrapped": wrap(keys, case_id, version, key)})
    prepared(session, _SEALED, at | {"sealed": seal(key, case_id, version, body.encode())})
    hashes = {name: search_hash(keys, name, form) for name, form in _forms(values)}
    if hashes:
        prepared(session, _SEARCH, at | {"fields": list(hashes), "hashes": list(hashes.values())})


def get_identity(session: Session, scope: Scope, keys: Keys, case_id: UUID) -> IdentityValues:
    """Return what is known of a case's person; the scope's reason is needed for L3 and for restricted data.

    Raises CaseNotFound, IdentityNotFound, IdentityNotAllowed, IdentityReasonNeeded, IdentityDamaged.
    """
    _need(scope, "identity.read")
    case = _case(session, case_id)
    if case["restricted"]:
        _need(scope, "identity.read_restricted")
    if (case["restricted"] or case["sensitivity"] == "L3") and not (scope.reason or "").strip():
        raise IdentityReasonNeeded
    row = prepared(session, _READ, {"province": case["province_code"], "id": case_id}).one_or_none()
    if row is None:
        raise IdentityNotFound(id=case_id)
    key = unwrap(keys, row.master, case_id, row.version, bytes(row.wrapped))
    held: Mapping[str, Any] = json.loads(unseal(key, case_id, row.version, bytes(row.sealed)))
    return IdentityValues(**held)


def search_identity(session: Session, scope: Scope, keys: Keys, name: SearchField, value: str) -> list[UUID]:
    """Return the cases, of those that may be read, whose person has this value in this field; whole values only."""
    _need(scope, "identity.read")
    if name not in SEARCHED:
        raise BadIdentity(field="field", allowed=", ".join(SEARCHED))
    if len(value) > LONGEST or not is_storable(value):
        raise BadIdentity(field=name, allowed=LONGEST)
    form = normalised(name, value)
    if not form:
        return []
    return list(prepared(session, _FIND, {"field": name, "hash": search_hash(keys, name, form)}).scalars())


def destroy_key(session: Session, case_id: UUID) -> bool:
    """Erase a case's identity data by destroying its key; return whether there was one.

    The keys of photos and of words that phones brought are destroyed too, and it is noted when, so that what was
    written down before and comes in later is not filed.

    What a backup holds stays sealed by a key that it holds too, wrapped: it is unreadable once the master keys of that
    time are forgotten (`socialmap identity rotate --forget-old`). Raises CaseNotFound, IdentityRestricted.
    """
    row = _case(session, case_id, lock=True)
    if row["restricted"]:
        raise IdentityRestricted
    at = {"province": row["province_code"], "id": case_id}
    gone = [prepared(session, one, at).rowcount for one in (_DELETE, _DELETE_SEALS)]
    prepared(session, _ERASED, at)
    return any(gone)


def restrict_identity(session: Session, scope: Scope, case_id: UUID, reason: str) -> None:
    """Close identity data that law forbids to erase; the reason must hold no personal data.

    Raises CaseNotFound, IdentityNotFound, IdentityReasonNeeded, PersonalDataInText.
    """
    if not reason.strip():
        raise IdentityReasonNeeded
    check_publishable(reason)
    row = _case(session, case_id, lock=True)
    if row["version"] is None:
        raise IdentityNotFound(id=case_id)
    if not row["restricted"]:
        at = {"province": row["province_code"], "id": case_id}
        prepared(session, _RESTRICT, at | {"reason": reason.strip(), "actor": scope.actor_id})


def lift_restriction(session: Session, case_id: UUID) -> None:
    """Open restricted identity data again. Raises CaseNotFound."""
    row = _case(session, case_id, lock=True)
    prepared(session, _LIFT, {"province": row["province_code"], "id": case_id})


def _need(scope: Scope, permission: str) -> None:
    """The product itself needs it as well: it reads no identity by accident."""
    if permission not in scope.permissions:
        raise IdentityNotAllowed(permission=permission)


def _case(session: Session, case_id: UUID, lock: bool = False) -> Mapping[str, Any]:
    if lock:  # one writer of a case's identity at a time, also of the first
        lock_id(session, IDENTITY_OF_CASE, case_id)
    row = prepared(session, _CASE, {"id": case_id}).mappings().one_or_none()
    if row is None:
        raise CaseNotFound(id=case_id)
    return dict(row)


def _check(values: IdentityValues) -> None:
    for name, value in asdict(values).items():
        longest = LONGEST_NOTE if name == "note" else LONGEST
        if isinstance(value, str) and (len(value) > longest or not is_storable(value)):
            raise BadIdentity(field=name, allowed=longest)
    lat, lon = values.lat or 0, values.lon or 0
    if (values.lat is None) != (values.lon is None) or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadIdentity(field="lat, lon", allowed="EPSG:4326")


def _forms(values: IdentityValues) -> list[tuple[SearchField, str]]:
    forms = [(name, normalised(name, getattr(values, name) or "")) for name in SEARCHED]
    return [(name, form) for name, form in forms if form]


_CASE = (
    "SELECT c.province_code, c.sensitivity, c.cases, k.version, r.case_id IS NOT NULL AS restricted"
    ' FROM "case" AS c'
    " LEFT JOIN identity_key AS k ON k.province_code = c.province_code AND k.case_id = c.id"
    " LEFT JOIN identity_restriction AS r ON r.province_code = c.province_code AND r.case_id = c.id"
    " WHERE c.id = :id"
)
_DELETE = "DELETE FROM identity_key WHERE province_code = :province AND case_id = :id"
_DELETE_SEALS = "DELETE FROM case_seal WHERE province_code = :province AND case_id = :id"
_ERASED = (
    "INSERT INTO identity_erasure (province_code, case_id) VALUES (:province, :id)"
    " ON CONFLICT (province_code, case_id) DO UPDATE SET erased_at = now()"
)
_KEY = (
    "INSERT INTO identity_key (province_code, case_id, version, master, wrapped)"
    " VALUES (:province, :id, :version, :master, :wrapped)"
)
_SEALED = "INSERT INTO identity (province_code, case_id, version, sealed) VALUES (:province, :id, :version, :sealed)"
_SEARCH = (
    "INSERT INTO identity_search (province_code, case_id, field, hash)"
    " SELECT :province, :id, field, hash"
    " FROM unnest(CAST(:fields AS text[]), CAST(:hashes AS bytea[])) AS form (field, hash)"
)
_READ = (
    "SELECT i.version, i.sealed, k.master, k.wrapped FROM identity AS i"
    " JOIN identity_key AS k ON k.province_code = i.province_code AND k.case_id = i.case_id AND k.version = i.version"
    " WHERE i.province_code = :province AND i.case_id = :id"
)
_FIND = "SELECT case_id FROM identity_search WHERE hash = :hash AND field = :field ORDER BY case_id"
_RESTRICT = (
    "INSERT INTO identity_restriction (province_code, case_id, reason, actor_id)"
    " VALUES (:province, :id, :reason, :actor)"
)
_LIFT = "DELETE FROM identity_restriction WHERE province_code = :province AND case_id = :id"
