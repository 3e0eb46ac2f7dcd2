"""GeoJSON made of geometry that is text already (RFC 7946)."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel


def feature(geometry: str | None, properties: BaseModel) -> str:
    """Return one Feature as text; the schema's `code` is its id."""
    values = properties.model_dump_json()
    code = json.dumps(getattr(properties, "code", None), ensure_ascii=False)
    return f'{{"type":"Feature","id":{code},"geometry":{geometry or "null"},"properties":{values}}}'


def collection(features: Iterable[str], **members: Any) -> str:
    """Return a FeatureCollection as text; `members` stand beside the features."""
    more = "".join(f",{json.dumps(name)}:{json.dumps(value, ensure_ascii=False)}" for name, value in members.items())
    return f'{{"type":"FeatureCollection"{more},"features":[{",".join(features)}]}}'
