"""XMind's workbooks (a zip with content.json): kinds as labels, fields as lines of notes, links as relationships."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from boundaries.messages import text
from layers.files.archives import DAMAGED, members
from layers.files.archives import read as unpack
from layers.files.errors import TooLarge
from mapping.plan_fields import MOST_LINKS, MOST_PARTS
from mapping.plan_files.arranging import to_plan
from mapping.plan_files.errors import PlanFileDamaged, PlanFileLarge, PlanFileLong
from mapping.plan_files.field_texts import LISTS, to_field_text
from mapping.plan_files.heads import NAMES, about_texts, from_about_texts
from mapping.plan_files.json_reading import read_json
from mapping.plan_files.values import LARGEST, MEGABYTE, Branch, Branches, FilePart, PlanFile
from mapping.plan_files.words import fields_by_word, kind_of, label

CONTENT = "content.json"
DAY = (1980, 1, 1, 0, 0, 0)
"""The same plan makes the same bytes."""
LONGEST_NOTE = 20_000
Topic = dict[str, Any]


def write(plan: PlanFile) -> bytes:
    """Write a plan as a workbook of one sheet."""
    topics: dict[str | None, Topic] = {}
    for part in plan.parts:
        topics[part.id] = topic = _topic(part, plan if part.parent is None else None)
        if part.parent is not None:
            topics[part.parent].setdefault("children", {"attached": []})["attached"].append(topic)
    root = plan.parts[0]
    relationships = [
        {
            "id": f"link-{place}",
            "class": "relationship",
            "title": text(f"plan_files.link.{link.kind}").th,
            "end1Id": link.part,
            "end2Id": link.to,
        }
        for place, link in enumerate(plan.links)
    ]
    sheet = {"id": "sheet", "class": "sheet", "title": root.text, "rootTopic": topics[root.id]}
    files = {
        CONTENT: [sheet | {"relationships": relationships}],
        "metadata.json": {"creator": {"name": "Social Map"}},
        "manifest.json": {"file-entries": {CONTENT: {}, "metadata.json": {}}},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in files.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), json.dumps(said, ensure_ascii=False), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _topic(part: FilePart, plan: PlanFile | None) -> Topic:
    lines = [f"{name}: {value}" for name, value in about_texts(plan.about)] if plan else []
    for name, value in part.fields.items():
        if name != "text":
            written = to_field_text(name, value)
            lines += [f"{label(name)[0]}: {line}" for line in (written.split("\n") if name in LISTS else [written])]
    called = text(f"plan.kind.{part.kind}").th
    made: Topic = {"id": part.id, "class": "topic", "title": part.text, "labels": [called]}
    return made | ({"notes": {"plain": {"content": "\n".join(lines)}}} if lines else {})


def read(name: str, content: bytes) -> PlanFile:
    """Read the first sheet of a workbook.

    Raises PlanFileDamaged, PlanFileLarge, PlanFileLong, PlanFileDeep, UnsafePath, Locked, BadPart.
    """
    sheets = read_json(name, _content(name, content))
    if not isinstance(sheets, list) or not all(isinstance(each, dict) for each in sheets):
        raise PlanFileDamaged(name=name)
    found = Branches(more=max(0, len(sheets) - 1))
    for sheet in sheets[:1]:
        found.found = list(_branches(name, sheet.get("rootTopic")))
        found.links = list(_links(sheet.get("relationships")))
    if found.found:
        found.about = from_about_texts(found.found[0].fields)
    return to_plan(name, found)


def _content(name: str, content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = next((one for one in members(archive, name) if one.filename == CONTENT), None)
            if inside is None:
                raise PlanFileDamaged(name=name)
            return unpack(archive, inside, name, LARGEST)
    except TooLarge:
        raise PlanFileLarge(name=name, limit=LARGEST // MEGABYTE) from None
    except DAMAGED:
        raise PlanFileDamaged(name=name) from None


def _branches(name: str, root: Any) -> Iterator[Branch]:
    """Yield topics from the top down, each before those under it, in their order."""
    waiting: list[tuple[str | None, Any]] = [(None, root)]
    count = 0
    while waiting:
        parent, topic = waiting.pop()
        if not isinstance(topic, dict):
            raise PlanFileDamaged(name=name)
        if count >= MOST_PARTS:
            raise PlanFileLong(name=name)
        own = topic.get("id")
        made = Branch(own if isinstance(own, str) and own else f"topic-{count}", parent, _words(topic.get("title")))
        labels = topic.get("labels")
        said = (kind_of(one) for one in (labels if isinstance(labels, list) else []) if isinstance(one, str))
        made.kind = next((one for one in said if one), None)
        made.fields = _fields(_words(_inside(topic, "notes", "plain", "content")))
        yield made
        count += 1
        below = [each for group in ("attached", "detached") for each in _list(_inside(topic, "children", group))]
        waiting += [(made.id, each) for each in reversed(below)]


def _fields(note: str) -> dict[str, str]:
    """Read lines such as `งบประมาณ: 15000`; whatever else stands in a note is the note."""
    found: dict[str, str] = {}
    for line in note[:LONGEST_NOTE].split("\n"):
        called, mark, value = line.partition(": ")
        if not mark or called.strip().casefold() not in _known():
            called, value = "note", line
        if value.strip() or called != "note":
            called = called.strip()
            found[called] = f"{found[called]}\n{value}" if called in found else value
    return found


def _known() -> set[str]:
    heads = (text(f"plan_files.about.{name}") for name in NAMES)
    return {*fields_by_word(), *(word for head in heads for word in (head.th, head.en.casefold()))}


def _links(said: Any) -> Iterator[tuple[str, str, str]]:
    for each in _list(said)[: 4 * MOST_LINKS]:
        if isinstance(each, dict):
            yield _words(each.get("end1Id")), _words(each.get("end2Id")), _words(each.get("title"))


def _inside(said: Mapping[str, Any], *path: str) -> Any:
    found: Any = said
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _words(said: Any) -> str:
    return said if isinstance(said, str) else ""
