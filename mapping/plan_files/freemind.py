"""FreeMind's and Freeplane's maps (.mm): kinds and fields as attributes, with icons and colours, links as arrows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from boundaries.messages import text
from mapping.plan_fields import MOST_LINKS, MOST_PARTS, Kind
from mapping.plan_files.arranging import to_plan
from mapping.plan_files.errors import PlanFileDamaged, PlanFileLong
from mapping.plan_files.field_texts import to_field_text
from mapping.plan_files.heads import about_texts, from_about_texts
from mapping.plan_files.values import Branch, Branches, FilePart, PlanFile
from mapping.plan_files.words import kind_of, label
from mapping.plan_files.xml_reading import read_xml
from mapping.plan_files.xml_writing import element, written
from mapping.styles import TOKENS

ICONS: Mapping[Kind, str] = {
    "problem": "stop", "effect": "messagebox_warning", "cause": "help", "goal": "bookmark", "objective": "go",
    "solution": "idea", "asset": "group", "activity": "list", "indicator": "xmag",
}  # fmt: skip
"""Icons that both programs have."""
INKS: Mapping[Kind, tuple[str, str]] = {
    "problem": ("ink", "paper"),
    "effect": ("effect", "effect-bg"),
    "cause": ("cause", "cause-bg"),
}
SOLVING = ("solution", "solution-bg")
LEFT = ("effect", "cause")
LONGEST_TEXT = 20_000
UNREAD = frozenset({"head", "style", "script", "title"})
BLOCKS = frozenset({"p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3"})
"""Elements of a rich text: those without words of the text, and those that end a word."""
PREFIX = "ID_"


def write(plan: PlanFile) -> bytes:
    """Write a plan as a map."""
    top = element(None, "map", {"version": "1.0.1"})
    nodes: dict[str | None, ET.Element] = {None: top}
    for part in plan.parts:
        nodes[part.id] = _node(nodes[part.parent], part)
    for name, value in about_texts(plan.about):
        element(nodes[plan.parts[0].id], "attribute", {"NAME": name, "VALUE": value})
    for link in plan.links:
        said = text(f"plan_files.link.{link.kind}").th
        arrow = {"DESTINATION": PREFIX + link.to, "MIDDLE_LABEL": said, "STARTARROW": "None", "ENDARROW": "Default"}
        element(nodes[link.part], "arrowlink", arrow)
    return written(top)


def _node(parent: ET.Element, part: FilePart) -> ET.Element:
    ink, ground = INKS.get(part.kind, SOLVING)
    look = {"COLOR": TOKENS[ink], "BACKGROUND_COLOR": TOKENS[ground], "STYLE": "bubble"}
    if parent.get("TEXT") is not None and parent.get("POSITION") is None and part.parent is not None:
        look["POSITION"] = "left" if part.kind in LEFT else "right"
    node = element(parent, "node", {"ID": PREFIX + part.id, "TEXT": part.text, **look})
    element(node, "icon", {"BUILTIN": ICONS[part.kind]})
    said = text("plan_files.field.kind").th
    element(node, "attribute", {"NAME": said, "VALUE": text(f"plan.kind.{part.kind}").th})
    for name, value in part.fields.items():
        if name == "note":
            _note(node, str(value))
        elif name != "text":
            element(node, "attribute", {"NAME": label(name)[0], "VALUE": to_field_text(name, value)})
    return node


def _note(node: ET.Element, words: str) -> None:
    rich = element(node, "richcontent", {"TYPE": "NOTE"})
    html = element(rich, "html", {})
    element(html, "head", {})
    element(element(html, "body", {}), "p", {}).text = words


@dataclass
class _Reading:
    """Where reading has come to."""

    name: str
    read: Branches = field(default_factory=Branches)
    open: list[Branch] = field(default_factory=list)
    rich: str = ""
    """What the text that is read now is: NODE, NOTE or DETAILS of the innermost branch; empty outside."""
    words: list[str] = field(default_factory=list)
    begun: bool = False
    unread: int = 0
    letters: int = 0

    def start(self, name: str, said: Mapping[str, str]) -> None:
        if not self.begun and name != "map":
            raise PlanFileDamaged(name=self.name)
        self.begun = True
        if name == "node":
            self._branch(said)
        elif self.open and name == "attribute":
            _attribute(self.open[-1], said.get("NAME", ""), said.get("VALUE", ""))
        elif self.open and name == "arrowlink" and len(self.read.links) < MOST_LINKS * 4:
            to = said.get("DESTINATION", "").removeprefix(PREFIX)
            self.read.links.append((self.open[-1].id, to, said.get("MIDDLE_LABEL", "")))
        elif self.open and name == "richcontent":
            self.rich, self.words, self.letters = said.get("TYPE", "NODE"), [], 0
        self.unread += name in UNREAD

    def end(self, name: str) -> None:
        self.unread -= name in UNREAD
        if name in BLOCKS:
            self.take(" ")
        if name == "node":
            self.open.pop()
        elif name == "richcontent" and self.open:
            words, branch = " ".join("".join(self.words).split()), self.open[-1]
            if self.rich == "NODE" and not branch.text:
                branch.text = words
            elif words:
                _attribute(branch, "note", words)
            self.rich = ""

    def take(self, words: str) -> None:
        if self.rich and not self.unread and self.letters < LONGEST_TEXT:
            self.words.append(words)
            self.letters += len(words)

    def _branch(self, said: Mapping[str, str]) -> None:
        if len(self.read.found) >= MOST_PARTS:
            raise PlanFileLong(name=self.name)
        own = said.get("ID", "").removeprefix(PREFIX) or f"node-{len(self.read.found)}"
        parent = self.open[-1].id if self.open else None
        branch = Branch(own, parent, said.get("TEXT", ""))
        self.read.found.append(branch)
        self.open.append(branch)


def _attribute(branch: Branch, name: str, value: str) -> None:
    if kind_words(name):
        branch.kind = kind_of(value) or branch.kind
    else:
        held = branch.fields.get(name)
        branch.fields[name] = value if held is None else f"{held}\n{value}"


def kind_words(name: str) -> bool:
    """Say whether a label names a part's kind."""
    said = text("plan_files.field.kind")
    return name.strip().casefold() in ("kind", said.th, said.en.casefold())


def read(name: str, content: bytes) -> PlanFile:
    """Read a map. Raises PlanFileDamaged, PlanFileLong, PlanFileDeep, DeclaresEntities, BadPart."""
    reading = _Reading(name)
    read_xml(name, content, reading.start, reading.end, reading.take)
    if reading.read.found:
        reading.read.about = from_about_texts(reading.read.found[0].fields)
    return to_plan(name, reading.read)
