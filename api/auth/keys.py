"""Keys derived from the secrets file, tokens, and the hashes under which tokens are kept."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from api.secrets import Secrets

TOKEN_BYTES, CODE_BYTES, NONCE_BYTES = 32, 20, 12


@dataclass(frozen=True)
class Keys:
    """Keys of one use each: whoever learns one learns nothing of another."""

    forgery: bytes = field(repr=False)
    totp: bytes = field(repr=False)
    codes: bytes = field(repr=False)
    addresses: bytes = field(repr=False)

    @classmethod
    def of(cls, held: Secrets) -> "Keys":
        """Derive the keys from a place of work's secrets."""
        return cls(*(_derived(held.search, use) for use in ("forgery", "totp", "codes", "addresses")))


def _derived(key: bytes, use: str) -> bytes:
    return hmac.new(key, f"socialmap accounts {use}".encode(), hashlib.sha256).digest()


def new_token() -> str:
    """Make an opaque token of 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is kept of a token. It has 256 random bits, so that a plain hash tells nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def new_code(size: int = CODE_BYTES) -> str:
    """Make a one-time code that can be read aloud: groups of four letters and digits."""
    letters = base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def code_hash(keys: Keys, code: str) -> bytes:
    """Return what is kept of a one-time code; spaces, hyphens and small letters do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.new(keys.codes, plain.encode("utf-8", "replace"), hashlib.sha256).digest()


def address_hash(keys: Keys, address: str) -> bytes:
    """Return what is kept of a network address."""
    return hmac.new(keys.addresses, address.encode("utf-8", "replace"), hashlib.sha256).digest()


def forgery_token(keys: Keys, token: str) -> str:
    """Return the word that a session's own pages send along; nobody who lacks the session's token can tell it."""
    return hmac.new(keys.forgery, token.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def lock_secret(keys: Keys, account: UUID, secret: str) -> bytes:
    """Encrypt the secret of a second factor, bound to its account."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(keys.totp).encrypt(nonce, secret.encode(), account.bytes)


def unlock_secret(keys: Keys, account: UUID, locked: bytes) -> str:
    """Undo `lock_secret`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(keys.totp).decrypt(locked[:NONCE_BYTES], locked[NONCE_BYTES:], account.bytes).decode()
