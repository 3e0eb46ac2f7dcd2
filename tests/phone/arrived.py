"""What of a phone's work is at the server: rows, photos in clear, words in clear, envelopes."""

import io
from dataclasses import replace
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from api.database import transaction
from api.identity_use import identity_keys
from layers.case_photos import get_photo, list_photos
from layers.identity import get_identity
from layers.scope import Scope
from tests.auth.conftest import Person
from tests.phone.conftest import Office
from tests.scopes import SYSTEM

OPENING: Scope = replace(SYSTEM, permissions=frozenset({"identity.read", "identity.read_restricted"}))


def cases_of(office: Office, person: Person) -> list[Row[Any]]:
    """Return the cases that somebody made, oldest first."""
    return _ask(office, 'SELECT *, ST_Y(point) AS lat FROM "case" WHERE created_by = :id ORDER BY id', person)


def envelopes_of(office: Office, person: Person) -> list[tuple[str, str | None]]:
    """Return state and reason of everything that somebody's phones sent."""
    rows = _ask(office, "SELECT state, why FROM field_envelope WHERE account_id = :id ORDER BY id", person)
    return [(row.state, row.why) for row in rows]


def photos_of(office: Office, case_id: UUID) -> list[bytes]:
    """Return the photos of a case in clear, in their order."""
    with transaction(office.app.state.engine, OPENING) as session:
        keys = identity_keys(session)
        told = sorted(list_photos(session, OPENING, case_id), key=lambda photo: photo.number)
        return [get_photo(session, OPENING, keys, case_id, photo.id).content for photo in told]


def words_of(office: Office, case_id: UUID) -> dict[str, Any]:
    """Return the identity data of a case in clear."""
    with transaction(office.app.state.engine, OPENING) as session:
        return _identity(session, case_id)


def _identity(session: Session, case_id: UUID) -> dict[str, Any]:
    told = get_identity(session, OPENING, identity_keys(session), case_id)
    return {name: value for name, value in vars(told).items() if value}


def _ask(office: Office, asked: str, person: Person) -> list[Row[Any]]:
    with transaction(office.app.state.engine, SYSTEM) as session:
        return list(session.execute(text(asked), {"id": person.id}))


def is_bare(content: bytes) -> bool:
    """Say whether a JPEG holds nothing but its picture: no EXIF, no XMP, no comment, no profile."""
    picture = Image.open(io.BytesIO(content))
    segments = {content[at + 1] for at in _segments(content)}
    return picture.format == "JPEG" and not picture.getexif() and not segments & {*range(0xE1, 0xEE), 0xEF, 0xFE}


def _segments(content: bytes) -> list[int]:
    found, at = [], 2
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        found.append(at)
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found
