"""Setting: pages to PDF/UA-1 or PNG by Typst. A missing letter and a text wider than its room are errors."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from boundaries.errors import SocialMapError
from mapping.sheet.canvas import Canvas
from mapping.sheet.fonts import print_fonts
from mapping.sheet.pages import Block, Page
from mapping.styles import BADGES, RAMP, TOKENS

SOURCE = Path(__file__).with_name("sheet.typ")


class NotSet(SocialMapError):
    """Typst refused a page, with its words."""

    key = "error.sheet_not_set"


class MissingGlyph(SocialMapError):
    """A text holds a letter that Sarabun cannot draw."""

    key = "error.sheet_glyph"


@dataclass(frozen=True)
class Document:
    """What a file says of itself."""

    title: str
    author: str
    description: str
    keywords: tuple[str, ...]


def to_pdf(pages: Sequence[Page], document: Document, at: datetime, logo: bytes | None = None) -> bytes:
    """Set pages as one PDF/UA-1; the same pages and time give the same bytes. Raises MissingGlyph, NotSet."""
    made = _compile(
        pages, document, logo, format="pdf", pdf_standards=["ua-1"], timestamp=at.astimezone(UTC).replace(microsecond=0)
    )
    assert isinstance(made, bytes)
    return made


def to_png(pages: Sequence[Page], document: Document, ppi: float = 150, logo: bytes | None = None) -> list[bytes]:
    """Set pages as one picture each."""
    made = _compile(pages, document, logo, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def to_svg(pages: Sequence[Page], document: Document, logo: bytes | None = None) -> list[bytes]:
    """Set pages as one SVG each, all letters as outlines."""
    made = _compile(pages, document, logo, format="svg")
    return made if isinstance(made, list) else [made]


def _compile(pages: Sequence[Page], document: Document, logo: bytes | None, **options: Any) -> Any:
    import typst

    files = _files(pages, document, logo)
    try:
        return typst.compile(files, font_paths=print_fonts(), ignore_system_fonts=True, **options)
    except RuntimeError as error:  # TypstError and what the binding itself raises
        found = re.search(r"the text .(.+?). could not be displayed", str(error))
        if found:
            raise MissingGlyph(letter=found[1].strip('"`')) from error
        raise NotSet(reason=str(error).splitlines()[0][:200]) from error


def _files(pages: Sequence[Page], document: Document, logo: bytes | None) -> dict[str, bytes]:
    """Return the files of a Typst project: the source, the values, a picture of shapes for each drawing."""
    files = {"main.typ": SOURCE.read_bytes()}
    told = []
    for number, page in enumerate(pages):
        blocks = []
        for place, block in enumerate(page.blocks):
            name = f"{number}-{place}.svg"
            if isinstance(block.content, Canvas) and block.content.shapes:
                files[name] = block.content.svg().encode()
            blocks.append(_block(block, name if name in files else ""))
        size = {"width": page.paper.width, "height": page.paper.height, "zoom": page.paper.zoom}
        told.append({**size, "blocks": blocks})
    value = {
        "title": document.title,
        "author": document.author,
        "description": document.description,
        "keywords": document.keywords,
        "colours": {**TOKENS, **{f"r{i}": colour for i, colour in enumerate(RAMP)}},
        "badges": dict(BADGES),
        "pages": told,
        "logo": list(logo or b""),  # the binding takes no other files than texts
    }
    files["sheet.json"] = json.dumps(value, ensure_ascii=False).encode()
    return files


def _block(block: Block, picture: str) -> Mapping[str, Any]:
    place = {"what": block.what, "x": block.x, "y": block.y, "alt": block.alt}
    if isinstance(block.content, Canvas):
        size = {"width": block.content.width, "height": block.content.height}
        return place | size | {"svg": picture, "texts": block.content.to_json()}
    return place | {"table": block.content.to_json()}
