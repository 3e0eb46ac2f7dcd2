"""The formats of plans' files: how each is called, written and read, and what it cannot hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from boundaries.messages import Text, text
from mapping.plan_files import freemind, json_file, markdown, opml, xmind
from mapping.plan_files.errors import PlanFileLarge, PlanFileUnknown
from mapping.plan_files.shape import check_shape
from mapping.plan_files.values import LARGEST, MEGABYTE, PlanFile

Format = Literal["json", "mm", "opml", "md", "xmind"]
LONGEST_NAME = 80


@dataclass(frozen=True)
class FileFormat:
    """One format: its media type, its writer and reader, and which further things of a plan it lacks room for."""

    media_type: str
    write: Callable[[PlanFile], bytes]
    read: Callable[[str, bytes], PlanFile]
    lacks: tuple[str, ...]


FORMATS: Mapping[Format, FileFormat] = {
    "json": FileFormat("application/json", json_file.write, json_file.read, ()),
    "mm": FileFormat("application/x-freemind", freemind.write, freemind.read, ("origin", "approval")),
    "opml": FileFormat("text/x-opml", opml.write, opml.read, ("origin", "approval", "shown")),
    "md": FileFormat("text/markdown", markdown.write, markdown.read, ("origin", "approval", "relates", "ids")),
    "xmind": FileFormat("application/vnd.xmind.workbook", xmind.write, xmind.read, ("origin", "approval")),
}
ENDINGS: Mapping[str, Format] = {
    **{name: name for name in FORMATS},
    "markdown": "md",
    "txt": "md",
}
_HOLDS: Mapping[str, Callable[[PlanFile], bool]] = {
    "origin": lambda plan: any(part.origin is not None for part in plan.parts),
    "approval": lambda plan: plan.about.approved_by is not None,
    "relates": lambda plan: any(link.kind == "relates" for link in plan.links),
    "ids": lambda plan: True,
    "shown": lambda plan: any(len(part.fields) > 1 for part in plan.parts),
}


def get_format(name: str) -> Format:
    """Return the format of a name. Raises PlanFileUnknown."""
    found = next((one for one in FORMATS if one == name), None)
    if found is None:
        raise PlanFileUnknown(name=name[:LONGEST_NAME] or "–", allowed=allowed())
    return found


def format_of(file_name: str) -> Format:
    """Return the format that a file's ending names. Raises PlanFileUnknown."""
    found = ENDINGS.get(file_name.rpartition(".")[2].casefold())
    if found is None:
        raise PlanFileUnknown(name=file_name[-LONGEST_NAME:] or "–", allowed=allowed())
    return found


def allowed() -> str:
    """Name the formats."""
    return ", ".join(FORMATS)


def write_plan_file(plan: PlanFile, format: Format) -> bytes:
    """Write a plan in a format; the same plan makes the same bytes."""
    return FORMATS[format].write(plan)


def read_plan_file(name: str, content: bytes, format: Format | None = None) -> PlanFile:
    """Read a plan out of a file, whole or not at all; the ending says its format where nobody does.

    Raises the errors of plan_files, DeclaresEntities, UnsafePath, Locked, TooLarge, PlanFull, GoalTaken, BadLink.
    """
    chosen = format or format_of(name)
    if len(content) > LARGEST:
        raise PlanFileLarge(name=name[-LONGEST_NAME:], limit=LARGEST // MEGABYTE)
    found = FORMATS[chosen].read(name[-LONGEST_NAME:], content)
    check_shape(name[-LONGEST_NAME:], found.parts, found.links)
    return found


def lacking(plan: PlanFile, format: Format) -> list[Text]:
    """Say what of a plan a file of a format cannot hold; nothing where it holds all that the plan shows."""
    return [text(f"plan_files.lacks.{one}") for one in FORMATS[format].lacks if _HOLDS[one](plan)]
