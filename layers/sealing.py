"""Sealing of identity data: AES-256-GCM, one random key for each save of a case, wrapped by a master key.

The associated data bind what is sealed to its case and version. The province is left out: a case that moves to another
keeps its id, which stands once, and its rows move along without being sealed anew.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from boundaries.errors import SocialMapError

BYTES, NONCE, TAG = 32, 12, 16
BLOCK = 256
"""Sealed texts have a multiple of this length, so that theirs tells little."""


class IdentityDamaged(SocialMapError):
    """What is sealed was changed, belongs to another case, or its key was wrapped by another master key."""

    key = "error.identity_damaged"


class MasterMissing(SocialMapError):
    """No master key has the name by which a case's key was wrapped."""

    key = "error.master_missing"


@dataclass(frozen=True)
class Keys:
    """Master keys by name, the name of that which wraps new keys, and the key of search hashes."""

    masters: Mapping[str, bytes] = field(repr=False)
    master: str
    search: bytes = field(repr=False)


def new_key() -> bytes:
    """Make a random key."""
    return secrets.token_bytes(BYTES)


def wrap(keys: Keys, case_id: UUID, version: int, key: bytes) -> bytes:
    """Return a case's key wrapped by the present master key."""
    return _encrypt(_master(keys, keys.master), key, _bound(b"key", case_id, version))


def unwrap(keys: Keys, master: str, case_id: UUID, version: int, wrapped: bytes) -> bytes:
    """Return a case's key in clear. Raises IdentityDamaged, MasterMissing."""
    return _decrypt(_master(keys, master), wrapped, _bound(b"key", case_id, version))


def seal(key: bytes, case_id: UUID, version: int, body: bytes) -> bytes:
    """Return `body` sealed, filled up with blanks."""
    padded = body.ljust(-(-len(body) // BLOCK) * BLOCK)
    return _encrypt(key, padded, _bound(b"identity", case_id, version))


def unseal(key: bytes, case_id: UUID, version: int, sealed: bytes) -> bytes:
    """Return what was sealed, filled up with blanks. Raises IdentityDamaged."""
    return _decrypt(key, sealed, _bound(b"identity", case_id, version))


def search_hash(keys: Keys, name: str, value: str) -> bytes:
    """Return the keyed hash that a field's normalised value is found by; the same value in another field differs."""
    return hmac.new(keys.search, f"{name}\0{value}".encode(), hashlib.sha256).digest()


def _bound(what: bytes, case_id: UUID, version: int) -> bytes:
    return b"socialmap\0" + what + b"\0" + case_id.bytes + version.to_bytes(4, "big")


def _master(keys: Keys, name: str) -> bytes:
    try:
        return keys.masters[name]
    except KeyError:
        raise MasterMissing(name=name) from None


def _encrypt(key: bytes, clear: bytes, bound: bytes) -> bytes:
    # Imported when called: pages and figures, which never read identities, need not load it.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, clear, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(sealed) < NONCE + TAG:
        raise IdentityDamaged
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except InvalidTag:
        raise IdentityDamaged from None
