"""Shapefiles, zipped or lying beside each other; read whole and in memory, at most 512 MB unpacked.

They are read here and not by GDAL, which does not honour a .cpg that says "OEM 874" and opens what a file names.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np
import shapely
from shapely.errors import ShapelyError

from boundaries.messages import text
from layers.files import archives
from layers.files.coordinates import crs_of_wkt
from layers.files.dbase import CPG_LONGEST, Attributes, read_attributes, table_of_attributes
from layers.files.errors import CannotBeAsked, MissingPart, NotATable, TooLarge
from layers.files.features import Features, table_of_features
from layers.files.limits import WHOLE
from layers.files.table import Asked, Detected, FileTable

ENDS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
HEADER = 100
POINTS, MULTIPOINTS, LINES, AREAS = (1, 11, 21), (8, 18, 28), (3, 13, 23), (5, 15, 25)

Parts = dict[str, Callable[[], bytes]]
"""The files of one shapefile by their ending, each read when it is asked for."""


@dataclass(frozen=True)
class _Layers:
    parts: dict[str, Parts]
    sizes: dict[str, int]


def read_shapefile(path: Path, asked: Asked, name: str) -> FileTable:
    """Read a shapefile out of a zip, or a .shp with the files beside it.

    Of several in a zip the one with the largest table is read. Raise MissingPart without its .shx or .dbf; a missing
    .prj or .cpg is told in the notes.
    """
    with _found(path, name) as layers:
        if asked.layer is not None and asked.layer not in layers.parts:
            raise CannotBeAsked(asked=asked.layer, allowed=", ".join(layers.parts))
        layer = asked.layer or max(layers.sizes, key=lambda one: layers.sizes[one])
        parts = layers.parts[layer]
        if ".dbf" not in parts:
            raise MissingPart(name=name, part=".dbf")
        said = parts[".cpg"]()[:CPG_LONGEST] if ".cpg" in parts else None
        attributes = read_attributes(parts[".dbf"](), said, asked.encoding, name)
        found = Detected("shp", layer=layer, layers=tuple(layers.parts))
        if ".shp" not in parts:
            return table_of_attributes(attributes, found, asked, name)
        if ".shx" not in parts:
            raise MissingPart(name=name, part=".shx")
        features = _features(parts, attributes, name)
        stated = crs_of_wkt(parts[".prj"]().decode("utf-8", "ignore")) if ".prj" in parts else None
    notes = (*attributes.notes, *(() if ".prj" in parts else (text("file.prj_missing"),)))
    found = Detected("shp", encoding=attributes.encoding, layer=layer, layers=found.layers, notes=notes)
    return table_of_features(name, features, found, asked, stated=stated)


@contextmanager
def _found(path: Path, name: str) -> Iterator[_Layers]:
    """Find the shapefiles in a zip, or the files that belong to a .shp on disk."""
    layers = _Layers({}, {})
    with path.open("rb") as handle:
        packed = handle.read(2) == b"PK"
    if not packed:
        _beside(path, layers, name)
        yield layers
        return
    with archives.opened(path, name) as archive:
        for member in archives.members(archive, name):
            inside = PurePosixPath(archives.real_name(member).replace("\\", "/"))
            end = inside.suffix.lower()
            if end in ENDS:
                layer = inside.with_suffix("").as_posix()
                parts = layers.parts.setdefault(layer, {})
                parts[end] = partial(archives.read, archive, member, name)
                layers.sizes[layer] = layers.sizes.get(layer, 0) + (member.file_size if end == ".dbf" else 0)
        for layer in [one for one, parts in layers.parts.items() if not {".shp", ".dbf"} & parts.keys()]:
            del layers.parts[layer], layers.sizes[layer]
        if sum(member.file_size for member in archive.infolist()) > WHOLE:
            raise TooLarge(name=name, limit=WHOLE >> 20)
        yield layers


def _beside(path: Path, layers: _Layers, name: str) -> None:
    parts = layers.parts.setdefault(path.stem, {})
    layers.sizes[path.stem] = 0
    for end in ENDS:
        one = (
            path
            if end == ".shp"
            else next(
                (other for other in (path.with_suffix(end), path.with_suffix(end.upper())) if other.is_file()), None
            )
        )
        if one is not None:
            if one.stat().st_size > WHOLE:
                raise TooLarge(name=name, limit=WHOLE >> 20)
            parts[end] = one.read_bytes


def _features(parts: Parts, attributes: Attributes, name: str) -> Features:
    features = Features(dict.fromkeys(attributes.columns))
    shapes = parts[".shp"]()
    offsets = list(_offsets(parts[".shx"](), name))
    if len(offsets) != len(attributes.records):
        raise NotATable(name=name)
    for offset, record in zip(offsets, attributes.records, strict=True):
        try:
            with np.errstate(all="ignore"):
                shape = _shape(shapes, offset)
        except (struct.error, ShapelyError, ValueError, IndexError, OverflowError) as error:
            raise NotATable(name=name) from error
        if record is not None:
            features.records.append((record, features.place(shape)))
    return features


def _offsets(index: bytes, name: str) -> Iterator[int]:
    """Give where each shape begins, in bytes; the index counts in pairs of bytes."""
    if len(index) < HEADER or index[:4] != b"\x00\x00\x27\x0a":
        raise NotATable(name=name)
    whole = (len(index) - HEADER) // 8 * 8 + HEADER
    for offset, _ in struct.iter_unpack(">ii", index[HEADER:whole]):
        yield offset * 2


def _shape(shapes: bytes, offset: int) -> shapely.Geometry | None:
    """Read one shape; heights and measures are passed over."""
    if offset < HEADER or offset + 12 > len(shapes):
        raise ValueError(offset)
    start = offset + 8
    (kind,) = struct.unpack_from("<i", shapes, start)
    if kind in POINTS:
        return shapely.Point(struct.unpack_from("<dd", shapes, start + 4))
    if kind in MULTIPOINTS:
        (count,) = struct.unpack_from("<i", shapes, start + 36)
        return shapely.MultiPoint(_points(shapes, start + 40, count))
    if kind in LINES or kind in AREAS:
        rings = _rings(shapes, start)
        return _area(rings) if kind in AREAS else shapely.MultiLineString([ring for ring in rings if len(ring) > 1])
    return None


def _rings(shapes: bytes, start: int) -> list[list[tuple[float, float]]]:
    parts, count = struct.unpack_from("<ii", shapes, start + 36)
    if not 0 <= parts <= count or start + 44 + 4 * parts + 16 * count > len(shapes):
        raise ValueError(parts)
    firsts = struct.unpack_from(f"<{parts}i", shapes, start + 44)
    points = _points(shapes, start + 44 + 4 * parts, count)
    return [points[first:after] for first, after in zip(firsts, (*firsts[1:], count), strict=True)]


def _points(shapes: bytes, start: int, count: int) -> list[tuple[float, float]]:
    if count < 0 or start + 16 * count > len(shapes):
        raise ValueError(count)
    numbers = struct.unpack_from(f"<{2 * count}d", shapes, start)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _area(rings: list[list[tuple[float, float]]]) -> shapely.Geometry:
    """Build an area: rings that run clockwise are outlines, the others are holes in one of them."""
    usable = [shapely.LinearRing(ring) for ring in rings if len(ring) >= 4]
    outlines = [shapely.Polygon(ring) for ring in usable if not ring.is_ccw]
    if not outlines:
        return shapely.MultiPolygon([shapely.Polygon(ring) for ring in usable])
    holes = [shapely.Polygon(ring) for ring in usable if ring.is_ccw]
    areas = shapely.union_all(shapely.make_valid(outlines)) if holes else shapely.MultiPolygon(outlines)
    return shapely.difference(areas, shapely.union_all(shapely.make_valid(holes))) if holes else areas
