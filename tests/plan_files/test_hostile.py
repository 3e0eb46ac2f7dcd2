"""Files that would take a machine's memory, time or secrets: refused by name, soon, and in little memory."""

import io
import json
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import pytest

from boundaries.errors import SocialMapError
from layers.files.errors import DeclaresEntities, Locked, UnsafePath
from mapping.plan_asking import BadLink, GoalTaken, PlanFull
from mapping.plan_files import errors
from mapping.plan_files.formats import read_plan_file, write_plan_file
from mapping.plan_files.values import LARGEST
from tests.plan_files.made import plan_of

SECONDS, MEGABYTES = 10.0, 200
BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ELSEWHERE = '<!DOCTYPE map SYSTEM "http://127.0.0.1:9/x.dtd">'
MANY, DEEP = 100_000, 10_000


def mm(content: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<map version="1.0.1">{content}</map>'.encode()


def outline(content: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<opml version="2.0"><body>{content}</body></opml>'.encode()


def xmind(said: object = None, *, name: str = "content.json", raw: bytes | None = None, **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, json.dumps(said) if raw is None else raw)
        for inside, content in more.items():
            archive.writestr(inside.replace("__", "../"), content)
    return made.getvalue()


def deep_topics(many: int) -> bytes:
    return b'[{"rootTopic":' + b'{"title":"x","children":{"attached":[' * many + b"]}}" * many + b"}]"


def ours(**changed: object) -> bytes:
    return json.dumps({**json.loads(write_plan_file(plan_of("a"), "json")), **changed}).encode()


def locked() -> bytes:
    content = bytearray(xmind([{}]))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


PART = {"id": "a", "kind": "problem", "parent": None, "fields": {"text": "ก"}}
ATTRIBUTE = '<attribute NAME="a" VALUE="b"/>'
EFFECT = {"id": "b", "kind": "effect", "parent": "a", "fields": {"text": "ข"}}
OTHER = {**EFFECT, "id": "c"}


def linked(**link: str) -> bytes:
    return ours(parts=[PART, EFFECT], links=[link])


def parts(*more: object) -> bytes:
    return ours(parts=[PART, *more], links=[])


class Hostile(NamedTuple):
    name: str
    content: Callable[[], bytes]
    refusal: type[SocialMapError]


HOSTILE = (
    Hostile("bomb.mm", lambda: mm('<node TEXT="&c;"/>', BOMB), DeclaresEntities),
    Hostile("outside.mm", lambda: mm('<node TEXT="x">&a;</node>', OUTSIDE), DeclaresEntities),
    Hostile("elsewhere.mm", lambda: mm('<node TEXT="x"/>', ELSEWHERE), DeclaresEntities),
    Hostile("bomb.opml", lambda: outline('<outline text="&c;"/>', BOMB), DeclaresEntities),
    Hostile("outside.opml", lambda: outline("<outline>&a;</outline>", OUTSIDE), DeclaresEntities),
    Hostile("unknown-entity.mm", lambda: mm('<node TEXT="&a;"/>'), errors.PlanFileDamaged),
    Hostile("utf16-bomb.mm", lambda: mm("<node/>", BOMB).decode().encode("utf-16"), DeclaresEntities),
    Hostile("many.mm", lambda: mm('<node TEXT="x">' + '<node TEXT="y"/>' * MANY + "</node>"), errors.PlanFileLong),
    Hostile("deep.mm", lambda: mm('<node TEXT="x">' * DEEP + "</node>" * DEEP), errors.PlanFileDeep),
    Hostile("deep-note.mm", lambda: mm('<node TEXT="x"><richcontent>' + "<p>" * DEEP), errors.PlanFileDeep),
    Hostile("elements.mm", lambda: mm("<x/>" * 150_000), errors.PlanFileEmpty),
    Hostile("attributes.mm", lambda: mm('<node TEXT="x">' + ATTRIBUTE * 30_000), errors.PlanFileDamaged),
    Hostile("long-text.mm", lambda: mm(f'<node TEXT="{"x" * 3_000_000}"/>'), errors.BadPart),
    Hostile("many.opml", lambda: outline('<outline text="x"/>' * MANY), errors.PlanFileLong),
    Hostile("deep.opml", lambda: outline('<outline text="x">' * DEEP), errors.PlanFileDeep),
    Hostile("not.mm", lambda: b'{"a": 1}', errors.PlanFileDamaged),
    Hostile("page.mm", lambda: b"<html><script>alert(1)</script></html>", errors.PlanFileDamaged),
    Hostile("page.opml", lambda: b"<html/>", errors.PlanFileDamaged),
    Hostile("cut.mm", lambda: mm('<node TEXT="x"/>')[:-4], errors.PlanFileDamaged),
    Hostile("encoding.mm", lambda: b'<?xml version="1.0" encoding="x-none"?><map/>', errors.PlanFileDamaged),
    Hostile("empty.mm", lambda: b"", errors.PlanFileDamaged),
    Hostile("chain.mm", lambda: mm('<node TEXT="x">' * 20 + "</node>" * 20), PlanFull),
    Hostile("broad.mm", lambda: mm('<node TEXT="x">' + '<node TEXT="y"/>' * 201 + "</node>"), PlanFull),
    Hostile("many.md", lambda: b"# x\n" + b"- y\n" * MANY, errors.PlanFileLong),
    Hostile("deep.md", lambda: b"".join(b" " * n + b"- y\n" for n in range(1_000)), errors.PlanFileDeep),
    Hostile("bytes.md", lambda: bytes(range(256)), errors.PlanFileDamaged),
    Hostile("one-line.md", lambda: b"# " + b"*" * 7_000_000, errors.BadPart),
    Hostile("blanks.md", lambda: b"- " + b" " * 7_000_000 + b"x", errors.BadPart),
    Hostile("colons.md", lambda: b"- " + b": " * 3_000_000, errors.BadPart),
    Hostile("deep.json", lambda: b"[" * DEEP + b"]" * DEEP, errors.PlanFileDeep),
    Hostile("brackets.json", lambda: b"[" + b"{}," * 2_000_000 + b"{}]", errors.PlanFileLong),
    Hostile("many.json", lambda: parts(*[{**EFFECT, "id": f"e{n}"} for n in range(2_500)]), PlanFull),
    Hostile("numbers.json", lambda: b"9" * 5_000_000, errors.PlanFileDamaged),
    Hostile("other.json", lambda: b'{"format": "x"}', errors.PlanFileDamaged),
    Hostile("newer.json", lambda: ours(version=2), errors.PlanFileDamaged),
    Hostile("more.json", lambda: ours(more=1), errors.PlanFileDamaged),
    Hostile("about.json", lambda: ours(plan={"area": "70'; --"}), errors.PlanFileDamaged),
    Hostile("about-more.json", lambda: ours(plan={"created_by": "x"}), errors.PlanFileDamaged),
    Hostile("twice.json", lambda: parts(EFFECT, EFFECT), errors.BadPart),
    Hostile("second-root.json", lambda: parts({**PART, "id": "c"}), errors.BadPart),
    Hostile("cycle.json", lambda: parts({**EFFECT, "parent": "c"}, {**OTHER, "parent": "b"}), errors.BadPart),
    Hostile("itself.json", lambda: parts({**EFFECT, "parent": "b"}), errors.BadPart),
    Hostile("wrong-parent.json", lambda: parts(EFFECT, {**OTHER, "kind": "cause", "parent": "b"}), errors.BadPart),
    Hostile("goals.json", lambda: parts(*[{**EFFECT, "id": n, "kind": "goal"} for n in "xy"]), GoalTaken),
    Hostile("nan.json", lambda: parts({**EFFECT, "fields": {"text": float("nan")}}), errors.BadPart),
    Hostile("surrogate.json", lambda: parts({**EFFECT, "fields": {"text": "\ud800"}}), errors.BadPart),
    Hostile("far-link.json", lambda: linked(part="b", to="z", kind="relates"), BadLink),
    Hostile("odd-link.json", lambda: linked(part="b", to="a", kind="addresses"), BadLink),
    Hostile("none.json", lambda: ours(parts=[], links=[]), errors.PlanFileEmpty),
    Hostile("bomb.xmind", lambda: xmind(raw=b" " * (LARGEST * 3)), errors.PlanFileLarge),
    Hostile("path.xmind", lambda: xmind([{}], **{"__etc_passwd": b"x"}), UnsafePath),
    Hostile("absolute.xmind", lambda: xmind([{}], **{"/etc/passwd": b"x"}), UnsafePath),
    Hostile("locked.xmind", locked, Locked),
    Hostile("other.xmind", lambda: xmind(name="content.xml", raw=b"<x/>"), errors.PlanFileDamaged),
    Hostile("no-zip.xmind", lambda: b"PK\x03\x04 no zip", errors.PlanFileDamaged),
    Hostile("cut.xmind", lambda: xmind([{}])[:-30], errors.PlanFileDamaged),
    Hostile("deep.xmind", lambda: xmind(raw=deep_topics(DEEP)), errors.PlanFileDeep),
    Hostile(
        "many.xmind",
        lambda: xmind([{"rootTopic": {"title": "x", "children": {"attached": [{"title": "y"}] * 20_000}}}]),
        errors.PlanFileLong,
    ),
    Hostile("odd.xmind", lambda: xmind([{"rootTopic": {"children": {"attached": [7]}}}]), errors.PlanFileDamaged),
    Hostile("no-list.xmind", lambda: xmind({"rootTopic": []}), errors.PlanFileDamaged),
    Hostile("large.json", lambda: b" " * 100_000_000, errors.PlanFileLarge),
)  # fmt: skip


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: one.name)
def test_a_hostile_file_is_refused_by_name_soon_and_in_little_memory(one: Hostile) -> None:
    content = one.content()
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(one.refusal) as told:
            read_plan_file(one.name, content)
        peak = tracemalloc.get_traced_memory()[1] / 1_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - begun < SECONDS
    assert peak < MEGABYTES
    assert type(told.value) is one.refusal
    assert len(str(told.value)) < 600  # nothing of the file is repeated at length


def test_script_in_every_text_stays_text_in_every_format() -> None:
    script = "<img src=x onerror=alert(1)></script><script>alert(1)</script>${alert(1)}{{7*7}}"
    content = ours(parts=[{**PART, "fields": {"text": script, "note": script}}], links=[])
    plan = read_plan_file("x.json", content)
    for format in ("mm", "opml", "md", "xmind", "json"):
        written = write_plan_file(plan, format)  # type: ignore[arg-type]
        if format in ("mm", "opml", "md"):
            assert b"<script" not in written.replace(b"\\<script", b"")
            assert b"<img" not in written.replace(b"\\<img", b"")
        back = read_plan_file(f"x.{format}", written)
        assert back.parts[0].fields == {"text": script, "note": script}
