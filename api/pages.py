"""Small pages for a person whose map cannot be shown."""

from html import escape
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from boundaries.messages import Text, text
from mapping.help_lines import footer
from mapping.offline import AssetServer, Library, MissingAsset, font_link

STYLE = (
    "body{font:18px/1.6 Sarabun,'Noto Sans Thai',sans-serif;color:#1B2733;background:#F2F0EB;margin:0;"
    "display:grid;grid-template:1fr auto/minmax(0,1fr);place-items:center;min-height:100vh}"
    "main{background:#fff;border:1px solid #D5DBE1;border-radius:8px;"
    "padding:2rem;max-width:36rem;margin:1rem}h1{font-size:1.35rem;margin:0 0 .5rem}a{color:#0B5CAD}"
    "[lang=en]{color:#4A5866;font-size:.9em}footer{font-size:.88em;padding:0 1rem 1rem;text-align:center}"
    "footer p{margin:0;display:flex;flex-wrap:wrap;justify-content:center;gap:0 1.6rem}"
    "footer a{color:#1B2733;display:inline-block;padding:.3rem 0}"
)


def new_nonce() -> str:
    """Make the one-time word that lets the scripts and styles of one page run."""
    return token_urlsafe(18)


def make_templates(*folders: Path, **known: Any) -> Environment:
    """Make the templates of folders: texts are escaped, a name that nobody gave is a mistake of ours."""
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        th=lambda key, **given: text(key, **given).th,
        en=lambda key, **given: text(key, **given).en,
        footer=lambda: Markup(footer()),  # noqa: S704  (our own markup)
        **known,
    )
    return made


def error_page(status: int, title: Text, detail: Text, library: Library) -> HTMLResponse:
    """Say in Thai and English what is wrong, with the way back to the map of the country."""
    back = text("page.back")
    content = (
        f'<p>{escape(detail.th)}</p><p lang="en">{escape(detail.en)}</p>'
        f'<p><a href="/maps/TH">{escape(back.th)} / <span lang="en">{escape(back.en)}</span></a></p>'
    )
    page = small_page(title, content, library, status)
    page.headers["Cache-Control"] = "no-store"
    return page


def small_page(title: Text, content: str, library: Library, status: int = 200) -> HTMLResponse:
    """Make a page of a title, markup of ours and the help lines, on which no script runs."""
    nonce = new_nonce()
    try:
        fonts = font_link(AssetServer(library, nonce))
    except MissingAsset:  # which may be what the page has to tell; then any Thai font of the machine does
        fonts = ""
    html = plain_page(title, content, f'{fonts}<style nonce="{nonce}">{STYLE}</style>')
    own = f"style-src 'self' 'nonce-{nonce}'; font-src 'self'"
    policy = f"default-src 'none'; {own}; frame-ancestors 'none'; base-uri 'none'"
    return HTMLResponse(html, status, {"Content-Security-Policy": policy})


def plain_page(title: Text, content: str, head: str, *, served: bool = True) -> str:
    """Write a page of a title, markup of ours and the help lines; `served` where a server answers its links."""
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title.th)}</title>{head}</head><body><main>'
        f'<h1>{escape(title.th)} <span lang="en">{escape(title.en)}</span></h1>{content}</main>'
        f"{footer(privacy=served)}</body></html>"
    )
