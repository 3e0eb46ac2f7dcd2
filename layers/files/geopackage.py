"""GeoPackage: an SQLite file, read by SQLite itself, read-only; nothing in it is run and only plain tables are read."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely
from shapely.errors import ShapelyError

from boundaries.messages import text
from layers.files.coordinates import crs_of_name
from layers.files.errors import CannotBeAsked, EmptyTable, LongCell, NotATable, TooWide
from layers.files.features import Features, table_of_features, table_of_records
from layers.files.limits import LONGEST_CELL, MOST_CELLS
from layers.files.sizes import check_size
from layers.files.table import Asked, Detected, FileTable

ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
FUNCTIONS = {"count"}
STORED = 3
"""What SQLite says of a column that was computed when it was written."""
LONGEST_VALUE = 64 << 20
"""Bytes of one value; the outline of a province with all its islands takes a few million."""
MOST_STEPS = 2_000
STEP = 1_000_000
ENVELOPES = (0, 32, 48, 48, 64)
"""Bytes of the bounding box before a geometry, by its kind."""


def read_geopackage(path: Path, asked: Asked, name: str) -> FileTable:
    """Read the layer of a GeoPackage with most rows, or the one asked for; raise NotATable, EmptyTable, TooLarge."""
    check_size(path, name)
    with _opened(path, name) as database:
        layers = _layers(database)
        if asked.layer is not None and asked.layer not in layers:
            raise CannotBeAsked(asked=asked.layer, allowed=", ".join(layers))
        if not layers:
            raise EmptyTable(name=name)
        layer = asked.layer or max(layers, key=lambda one: layers[one])
        shape_column, crs = _geometry(database, layer)
        features = _features(database, layer, shape_column, layers[layer], name)
    others = [one for one in layers if one != layer]
    notes = (text("file.other_layers", layer=layer, others=", ".join(others)),) if others and not asked.layer else ()
    found = Detected("gpkg", encoding="utf-8", layer=layer, layers=tuple(layers), notes=notes)
    if shape_column is None:
        return table_of_records(name, features, found, asked)
    return table_of_features(name, features, found, asked, stated=crs)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[sqlite3.Connection]:
    """Open without writing, journals, extensions, or anything but reading; stop what takes too long."""
    steps = 0

    def stop() -> int:
        nonlocal steps
        steps += 1
        return int(steps > MOST_STEPS)

    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            database.set_progress_handler(stop, STEP)
            database.set_authorizer(_authorize)
            yield database
    except (sqlite3.Error, UnicodeError) as error:
        raise NotATable(name=name) from error


def _authorize(action: int, first: str | None, second: str | None, *rest: object) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first == "table_xinfo" else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second not in FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def _layers(database: sqlite3.Connection) -> dict[str, int]:
    """List the plain tables that the file says hold something for people, with how many rows each has."""
    listed = database.execute(
        "SELECT c.table_name FROM gpkg_contents AS c JOIN sqlite_master AS m ON m.name = c.table_name"
        " WHERE c.data_type IN ('features', 'attributes') AND m.type = 'table' AND m.rootpage > 0"
    )
    names = [str(row[0]) for row in listed]
    return {one: database.execute(f"SELECT count(*) FROM {_quoted(one)}").fetchone()[0] for one in names}  # noqa: S608


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _geometry(database: sqlite3.Connection, layer: str) -> tuple[str | None, str | None]:
    """Return the column that holds a layer's shapes and its CRS."""
    row = (
        database.execute(
            "SELECT g.column_name, s.organization, s.organization_coordsys_id FROM gpkg_geometry_columns AS g"
            " LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id WHERE g.table_name = ?",
            (layer,),
        ).fetchone()
        if _has_shapes(database)
        else None
    )
    return (str(row[0]), crs_of_name(f"{row[1]}:{row[2]}")) if row else (None, None)


def _has_shapes(database: sqlite3.Connection) -> bool:
    found = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'gpkg_geometry_columns'")
    return bool(found.fetchone()[0])


def _columns(database: sqlite3.Connection, layer: str) -> list[str]:
    """List the columns that are stored; one that is computed when it is read could compute anything."""
    found = database.execute(f"PRAGMA table_xinfo({_quoted(layer)})")
    return [str(name) for _, name, _, _, _, _, hidden in found if hidden in (0, STORED)]


def _features(database: sqlite3.Connection, layer: str, shape_column: str | None, count: int, name: str) -> Features:
    columns = _columns(database, layer)
    rows = database.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(layer)}")  # noqa: S608
    if count * len(columns) > MOST_CELLS:
        raise TooWide(name=name, row=count, limit=MOST_CELLS)
    place = columns.index(shape_column) if shape_column in columns else None
    kept = [column for number, column in enumerate(columns) if number != place]
    features = Features(dict.fromkeys(kept))
    for row in rows:
        values = tuple(_value(value) for number, value in enumerate(row) if number != place)
        if any(value.__class__ is str and len(value) > LONGEST_CELL for value in values):
            raise LongCell(name=name, row=len(features.records) + 1, limit=LONGEST_CELL)
        point = features.place(_shape(row[place])) if place is not None else None
        features.records.append((values, point))
    return features


def _value(value: Any) -> Any:
    return None if isinstance(value, bytes) else value


def _shape(blob: Any) -> shapely.Geometry | None:
    """Read a geometry: a header that says how long its bounding box is, then WKB."""
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return None
    envelope = (blob[3] >> 1) & 7
    if envelope >= len(ENVELOPES) or blob[3] & 0x10:
        return None
    try:
        return shapely.from_wkb(blob[8 + ENVELOPES[envelope] :])
    except (ShapelyError, struct.error, ValueError):
        return None
