"""The page of a map: Folium's map, our one element beside it, and the assets around both. The only caller of folium."""

import json
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

import folium
from branca.element import MacroElement
from jinja2 import Template

from boundaries.codes import Level, child_level, level_of
from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.help_lines import footer
from mapping.offline import Assets, AssetServer, Inline, content_security_policy, head, served_policy
from mapping.page_value import page_value

PLACE = "@@map-data@@"
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'


class Page(NamedTuple):
    """A page and the content security policy it is to be sent with; a standalone file states it itself."""

    html: str
    csp: str


class SocialMapElement(MacroElement):
    """Starts our scripts and keeps the place of the page's JSON.

    The JSON is put there after Folium is done: what an element writes is rendered as a template once more, so that
    `{{7*7}}` in a name would be worked out.
    """

    _template = Template(
        """{% macro html(this, kwargs) %}
<script type="application/json" id="map-data">"""
        + PLACE
        + """</script>
{% endmacro %}{% macro script(this, kwargs) %}SocialMap.start({{ this._parent.get_name() }});{% endmacro %}"""
    )

    def __init__(self) -> None:
        super().__init__()
        self._name, self._id = "social_map", "0"


def safe_json(value: object) -> str:
    """Write JSON that can stand inside a script element whatever the texts in it are."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return written


def file_name(code: str) -> str:
    """Return the name of an area's standalone file; files link to each other by it."""
    level_of(code)
    return f"{code}.html"


def map_levels(levels: Sequence[Level]) -> tuple[Level, ...]:
    """Return the levels whose areas can be mapped by boundaries that hold `levels`: each with one below it."""
    held: tuple[Level, ...] = ("country", *levels)
    return tuple(level for level in held if child_level(level) in held)


def render(area_map: AreaMap, assets: Assets) -> Page:
    """Render a map as one HTML page; the same map gives the same bytes. MissingAsset where a file is absent."""
    served = isinstance(assets, AssetServer)
    value = page_value(area_map, partial(_address, area_map, assets), served)
    if served:
        value["print"] = print_address(area_map)
    html = _folium_page(area_map, value)
    html = _with_head(html, head(assets), area_map, privacy=served)
    if isinstance(assets, Inline):
        policy = content_security_policy(html)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        return Page(html.replace("<head>", "<head>" + meta, 1), policy)
    html = re.sub(r"<(script|style)>", rf'<\1 nonce="{assets.nonce}">', html)
    return Page(html, served_policy(assets.nonce))


def _address(area_map: AreaMap, assets: Assets, code: str) -> str | None:
    """Return where another area's page is found, None where there is none."""
    if level_of(code) not in assets.levels:
        return None
    if isinstance(assets, Inline):
        return file_name(code) if assets.siblings is None or code in assets.siblings else None
    return f"{assets.maps}/{code}{_query(area_map)}"


def print_address(area_map: AreaMap) -> str:
    """Return where the same map is printed, with the same filters and classes."""
    return f"/print/{area_map.area.code}{_query(area_map)}"


def _query(area_map: AreaMap) -> str:
    asked = {choice.name: choice.value for choice in area_map.choices if choice.value} | dict(area_map.asked)
    return f"?{urlencode(asked)}" if asked else ""


def _folium_page(area_map: AreaMap, value: dict[str, Any]) -> str:
    west, south, east, north = area_map.surroundings.window
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=6,
        tiles=None,
        max_zoom=18,
        zoom_snap=0,
        zoom_delta=0.5,
        zoom_control=False,
        attribution_control=False,
        prefer_canvas=False,
    )
    made.default_js, made.default_css = [], []  # on this map alone: folium keeps its lists on the class
    made._name, made._id = "map", area_map.area.code
    SocialMapElement().add_to(made)
    figure = made.get_root()
    figure.title = None
    return figure.render().replace(PLACE, safe_json(value), 1)


def _with_head(html: str, assets: str, area_map: AreaMap, *, privacy: bool) -> str:
    """Put language, title, viewport and assets where they belong, and folium's last script inside the body."""
    language = "th"
    title = f"<title>{_escaped(area_map.title)}</title>"
    html = re.sub(r"<html[^>]*>", f'<html lang="{language}">', html, count=1)
    html = re.sub(r'<meta name="viewport"[^>]*?/?>', VIEWPORT, html, count=1)
    html = re.sub(r"(</body>)\s*(<script>.*?</script>)\s*</html>", r"\2\1</html>", html, flags=re.S)
    # Without scripts nothing is drawn: whoever needs help is told at least whom to call.
    paper = ""
    if privacy:  # a sheet needs no scripts
        paper = f'<p><a href="{_escaped(print_address(area_map))}">{text("page.print").th}</a></p>'
    html = html.replace("<body>", f"<body><noscript>{paper}{footer(privacy=privacy)}</noscript>", 1)
    return html.replace("</head>", title + assets + "</head>", 1)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
