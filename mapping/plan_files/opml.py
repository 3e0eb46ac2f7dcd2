"""Outlines in OPML 2.0: the kind as a word before the text and, with the fields, as attributes of our own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from mapping.plan_fields import MOST_PARTS
from mapping.plan_files.arranging import to_plan
from mapping.plan_files.errors import PlanFileDamaged, PlanFileLong
from mapping.plan_files.field_texts import to_field_text
from mapping.plan_files.heads import NAMES, from_about_texts
from mapping.plan_files.values import Branch, Branches, FilePart, PlanFile
from mapping.plan_files.words import kind_of, marked, unmarked
from mapping.plan_files.xml_reading import read_xml
from mapping.plan_files.xml_writing import element, written

OURS = "urn:socialmap:plan:1"
NOTE = "_note"
"""Where outliners look for a note, by custom."""
LINKS = ("addresses", "relates")
LONGEST_TITLE = 2_000


def write(plan: PlanFile) -> bytes:
    """Write a plan as an outline."""
    top = element(None, "opml", {"version": "2.0", "xmlns:sm": OURS})
    element(element(top, "head", {}), "title", {}).text = plan.parts[0].text
    nodes: dict[str | None, ET.Element] = {None: element(top, "body", {})}
    for part in plan.parts:
        linked = {kind: [link.to for link in plan.links if (link.part, link.kind) == (part.id, kind)] for kind in LINKS}
        nodes[part.id] = element(nodes[part.parent], "outline", _attributes(part, linked))
    for name in NAMES:
        value = getattr(plan.about, name)
        if value is not None:
            nodes[plan.parts[0].id].set(f"sm:{name}", str(value))
    return written(top)


def _attributes(part: FilePart, linked: Mapping[str, list[str]]) -> dict[str, str]:
    made = {"text": marked(part.kind, part.text), "sm:kind": part.kind, "sm:id": part.id}
    for name, value in part.fields.items():
        if name != "text":
            made[NOTE if name == "note" else f"sm:{name}"] = to_field_text(name, value)
    return made | {f"sm:{kind}": " ".join(ids) for kind, ids in linked.items() if ids}


@dataclass
class _Reading:
    """Where reading has come to."""

    name: str
    read: Branches = field(default_factory=Branches)
    open: list[Branch] = field(default_factory=list)
    begun: bool = False
    in_title: bool = False

    def start(self, name: str, said: Mapping[str, str]) -> None:
        if not self.begun and name != "opml":
            raise PlanFileDamaged(name=self.name)
        self.begun = True
        self.in_title = name == "title"
        if name == "outline":
            self._branch(said)

    def end(self, name: str) -> None:
        self.in_title = False
        if name == "outline":
            self.open.pop()

    def take(self, words: str) -> None:
        if self.in_title and len(self.read.title) < LONGEST_TITLE:
            self.read.title += words

    def _branch(self, said: Mapping[str, str]) -> None:
        if len(self.read.found) >= MOST_PARTS:
            raise PlanFileLong(name=self.name)
        own = {name.removeprefix("sm:"): value for name, value in said.items() if name.startswith("sm:")}
        kind, words = kind_of(own.pop("kind", "")), said.get("text", "")
        before, rest = unmarked(words)
        made = Branch(
            id=own.pop("id", "") or f"outline-{len(self.read.found)}",
            parent=self.open[-1].id if self.open else None,
            text=rest if kind is not None and before == kind else words,
            kind=kind,
        )
        for link in LINKS:
            self.read.links += [(made.id, to, link) for to in own.pop(link, "").split()[:MOST_PARTS]]
        made.fields = own | ({"note": said[NOTE]} if said.get(NOTE) else {})
        self.read.found.append(made)
        self.open.append(made)


def read(name: str, content: bytes) -> PlanFile:
    """Read an outline; several at the top stand under the file's title.

    Raises PlanFileDamaged, PlanFileLong, PlanFileDeep, DeclaresEntities, BadPart.
    """
    reading = _Reading(name)
    read_xml(name, content, reading.start, reading.end, reading.take)
    found = under_one(reading.read)
    if found.found:
        found.about = from_about_texts(found.found[0].fields)
    return to_plan(name, found)


def under_one(read_: Branches) -> Branches:
    """Return branches under one first branch; of several at the top the title becomes the first."""
    tops = [branch for branch in read_.found if branch.parent is None]
    if len(tops) > 1:
        for branch in tops:
            branch.parent = "top"
        read_.found.insert(0, Branch("top", None, read_.title))
    return read_
