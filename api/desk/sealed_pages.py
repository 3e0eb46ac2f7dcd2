"""What of a case leaves its sheet: photos, one by one, and the sheet for print; each with a reason and on record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.audit import record
from api.auth.errors import NotAllowed
from api.auth.forms import Sent
from api.auth.web.pages import PageRoute, page
from api.database import reading
from api.dependencies import known_parameters
from api.desk.asked import Reader
from api.desk.case_pages import case_page, check_reason, said_reason
from api.desk.content import Opened, case_content, person_rows
from api.desk.shown import known_words
from api.field.history import read_photo
from boundaries.dates import BANGKOK
from boundaries.errors import SocialMapError
from layers.case_photos import PhotoNotFound
from layers.cases import CaseNotFound, get_case
from layers.scope import Scope

router = APIRouter(
    prefix="/desk/cases", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
HEADERS = {
    "Content-Disposition": "inline",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
}


@router.post("/{case_id}/photos/{photo_id}")
def post_photo(request: Request, reader: Reader, case_id: UUID, photo_id: UUID, form: Sent) -> Response:
    """Show a photo, byte for byte as it was taken."""
    engine, scope = request.app.state.engine, reader.scope.with_reason(said_reason(form))
    try:
        check_reason(said_reason(form))
        if not scope.may("identity.read"):
            raise NotAllowed(permission="identity.read")
        with reading(engine, scope) as session:
            photo = read_photo(session, scope, case_id, photo_id)
    except (CaseNotFound, PhotoNotFound):
        raise
    except SocialMapError as error:
        return case_page(request, reader, Opened(case_id, error=error))
    return Response(photo.content, media_type=photo.media_type, headers=HEADERS)


@router.post("/{case_id}/print")
def post_print(request: Request, reader: Reader, case_id: UUID, form: Sent) -> Response:
    """Make the sheet of a case for its team: for internal use, marked secret, on record with its reason."""
    opened = Opened(case_id, said_reason(form), person=form.get("show") == "person")
    try:
        check_reason(opened.reason)
        if opened.person and not reader.scope.may("identity.read"):
            raise NotAllowed(permission="identity.read")
        shown = case_content(request, reader, opened)
        note_print(request, reader.scope.with_reason(opened.reason), case_id)
    except CaseNotFound:
        raise
    except SocialMapError as error:
        return case_page(request, reader, Opened(case_id, error=error))
    more: dict[str, Any] = {"opened": opened, "rows_of": person_rows, "now": datetime.now(BANGKOK)}
    return page(request, "desk_print", reader, **more, **shown, **known_words())


def note_print(request: Request, scope: Scope, case_id: UUID) -> None:
    """Record that the sheet of a case was handed out."""
    with reading(request.app.state.engine, scope) as session:
        get_case(session, case_id)
        told = {"format": "html", "audience": "internal", "count": 1}
        record(session, scope, "print", kind="case", object_id=case_id, details=told)
