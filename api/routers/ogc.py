"""OGC API – Features Part 1 at /ogc: areas and assets for QGIS, GDAL, ArcGIS and others."""

import json
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from api.cursors import next_address
from api.dependencies import ReadSession
from api.errors import NotFound
from api.ogc import documents
from api.ogc.collections import COLLECTIONS, Collection
from api.ogc.items import find_item, list_items
from api.ogc.links import GEOJSON, JSON, OPENAPI, link, root, self_link
from api.ogc.parameters import check_names, read_format, read_items

router = APIRouter(prefix="/ogc", include_in_schema=False)


class CollectionUnknown(NotFound):
    """No collection of this name is published."""

    key = "error.collection_unknown"


class ItemUnknown(NotFound):
    """The collection has no feature with this id."""

    key = "error.item_unknown"


@router.get("")
@router.get("/")
def get_landing(request: Request) -> Response:
    """Landing page, as JSON unless a browser or `f=html` asks for a page to read."""
    check_names(request.query_params, {"f"})
    wanted = read_format(request.query_params, {"json", "html"})
    accepted = request.headers.get("accept", "")
    if wanted == "html" or (wanted is None and accepted.startswith("text/html")):
        page = documents.landing_page(request)
        page.headers["Vary"] = "Accept"
        return page
    return JSONResponse(documents.landing(request), headers={"Vary": "Accept"})


@router.get("/conformance")
def get_conformance(request: Request) -> Response:
    """Conformance classes."""
    _no_parameters(request)
    return JSONResponse(documents.conformance())


@router.get("/api")
def get_definition(request: Request) -> Response:
    """OpenAPI 3.0 definition."""
    _no_parameters(request)
    return Response(json.dumps(documents.openapi(request), ensure_ascii=False), media_type=OPENAPI)


@router.get("/collections")
def list_collections(request: Request, session: ReadSession) -> Response:
    """All collections."""
    _no_parameters(request)
    return JSONResponse(documents.collections(request, session))


@router.get("/collections/{name}")
def get_collection(request: Request, session: ReadSession, name: str) -> Response:
    """One collection."""
    _no_parameters(request)
    return JSONResponse(documents.describe(request, session, _collection(name)))


@router.get("/collections/{name}/items")
def get_items(request: Request, session: ReadSession, name: str) -> Response:
    """One page of features."""
    collection = _collection(name)
    page = list_items(session, collection, read_items(request.query_params, collection.filters))
    links = [
        self_link(request, GEOJSON),
        link("collection", f"{root(request)}/collections/{name}", JSON, "ชุดข้อมูล / The collection"),
    ]
    following = next_address(request, page.cursor)
    if following:
        links.append(link("next", f"{root(request).removesuffix('/ogc')}{following}", GEOJSON, "หน้าถัดไป / Next page"))
    members = {
        "type": "FeatureCollection",
        "links": links,
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
    }
    text = f'{json.dumps(members, ensure_ascii=False)[:-1]},"features":[{",".join(page.features)}]}}'
    return Response(text, media_type=GEOJSON)


@router.get("/collections/{name}/items/{key}")
def get_item(request: Request, session: ReadSession, name: str, key: str) -> Response:
    """One feature."""
    _no_parameters(request)
    collection = _collection(name)
    text = find_item(session, collection, key) if key.isprintable() else None
    if text is None:
        raise ItemUnknown(collection=name, name=key[:80])
    links = [
        self_link(request, GEOJSON),
        link("collection", f"{root(request)}/collections/{name}", JSON, "ชุดข้อมูล / The collection"),
    ]
    return Response(f'{text[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}', media_type=GEOJSON)


def _collection(name: str) -> Collection:
    try:
        return COLLECTIONS[name]
    except KeyError as missing:
        raise CollectionUnknown(name=name[:80], allowed=", ".join(COLLECTIONS)) from missing


def _no_parameters(request: Request) -> None:
    check_names(request.query_params, {"f"})
    read_format(request.query_params, {"json"})
