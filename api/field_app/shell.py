"""The shell of the phone app: every file that it needs without a network, and the version of them together."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from types import MappingProxyType

import brotli

from api.field_app.choices import choices, words
from boundaries.messages import text
from mapping.help_lines import help_lines
from mapping.offline import SUBSETS, Library, MissingAsset, lean
from mapping.styles import css_variables

FOLDER = Path(__file__).parent.parent / "web" / "field"
INDEX, WORKER, STYLE = "index.html", "sw.js", "field.css"
WEIGHTS = (400, 700)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".json": "application/json",
        ".webmanifest": "application/manifest+json",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".woff2": "font/woff2",
    }
)
PACKED = frozenset({".png", ".woff2"})
"""Files that are compressed in themselves."""


@dataclass(frozen=True)
class ShellFile:
    """One file: its bytes as they are, and as they go over the wire to who takes them compressed."""

    name: str
    body: bytes
    media_type: str
    brotli: bytes | None
    gzip: bytes | None

    def encoded(self, accepted: str) -> tuple[bytes, str | None]:
        """Return the body for an Accept-Encoding header, and the name of its encoding."""
        named = {part.split(";")[0].strip() for part in accepted.split(",")}
        if self.brotli is not None and "br" in named:
            return self.brotli, "br"
        if self.gzip is not None and "gzip" in named:
            return self.gzip, "gzip"
        return self.body, None


@cache
def shell(library: Library) -> Mapping[str, ShellFile]:
    """Return the files by name. Without the fonts of the library the phone's own are used."""
    bodies = dict(_bodies(library))
    bodies[WORKER] = _worker(bodies)
    return MappingProxyType({name: _file(name, body) for name, body in bodies.items()})


def _bodies(library: Library) -> Iterator[tuple[str, bytes]]:
    fonts = dict(_fonts(library))
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in (".js", ".css"):
            source = lean(path.read_text("utf-8"))
            yield path.name, (css_variables() + _faces(fonts) + source if path.name == STYLE else source).encode()
        elif path.name == INDEX:
            yield (
                path.name,
                path.read_text("utf-8")
                .replace("<!--help lines-->", _help())
                .replace("<!--failed-->", _failed())
                .encode(),
            )
        elif path.suffix in KINDS:
            yield path.name, path.read_bytes()
    yield "words.json", words()
    yield "choices.json", choices()
    yield from fonts.items()


def _help() -> str:
    """Write the help lines, each name apart: the app shows one language at a time."""
    lines = [
        f'<a href="tel:{number}"><b>{number}</b> <span lang="th">{escape(words.th)}</span>'
        f'<span lang="en">{escape(words.en)}</span></a>'
        for number, words in help_lines()
    ]
    return f'<footer aria-label="{escape(text("help.title").th)}"><p>{" ".join(lines)}</p></footer>'


def _failed() -> str:
    """Write what is shown where the app cannot begin, in both languages: none is chosen by then."""
    words = text("field_app.failed")
    both = f'{escape(words.th)} <span lang="en">{escape(words.en)}</span>'
    return f'<p class="told failed" id="failed" role="alert" hidden><span>{both}</span></p>'


def _fonts(library: Library) -> Iterator[tuple[str, bytes]]:
    for weight in WEIGHTS:
        for subset in SUBSETS:
            name = f"sarabun-{subset}-{weight}-normal.woff2"
            try:
                yield name, library.file(f"@fontsource/sarabun/files/{name}").read_bytes()
            except MissingAsset:
                continue


def _faces(fonts: Mapping[str, bytes]) -> str:
    faces = ""
    for name in fonts:
        _, subset, weight, _ = name.split("-")
        faces += (
            f"@font-face{{font-family:Sarabun;font-weight:{weight};font-display:swap;"
            f"src:url({name}) format('woff2');unicode-range:{SUBSETS[subset]}}}"
        )
    return faces


def _worker(bodies: Mapping[str, bytes]) -> bytes:
    """Tell the worker which files it keeps: a change of any of them makes another worker."""
    digest = hashlib.sha256()
    for name, body in sorted(bodies.items()):
        digest.update(name.encode() + b"\0" + body)
    kept = sorted("./" if name == INDEX else name for name in bodies if name != WORKER)
    told = f"self.VERSION={json.dumps(digest.hexdigest()[:12])};self.SHELL={json.dumps(kept)};\n"
    return told.encode() + bodies[WORKER]


def _file(name: str, body: bytes) -> ShellFile:
    ending = Path(name).suffix
    if ending in PACKED:
        return ShellFile(name, body, KINDS[ending], None, None)
    return ShellFile(name, body, KINDS[ending], brotli.compress(body), gzip.compress(body, 9, mtime=0))
