"""The words of observations: sealed one by one, and those that are shown carried into the identity data and consents.

The key of each is wrapped like that of identity data, with the version 0, which those never have.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.prepared import prepared
from layers.consents import create_consent, list_consents, withdraw_consent
from layers.identity import IdentityNotFound, IdentityValues, get_identity, save_identity
from layers.observations import IDENTITY
from layers.scope import Scope
from layers.sealing import Keys, new_key, seal, unseal, unwrap, wrap

if TYPE_CHECKING:
    from layers.captures import Brought

VERSION = 0
WORDING = "field-1"
"""The version of the words that the phone shows when it asks for consent."""
CHANNELS = {"spoken": "in_person", "written": "paper", "guardian": "in_person"}
FILING = replace(
    Scope.system("field capture"),
    permissions=frozenset({"identity.read", "identity.write"}),
)
"""As whom the product files: it names the permissions that it needs."""


def seal_apart(session: Session, keys: Keys, province: str, case_id: UUID, one: UUID, body: bytes) -> bytes:
    """Return `body` sealed by a new key of its own, which is stored wrapped."""
    key = new_key()
    row = {"province": province, "case": case_id, "id": one, "master": keys.master}
    prepared(session, _SEAL, row | {"wrapped": wrap(keys, one, VERSION, key)})
    return seal(key, one, VERSION, body)


def open_apart(keys: Keys, row: Any) -> bytes:
    """Return what a row with id, master, wrapped and sealed holds, with blanks at its end. Raises IdentityDamaged."""
    key = unwrap(keys, row.master, row.id, VERSION, bytes(row.wrapped))
    return unseal(key, row.id, VERSION, bytes(row.sealed))


def keep(session: Session, keys: Keys, province: str, by: "Brought", words: Mapping[str, Any]) -> None:
    """Seal and store the words of one observation; none leave no row."""
    if not words:
        return
    body = json.dumps(dict(words), ensure_ascii=False).encode()
    sealed = seal_apart(session, keys, province, by.case_id, by.id, body)
    prepared(session, _KEEP, {"province": province, "case": by.case_id, "id": by.id, "sealed": sealed})


def shown(session: Session, keys: Keys, province: str, case_id: UUID, wanted: Mapping[str, UUID]) -> dict[str, Any]:
    """Return the words of some fields, each from the observation named for it; erased ones are left out."""
    held = read_words(session, keys, province, case_id)
    return {name: held[one][name] for name, one in wanted.items() if name in held.get(one, {})}


def read_words(session: Session, keys: Keys, province: str, case_id: UUID) -> dict[UUID, dict[str, Any]]:
    """Return the words of each observation of a case, as far as the session may read them. Raises IdentityDamaged."""
    rows = prepared(session, _WORDS, {"province": province, "case": case_id})
    return {row.id: json.loads(open_apart(keys, row)) for row in rows}


def apply(
    session: Session, keys: Keys, province: str, by: "Brought", words: Mapping[str, Any], *, first: bool = False
) -> None:
    """Carry words into the identity data and consents of a case; `first` says that it has neither yet.

    Restricted identity data stay as they are.
    """
    scope = replace(FILING, actor_id=by.account_id)
    consent = words.get("consent")
    if consent is not None:
        _consent(session, scope, by, consent, first)
    changes = {IDENTITY[name]: value for name, value in words.items() if name in IDENTITY}
    if not changes or (not first and _is_restricted(session, province, by.case_id)):
        return
    held = IdentityValues() if first else _held(session, scope, keys, by.case_id)
    made = replace(held, **changes)
    if made != held:
        save_identity(session, scope, keys, by.case_id, made)


def _is_restricted(session: Session, province: str, case_id: UUID) -> bool:
    return prepared(session, _RESTRICTED, {"province": province, "case": case_id}).one_or_none() is not None


def _held(session: Session, scope: Scope, keys: Keys, case_id: UUID) -> IdentityValues:
    try:
        return get_identity(session, scope, keys, case_id)
    except IdentityNotFound:
        return IdentityValues()


def _consent(session: Session, scope: Scope, by: "Brought", stated: Mapping[str, Any], first: bool) -> None:
    given = [] if first else list_consents(session, by.case_id)
    open_ = [one for one in given if one["wording"] == WORDING and not one["withdrawn_at"]]
    if stated["given"] and not open_:
        create_consent(
            session,
            scope,
            by.case_id,
            wording=WORDING,
            channel=CHANNELS[stated["how"]],
            given_by="guardian" if stated["how"] == "guardian" else "person",
            given_on=min(by.made_at.date(), date.today()),
        )
    elif not stated["given"]:
        for one in open_:
            withdraw_consent(session, by.case_id, one["id"])


_SEAL = (
    "INSERT INTO case_seal (province_code, case_id, id, master, wrapped)"
    " VALUES (:province, :case, :id, :master, :wrapped)"
)
_KEEP = "INSERT INTO case_words (province_code, case_id, id, sealed) VALUES (:province, :case, :id, :sealed)"
_WORDS = (
    "SELECT w.id, w.sealed, s.master, s.wrapped FROM case_words AS w"
    " JOIN case_seal AS s USING (province_code, case_id, id)"
    " WHERE w.province_code = :province AND w.case_id = :case"
)
_RESTRICTED = "SELECT 1 FROM identity_restriction WHERE province_code = :province AND case_id = :case"
