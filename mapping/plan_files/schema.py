"""The JSON Schema (draft 2020-12) of our JSON, made of the very rules that its fields keep."""

from collections.abc import Mapping
from typing import Any, get_args

from boundaries.messages import text
from mapping.plan_fields import (
    FIELDS,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST,
    LONGEST_SHORT,
    MOST_BAHT,
    MOST_LINKS,
    MOST_PARTS,
    MOST_WORDS,
    SCORES,
    Kind,
    LinkKind,
)
from mapping.plan_files.field_texts import CHOICES
from mapping.plan_files.json_file import FORMAT, LONGEST_ID, LONGEST_MEETING, ORIGIN, PATTERNS, SCHEMA, VERSION
from mapping.plan_files.words import KINDS, label

Json = dict[str, Any]
_ONE_LINE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_LONG: Json = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": _ONE_LINE}
_SHORT: Json = {**_LONG, "maxLength": LONGEST_SHORT}
_LIST: Json = {"type": "array", "maxItems": MOST_WORDS, "items": _SHORT}
_DAY: Json = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_YEAR: Json = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
_OF: Mapping[str, Json] = {
    "lead": _SHORT,
    "budget_source": _SHORT,
    "unit": _SHORT,
    "baseline": _SHORT,
    "target": _SHORT,
    "actual": _SHORT,
    "joint": _LIST,
    "policy_tags": _LIST,
    "budget": {"type": "number", "minimum": 0, "exclusiveMaximum": MOST_BAHT},
    "starts_on": _DAY,
    "ends_on": _DAY,
    "fiscal_year": _YEAR,
    "asset_id": {"type": "string", "format": "uuid", "pattern": "^[0-9a-fA-F-]{32,36}$"},
    "filter": {"type": "object"},
    **{name: {"type": "integer", "minimum": 1, "maximum": 5} for name in SCORES},
    **{name: {"enum": list(allowed)} for name, allowed in CHOICES.items()},
}


def plan_schema() -> Json:
    """Return the schema of a plan's JSON."""
    named = {"type": "string", "pattern": f"^[A-Za-z0-9_.:-]{{1,{LONGEST_ID}}}$"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": text("plan_files.schema.title").en,
        "description": text("plan_files.schema.about").en,
        "type": "object",
        "required": ["format", "version", "parts"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string"},
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "plan": {"$ref": "#/$defs/plan"},
            "parts": {
                "description": text("plan_files.schema.parts").en,
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_PARTS,
                "prefixItems": [{"$ref": "#/$defs/problem"}],
                "items": {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS[1:]]},
            },
            "links": {"type": "array", "maxItems": MOST_LINKS, "items": {"$ref": "#/$defs/link"}},
        },
        "$defs": {
            "id": named,
            "plan": {"type": "object", "additionalProperties": False, "properties": _about()},
            "link": {
                "type": "object",
                "additionalProperties": False,
                "required": ["part", "to", "kind"],
                "properties": {
                    "part": {"$ref": "#/$defs/id"},
                    "to": {"$ref": "#/$defs/id"},
                    "kind": {"enum": list(get_args(LinkKind))},
                },
            },
            **{kind: _part(kind) for kind in KINDS},
        },
    }


def _about() -> Json:
    patterned = {name: {"type": "string", "pattern": f"^({pattern})$"} for name, pattern in PATTERNS.items()}
    return patterned | {"fiscal_year": _YEAR, "approved_by": {**_SHORT, "maxLength": LONGEST_MEETING}}


def _part(kind: Kind) -> Json:
    fields = {name: {**_OF.get(name, _LONG), "title": " / ".join(label(name))} for name in FIELDS[kind]}
    return {
        "title": " / ".join((text(f"plan.kind.{kind}").th, text(f"plan.kind.{kind}").en)),
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "kind", "parent", "fields"],
        "properties": {
            "id": {"$ref": "#/$defs/id"},
            "kind": {"const": kind},
            "parent": {"type": "null"} if kind == "problem" else {"$ref": "#/$defs/id"},
            "origin": {"type": "string", "pattern": f"^({ORIGIN})$"},
            "fields": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text"],
                "properties": fields,
            },
        },
    }
