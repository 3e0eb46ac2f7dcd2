"""What was stated of a case over time, and its photos: read like the case and like identity data, always on record."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import ReadSession, known_parameters
from api.field.history import logins_of, photos_of, read_field_words, read_history, read_photo
from api.routers.cases import IdentityReading, Reading
from api.schemas.cases import Reason
from api.schemas.observations import (
    Observations,
    Photos,
    WordsOfCase,
    to_observations,
    to_photos,
    to_words_of_case,
)
from layers.case_photos import Photo

router = APIRouter(prefix="/api/v1/cases", tags=["cases"], dependencies=[Depends(known_parameters)])

PHOTO_HEADERS = {"Content-Disposition": "inline", "Cache-Control": "no-store"}


@router.get("/{case_id}/observations")
def get_observations(request: Request, session: ReadSession, scope: Reading, case_id: UUID) -> Observations:
    """สิ่งที่ระบุของเรื่องตามเวลา / What was stated of a case, both values where two differ. A secret one asks for a reason:
    POST to …/read."""
    found = read_history(session, scope, case_id)
    return to_observations(found, logins_of(request.app.state.engine, [row["account_id"] for row in found.rows]))


@router.post("/{case_id}/observations/read")
def read_observations(
    request: Request, session: ReadSession, scope: Reading, case_id: UUID, given: Reason
) -> Observations:
    """เปิดอ่านสิ่งที่ระบุพร้อมเหตุผล / The same, saying why."""
    found = read_history(session, scope, case_id, given.reason)
    return to_observations(found, logins_of(request.app.state.engine, [row["account_id"] for row in found.rows]))


@router.post("/{case_id}/observations/words")
def read_words(session: ReadSession, scope: IdentityReading, case_id: UUID, given: Reason) -> WordsOfCase:
    """เปิดอ่านคำที่บันทึกในพื้นที่พร้อมเหตุผล / The words about persons that were written down in the field, saying why."""
    return to_words_of_case(read_field_words(session, scope.with_reason(given.reason), case_id))


@router.get("/{case_id}/photos")
def get_photos(request: Request, session: ReadSession, scope: IdentityReading, case_id: UUID) -> Photos:
    """ภาพของเรื่อง / Which photos a case has."""
    found = photos_of(session, scope, case_id)
    return to_photos(found, logins_of(request.app.state.engine, [one.account_id for one in found]))


@router.get("/{case_id}/photos/{photo_id}")
def get_one_photo(session: ReadSession, scope: IdentityReading, case_id: UUID, photo_id: UUID) -> Response:
    """ภาพหนึ่ง / One photo, byte for byte as it was taken. Of a secret case it asks for a reason: POST."""
    return _answered(read_photo(session, scope, case_id, photo_id))


@router.post("/{case_id}/photos/{photo_id}")
def post_one_photo(
    session: ReadSession, scope: IdentityReading, case_id: UUID, photo_id: UUID, given: Reason
) -> Response:
    """เปิดภาพพร้อมเหตุผล / The same, saying why."""
    return _answered(read_photo(session, scope.with_reason(given.reason), case_id, photo_id))


def _answered(photo: Photo) -> Response:
    return Response(photo.content, media_type=photo.media_type, headers=PHOTO_HEADERS)
