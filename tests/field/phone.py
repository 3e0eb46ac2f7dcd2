"""A phone in Python, written from the contract alone: seals as a browser would, and sends in parts.

Nothing of it is taken from the product, so that both sides can be held against each other.
"""

import base64
import hashlib
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PART = 65_536
NOW = "2026-03-05T09:30:00+07:00"


def uuid7(milliseconds: int | None = None) -> UUID:
    """Make a UUIDv7 as a phone does."""
    at = int(time.time() * 1000) if milliseconds is None else milliseconds
    number = (at << 80) | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=number & ~(0x3 << 62) | (0x2 << 62))


def base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def seal(key: Mapping[str, Any], envelope_id: UUID, content: bytes) -> bytes:
    """Seal content to the server's key, as `GET /api/v1/field/key` told it."""
    name = key["id"].encode("ascii")
    point = b"\x04" + base64url(key["key"]["x"]) + base64url(key["key"]["y"])
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    own = ec.generate_private_key(ec.SECP256R1())
    mine = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    derived = HKDF(SHA256(), 32, mine + point, b"socialmap field 1").derive(own.exchange(ec.ECDH(), server))
    nonce = os.urandom(12)
    locked = AESGCM(derived).encrypt(nonce, content, b"socialmap field 1\0" + envelope_id.bytes)
    return b"SM1" + bytes([len(name)]) + name + mine + nonce + locked


def content(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return header and body as they stand inside an envelope, filled up with zeros."""
    said = json.dumps(header, ensure_ascii=False).encode()
    whole = len(said).to_bytes(4, "big") + said + body
    return whole + bytes(-len(whole) % 256)


@dataclass(frozen=True)
class Envelope:
    """A sealed envelope with the id it is sent under."""

    id: UUID
    sealed: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sealed).hexdigest()


@dataclass
class Phone:
    """A phone with its keys; `client` is anything with `get`, `post` and `put` like an httpx client."""

    client: Any
    send_key: str
    token: str = ""
    key: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def enrolled(cls, client: Any, csrf: str, name: str = "โทรศัพท์สมมติ", areas: list[str] | None = None) -> "Phone":
        """Enrol a phone with a signed-in client, and learn the key to seal to."""
        told = client.post("/api/v1/field/phones", json={"name": name, "areas": areas}, headers={"X-CSRF-Token": csrf})
        assert told.status_code == 201, told.text
        made = cls(client, told.json()["send_key"], told.json()["token"])
        made.learn_key()
        return made

    def learn_key(self) -> None:
        self.key = self.client.get("/api/v1/field/key").json()

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def case(self, case_id: UUID | None = None, **fields: Any) -> Envelope:
        """Seal a new case; fields are those of the contract, with `person_name` for `person.name`."""
        made = case_id or uuid7()
        stated = {
            "problem": "P08",
            "target_groups": ["T05"],
            "urgency": "U2",
            "place": {"how": "area", "stated": "990101"},
            "reported_on": "2026-03-05",
        }
        return self.sealed(made, "case", made, fields=stated | _named(fields))

    def observation(
        self, case_id: UUID, seen: Mapping[str, list[str]] | None = None, envelope_id: UUID | None = None, **fields: Any
    ) -> Envelope:
        """Seal a later edit of some fields."""
        return self.sealed(envelope_id or uuid7(), "observation", case_id, fields=_named(fields), seen=seen or {})

    def photo(self, case_id: UUID, picture: bytes, media_type: str = "image/jpeg", number: int = 1) -> Envelope:
        """Seal a photo of a case."""
        about = {"type": media_type, "sha256": hashlib.sha256(picture).hexdigest(), "number": number}
        return self.sealed(uuid7(), "photo", case_id, picture, photo=about)

    def sealed(self, envelope_id: UUID, kind: str, case_id: UUID, body: bytes = b"", **more: Any) -> Envelope:
        header = {"v": 1, "kind": kind, "case": str(case_id), "made_at": NOW, "body": len(body), **more}
        return Envelope(envelope_id, seal(self.key, envelope_id, content(header, body)))

    def put(self, one: Envelope, offset: int = 0, size: int | None = None) -> Any:
        """Send one part and return the answer; all that is left unless `size` says less."""
        part = one.sealed[offset:] if size is None else one.sealed[offset : offset + size]
        asked = {"offset": offset, "total": len(one.sealed), "sha256": one.sha256}
        headers = {"Socialmap-Send-Key": self.send_key, "Content-Type": "application/octet-stream"}
        return self.client.put(f"/api/v1/field/envelopes/{one.id}", params=asked, content=part, headers=headers)

    def send(self, one: Envelope, part: int = PART) -> dict[str, Any]:
        """Send an envelope part by part, going on from where the server is; return its last answer."""
        offset = 0
        for _ in range(1000):
            answer = self.put(one, offset, part)
            told = answer.json()
            if answer.status_code == 409:
                offset = told["received"]
                continue
            assert answer.status_code in (200, 201), answer.text
            if told["state"] != "partly":
                return dict(told)
            offset = told["received"]
        raise AssertionError("the server never had enough")

    def state(self, envelope_id: UUID) -> Any:
        return self.client.get(f"/api/v1/field/envelopes/{envelope_id}", headers={"Socialmap-Send-Key": self.send_key})

    def areas(self) -> Any:
        return self.client.get("/api/v1/field/areas", headers=self.bearer)

    def cases(self) -> Any:
        return self.client.get("/api/v1/field/cases", headers=self.bearer)


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("person_", "person."): value for name, value in fields.items()}


def photo_bytes(size: int = 100_000) -> bytes:
    """Return a JPEG without any metadata, of about so many bytes: noise as a camera's sensor has it."""
    from io import BytesIO

    from PIL import Image

    side = max(16, int((size / 3) ** 0.5) // 8 * 8)
    written = BytesIO()
    Image.frombytes("RGB", (side, side), secrets.token_bytes(side * side * 3)).save(written, "JPEG", quality=70)
    return written.getvalue()
