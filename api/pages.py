"""Small pages for a person whose map cannot be shown."""

from html import escape
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from boundaries.messages import Text, text
from mapping.offline import AssetServer, Library, MissingAsset, font_link

STYLE = (
    "body{font:18px/1.6 Sarabun,'Noto Sans Thai',sans-serif;color:#1B2733;background:#F2F0EB;margin:0;"
    "display:grid;place-items:center;min-height:100vh}main{background:#fff;border:1px solid #D5DBE1;border-radius:8px;"
    "padding:2rem;max-width:36rem;margin:1rem}h1{font-size:1.35rem;margin:0 0 .5rem}a{color:#0B5CAD}"
    "[lang=en]{color:#4A5866;font-size:.9em}"
)


def new_nonce() -> str:
    """Make the one-time word that lets the scripts and styles of one page run."""
    return token_urlsafe(18)


def make_templates(folder: Path, **known: Any) -> Environment:
    """Make the templates of a folder: texts are escaped, a name that nobody gave is a mistake of ours."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        th=lambda key, **given: text(key, **given).th,
        en=lambda key, **given: text(key, **given).en,
        **known,
    )
    return made


def error_page(status: int, title: Text, detail: Text, library: Library) -> HTMLResponse:
    """Say in Thai and English what is wrong, with the way back to the map of the country."""
    nonce, back = new_nonce(), text("page.back")
    try:
        fonts = font_link(AssetServer(library, nonce))
    except MissingAsset:  # which may be what the page has to tell; then any Thai font of the machine does
        fonts = ""
    html = (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title.th)}</title>'
        f'{fonts}<style nonce="{nonce}">{STYLE}</style></head><body><main><h1>{escape(title.th)} '
        f'<span lang="en">{escape(title.en)}</span></h1><p>{escape(detail.th)}</p><p lang="en">{escape(detail.en)}</p>'
        f'<p><a href="/maps/TH">{escape(back.th)} / <span lang="en">{escape(back.en)}</span></a></p>'
        "</main></body></html>"
    )
    own = f"style-src 'self' 'nonce-{nonce}'; font-src 'self'"
    policy = f"default-src 'none'; {own}; frame-ancestors 'none'; base-uri 'none'"
    return HTMLResponse(html, status, {"Content-Security-Policy": policy, "Cache-Control": "no-store"})
