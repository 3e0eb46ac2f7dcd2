"""Sheets by address: PDF, PNG and whatever kinds there are, for the usual reader; exact figures with a reason."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.answers import REVALIDATE, not_modified, unchanged
from api.dependencies import Asking, CodeQuery, known_parameters
from api.errors import NotFound, shortened
from api.prints.asked import asked
from api.prints.kinds import KINDS
from api.prints.logos import with_logo
from api.prints.making import Prints, note
from api.prints.press import Made
from api.prints.readers import check_audience, exact_scope
from api.prints.wanted import Wanted
from api.schemas.cases import Reason

router = APIRouter(prefix="/api/v1", tags=["sheets"], dependencies=[Depends(known_parameters)])

Asked = Annotated[Wanted, Depends(asked)]
Held = Annotated[Prints, Depends(Prints)]
PageQuery = Annotated[int, Query(ge=1, le=99)]


def kind_of(request: Request) -> str:
    """Return the kind of file that an address ends with."""
    return str(request.scope["route"].path.rpartition(".")[2])


KindAsked = Annotated[str, Depends(kind_of)]


# Neither asks for a session: a connection is held while figures are read, and not while a page is set.
def get_sheet(
    request: Request,
    scope: Asking,
    prints: Held,
    wanted: Asked,
    kind: KindAsked,
    audience: CodeQuery = None,
    page: PageQuery = 1,
) -> Response:
    """แผ่นพิมพ์ของพื้นที่ / The printed sheet of an area, with the map's own parameters; of pictures one page."""
    check_audience(scope, audience)
    wanted, logo = with_logo(request, scope, wanted)
    tag = prints.tag_of(scope, wanted, logo)
    if unchanged(request, tag):
        return not_modified(tag)
    made = prints.published(scope, wanted, kind, logo, tag)
    content = one_of(request, made, kind, page)
    if page == 1:
        note(prints.engine, scope, made, kind)
    return handed(content, wanted, kind, made, {"ETag": tag, "Cache-Control": REVALIDATE})


def post_exact_sheet(
    request: Request, scope: Asking, prints: Held, wanted: Asked, kind: KindAsked, given: Reason, page: PageQuery = 1
) -> Response:
    """แผ่นพิมพ์ที่ใช้ตัวเลขจริงพร้อมเหตุผล / The sheet of one's own area with exact figures, saying why."""
    own = exact_scope(scope, wanted.code, given.reason)
    wanted, logo = with_logo(request, scope, wanted)
    made = prints.exact(own, wanted, kind, logo)
    return handed(one_of(request, made, kind, page), wanted, kind, made, {"Cache-Control": "no-store"})


def one_of(request: Request, made: Made, kind: str, page: int) -> bytes:
    """Return one file of a print. Raises NotFound beyond the last page."""
    files = made.files[kind]
    if page > len(files):
        raise NotFound(path=shortened(f"{request.url.path}?page={page}"))
    return files[page - 1]


def handed(content: bytes, wanted: Wanted, kind: str, made: Made, headers: dict[str, str]) -> Response:
    """Answer a file under a name that says area and paper."""
    name = f"{wanted.code}-{wanted.paper}.{kind}"
    shown = "inline" if kind in ("pdf", "png") else "attachment"
    headers |= {"Content-Disposition": f'{shown}; filename="{name}"', "X-Page-Count": str(made.pages)}
    return Response(content, headers=headers, media_type=KINDS[kind].media_type)


for _kind, _named in KINDS.items():
    _at = f"/sheets/{{code}}.{_kind}"
    _told: dict[str, Any] = {"response_class": Response, "responses": {200: {"content": {_named.media_type: {}}}}}
    router.add_api_route(_at, get_sheet, methods=["GET"], name=f"get_sheet_{_kind}", **_told)
    router.add_api_route(_at, post_exact_sheet, methods=["POST"], name=f"post_exact_sheet_{_kind}", **_told)
