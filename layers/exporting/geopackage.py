"""GeoPackage 1.3: one layer with its QGIS style, a table that explains it, and metadata.

Written over SQLite in memory and handed on whole: no journal or half database ever lies on a disk.
"""

import json
import sqlite3
import struct
from contextlib import closing
from datetime import date
from typing import Any, BinaryIO

import shapely

from layers.exporting.content import Content, Value
from layers.exporting.dictionary import HEADINGS, entries
from layers.exporting.geopackage_tables import ALL_TABLES, ATTRIBUTES, SRS, STYLES
from layers.exporting.qml import to_qml

APPLICATION, VERSION = 0x47504B47, 10300
TYPES = {"text": "TEXT", "whole": "INTEGER", "number": "DOUBLE", "date": "DATE", "yes_no": "BOOLEAN"}
DICTIONARY = "dictionary"
SHAPE = "geom"


def write(content: Content, file: BinaryIO) -> None:
    """Write the whole package."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(f"PRAGMA application_id = {APPLICATION}")
        made.execute(f"PRAGMA user_version = {VERSION}")
        made.executescript(ALL_TABLES)
        made.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", SRS)
        _layer(made, content)
        _dictionary(made, content)
        _metadata(made, content)
        if content.style:
            _style(made, content, to_qml(content.style))
        made.commit()
        file.write(made.serialize())


def _layer(made: sqlite3.Connection, content: Content) -> None:
    columns = "".join(f', "{column.name}" {TYPES[column.kind]}' for column in content.columns)
    geometry = f'"{SHAPE}" {content.shape_kind.upper()}'
    made.execute(f'CREATE TABLE "{content.name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {geometry}{columns})')
    _contents(made, content, content.name, "features", content.bounds())
    made.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, 4326, 0, 0)",
        (content.name, SHAPE, content.shape_kind.upper()),
    )
    slots = ", ".join("?" * (len(content.columns) + 1))
    names = ", ".join([f'"{SHAPE}"', *(f'"{column.name}"' for column in content.columns)])
    rows = ((_blob(shape), *map(_cell, row)) for shape, row in zip(content.shapes, content.rows, strict=True))
    made.executemany(f'INSERT INTO "{content.name}" ({names}) VALUES ({slots})', rows)  # noqa: S608  (own names)


def _dictionary(made: sqlite3.Connection, content: Content) -> None:
    made.execute(f"CREATE TABLE {DICTIONARY} ({ATTRIBUTES}, {', '.join(f'{name} TEXT' for name in HEADINGS)})")
    _contents(made, content, DICTIONARY, "attributes", None)
    slots, names = ", ".join("?" * len(HEADINGS)), ", ".join(HEADINGS)
    rows = [entry.values() for entry in entries(content)]
    made.executemany(f"INSERT INTO {DICTIONARY} ({names}) VALUES ({slots})", rows)  # noqa: S608  (own names)


def _metadata(made: sqlite3.Connection, content: Content) -> None:
    facts = [{"name": name, "th": words.th, "en": words.en} for name, words in content.about.facts()]
    told = json.dumps({"audience": content.about.audience, "about": facts}, ensure_ascii=False)
    made.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?, 'application/json', ?)",
        ("http://www.opengis.net/spec/geopackage", told),
    )
    made.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, 1, NULL)",
        (content.name, _moment(content)),
    )


def _style(made: sqlite3.Connection, content: Content, qml: str) -> None:
    made.execute(STYLES)
    _contents(made, content, "layer_styles", "attributes", None)
    made.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)"
        " VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)",
        (content.name, SHAPE, content.name, qml, content.about.title.th, _moment(content)),
    )


def _contents(
    made: sqlite3.Connection, content: Content, table: str, kind: str, box: tuple[float, float, float, float] | None
) -> None:
    title = content.about.title
    identifier = table if kind == "attributes" else f"{content.name}: {title.en}"
    described = f"{title.th} / {title.en}" if kind == "features" else table
    srs = 4326 if kind == "features" else None
    made.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (table, kind, identifier, described, _moment(content), *(box or (None,) * 4), srs),
    )


def _moment(content: Content) -> str:
    """Return when the content last changed: the same rows give the same bytes."""
    return f"{content.about.as_of.isoformat()}T00:00:00.000Z"


def _cell(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _blob(shape: Any) -> bytes | None:
    """Return a shape as the standard wants it: a header of its own, the envelope of an area, then WKB."""
    if shape is None:
        return None
    head = b"GP\x00"
    if shape.geom_type == "Point":
        return head + struct.pack("<Bi", 1, 4326) + bytes(shapely.to_wkb(shape, byte_order=1))
    west, south, east, north = shapely.bounds(shape)
    return head + struct.pack("<Bi4d", 3, 4326, west, east, south, north) + bytes(shapely.to_wkb(shape, byte_order=1))
