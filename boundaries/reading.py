"""Boundary files: open a GeoPackage, GeoJSON or Shapefile (zipped too) and give its layers as tables in EPSG:4326."""

import re
import sqlite3
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame

from boundaries import datums, names
from boundaries.codes import LEVELS, Level, digits_of
from boundaries.columns import Columns, find_columns
from boundaries.errors import SocialMapError
from boundaries.geometry import THAILAND

_CODE = re.compile(r"(?:TH-?)?([0-9]{2,8})(?:\.0+)?", re.IGNORECASE)
_THAI = re.compile("[ก-๛]")
SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip")


class UnreadableBoundaries(SocialMapError):
    """A file that is missing, damaged or of another kind."""

    key = "boundaries.unreadable"


class NoPolygons(SocialMapError):
    """A file without a single layer of polygons."""

    key = "boundaries.no_polygons"


class BadCodes(SocialMapError):
    """Codes that are no area codes, or that stand twice."""

    key = "boundaries.bad_codes"


class CodesTwice(SocialMapError):
    """Codes that stand twice in one layer."""

    key = "boundaries.codes_twice"


class MixedLevels(SocialMapError):
    """A layer whose codes have different lengths."""

    key = "boundaries.mixed_levels"


class NoShape(SocialMapError):
    """Areas that have no shape, or none that is left once shapes are mended and overlaps are shared out."""

    key = "boundaries.no_shape"


class Metres(SocialMapError):
    """Metres (UTM) in a file that says degrees."""

    key = "boundaries.metres"


class AxesSwapped(SocialMapError):
    """Latitude and longitude in each other's place."""

    key = "boundaries.axes_swapped"


class NotThailand(SocialMapError):
    """Areas that lie outside Thailand."""

    key = "boundaries.not_thailand"


@dataclass(frozen=True)
class LayerTable:
    """One level of a file: code, name_th, name_en, geometry, and names of higher levels where the file has them."""

    level: Level
    rows: GeoDataFrame
    columns: Columns


def read_layers(path: Path, stated: Mapping[str, str] | None = None) -> dict[Level, LayerTable]:
    """Read every polygon layer, one per level; raise a named error when the file cannot serve."""
    tables: dict[Level, LayerTable] = {}
    for dataset, layer in _layers(path):
        frame = _read(path, dataset, layer)
        table = _table(path, frame, stated)
        if table.level not in tables or len(table.rows) > len(tables[table.level].rows):
            tables[table.level] = table
    if not tables:
        raise NoPolygons(path=path)
    return {level: tables[level] for level in LEVELS if level in tables}


def _layers(path: Path) -> list[tuple[str, str | None]]:
    if not path.is_file():
        raise UnreadableBoundaries(path=path, reason="no such file", kinds=", ".join(SUFFIXES))
    _refuse_damage(path)
    found: list[tuple[str, str | None]] = []
    for dataset in _datasets(path):
        try:
            layers = pyogrio.list_layers(dataset)
        except pyogrio.errors.DataSourceError as error:
            raise UnreadableBoundaries(path=path, reason=_reason(error), kinds=", ".join(SUFFIXES)) from error
        # A GeoJSON of mixed shapes has kind Unknown.
        found += [(dataset, str(name)) for name, kind in layers if "Polygon" in str(kind) or kind == "Unknown"]
    if not found:
        raise NoPolygons(path=path)
    return found


def _datasets(path: Path) -> list[str]:
    if path.suffix.lower() != ".zip":
        return [str(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if Path(name).suffix.lower() in SUFFIXES[:-1]]
    except zipfile.BadZipFile as error:
        raise UnreadableBoundaries(path=path, reason=str(error), kinds=", ".join(SUFFIXES)) from error
    return [f"/vsizip/{path.resolve()}/{name}" for name in sorted(inside)]


def _refuse_damage(path: Path) -> None:
    """Ask SQLite whether a GeoPackage is whole: GDAL reads a truncated one as far as it goes and says nothing."""
    if path.suffix.lower() != ".gpkg":
        return
    try:
        connection = sqlite3.connect(f"file:{path.resolve()}?mode=ro&immutable=1", uri=True)
        try:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise UnreadableBoundaries(path=path, reason=verdict, kinds=", ".join(SUFFIXES))


def _read(path: Path, dataset: str, layer: str | None) -> GeoDataFrame:
    try:
        frame = pyogrio.read_dataframe(dataset, layer=layer)
        if dataset.lower().endswith(".shp") and not _has_thai(frame):
            # Old Thai shapefiles are CP874, and a .cpg that says "OEM 874" is not honoured.
            other = pyogrio.read_dataframe(dataset, layer=layer, encoding="cp874")
            frame = other if _has_thai(other) else frame
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError) as error:
        raise UnreadableBoundaries(path=path, reason=_reason(error), kinds=", ".join(SUFFIXES)) from error
    return _in_degrees(frame)


