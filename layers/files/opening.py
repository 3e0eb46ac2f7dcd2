"""The one door to files: any file that is read becomes a table of text cells."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from layers.files.delimited import read_delimited
from layers.files.errors import CannotBeAsked, EmptyTable, NoTableInside
from layers.files.kinds import KINDS, find_kind
from layers.files.packed import read_packed
from layers.files.table import Asked, FileTable

NOTHING_ASKED = Asked()
READERS = {
    "xlsx": ("workbooks", "read_workbook"),
    "xls": ("old_workbooks", "read_old_workbook"),
    "ods": ("open_document", "read_open_document"),
    "geojson": ("objects", "read_objects"),
    "json": ("objects", "read_objects"),
    "kml": ("kml", "read_kml"),
    "kmz": ("kml", "read_kmz"),
    "shp": ("shapefiles", "read_shapefile"),
    "dbf": ("dbase", "read_dbf"),
    "gpkg": ("geopackage", "read_geopackage"),
}


def open_table(path: Path, asked: Asked = NOTHING_ASKED, *, name: str | None = None) -> FileTable:
    """Read a file into a table; `name` is what the user calls it.

    Its kind is told from what it holds. Text of separated values is read row by row and may be of any size; all other
    kinds are read whole, within the limits of `limits`. Raise NotATable, EmptyTable, and the errors of `errors`.
    """
    name = name or path.name
    if not path.stat().st_size:
        raise EmptyTable(name=name)
    if asked.kind and asked.kind not in KINDS:
        raise CannotBeAsked(asked=asked.kind, allowed=", ".join(KINDS))
    if asked.crs:
        asked = replace(asked, crs=import_module("layers.files.coordinates").check_crs(asked.crs))
    kind = asked.kind or find_kind(path, name)
    if kind == "zip":
        return read_packed(path, asked, name, _read_packed)
    return _reader(kind)(path, asked, name)


def _read_packed(path: Path, asked: Asked, name: str) -> FileTable:
    """Read what was packed; a zip within a zip is not opened."""
    kind = find_kind(path, name)
    if kind == "zip":
        raise NoTableInside(name=name, inside=name)
    return _reader(kind)(path, asked, name)


def _reader(kind: str) -> Callable[[Path, Asked, str], FileTable]:
    """Return the reader of a kind; the modules of the others, and what they bring along, are not loaded."""
    if kind in ("csv", "tsv", "psv"):
        return read_delimited
    module, reader = READERS[kind]
    found: Callable[[Path, Asked, str], FileTable] = getattr(import_module(f"layers.files.{module}"), reader)
    return found
