"""GeoJSON (RFC 7946), feature by feature; dictionary and facts stand beside the features as foreign members."""

import json
from collections.abc import Iterator
from datetime import date
from io import TextIOWrapper
from typing import Any, BinaryIO

import numpy as np
import shapely

from layers.exporting.content import Content
from layers.exporting.dictionary import entries

DECIMALS = 6
"""About a tenth of a metre; both sides of a shared border are rounded alike."""


def write(content: Content, file: BinaryIO) -> None:
    """Write a FeatureCollection."""
    text = TextIOWrapper(file, "utf-8", write_through=True)
    for part in _parts(content):
        text.write(part)
    text.detach()


def _parts(content: Content) -> Iterator[str]:
    about = [{"name": name, "th": words.th, "en": words.en} for name, words in content.about.facts()]
    members: dict[str, Any] = {"type": "FeatureCollection", "name": content.name}
    box = content.bounds()
    if box:
        members["bbox"] = [round(side, DECIMALS) for side in box]
    members["about"] = about
    members["audience"] = content.about.audience
    members["dictionary"] = [
        {"name": one.name, "kind": one.kind, "title_th": one.title_th, "title_en": one.title_en,
         "meaning_th": one.meaning_th, "meaning_en": one.meaning_en}
        for one in entries(content) if one.part == "column"
    ]  # fmt: skip
    yield _json(members)[:-1] + ',"features":['
    for place, row in enumerate(content.dicts()):
        feature = f'"id":{_json(row[content.key])},"geometry":{_shape(content.shapes[place])},"properties":{_json(row)}'
        yield (",\n" if place else "\n") + '{"type":"Feature",' + feature + "}"
    yield "\n]}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_day, separators=(",", ":"))


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _shape(shape: Any) -> str:
    if shape is None:
        return "null"
    return str(shapely.to_geojson(shapely.transform(shape, lambda points: np.round(points, DECIMALS))))
