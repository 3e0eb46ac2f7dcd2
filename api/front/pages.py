"""How a page for anybody is made: template, words in Thai and English, a policy under which no script runs."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from api.errors import ParameterBad, status_of
from api.pages import error_page, make_templates, new_nonce
from boundaries.dates import thai_date
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.scope import Scope
from mapping.help_lines import help_lines
from mapping.offline import AssetServer, Library, MissingAsset, font_link
from mapping.styles import css_variables
from mapping.thai_text import runs

FOLDER = Path(__file__).parent


@cache
def _templates() -> Environment:
    made = make_templates(
        FOLDER,
        both=both,
        say=say,
        plain=lambda key, language: getattr(text(key), language),
        tokens=Markup(css_variables()),  # noqa: S704  (our own colours)
        help_lines=help_lines,
    )
    made.filters.update(day=thai_date, thai=thai)
    return made


def say(words: str | Text, language: Literal["th", "en"] = "th", **given: object) -> str:
    """Write a sentence in one language; lines of Thai break between words alone."""
    found = text(words, **given) if isinstance(words, str) else words
    return thai(found.th) if language == "th" else found.en


LONG = 24
"""Letters of a run that may have to be broken on a narrow screen, wherever the browser likes."""


def thai(words: str) -> Markup:
    """Write Thai whose lines break between words alone: browsers cut at syllables of what they take for words."""
    made = []
    for run in runs(words):
        kept = run.rstrip(" ")
        span = Markup('<span class="{}">{}</span><wbr>').format("run long" if len(kept) > LONG else "run", kept)
        made.append(span + run[len(kept) :])
    return Markup("").join(made)


def both(key: str, **given: object) -> Markup:
    """Write a sentence in Thai, its lines broken between words alone, then in English, marked as such."""
    words = text(key, **given)
    return Markup('{} <span lang="en">{}</span>').format(thai(words.th), words.en)


def page(request: Request, name: str, scope: Scope, *, asks: bool = False, **values: Any) -> HTMLResponse:
    """Render a page; whoever is signed in is led to the account, others to signing in. `asks` allows its forms."""
    nonce = new_nonce()
    try:
        fonts = Markup(font_link(AssetServer(_library(request), nonce)))  # noqa: S704
    except MissingAsset:  # a page in another font is better than none
        fonts = Markup("")
    made = _templates().get_template(f"{name}.html")
    who = {"signed_in": scope.actor_id is not None, "desk": scope.may("case.read")}
    html = made.render(fonts=fonts, nonce=nonce, here=name, **who, **values)
    forms = "'self'" if asks else "'none'"
    policy = (
        f"default-src 'none'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; img-src 'self'; form-action {forms}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


class PublicRoute(APIRoute):
    """A route whose failures are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler of the framework."""
        answered = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                with _as_named_error():
                    return await answered(request)
            except SocialMapError as error:
                status = status_of(error)
                return error_page(status, text(f"http.{status}"), error.text, _library(request))

        return told


@contextmanager
def _as_named_error() -> Iterator[None]:
    try:
        yield
    except RequestValidationError as refused:
        name = str(refused.errors()[0]["loc"][-1])
        raise ParameterBad(name=name, value="?", allowed="–") from refused


def _library(request: Request) -> Library:
    return Library(request.app.state.settings.socialmap_web_library)
