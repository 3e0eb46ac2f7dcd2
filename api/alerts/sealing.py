"""Sealing of addresses and webhooks: keys derived from the secrets file, each of one use, bound to whose they are."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from api.alerts.errors import Undelivered
from api.secrets import Secrets, load_secrets

NONCE, DIGITS = 12, 8


@dataclass(frozen=True)
class AlertKeys:
    """Whoever learns one of these learns nothing of another."""

    addresses: bytes = field(repr=False)
    codes: bytes = field(repr=False)
    webhooks: bytes = field(repr=False)

    @classmethod
    def of(cls, held: Secrets) -> "AlertKeys":
        """Derive the keys from a place of work's secrets."""
        uses = (f"socialmap alerts {use}".encode() for use in ("addresses", "codes", "webhooks"))
        return cls(*(hmac.new(held.search, use, hashlib.sha256).digest() for use in uses))


def load_alert_keys() -> AlertKeys:
    """Derive the keys from the secrets file. Raises SecretsUnusable."""
    return AlertKeys.of(load_secrets())


def seal(key: bytes, owner: UUID, clear: str) -> bytes:
    """Seal a text so that it opens for its owner's row alone; two seals of one text differ."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, clear.encode(), owner.bytes)


def unseal(key: bytes, owner: UUID, sealed: bytes) -> str:
    """Open what `seal` sealed. Raises Undelivered for what was changed or sealed with other secrets."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], owner.bytes).decode()
    except (InvalidTag, ValueError):
        raise Undelivered("sealed_damaged", final=True) from None


def check_code(key: bytes, account: UUID, sealed: bytes) -> str:
    """Return the digits that prove that a mail to a sealed address was read; nothing of them is stored."""
    found = hmac.new(key, account.bytes + sealed, hashlib.sha256).digest()
    return f"{int.from_bytes(found[:8]) % 10**DIGITS:0{DIGITS}}"


def new_secret() -> str:
    """Make the secret of a webhook: 256 random bits."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
