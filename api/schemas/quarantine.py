"""What was set apart of phones, as it is answered to those who decide on it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.field.quarantine import Looked, SetApart
from api.schemas.common import Schema, Words, to_words
from boundaries.messages import text


class ApartLine(Schema):
    """An envelope that waits for a decision: whose, from which phone, and why it was set apart."""

    id: UUID
    state: str
    why: str | None
    why_title: Words | None
    kind: str | None
    case_id: UUID | None
    total: int
    received_at: datetime
    login: str
    device: str
    areas: list[str]


class Quarantine(Schema):
    """What is set apart, the longest waiting first."""

    envelopes: list[ApartLine]


class Apart(Schema):
    """One of them with its open fields; of a secret problem only that it is one."""

    envelope: ApartLine
    readable: bool
    secret: bool
    made_at: datetime | None
    fields: dict[str, Any]
    words: list[str]


class Refusal(Schema):
    """Why an envelope is refused, without personal data."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Accepted(Schema):
    """What became of an accepted envelope."""

    state: str


def to_line(one: SetApart) -> ApartLine:
    """Turn an envelope into its answered form."""
    named = {name: getattr(one, name) for name in SetApart.__dataclass_fields__}
    return ApartLine(**named, why_title=to_words(text(f"field.why.{one.why}")) if one.why else None)


def to_quarantine(found: Iterable[SetApart]) -> Quarantine:
    """Turn a list of them into its answered form."""
    return Quarantine(envelopes=[to_line(one) for one in found])


def to_apart(one: Looked) -> Apart:
    """Turn one that was looked at into its answered form."""
    return Apart(
        envelope=to_line(one.envelope),
        readable=one.readable,
        secret=one.secret,
        made_at=one.made_at,
        fields=one.fields,
        words=one.words,
    )
