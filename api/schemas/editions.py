"""Editions of the boundaries as they are answered."""

from datetime import date

from api.schemas.common import Schema, Words, to_words
from boundaries.editions import EditionRecord
from boundaries.messages import Text
from boundaries.sources import credit


class Edition(Schema):
    """A dated set of boundaries and what must be said about it wherever it is drawn."""

    id: int
    name: str
    state: str
    detail: str
    levels: list[str]
    licence: str
    citation: Words
    credit: Words
    reference_date: date | None
    checksum: str
    modified: bool


class Editions(Schema):
    """The edition in use, and all there are, newest first: drafts and history."""

    active: Edition
    editions: list[Edition]


def to_edition(edition: EditionRecord) -> Edition:
    """Turn a record into its public form."""
    return Edition(
        id=edition.id,
        name=edition.name,
        state=edition.state,
        detail=edition.detail,
        levels=list(edition.levels),
        licence=edition.licence,
        citation=to_words(Text(edition.citation_th, edition.citation_en)),
        credit=to_words(credit(edition)),
        reference_date=edition.reference_date,
        checksum=edition.checksum,
        modified=edition.modified,
    )
