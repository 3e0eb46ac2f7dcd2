"""What was stated of a case at different times, and its photos, as they are answered to those who may read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from api.field.history import History
from api.schemas.common import Schema
from layers.case_photos import Photo
from layers.observations import Hidden


class Stated(Schema):
    """One observation: its open fields with their values, and the names of those that are words about persons."""

    id: UUID
    by: str | None
    made_at: datetime
    received_at: datetime
    fields: dict[str, Any]
    words: list[str]
    seen: dict[str, list[UUID]]


class Standing(Schema):
    """How a field stands: the observation whose value is shown, and all that nobody replaced."""

    shown: UUID
    ids: list[UUID]
    clash: bool
    value: Any = None


class Observations(Schema):
    """What was stated of a case, the earliest first, and how its fields stand."""

    observations: list[Stated]
    fields: dict[str, Standing]


class FieldWords(Schema):
    """The words about persons that one observation states."""

    id: UUID
    words: dict[str, Any]


class WordsOfCase(Schema):
    """The words of all observations of a case."""

    observations: list[FieldWords]


class PhotoLine(Schema):
    """A photo without its content."""

    id: UUID
    number: int
    media_type: str
    size: int
    by: str | None
    made_at: datetime
    received_at: datetime


class Photos(Schema):
    """The photos of a case, the earliest first."""

    photos: list[PhotoLine]


def to_observations(history: History, logins: Mapping[UUID, str]) -> Observations:
    """Turn a case's history into its answered form."""
    rows = [
        Stated(
            id=row["id"],
            by=logins.get(row["account_id"]),
            made_at=row["made_at"],
            received_at=row["received_at"],
            fields=row["fields"],
            words=row["words"],
            seen=row["seen"],
        )
        for row in history.rows
    ]
    fields = {
        name: Standing(
            shown=one.id,
            ids=list(one.ids),
            clash=one.clash,
            value=None if isinstance(one.value, Hidden) else one.value,
        )
        for name, one in history.merged.items()
    }
    return Observations(observations=rows, fields=fields)


def to_words_of_case(found: Mapping[UUID, dict[str, Any]]) -> WordsOfCase:
    """Turn the words of a case into their answered form."""
    return WordsOfCase(observations=[FieldWords(id=one, words=found[one]) for one in sorted(found)])


def to_photos(found: list[Photo], logins: Mapping[UUID, str]) -> Photos:
    """Turn a case's photos into their answered form."""
    names = [name for name in PhotoLine.model_fields if name != "by"]
    return Photos(
        photos=[
            PhotoLine(**{name: getattr(one, name) for name in names}, by=logins.get(one.account_id)) for one in found
        ]
    )
