"""Whether the server works, and what an error code means."""

from fastapi import APIRouter, Request
from sqlalchemy import text as sql
from starlette.responses import JSONResponse, Response

from api.dependencies import CodePath, ReadSession
from api.errors import NotFound
from boundaries.messages import catalogue

router = APIRouter()


@router.get("/healthz")
def get_health(session: ReadSession) -> dict[str, str]:
    """สถานะของระบบ / Whether the server and its database answer; 503 when not."""
    session.execute(sql("select 1"))
    return {"status": "ok"}


@router.get("/errors/{code}", include_in_schema=False)
def get_error(request: Request, code: CodePath) -> Response:
    """The sentence behind the `type` of a problem answer, with its placeholders."""
    words = next((catalogue()[key] for key in (f"error.{code}", code) if key in catalogue()), None)
    if words is None:
        raise NotFound(path=request.url.path[:80])
    return JSONResponse({"code": code, "th": words.th, "en": words.en})
