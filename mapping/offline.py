"""Assets of a page: inlined into one file that needs no network, or hashed and served. A missing one stops the page."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from boundaries.errors import SocialMapError
from mapping.styles import WEIGHTS, css_variables

ELEMENTS = Path(__file__).parent / "elements"
SCRIPTS = (
    "dom", "symbols", "shapes", "labels", "map", "legend", "mindmap", "table", "panel", "laid", "radial", "inset",
    "header", "page",
)  # fmt: skip
"""Our scripts in the order they run; each adds to one global, none runs anything by itself."""
STYLES = ("page", "map", "panel", "table", "mindmap", "laid", "phone")
SUBSETS = {"thai": "U+0E01-0E5B,U+200B-200D,U+25CC", "latin": "U+0000-00FF,U+2000-200A,U+2010-206F,U+20AC,U+2190-2199"}
LEAFLET_SCRIPT = "leaflet/dist/leaflet.js"
LEAFLET_STYLE = "leaflet/dist/leaflet.css"
NATURAL_EARTH = "world-atlas/countries-10m.json"


class MissingAsset(SocialMapError):
    """A library, font, script or style that a page needs is not there."""

    key = "error.missing_asset"


@dataclass(frozen=True)
class Asset:
    """One served file: its name, its bytes and its media type."""

    name: str
    body: bytes
    media_type: str

    @cached_property
    def path(self) -> str:
        """Return `<sha8>/<name>`: a new content has a new address."""
        return f"{hashlib.sha256(self.body).hexdigest()[:8]}/{self.name}"


@dataclass(frozen=True)
class Library:
    """The folder with the web libraries (npm's node_modules)."""

    root: Path

    def file(self, relative: str) -> Path:
        """Return a file of the library. MissingAsset where it is absent."""
        path = self.root / relative
        if not path.is_file():
            raise MissingAsset(name=relative, folder=str(self.root))
        return path


@dataclass(frozen=True)
class Inline:
    """Everything within one file; `levels` says which levels have a sibling file to link to.

    `siblings` are the codes whose files lie beside it; None where those of all `levels` do.
    """

    library: Library
    levels: tuple[str, ...] = ("country", "province")
    siblings: frozenset[str] | None = None


@dataclass(frozen=True)
class AssetServer:
    """A served page: files under `prefix`, maps under `maps`, inline scripts marked with the answer's nonce.

    `levels` says which levels have a page to link to.
    """

    library: Library
    nonce: str
    prefix: str = "/assets"
    maps: str = "/maps"
    levels: tuple[str, ...] = ("country", "province", "district")


Assets = Inline | AssetServer


def element_text(name: str) -> str:
    """Return one of our own scripts or styles. MissingAsset where it is absent."""
    path = ELEMENTS / name
    if not path.is_file():
        raise MissingAsset(name=name, folder=str(ELEMENTS))
    return lean(path.read_text("utf-8"))


def lean(source: str) -> str:
    """Take out indentation, empty lines, comments and blanks around signs that stand in no text of our files."""
    without = re.sub(r"^\s*/\*.*?\*/\s*$", "", source, flags=re.S | re.M)
    without = re.sub(r"(?<=[;{},)])\s+// .*$", "", without, flags=re.M)
    without = re.sub(r" (=>|[=!]==|&&|\|\|) ", r"\1", without)
    lines = (line.strip() for line in without.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@cache
def scripts(library: Library) -> Mapping[str, str]:
    """Return the scripts of every page by name, in running order."""
    leaflet = re.sub(r"//# sourceMappingURL=.*", "", library.file(LEAFLET_SCRIPT).read_text("utf-8"))
    ours = "\n".join(element_text(f"{name}.js") for name in SCRIPTS)
    return MappingProxyType({"leaflet.js": leaflet, "socialmap.js": ours})


@cache
def styles(library: Library) -> Mapping[str, str]:
    """Return the styles of every page by name; Leaflet's pictures are not used and not asked for."""
    leaflet = lean(re.sub(r"url\([^)]*\)", "none", library.file(LEAFLET_STYLE).read_text("utf-8")))
    ours = css_variables() + "\n".join(element_text(f"{name}.css") for name in STYLES)
    leaflet, ours = (re.sub(r"(?<=[;{},])\n|(?<=[:,]) | (?=\{)|;(?=\})", "", style) for style in (leaflet, ours))
    return MappingProxyType({"leaflet.css": leaflet, "socialmap.css": ours})


def font_files(library: Library) -> Iterator[tuple[str, int, str, Path]]:
    """Yield (subset, weight, unicode-range, file) of each part of Sarabun that the pages use."""
    for weight in WEIGHTS:
        for subset, letters in SUBSETS.items():
            yield (
                subset,
                weight,
                letters,
                library.file(f"@fontsource/sarabun/files/sarabun-{subset}-{weight}-normal.woff2"),
            )


def _face(weight: int, letters: str, address: str) -> str:
    return (
        f"@font-face{{font-family:Sarabun;font-weight:{weight};font-display:block;"
        f"src:url({address}) format('woff2');unicode-range:{letters}}}"
    )


@cache
def inline_fonts(library: Library) -> str:
    """Return the font rules with the fonts themselves inside."""
    faces = []
    for _, weight, letters, path in font_files(library):
        content = base64.b64encode(path.read_bytes()).decode()
        faces.append(_face(weight, letters, f"data:font/woff2;base64,{content}"))
    return "".join(faces)


@cache
def served_assets(library: Library) -> Mapping[str, Asset]:
    """Return every file that served pages ask for, by its hashed path."""
    fonts = [
        (weight, letters, Asset(path.name, path.read_bytes(), "font/woff2"))
        for _, weight, letters, path in font_files(library)
    ]
    faces = "".join(_face(weight, letters, f"../{asset.path}") for weight, letters, asset in fonts)
    sheets = {**styles(library), "fonts.css": faces}
    files = [asset for _, _, asset in fonts]
    files += [Asset(name, text.encode(), "text/javascript; charset=utf-8") for name, text in scripts(library).items()]
    files += [Asset(name, text.encode(), "text/css; charset=utf-8") for name, text in sheets.items()]
    return MappingProxyType({asset.path: asset for asset in files})


def head(assets: Assets) -> str:
    """Return the markup that brings fonts, styles and scripts into a page."""
    if isinstance(assets, Inline):
        sheets = [inline_fonts(assets.library), *styles(assets.library).values()]
        parts = [f"<style>{_inside(sheet, 'style')}</style>" for sheet in sheets]
        return "".join(
            parts + [f"<script>{_inside(text, 'script')}</script>" for text in scripts(assets.library).values()]
        )
    by_name = {asset.name: asset for asset in served_assets(assets.library).values()}
    links = [font_link(assets), *(_style_link(assets, by_name[name]) for name in styles(assets.library))]
    tags = [f'<script src="{assets.prefix}/{by_name[name].path}"></script>' for name in scripts(assets.library)]
    return "".join(links + tags)


def font_link(assets: AssetServer) -> str:
    """Return the markup that brings Sarabun alone into a served page. MissingAsset where it is absent."""
    fonts = next(asset for asset in served_assets(assets.library).values() if asset.name == "fonts.css")
    return _style_link(assets, fonts)


def _style_link(assets: AssetServer, asset: Asset) -> str:
    return f'<link rel="stylesheet" href="{assets.prefix}/{asset.path}">'


def _inside(text: str, tag: str) -> str:
    """Make sure that a library's own text cannot end the element it stands in."""
    return re.sub(rf"</({tag})", r"<\\/\1", text, flags=re.I).replace("<!--", "<\\!--")


def content_security_policy(html: str) -> str:
    """Return the policy of a page that needs no network: its own scripts and styles by hash, nothing else."""
    scripts_ = " ".join(_hashes(html, "script")) or "'none'"
    styles_ = " ".join(_hashes(html, "style")) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts_}; style-src {styles_}; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def served_policy(nonce: str) -> str:
    """Return the policy of a served page: files of this server, inline parts by nonce, OSM tiles when asked for."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; "
        "img-src 'self' data: https://tile.openstreetmap.org; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    )


def _hashes(html: str, tag: str) -> list[str]:
    bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.S)
    digests = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies)
    return list(dict.fromkeys(f"'sha256-{digest}'" for digest in digests))
