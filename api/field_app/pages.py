"""The addresses of the phone app's shell: the same for everybody. Whoever signs in does so on the page of accounts."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.answers import REVALIDATE, etag, unchanged
from api.dependencies import CodePath, known_parameters
from api.errors import NotFound, shortened
from api.field_app.shell import INDEX, WORKER, shell
from api.routers.maps import WebLibrary

PREFIX = "/field"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types field"
)
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), interest-cohort=()"
"""Here alone: photos are taken and places found by no other page."""

router = APIRouter(prefix=PREFIX, include_in_schema=False, dependencies=[Depends(known_parameters)])


@router.get("")
def get_app_without_slash() -> Response:
    """The app begins at the folder, which its worker's scope ends with."""
    return RedirectResponse(f"{PREFIX}/", 308)


@router.get("/")
def get_app(request: Request, library: WebLibrary) -> Response:
    """The phone app."""
    return _answer(request, library, INDEX)


@router.get("/{name}")
def get_app_file(request: Request, library: WebLibrary, name: CodePath) -> Response:
    """A file of the phone app, looked up by its name in what is served and nowhere else."""
    if name == INDEX or name not in shell(library):
        raise NotFound(path=shortened(request.url.path))
    return _answer(request, library, name)


def _answer(request: Request, library: WebLibrary, name: str) -> Response:
    """Answer a file. That it is unchanged is told with its policy too: browsers take over what comes with the news."""
    found = shell(library)[name]
    body, encoding = found.encoded(request.headers.get("accept-encoding", ""))
    headers = {"ETag": etag(name, found.body), "Cache-Control": REVALIDATE, "Vary": "Accept-Encoding"}
    if name == INDEX:
        headers |= {"Content-Security-Policy": PAGE_POLICY, "Permissions-Policy": PERMISSIONS}
    elif name == WORKER:
        headers["Content-Security-Policy"] = WORKER_POLICY
    if unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(body, headers=headers, media_type=found.media_type)
