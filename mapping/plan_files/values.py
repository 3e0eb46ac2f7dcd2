"""A plan as files hold it: parts in the order of the file, links between them, and what is said of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from boundaries.messages import Text
from mapping.plan_fields import Kind, LinkKind, Value

LARGEST = 8_000_000
"""Bytes of a file that is read, and of what a zip unpacks to; the largest plan in use has some 200 kB."""
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class FilePart:
    """One part; `id` is the file's own name of it, and `parent` that of a part before it."""

    id: str
    kind: Kind
    parent: str | None
    fields: Mapping[str, Value]
    origin: str | None = None

    @property
    def text(self) -> str:
        """What the part says."""
        return str(self.fields["text"])


@dataclass(frozen=True, order=True)
class FileLink:
    """A link across the tree, by the file's names of its parts."""

    part: str
    to: str
    kind: LinkKind


@dataclass(frozen=True)
class About:
    """What a file says of the plan as a whole; None where it does not. `fiscal_year` in พ.ศ."""

    area: str | None = None
    problem: str | None = None
    fiscal_year: int | None = None
    state: str | None = None
    approved_by: str | None = None
    approved_on: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class PlanFile:
    """A plan on its way out or in; the problem is the first part. `notes` tell what could not be taken as it stood."""

    about: About
    parts: tuple[FilePart, ...]
    links: tuple[FileLink, ...]
    notes: tuple[Text, ...] = ()


@dataclass
class Branch:
    """A part as another program's file has it: its words, the kind and the fields as far as they were named."""

    id: str
    parent: str | None
    text: str
    kind: Kind | None = None
    fields: dict[str, str] = field(default_factory=dict)
    """What stands under each label, texts of a list one a line."""


@dataclass
class Branches:
    """What was read of another program's file, in its order."""

    title: str = ""
    found: list[Branch] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """From, to, and what is written on the link."""
    about: About = field(default_factory=About)
    more: int = 0
    """Sheets of the file behind the first, which are not read."""
