"""Pages for anybody: the front page, and what is kept of whom and who sees it."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.auth.asking import stranger_of
from api.dependencies import Asking, CodeQuery, ReadSession, TextQuery, known_parameters
from api.errors import ParameterBad
from api.front.content import FIRST, asset_counts, asset_sources, choices, indicator_map
from api.front.downloads import page_values
from api.front.pages import PublicRoute, page
from api.front.privacy import privacy
from api.routers.exports import Lowered
from boundaries.areas import get_area
from boundaries.editions import find_active
from layers.taxonomy import indicator_kinds

router = APIRouter(include_in_schema=False, route_class=PublicRoute)


@router.get("/", dependencies=[Depends(known_parameters)])
def get_front(request: Request, session: ReadSession, scope: Asking, indicator: TextQuery = None) -> Response:
    """The country by an open indicator, the help lines, and the ways on."""
    kinds = indicator_kinds()
    asked = indicator or FIRST
    if asked not in kinds:
        raise ParameterBad(name="indicator", value=asked, allowed=", ".join(kinds))
    known = find_active(session) is not None
    shown = indicator_map(session, scope, kinds[asked], date.today()) if known else None
    found: dict[str, Any] = {"assets": asset_counts(session), "asset_sources": asset_sources(session)}
    return page(request, "front", scope, shown=shown, asked=asked, choices=choices(session), **found)


@router.get("/downloads", dependencies=[Depends(known_parameters)])
def get_downloads(request: Request, session: ReadSession, scope: Lowered, area: CodeQuery = None) -> Response:
    """Layers as files: forms whose buttons are the addresses of the files."""
    known = get_area(session, area) if area else None
    shown = page_values(session, scope, known.code if known else None)
    return page(request, "downloads", scope, asks=True, **shown)


@router.get("/privacy", dependencies=[Depends(known_parameters)])
def get_privacy(request: Request, scope: Asking) -> Response:
    """What is kept of whom, who sees it, and what a person may ask for."""
    return page(request, "privacy", scope, privacy=privacy(stranger_of(request).audience))
