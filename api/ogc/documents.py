"""The documents of the service that are not features: landing page, conformance, collections, API definition."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import yaml
from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.ogc.collections import COLLECTIONS, CRS84, Collection, extent
from api.ogc.links import collection_links, landing_links, root, self_link
from api.ogc.parameters import DEFAULT_LIMIT, MAX_LIMIT
from api.pages import small_page
from boundaries.messages import text
from mapping.offline import Library

TITLE = "แผนที่สังคม / Social Map"
DESCRIPTION = (
    "เขตการปกครองและทุนทางสังคมของประเทศไทย ตามมาตรฐาน OGC API – Features / "
    "Areas and social assets of Thailand as OGC API – Features"
)
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "oas30")
)
"""Only what is true of every resource: the landing page alone is offered as HTML, so `html` is not claimed."""


def landing(request: Request) -> dict[str, Any]:
    """Return the landing page."""
    return {"title": TITLE, "description": DESCRIPTION, "links": landing_links(request)}


def landing_page(request: Request) -> Response:
    """Return the landing page for a person."""
    rows = "".join(
        f'<li><a href="{escape(each["href"])}">{escape(each["title"])}</a> <code>{escape(each["rel"])}</code></li>'
        for each in landing_links(request)
    )
    content = f"<p>{escape(DESCRIPTION)}</p><ul>{rows}</ul>"
    return small_page(text("front.product"), content, Library(request.app.state.settings.socialmap_web_library))


def conformance() -> dict[str, Any]:
    """Return the conformance classes that the service keeps."""
    return {"conformsTo": list(CONFORMANCE)}


def collections(request: Request, session: Session) -> dict[str, Any]:
    """Return the list of collections."""
    return {
        "links": [self_link(request)],
        "collections": [describe(request, session, each) for each in COLLECTIONS.values()],
    }


def describe(request: Request, session: Session, collection: Collection) -> dict[str, Any]:
    """Return what a collection holds, where it lies and where its features are."""
    return {
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [extent(session, collection)], "crs": CRS84}},
        "crs": [CRS84],
        "links": collection_links(request, collection.id),
    }


@cache
def _written() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "openapi.yaml").read_text("utf-8"))
    return document


def openapi(request: Request) -> dict[str, Any]:
    """Return the OpenAPI 3.0 definition: the written document with each collection's own addresses."""
    written = _written()
    paths = dict(written["paths"])
    for collection in COLLECTIONS.values():
        paths[f"/collections/{collection.id}/items"] = _items_path(collection)
        paths[f"/collections/{collection.id}/items/{{featureId}}"] = _item_path(collection)
    limit = written["components"]["parameters"]["limit"]
    limit = {**limit, "schema": {**limit["schema"], "default": DEFAULT_LIMIT, "maximum": MAX_LIMIT}}
    parameters = {**written["components"]["parameters"], "limit": limit}
    components = {**written["components"], "parameters": parameters}
    return {**written, "servers": [{"url": root(request)}], "paths": paths, "components": components}


def _items_path(collection: Collection) -> dict[str, Any]:
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in ("bbox", "datetime", "limit", "cursor")]
    return {
        "get": {
            "tags": ["Data"],
            "summary": collection.title,
            "operationId": f"getFeatures_{collection.id}",
            "parameters": [*shared, *(_filter(collection, name) for name in collection.filters)],
            "responses": _responses("Features"),
        }
    }


def _item_path(collection: Collection) -> dict[str, Any]:
    return {
        "get": {
            "tags": ["Data"],
            "summary": collection.title,
            "operationId": f"getFeature_{collection.id}",
            "parameters": [{"$ref": "#/components/parameters/featureId"}],
            "responses": {**_responses("Feature"), "404": {"$ref": "#/components/responses/NotFound"}},
        }
    }


def _filter(collection: Collection, name: str) -> dict[str, Any]:
    """Describe a filter; QGIS takes it as one only when style and explode are written out."""
    return {
        "name": name,
        "in": "query",
        "description": f"เฉพาะรายการที่ {name} เท่ากับค่านี้ / Only features whose {name} equals this value",
        "required": False,
        "style": "form",
        "explode": False,
        "schema": {"type": collection.types[name]},
    }


def _responses(good: str) -> dict[str, Any]:
    return {
        "200": {"$ref": f"#/components/responses/{good}"},
        "400": {"$ref": "#/components/responses/InvalidParameter"},
        "500": {"$ref": "#/components/responses/ServerError"},
        "503": {"$ref": "#/components/responses/ServerError"},
    }
