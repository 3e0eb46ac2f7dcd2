"""Against requests that another site makes a browser send: where it came from, and a word only our pages know.

It stands before every endpoint of the application, so that a new one is guarded without being told.
"""

import hmac

from fastapi import Request

from api.auth.asking import keys_of
from api.auth.cookies import cookie_token
from api.auth.errors import ForgeryRefused, FormBad
from api.auth.forms import read_form
from api.auth.keys import forgery_token
from api.multipart import incoming, is_multipart

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER, FIELD = "x-csrf-token", "csrf"
SIGN_IN = frozenset({"/signin", "/api/v1/session"})
"""Signing in asks for where the request came from alone: a page opened before another tab signed in has no word yet."""


async def refuse_forgery(request: Request) -> None:
    """Raise ForgeryRefused for a changing request that rides on the cookie and is not from our own page."""
    if request.method in SAFE or "authorization" in request.headers:
        return
    if not _from_here(request):
        raise ForgeryRefused
    token = cookie_token(request)
    if token is None or (request.method == "POST" and request.url.path in SIGN_IN):
        return
    given = request.headers.get(HEADER) or await _word_in_form(request)
    if not hmac.compare_digest(given.encode(), forgery_token(keys_of(request), token).encode()):
        raise ForgeryRefused


async def _word_in_form(request: Request) -> str:
    """Return the word of a form; where the form brings files it stands before them, and they are not read for it."""
    if not is_multipart(request):
        return (await read_form(request)).get(FIELD)
    try:
        return await incoming(request).field(FIELD)
    except FormBad:
        return ""


def _from_here(request: Request) -> bool:
    """Say whether the browser tells that our own page sent the request; a program tells nothing and has no cookie."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin is None:
        return True
    if origin == "null":  # what a browser says that was told to keep the address of our page to itself
        return site == "same-origin"
    return origin.lower() == f"{request.url.scheme}://{request.headers.get('host', '')}".lower()


def own_path(asked: str | None, default: str = "/account") -> str:
    """Return where to go after signing in: a path of ours, never an address of somebody else."""
    if not asked or len(asked) > 500 or not asked.startswith("/") or asked.startswith("//"):
        return default
    if "\\" in asked or any(ord(letter) < 33 or ord(letter) == 127 for letter in asked):
        return default
    return asked
