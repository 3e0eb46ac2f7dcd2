"""Records that may have a place, made into a table: their properties, then the place as two columns of text.

All are held in memory. A line or an area is placed at a point on or in it.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError

from boundaries.messages import Text, text
from layers.files.cells import fit, write
from layers.files.coordinates import Point, settle_crs
from layers.files.errors import EmptyTable, LongCell, TooWide
from layers.files.headings import headings, one_line
from layers.files.limits import LONGEST_CELL, WIDEST
from layers.files.row_kinds import row_kind
from layers.files.table import GEOMETRY_X, GEOMETRY_Y, Asked, Detected, FileTable, Row

SAMPLE = 2000


@dataclass
class Features:
    """Columns by name and records as they are read; a record that lacks a column has nothing there."""

    columns: dict[str, None] = field(default_factory=dict)
    records: list[tuple[dict[str, Any] | Sequence[Any], Point | None]] = field(default_factory=list)
    unplaced: int = 0
    inner: int = 0
    """Records that are lines or areas and were given a point on or in them."""

    def add(self, values: dict[str, Any], shape: Any = None) -> None:
        """Add a record by column name; `shape` is a shapely geometry or None."""
        for name in values:
            self.columns.setdefault(name)
        self.records.append((values, self.place(shape)))

    def place(self, shape: Any) -> Point | None:
        """Give the point of a shape, counting those that have none and those that are no points."""
        if shape is None or shape.is_empty:
            self.unplaced += 1
            return None
        point = shape if shape.geom_type == "Point" else _inner_point(shape)
        self.inner += shape.geom_type != "Point"
        if point.is_empty or not (math.isfinite(point.x) and math.isfinite(point.y)):
            self.unplaced += 1
            return None
        return point.x, point.y


def _inner_point(shape: Any) -> Any:
    """Give a point on or in a shape; of a broken one its centre."""
    with np.errstate(all="ignore"):
        try:
            return shape.representative_point()
        except ShapelyError:
            return shape.centroid


def shape_of_geojson(geometry: Any) -> Any:
    """Make a GeoJSON geometry into a shape; None where it is none or damaged."""
    if not isinstance(geometry, dict):
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (ShapelyError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


def table_of_features(
    name: str,
    features: Features,
    found: Detected,
    asked: Asked,
    *,
    stated: str | None = None,
    default: str | None = None,
) -> FileTable:
    """Make records with places into a table; raise EmptyTable, LongCell, TooWide."""
    points = [point for _, point in features.records[:SAMPLE] if point]
    crs, notes = settle_crs(stated, points, asked.crs, default=default)
    notes = (*found.notes, *_place_notes(features), *notes)
    guessed = crs is not None and not asked.crs and crs != (stated or default)
    told = replace(found, crs=crs, crs_guessed=guessed, notes=notes)
    return _table(name, features, told, (GEOMETRY_X, GEOMETRY_Y), _with_place)


def table_of_records(name: str, features: Features, found: Detected, asked: Asked) -> FileTable:
    """Make records without places into a table; raise EmptyTable, LongCell, TooWide."""
    return _table(name, features, replace(found, crs=asked.crs), (), lambda cells, point: cells)


def _table(
    name: str,
    features: Features,
    found: Detected,
    added: tuple[str, ...],
    complete: Callable[[tuple[str, ...], Point | None], tuple[str, ...]],
) -> FileTable:
    if not features.records or not (features.columns or added):
        raise EmptyTable(name=name)
    columns = tuple(features.columns)
    if len(columns) > WIDEST:
        raise TooWide(name=name, row=1, limit=WIDEST)
    for number, cells, _ in _cells(features, columns):
        if any(len(one) > LONGEST_CELL for one in cells):
            raise LongCell(name=name, row=number, limit=LONGEST_CELL)
    made = (*headings([one_line(column) for column in columns], len(columns), added), *added)
    tells = not added

    def rows() -> Iterator[Row]:
        tell = row_kind([made], len(made))
        for number, cells, point in _cells(features, columns):
            row = complete(cells, point)
            if any(row):
                yield Row(number, row, tell(row) if tells else "data")

    return FileTable(name, made, found, rows)


def _cells(features: Features, columns: tuple[str, ...]) -> Iterable[tuple[int, tuple[str, ...], Point | None]]:
    for number, (values, point) in enumerate(features.records, start=1):
        raw = [values.get(column) for column in columns] if isinstance(values, dict) else values
        yield number, fit([write(value) for value in raw], len(columns)), point


def _with_place(cells: tuple[str, ...], point: Point | None) -> tuple[str, ...]:
    return (*cells, *map(repr, map(float, point))) if point else (*cells, "", "")


def _place_notes(features: Features) -> list[Text]:
    notes = []
    if features.inner:
        notes.append(text("file.point_inside", count=features.inner))
    if features.unplaced:
        notes.append(text("file.unplaced", count=features.unplaced))
    return notes
