"""What phones send and are answered: enrolment, the header inside an envelope, states, areas and own open cases."""

import base64
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.auth.devices import Enrolled
from api.schemas.common import Schema, Words
from layers.personal_text import is_storable

Finite = Annotated[float, Field(allow_inf_nan=False)]
Code = Annotated[str, StringConstraints(max_length=16, pattern=r"^[A-Z0-9.]+$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
FIRST = date(2000, 1, 1)


class NewPhone(Schema):
    """A phone to be let in; without areas it gets its owner's."""

    name: Annotated[str, Field(max_length=200)]
    areas: Annotated[list[Annotated[str, Field(max_length=16)]] | None, Field(max_length=500)] = None


class MadePhone(Schema):
    """A phone that was let in. `token` and `send_key` are told here and nowhere else."""

    id: UUID
    name: str
    areas: list[str]
    token: str
    send_key: str


class PublicKey(Schema):
    """A public key as browsers read one (RFC 7517), a point of P-256."""

    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"
    x: str
    y: str


class CaptureKey(Schema):
    """The key that phones seal to, by name."""

    id: str
    key: PublicKey


class EnvelopeState(Schema):
    """How far an envelope came. `revoked`: the phone is to forget what it keeps to read; it goes on sending."""

    state: Literal["kept", "partly", "quarantined", "waiting"]
    received: int
    total: int
    revoked: bool


class FieldArea(Schema):
    """An area with its outline, as GeoJSON in degrees (EPSG:4326), generalised; none where only its name is told."""

    code: str
    name_th: str
    name_en: str
    level: str
    parent: str | None
    geometry: dict[str, Any] | None


class FieldAreas(Schema):
    """The areas a phone works in, with those above them and those around them."""

    areas: list[FieldArea]
    as_of: date | None


class FieldCase(Schema):
    """An open case of one's own: nothing of the person, and what was stated of which field by which observation."""

    id: UUID
    problem: str
    urgency: str
    status: int
    status_title: Words
    reported_on: date
    area: str
    lat: float | None
    lon: float | None
    seen: dict[str, list[UUID]]
    clashes: list[str]


class FieldCases(Schema):
    """Own open cases, newest first."""

    cases: list[FieldCase]


class Sealed(BaseModel):
    """Base of what stands inside an envelope: nothing that is not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Place(Sealed):
    """Where: a point, a stated code, or both."""

    how: Literal["gps", "map", "area"]
    lat: Annotated[Finite, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Finite, Field(ge=-180, le=180)] | None = None
    accuracy_m: Annotated[Finite, Field(ge=0, le=1_000_000)] | None = None
    stated: Annotated[str, StringConstraints(pattern=r"^\d{2}(\d{2}(\d{2})?)?$")] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Place":
        if (self.lat is None) != (self.lon is None) or (self.lat is None and self.stated is None):
            raise ValueError("place")
        if self.lat is None and self.accuracy_m is not None:
            raise ValueError("accuracy")
        return self


class Consent(Sealed):
    """Whether the person agreed, and how."""

    given: bool
    how: Literal["spoken", "written", "guardian"]


class Fields(Sealed):
    """Fields of a case. In an observation None takes a word away. A day to come is mostly a year of another era."""

    problem: Code | None = None
    target_groups: Annotated[list[Code], Field(max_length=30)] | None = None
    urgency: Literal["U1", "U2", "U3", "U4"] | None = None
    place: Place | None = None
    reported_on: date | None = None
    external_ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] | None = None
    person_name: Annotated[Line | None, Field(alias="person.name")] = None
    person_national_id: Annotated[Line | None, Field(alias="person.national_id")] = None
    person_phone: Annotated[Line | None, Field(alias="person.phone")] = None
    person_address: Annotated[Line | None, Field(alias="person.address")] = None
    person_guardian: Annotated[Line | None, Field(alias="person.guardian")] = None
    consent: Consent | None = None

    @model_validator(mode="after")
    def _storable(self) -> "Fields":
        texts = [value for value in self.model_dump().values() if isinstance(value, str)]
        if not all(map(is_storable, texts)):
            raise ValueError("text")
        if self.reported_on is not None and not FIRST <= self.reported_on <= date.today() + timedelta(days=1):
            raise ValueError("reported_on")
        needed = {"problem", "target_groups", "urgency", "place", "reported_on", "consent"} & self.model_fields_set
        if any(getattr(self, name) is None for name in needed):
            raise ValueError("fields")
        return self


class Photo(Sealed):
    """What is said of a photo: its type, its hash, and which of a case's it is."""

    type: Literal["image/jpeg", "image/png", "image/webp"]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    number: Annotated[int, Field(ge=1, le=5)]


Seen = Annotated[dict[str, Annotated[list[UUID], Field(max_length=1000)]], Field(max_length=20)]


class Header(Sealed):
    """What stands inside an envelope before its body."""

    v: Literal[1]
    kind: Literal["case", "observation", "photo"]
    case: UUID
    made_at: datetime
    fields: Fields | None = None
    seen: Seen = {}
    body: Annotated[int, Field(ge=0)] = 0
    photo: Photo | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Header":
        is_photo = self.kind == "photo"
        if is_photo != (self.photo is not None) or is_photo == (self.fields is not None) or is_photo != (self.body > 0):
            raise ValueError("kind")
        if self.made_at.tzinfo is None:
            raise ValueError("made_at")
        if self.kind == "case" and not {"problem", "place", "reported_on"} <= self.fields.model_fields_set:  # type: ignore[union-attr]
            raise ValueError("case")
        return self


def to_phone(made: Enrolled) -> MadePhone:
    """Tell what a new phone has to know."""
    return MadePhone(id=made.id, name=made.name, areas=made.areas, token=made.token, send_key=made.send_key)


def to_key(name: str, point: bytes) -> CaptureKey:
    """Tell a public key; `point` is uncompressed."""
    x, y = (base64.urlsafe_b64encode(half).decode().rstrip("=") for half in (point[1:33], point[33:]))
    return CaptureKey(id=name, key=PublicKey(x=x, y=y))
