"""GeoJSON, and JSON that is a list of flat objects; read whole, at most 256 MB."""

import json
from pathlib import Path
from typing import Any

from boundaries.messages import Text, text
from layers.files import encodings
from layers.files.coordinates import DEGREES, crs_of_name
from layers.files.errors import NotATable, TooDeep
from layers.files.features import Features, shape_of_geojson, table_of_features, table_of_records
from layers.files.limits import JSON_WHOLE
from layers.files.sizes import check_size
from layers.files.table import Asked, Detected, FileTable


def read_objects(path: Path, asked: Asked, name: str) -> FileTable:
    """Read GeoJSON, or a list of objects also where it lies inside another; raise NotATable, TooDeep, TooLarge."""
    check_size(path, name, JSON_WHOLE)
    words, encoding = _decoded(path.read_bytes(), asked, name)
    try:
        found = json.loads(words)
    except RecursionError as error:
        raise TooDeep(name=name) from error
    except ValueError as error:
        raise NotATable(name=name) from error
    collected = _features(found)
    if collected is not None:
        return _read_features(found, collected, encoding, asked, name)
    inside, records = _records(found)
    if records is None:
        raise NotATable(name=name)
    notes: tuple[Text, ...] = (text("file.list_inside", inside=inside),) if inside else ()
    rows = Features()
    for record in records:
        rows.add(record)
        rows.unplaced = 0
    return table_of_records(name, rows, Detected("json", encoding=encoding, notes=notes), asked)


def _decoded(content: bytes, asked: Asked, name: str) -> tuple[str, str]:
    """Decode JSON: UTF-8 as it must be, UTF-16 and CP874 as it is found."""
    marked = encodings.find_mark(content[:4096])
    wanted = encodings.name_encoding(asked.encoding) if asked.encoding else marked
    if not wanted:
        found = encodings.find_encoding(lambda: [content])
        if not found:
            raise NotATable(name=name)
        wanted = found.name
    words = content.decode(wanted, "replace").lstrip("\ufeff")
    return words, wanted.removesuffix("-sig")


def _features(found: Any) -> list[Any] | None:
    if not isinstance(found, dict):
        return None
    if found.get("type") == "FeatureCollection" and isinstance(found.get("features"), list):
        return list(found["features"])
    return [found] if found.get("type") == "Feature" else None


def _read_features(found: Any, collected: list[Any], encoding: str, asked: Asked, name: str) -> FileTable:
    rows = Features()
    for one in collected:
        if not isinstance(one, dict):
            raise NotATable(name=name)
        properties = one.get("properties")
        values = dict(properties) if isinstance(properties, dict) else {}
        if isinstance(one.get("id"), str | int) and "id" not in values:
            values = {"id": one["id"], **values}
        rows.add(values, shape_of_geojson(one.get("geometry")))
    stated = found.get("crs")
    words = stated.get("properties") if isinstance(stated, dict) else None
    crs = crs_of_name(str(words.get("name", ""))) if isinstance(words, dict) else None
    layer = found.get("name") if isinstance(found.get("name"), str) else None
    detected = Detected("geojson", encoding=encoding, layer=layer, layers=(layer,) if layer else ())
    return table_of_features(name, rows, detected, asked, stated=crs, default=DEGREES)


def _records(found: Any) -> tuple[str, list[dict[str, Any]] | None]:
    """Find the list of objects: the file itself, or the longest list one or two steps inside it."""
    if _is_list(found):
        return "", found
    best: tuple[str, list[dict[str, Any]] | None] = ("", None)
    steps = [("", found)] if isinstance(found, dict) else []
    for depth in range(2):
        deeper = []
        for path, holder in steps:
            for key, value in holder.items():
                if _is_list(value) and len(value) > len(best[1] or ()):
                    best = (f"{path}{key}", value)
                elif isinstance(value, dict) and depth == 0:
                    deeper.append((f"{path}{key}.", value))
        steps = deeper
    return best


def _is_list(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(one, dict) for one in found)
