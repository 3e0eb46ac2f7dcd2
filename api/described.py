"""The OpenAPI document as the application really answers: failures as problem+json, other media than JSON."""

from typing import Any

from fastapi import FastAPI

from api.answers import CSV, GEOJSON
from layers.exporting.formats import FORMATS

PROBLEM = {
    "type": "object",
    "properties": {
        name: {"type": "integer" if name == "status" else "string"}
        for name in ("type", "title", "status", "detail", "title_en", "detail_en", "code", "request_id")
    }
    | {"errors": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}}},
    "required": ["type", "title", "status", "detail", "title_en", "detail_en", "code", "request_id"],
    "additionalProperties": False,
}
"""RFC 9457 in Thai and English, as `api/errors.py` writes it."""

FAILURE = {
    "description": "ทำไม่ได้ พร้อมเหตุผล / Not done, and why",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Failure"}}},
}
OTHER_MEDIA = {
    "/api/v1/areas/{code}/geometry": (GEOJSON,),
    "/api/v1/plans/{plan_id}/events": ("text/event-stream",),
    "/api/v1/points": (GEOJSON,),
    "/api/v1/figures": ("application/json", GEOJSON, CSV.partition(";")[0]),
}
EXPORTS = ("/api/v1/exports/", "/api/v1/work.")
FILES = tuple(dict.fromkeys(form.media_type.partition(";")[0] for form in FORMATS.values()))
_UNUSED = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Let the application's document say what is answered when something cannot be done, and in which media."""
    made = app.openapi

    def described() -> dict[str, Any]:
        document = made()
        if "Failure" not in document.get("components", {}).get("schemas", {}):
            _complete(document)
        return document

    app.openapi = described  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Failure"] = PROBLEM
    for name in _UNUSED:
        schemas.pop(name, None)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            responses = operation["responses"]
            responses.pop("422", None)  # what does not parse is answered with 400 here
            responses["default"] = FAILURE
            media_types = FILES if path.startswith(EXPORTS) else OTHER_MEDIA.get(path)
            if media_types:
                json = responses["200"]["content"].get("application/json", {"schema": {}})
                responses["200"]["content"] = {
                    media: json if media == "application/json" else {"schema": {}} for media in media_types
                }
