"""Maps as pages, and the files that they ask for."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from api.answers import etag, not_modified, unchanged
from api.dependencies import Asking, CodePath, CodeQuery, ReadSession, TextQuery, known_parameters
from api.errors import NotFound, shortened
from api.pages import new_nonce
from api.routers.areas import AreaInPath
from api.routers.figures import asked_period
from boundaries.areas import list_levels
from layers.classification import Method
from layers.filters import Filter
from mapping.area_map import build_area_map
from mapping.legends import parse_breaks
from mapping.offline import AssetServer, Library, served_assets
from mapping.social_map import map_levels, render

router = APIRouter(include_in_schema=False)

IMMUTABLE = "public, max-age=31536000, immutable"
"""A hashed file never changes: another content has another address."""
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1C5C97"/>'
    '<circle cx="16" cy="10" r="4" fill="#fff"/><circle cx="8" cy="23" r="4" fill="#C9DDED"/>'
    '<circle cx="24" cy="23" r="4" fill="#C9DDED"/><path d="M16 14v4M8 19l8-2 8 2" stroke="#fff" fill="none"/></svg>'
)


def get_library(request: Request) -> Library:
    """Return the folder of web libraries."""
    return Library(request.app.state.settings.socialmap_web_library)


WebLibrary = Annotated[Library, Depends(get_library)]


def asked_filter(session: ReadSession, scope: Asking, problem: CodeQuery = None, period: TextQuery = None) -> Filter:
    """Read what the map shows: by default all problems in the newest fiscal year that holds cases."""
    return Filter(problem=problem or None, period=asked_period(session, scope, period))


@router.get("/maps/{code}", dependencies=[Depends(known_parameters)])
def get_map(
    session: ReadSession,
    scope: Asking,
    library: WebLibrary,
    area: AreaInPath,
    chosen: Annotated[Filter, Depends(asked_filter)],
    measure: Annotated[Literal["count", "rate"] | None, Query()] = None,
    method: Annotated[Method | None, Query()] = None,
    breaks: TextQuery = None,
    fill: Annotated[bool, Query()] = False,
) -> Response:
    """The map of an area with its mind maps."""
    area_map = build_area_map(
        session,
        scope,
        area.code,
        filter=chosen,
        measure=measure,
        method=method,
        breaks=parse_breaks(breaks) if breaks else (),
        fill_counts=fill,
        library=library,
    )
    assets = AssetServer(library, new_nonce(), levels=map_levels(list_levels(session)))
    page = render(area_map, assets)
    return HTMLResponse(page.html, headers={"Content-Security-Policy": page.csp, "Cache-Control": "no-store"})


@router.get("/assets/{digest}/{name}")
def get_asset(request: Request, library: WebLibrary, digest: CodePath, name: CodePath) -> Response:
    """A script, style or font, looked up by its whole address in what is served and nowhere else."""
    asset = served_assets(library).get(f"{digest}/{name}")
    if asset is None:
        raise NotFound(path=shortened(request.url.path))
    tag = etag(digest, name)
    if unchanged(request, tag):
        return not_modified(tag)
    return Response(asset.body, headers={"ETag": tag, "Cache-Control": IMMUTABLE}, media_type=asset.media_type)


@router.get("/favicon.ico")
def get_icon() -> Response:
    """The sign in the browser's tab."""
    return Response(ICON, headers={"Cache-Control": "public, max-age=86400"}, media_type="image/svg+xml")
