"""Opening what a phone sealed: ECDH on P-256, HKDF-SHA-256, AES-256-GCM bound to the envelope's id.

An envelope is `SM1`, the length and name of the server's key, the phone's ephemeral public point, the nonce and the
ciphertext. Inside stand the length of the header, the header as JSON, the body and zeros.
"""

import json
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from pydantic import ValidationError

from api.field.errors import CaptureKeyMissing
from api.schemas.field import Header
from api.secrets import Secrets, load_secrets
from boundaries.errors import SocialMapError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

MAGIC = b"SM1"
POINT, NONCE, TAG = 65, 12, 16
INFO = b"socialmap field 1"
LONGEST_HEADER = 65_536
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256: a private key is smaller, and not nought."""


class EnvelopeDamaged(SocialMapError):
    """An envelope that cannot be opened: changed on its way, sealed for another, or its key is gone."""

    key = "error.envelope_damaged"


class EnvelopeInvalid(SocialMapError):
    """An envelope that opens, and holds something else than a phone writes; its content is not repeated."""

    key = "error.envelope_invalid"


@dataclass(frozen=True)
class Opened:
    """What stood in an envelope."""

    header: Header = field(repr=False)
    body: bytes = field(repr=False)


def public_key(held: Secrets) -> tuple[str, bytes]:
    """Return the name of the key that phones seal to and its point, uncompressed. Raises CaptureKeyMissing."""
    if held.capture is None:
        raise CaptureKeyMissing
    return held.capture, _point(_private(held.captures[held.capture]))


def key_name(sealed: bytes) -> str:
    """Return the name of the key that an envelope says it is sealed to, '' for something else than an envelope."""
    if sealed[:3] != MAGIC or len(sealed) < 5:
        return ""
    name = sealed[4 : 4 + sealed[3]]
    return name.decode("ascii") if name.isascii() and len(name) == sealed[3] <= 20 and name.isalnum() else ""


def open_envelope(sealed: bytes, given_id: UUID, held: Secrets | None = None) -> Opened:
    """Open an envelope and read its header. Raises EnvelopeDamaged, EnvelopeInvalid, SecretsUnusable."""
    return read_content(decrypted(sealed, given_id, held or load_secrets()))


def decrypted(sealed: bytes, given_id: UUID, held: Secrets) -> bytes:
    """Return what an envelope holds, with its zeros. Raises EnvelopeDamaged."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    name = key_name(sealed)
    start = 4 + len(name)
    if name not in held.captures or len(sealed) < start + POINT + NONCE + TAG:
        raise EnvelopeDamaged
    theirs = sealed[start : start + POINT]
    nonce, locked = sealed[start + POINT : start + POINT + NONCE], sealed[start + POINT + NONCE :]
    own = _private(held.captures[name])
    try:
        shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        return AESGCM(_derived(shared, theirs + _point(own))).decrypt(nonce, locked, bound(given_id))
    except (InvalidTag, ValueError):
        raise EnvelopeDamaged from None


def bound(given_id: UUID) -> bytes:
    """Return the associated data: an envelope under another id does not open."""
    return INFO + b"\0" + given_id.bytes


def read_content(content: bytes) -> Opened:
    """Read header and body. Raises EnvelopeInvalid."""
    if len(content) < 4:
        raise EnvelopeInvalid
    (length,) = struct.unpack(">I", content[:4])
    if length > LONGEST_HEADER or 4 + length > len(content):
        raise EnvelopeInvalid
    try:
        header = Header.model_validate(json.loads(content[4 : 4 + length].decode(), parse_constant=_refused))
    except (ValueError, RecursionError, ValidationError):
        raise EnvelopeInvalid from None  # the cause would repeat what stood in it
    body = content[4 + length : 4 + length + header.body]
    if len(body) != header.body:
        raise EnvelopeInvalid
    return Opened(header, body)


def _refused(name: str) -> NoReturn:
    raise ValueError(name)


def _private(secret: bytes) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(int.from_bytes(secret, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def _point(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(shared: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, INFO).derive(shared)


def fields_of(header: Header) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the open fields and the words that a header states, each as JSON values; empty words are None."""
    from layers.observations import OPEN

    assert header.fields is not None
    stated = header.fields.model_dump(mode="json", by_alias=True, exclude_unset=True)
    plain = {name: None if value == "" else value for name, value in stated.items()}
    open_ = {name: value for name, value in plain.items() if name in OPEN}
    return open_, {name: value for name, value in plain.items() if name not in OPEN}
