"""Answers in bytes with an entity tag: a client that has them already is told so and sent nothing."""

from hashlib import blake2b

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

JSON = "application/json"
GEOJSON = "application/geo+json"
CSV = "text/csv; charset=utf-8"

REVALIDATE = "private, no-cache"
"""A browser may keep the answer but asks each time; what is kept for the next user is nothing."""


def etag(*parts: str | bytes) -> str:
    """Make the weak entity tag of what the parts identify (weak, because answers may be compressed)."""
    digest = blake2b(digest_size=12)
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return f'W/"{digest.hexdigest()}"'


def unchanged(request: Request, tag: str) -> bool:
    """Say whether the client named this tag in If-None-Match."""
    named = request.headers.get("if-none-match", "")
    strong = tag.removeprefix("W/")
    return named.strip() == "*" or any(part.strip().removeprefix("W/") == strong for part in named.split(","))


def not_modified(tag: str) -> Response:
    """Answer 304: what the client has is still true."""
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": REVALIDATE})


def answer(request: Request, content: bytes, media_type: str = JSON, tag: str | None = None) -> Response:
    """Answer the bytes with their tag, or 304; without `tag` it is made from the bytes."""
    tag = tag or etag(content)
    if unchanged(request, tag):
        return not_modified(tag)
    return Response(content, headers={"ETag": tag, "Cache-Control": REVALIDATE}, media_type=media_type)


def answer_model(request: Request, model: BaseModel) -> Response:
    """Answer a schema's value as JSON."""
    return answer(request, model.model_dump_json().encode())
