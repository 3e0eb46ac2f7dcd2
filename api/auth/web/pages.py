"""How a page about accounts is made: template, words in Thai and English, policy of its content."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.alerts.inbox import count_unread
from api.auth.accounts import state_of
from api.auth.asking import Caller
from api.auth.clearing import is_news
from api.auth.cookies import give_cookie
from api.auth.depends import csrf_of
from api.auth.errors import FormBad, NotSignedIn
from api.auth.forgery import own_path
from api.auth.signing_in import Started
from api.database import reading
from api.errors import status_of
from api.pages import make_templates, new_nonce
from api.plan_work.words import thai
from boundaries.dates import BANGKOK, thai_date
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.dates import english_date
from mapping.offline import AssetServer, Library, MissingAsset, font_link

API = Path(__file__).parent.parent.parent
TEMPLATES = API / "auth" / "templates"
PARTS = ("alerts", "desk", "imports", "meetings", "plan_files", "plan_work", "planning", "prints")
FOLDERS = (
    TEMPLATES,
    *(API / part / "templates" for part in PARTS),
)
NEXT_STEP = {"code": "/signin/code", "enrol": "/signin/setup"}
SAID = frozenset({"password", "ended", "revoked", "saved", "disabled", "enabled", "asked", "cleared"})
"""What a page may be told to say after something was done; any other word says nothing."""


@cache
def _templates() -> Environment:
    made = make_templates(*FOLDERS, both=both, state=state_of, is_news=is_news)
    made.filters.update(when=when, day=day, thai_day=thai_date, english_day=english_date, thai=thai, program=program)
    return made


def both(key: str | Text, **given: object) -> Markup:
    """Write a sentence in Thai, then in English, each marked as what it is."""
    words = text(key, **given) if isinstance(key, str) else key
    return Markup('{} <span lang="en">{}</span>').format(words.th, words.en)


def when(moment: datetime | None) -> Markup:
    """Write a moment for people, in พ.ศ. and Bangkok's time; a dash for none."""
    if moment is None:
        return Markup("–")
    local = moment.astimezone(BANGKOK)
    stamp = local.isoformat(timespec="minutes")
    return Markup('<time datetime="{}">{} {} น.</time>').format(stamp, thai_date(local.date()), f"{local:%H.%M}")


def day(moment: datetime) -> str:
    """Write the day of a moment for people."""
    return thai_date(moment.astimezone(BANGKOK).date())


def program(agent: str) -> str:
    """Say in two words what a browser says of itself at length; what is unknown is said as it is."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " · ".join(filter(None, (browser, system))) if browser else agent[:60]


BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
"""The more special first: nearly all browsers name Chrome or Safari too."""
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def page(
    request: Request, name: str, caller: Caller | None, status: int = 200, error: Text | None = None, **values: Any
) -> HTMLResponse:
    """Render a page; `error`, else a text `done`, stands above everything; what a browser may do is a short list.

    `connects` lets a script of the page ask this server.
    """
    done: Text | None = values.pop("done", None)
    connects = bool(values.pop("connects", False))
    nonce = new_nonce()
    try:
        fonts = Markup(font_link(AssetServer(Library(request.app.state.settings.socialmap_web_library), nonce)))  # noqa: S704
    except MissingAsset:  # a page in another font is better than none
        fonts = Markup("")
    said = request.query_params.get("said", "")
    html = (
        _templates()
        .get_template(f"{name}.html")
        .render(
            caller=caller,
            unread_alerts=_unread(request, caller),
            csrf=csrf_of(request, caller.token if caller else None),
            error=error,
            said=done or (text(f"auth.said.{said}") if said in SAID and error is None else None),
            fonts=fonts,
            nonce=nonce,
            **values,
        )
    )
    return HTMLResponse(html, status, {"Content-Security-Policy": _policy(nonce, connects), **HEADERS})


def _unread(request: Request, caller: Caller | None) -> int:
    if caller is None or not caller.complete:
        return 0
    with reading(request.app.state.engine, caller.scope) as session:
        return count_unread(session, caller.id)


def part_of_page(name: str, **values: Any) -> str:
    """Render markup that stands within a page."""
    return _templates().get_template(f"{name}.html").render(**values)


HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""Browsers told to send no referrer at all name no origin either, and forms are checked by it."""


def onward(started: Started, asked: str) -> Response:
    """Send a browser with its new cookie to the next step of signing in, or to where it wanted."""
    goal = own_path(asked)
    step = NEXT_STEP.get(started.stage)
    answer = RedirectResponse(f"{step}?next={quote(goal, safe='')}" if step else goal, 303)
    give_cookie(answer, started.token)
    return answer


def back_to(path: str, said: str = "") -> Response:
    """Send a browser to a page by GET, so that reloading it does nothing twice."""
    return RedirectResponse(f"{path}?said={said}" if said else path, 303)


class PageRoute(APIRoute):
    """A route whose failures are pages too, and that sends strangers to sign in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler of the framework."""
        answered = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await answered(request)
            except NotSignedIn:
                goal = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                asked = f"?next={quote(goal, safe='')}" if request.method == "GET" else ""
                return RedirectResponse(f"/signin{asked}", 303, HEADERS)
            except SocialMapError as error:
                return page(request, "failed", None, status_of(error), error.text)
            except RequestValidationError:
                return page(request, "failed", None, 400, FormBad().text)

        return told


def _policy(nonce: str, connects: bool = False) -> str:
    own = "connect-src 'self'; " if connects else ""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; "
        f"img-src 'self'; {own}form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
