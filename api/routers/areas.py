"""Areas: which there are, which one a point lies in, and their shapes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.answers import GEOJSON, answer, answer_model, etag, not_modified, unchanged
from api.cursors import from_cursor, next_address, page
from api.dependencies import Areas, CodePath, CodeQuery, LevelQuery, ReadSession, TextQuery, known_parameters
from api.geojson import collection, feature
from api.schemas.areas import Area, AreaAt, AreaPage, to_area, to_area_at
from boundaries.areas import AreaNotFound, AreaRecord, at_point, get_area, search
from boundaries.codes import COUNTRY, BadCode, child_level, is_within
from boundaries.editions import get_active

router = APIRouter(prefix="/api/v1/areas", tags=["areas"], dependencies=[Depends(known_parameters)])

Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Limit = Annotated[int, Query(ge=1, le=10_000)]
MOST_FOUND = 10_000


def find_area(session: ReadSession, code: CodePath) -> AreaRecord:
    """Return the area of a code in the address; a text that is no code names no area."""
    try:
        return get_area(session, code)
    except BadCode as wrong:
        raise AreaNotFound(code=code[:80]) from wrong


AreaInPath = Annotated[AreaRecord, Depends(find_area)]


@router.get("/at", response_model=AreaAt)
def get_area_at(request: Request, session: ReadSession, lat: Latitude, lon: Longitude) -> Response:
    """ตำบล อำเภอ และจังหวัดที่จุดนี้ตั้งอยู่ / The subdistrict, district and province that a point lies in."""
    match = at_point(session, lat, lon)
    codes = (match.subdistrict_code, match.district_code, match.province_code)
    names = {code: get_area(session, code) for code in codes if code}
    return answer_model(request, to_area_at(lat, lon, match, names, get_active(session).name))


@router.get("", response_model=AreaPage)
def list_all_areas(
    request: Request,
    session: ReadSession,
    cache: Areas,
    level: LevelQuery = None,
    within: CodeQuery = None,
    q: TextQuery = None,
    limit: Limit = 100,
    cursor: TextQuery = None,
) -> Response:
    """รายการพื้นที่ / Areas of a level inside an area in order of code, or by part of a name, best first."""
    after = from_cursor(cursor)
    parent = get_area(session, within or COUNTRY)
    if q:
        found = [area for area in search(session, q, level, MOST_FOUND) if is_within(area.code, parent.code)]
    else:
        wanted = level or child_level(parent.level)
        found = list(cache.areas(session, wanted, parent.code).values()) if wanted else []
    rows, following = page(found, lambda area: area.code, limit, after)
    listed = AreaPage(
        edition=get_active(session).name,
        areas=[to_area(area) for area in rows],
        next=next_address(request, following),
    )
    return answer_model(request, listed)


@router.get("/{code}", response_model=Area)
def get_one_area(request: Request, area: AreaInPath) -> Response:
    """พื้นที่หนึ่ง / One area."""
    return answer_model(request, to_area(area))


@router.get("/{code}/children", response_model=AreaPage)
def list_children(request: Request, session: ReadSession, cache: Areas, area: AreaInPath) -> Response:
    """พื้นที่ระดับถัดไป / The areas of the next level inside an area."""
    below = child_level(area.level)
    rows = list(cache.areas(session, below, area.code).values()) if below else []
    listed = AreaPage(edition=get_active(session).name, areas=[to_area(row) for row in rows], next=None)
    return answer_model(request, listed)


@router.get("/{code}/geometry")
def get_geometry(
    request: Request, session: ReadSession, cache: Areas, area: AreaInPath, level: LevelQuery = None
) -> Response:
    """รูปพื้นที่เป็น GeoJSON / The shape of an area, or with `level` those of the areas of that level inside it."""
    edition = get_active(session)
    tag = etag(str(edition.id), edition.checksum, area.code, level or "")
    if unchanged(request, tag):
        return not_modified(tag)
    if level:
        texts, areas = cache.shapes(session, level, area.code), cache.areas(session, level, area.code)
        content = collection(feature(text, to_area(areas[code])) for code, text in texts.items())
    else:
        content = feature(cache.shapes(session, area.level, area.code).get(area.code), to_area(area))
    return answer(request, content.encode(), GEOJSON, tag)