def _in_degrees(frame: GeoDataFrame) -> GeoDataFrame:
    """Bring a projected file to EPSG:4326; one that says metres but holds degrees is taken for what it holds."""
    if frame.crs is None or frame.crs.to_epsg() == 4326:
        return frame
    if frame.crs.is_projected and np.abs(frame.total_bounds).max() <= 180:
        return frame.set_crs(4326, allow_override=True)
    if not datums.is_indian(frame.crs):
        return frame.to_crs(4326)
    name = frame.crs.to_wkt()
    shapes = shapely.transform(
        np.asarray(frame.geometry.values), lambda x, y: datums.to_wgs84(name, x, y), interleaved=False
    )
    return frame.set_geometry(shapes, crs=4326)


def _has_thai(frame: GeoDataFrame) -> bool:
    texts = frame.drop(columns=frame.geometry.name).select_dtypes(include=["object", "string"])
    return any(bool(_THAI.search(str(value))) for column in texts for value in texts[column].head(50))


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0][:200]


def _table(path: Path, frame: GeoDataFrame, stated: Mapping[str, str] | None) -> LayerTable:
    columns = find_columns([name for name in frame.columns if name != frame.geometry.name], stated)
    codes = _codes(path, frame[columns.code].astype("object").tolist())
    level = _one_level(path, codes)
    _refuse_doubles(path, codes)
    _check_shapes(path, codes, np.asarray(frame.geometry.values, dtype=object))
    values: dict[str, Any] = {
        "code": codes,
        "name_th": _texts(frame, columns.name_th),
        "name_en": _texts(frame, columns.name_en),
    }
    for parent, column in columns.parents_th.items():
        values[f"{parent}_th"] = _texts(frame, column)
    for parent, column in columns.parents_en.items():
        values[f"{parent}_en"] = _texts(frame, column)
    rows = GeoDataFrame(values, geometry=np.asarray(frame.geometry.values, dtype=object), crs=4326)
    return LayerTable(level, rows.sort_values("code", ignore_index=True), columns)


def _texts(frame: GeoDataFrame, column: str | None) -> list[str]:
    if column is None:
        return [""] * len(frame)
    return [names.clean(value) if isinstance(value, str) else "" for value in frame[column].tolist()]


def _codes(path: Path, raw: list[object]) -> list[str]:
    codes, bad = [], []
    for value in raw:
        found = _CODE.fullmatch(str(value).strip())
        if found is None:
            bad.append(str(value))
        else:
            codes.append(found[1])
    if bad or not codes:
        raise BadCodes(path=path, codes=shortened(bad))
    if all(len(code) == 8 and code.endswith("00") for code in codes):
        codes = [code[:-2] for code in codes]
    return codes


def _one_level(path: Path, codes: list[str]) -> Level:
    lengths = {len(code) for code in codes}
    for level in LEVELS[1:]:
        if lengths == {digits_of(level)}:
            return level
    common = max(lengths, key=lambda length: sum(len(code) == length for code in codes))
    odd = [code for code in codes if len(code) != common] or codes
    raise MixedLevels(path=path, codes=shortened(odd))


def _refuse_doubles(path: Path, codes: list[str]) -> None:
    seen: set[str] = set()
    doubles = sorted({code for code in codes if code in seen or seen.add(code)})  # type: ignore[func-returns-value]
    if doubles:
        raise CodesTwice(path=path, codes=shortened(doubles))


def _check_shapes(path: Path, codes: list[str], shapes: Any) -> None:
    """Refuse empty shapes, metres, swapped axes and places outside Thailand, naming the codes."""
    refuse_empty(path, codes, shapes)
    west, south, east, north = shapely.bounds(shapes).T
    if (np.abs(shapely.bounds(shapes)) > 360).any():
        raise Metres(path=path, x=f"{west.min():.0f}–{east.max():.0f}", y=f"{south.min():.0f}–{north.max():.0f}")
    low_x, low_y, high_x, high_y = THAILAND
    if ((west >= low_y) & (east <= high_y) & (south >= low_x) & (north <= high_x)).all():
        raise AxesSwapped(path=path)
    beyond = (west < low_x) | (east > high_x) | (south < low_y) | (north > high_y)
    if beyond.any():
        raise NotThailand(path=path, codes=shortened(_where(codes, beyond)))


def refuse_empty(path: Path, codes: list[str], shapes: Any) -> None:
    """Raise NoShape naming the codes whose shape is missing or empty."""
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if empty.any():
        raise NoShape(path=path, codes=shortened(_where(codes, empty)))


def _where(codes: list[str], mask: Any) -> list[str]:
    return [code for code, chosen in zip(codes, mask, strict=True) if chosen]


def shortened(codes: list[str], limit: int = 12) -> str:
    """Return the codes as one text, the first dozen by name and the rest by number."""
    shown = ", ".join(codes[:limit])
    return shown if len(codes) <= limit else f"{shown} … (+{len(codes) - limit})"
