"""The kinds of files that an area is handed out as: each one line here, offered by page and address alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from api.prints.errors import KindUnknown


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, what builds it (`module:function`), and what of the built one gives its bytes.

    Builders are called late: what they load is heavy. `paper` says that they take a Paper before the time of printing.
    """

    media_type: str
    builder: str
    to_bytes: str
    paper: bool = False
    picture: bool = False
    """Whether browsers show it in a page; then it has one file a page."""


SHEET, DOCUMENT = "mapping.sheet.sheet:build_sheet", "mapping.documents:build_document"
OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("application/pdf", SHEET, "pdf", paper=True),
    "png": Kind("image/png", SHEET, "png", paper=True, picture=True),
    "pptx": Kind(f"{OFFICE}presentationml.presentation", "mapping.slides:build_slides", "pptx"),
    "docx": Kind(f"{OFFICE}wordprocessingml.document", DOCUMENT, "docx"),
    "xlsx": Kind(f"{OFFICE}spreadsheetml.sheet", DOCUMENT, "xlsx"),
    "svg": Kind("image/svg+xml", "mapping.pictures:build_picture", "svg"),
}


def get_kind(name: str) -> Kind:
    """Return a kind by the end of its file's name. Raises KindUnknown."""
    found = KINDS.get(name)
    if found is None:
        raise KindUnknown(allowed=", ".join(KINDS))
    return found


def build(kind: Kind, *given: Any, **options: Any) -> Any:
    """Call a kind's builder; the session comes first."""
    module, _, name = kind.builder.partition(":")
    return getattr(import_module(module), name)(*given, **options)


def contents(kind: Kind, built: Any) -> dict[str, tuple[bytes, ...]]:
    """Return the files of all kinds that the same builder makes: what is shown and what is taken are the same one."""
    made = {}
    for name, other in KINDS.items():
        if other.builder == kind.builder:
            content = getattr(built, other.to_bytes)()
            made[name] = (content,) if isinstance(content, bytes) else tuple(content)
    return made
