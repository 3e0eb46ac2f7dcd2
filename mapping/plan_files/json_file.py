"""Our own JSON, which loses nothing that a plan shows; `schema.py` describes it for others."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from boundaries.errors import SocialMapError
from boundaries.messages import text
from mapping.plan_asking import PlanFull
from mapping.plan_fields import FIRST_YEAR, LAST_YEAR, MOST_LINKS, MOST_PARTS, Kind, LinkKind, checked_fields
from mapping.plan_files.errors import PlanFileDamaged
from mapping.plan_files.json_reading import read_json
from mapping.plan_files.shape import refused
from mapping.plan_files.values import About, FileLink, FilePart, PlanFile

FORMAT, VERSION = "socialmap-plan", 1
SCHEMA = "/api/v1/schemas/plan.json"
ORIGIN = r"[a-z]{1,20}:[A-Za-z0-9][A-Za-z0-9:/._-]{0,160}"
PATTERNS: Mapping[str, str] = {
    "area": r"[0-9]{2}([0-9]{2}){0,3}",
    "problem": r"P[0-9]{2}(\.[0-9]{2})?",
    "state": "draft|approved|superseded",
    "approved_on": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "origin": ORIGIN,
}
"""What is said of the plan as a whole; the meeting's name is free text."""
LONGEST_ID, LONGEST_MEETING = 64, 200
_TOP = frozenset({"$schema", "format", "version", "plan", "parts", "links"})
_PART = frozenset({"id", "kind", "parent", "fields", "origin"})


def write(plan: PlanFile) -> bytes:
    """Write a plan as JSON, one part a line."""
    about = {name: value for name, value in vars(plan.about).items() if value is not None}
    parts = [_plain(part) for part in plan.parts]
    links = [{"part": link.part, "to": link.to, "kind": link.kind} for link in plan.links]
    head = {"$schema": SCHEMA, "format": FORMAT, "version": VERSION, "plan": about}
    lines = ",\n".join(f" {_dump(name)}: {_dump(value)}" for name, value in head.items())
    return f'{{\n{lines},\n "parts": [{_listed(parts)}],\n "links": [{_listed(links)}]\n}}\n'.encode()


def read(name: str, content: bytes) -> PlanFile:
    """Read a plan, strictly as the schema has it. Raises PlanFileDamaged, BadPart, PlanFull."""
    said = read_json(name, content)
    if not isinstance(said, dict) or said.get("format") != FORMAT or said.get("version") != VERSION:
        raise PlanFileDamaged(name=name)
    parts, links, about = said.get("parts"), said.get("links", []), said.get("plan", {})
    if not (isinstance(parts, list) and isinstance(links, list) and isinstance(about, dict)) or set(said) - _TOP:
        raise PlanFileDamaged(name=name)
    for found, most in ((parts, MOST_PARTS), (links, MOST_LINKS)):
        if len(found) > most:
            raise PlanFull(limit=most)
    made = tuple(_parts(parts))
    return PlanFile(_about(name, about), made, tuple(_link(name, each) for each in links))


def _plain(part: FilePart) -> dict[str, Any]:
    origin = {"origin": part.origin} if part.origin is not None else {}
    return {"id": part.id, "kind": part.kind, "parent": part.parent, "fields": dict(part.fields)} | origin


def _listed(found: list[dict[str, Any]]) -> str:
    return "".join(f"\n  {_dump(each)}," for each in found).rstrip(",") + ("\n " if found else "")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=isinstance(value, dict) and "id" not in value)


def _about(name: str, said: Mapping[str, Any]) -> About:
    if set(said) - set(About.__dataclass_fields__):
        raise PlanFileDamaged(name=name)
    for key, value in said.items():
        year = key == "fiscal_year" and type(value) is int and FIRST_YEAR <= value <= LAST_YEAR
        meeting = key == "approved_by" and isinstance(value, str) and 1 <= len(value) <= LONGEST_MEETING
        pattern = PATTERNS.get(key)
        matching = pattern is not None and isinstance(value, str) and re.fullmatch(pattern, value) is not None
        if not (year or meeting or matching):
            raise PlanFileDamaged(name=name)
    return About(**said)


def _parts(said: list[Any]) -> Iterator[FilePart]:
    for place, each in enumerate(said, start=1):
        if not isinstance(each, dict) or not _PART - {"origin"} <= set(each) <= _PART:
            raise refused(place, text("plan_files.rule.members", members=", ".join(sorted(_PART))))
        origin, fields = each.get("origin"), each["fields"]
        named = _is_id(each["id"]) and (each["parent"] is None or _is_id(each["parent"]))
        sourced = origin is None or (isinstance(origin, str) and re.fullmatch(ORIGIN, origin) is not None)
        if not (named and sourced and each["kind"] in get_args(Kind) and isinstance(fields, dict)):
            raise refused(place, text("plan_files.rule.members", members=", ".join(sorted(_PART))))
        try:
            held = checked_fields(each["kind"], fields)
        except SocialMapError as error:
            raise refused(place, error.text) from None
        yield FilePart(each["id"], each["kind"], each["parent"], held, origin)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(rf"[A-Za-z0-9_.:-]{{1,{LONGEST_ID}}}", value) is not None


def _link(name: str, said: Any) -> FileLink:
    if not isinstance(said, dict) or set(said) != {"part", "to", "kind"} or said["kind"] not in get_args(LinkKind):
        raise PlanFileDamaged(name=name)
    if not (_is_id(said["part"]) and _is_id(said["to"])):
        raise PlanFileDamaged(name=name)
    return FileLink(said["part"], said["to"], said["kind"])
