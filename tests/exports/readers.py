"""Exported files as independent programs read them: each gives rows by column name, with a shape's kind as `shape`."""

import csv
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import geopandas
import openpyxl
import shapely

Row = dict[str, Any]
KML = {"k": "http://www.opengis.net/kml/2.2"}


def read(path: Path, layer: str) -> list[Row]:
    """Read the rows of a file by its ending."""
    return {
        ".geojson": read_geojson, ".gpkg": read_geopackage, ".kml": read_kml, ".kmz": read_kmz, ".csv": read_csv,
        ".xlsx": read_workbook, ".parquet": read_parquet,
    }[path.suffix](path, layer)  # fmt: skip


def read_geojson(path: Path, layer: str) -> list[Row]:
    held = json.loads(path.read_text("utf-8"), parse_constant=_refuse)
    assert held["type"] == "FeatureCollection"
    return [one["properties"] | {"shape": (one["geometry"] or {}).get("type")} for one in held["features"]]


def read_geopackage(path: Path, layer: str) -> list[Row]:
    """Read by GDAL's own program, whose library is not the one that our code brings along."""
    done = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", str(path), layer], capture_output=True, check=True, timeout=60
    )
    assert done.stderr == b"", done.stderr
    rows = []
    for one in json.loads(done.stdout)["features"]:
        rows.append(one["properties"] | {"shape": (one["geometry"] or {}).get("type")})
    return rows


def read_kml(path: Path, layer: str) -> list[Row]:
    """Read by fastkml, types by the document's own schema."""
    return _kml_rows(path.read_bytes())


def read_kmz(path: Path, layer: str) -> list[Row]:
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["doc.kml"]
        assert archive.testzip() is None
        return _kml_rows(archive.read("doc.kml"))


def _kml_rows(content: bytes) -> list[Row]:
    import fastkml
    from fastkml.utils import find_all

    document = fastkml.KML.parse(io.BytesIO(content), strict=True)
    root = Xml.fromstring(content)
    types = {one.get("name"): one.get("type") for one in root.iterfind(".//k:SimpleField", KML)}
    make = {"string": str, "int": int, "double": float, "bool": lambda value: value == "1"}
    rows = []
    for place in find_all(document, of_type=fastkml.Placemark):
        held = {one.name: one.value for one in place.extended_data.elements[0].data}
        row = {name: make[kind](held[name]) if name in held else None for name, kind in types.items()}
        shape = shapely.geometry.shape(place.geometry.__geo_interface__) if place.geometry else None
        rows.append(row | {"shape": _kind(shape), "styled": place.style_url.url if place.style_url else None})
    return rows


def _kind(shape: Any) -> str | None:
    if shape is None:
        return None
    return "Point" if shape.geom_type == "Point" else "MultiPolygon"


def read_csv(path: Path, layer: str) -> list[Row]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_workbook(path: Path, layer: str) -> list[Row]:
    book = openpyxl.load_workbook(path)
    lines = book.worksheets[0].iter_rows()
    names = [cell.value.split("\n")[1] for cell in next(lines)]
    rows = []
    for line in lines:
        assert all(cell.data_type != "f" for cell in line)
        row = {name: cell.value for name, cell in zip(names, line, strict=True)}
        if any(value is not None for value in row.values()):
            rows.append(row)
    return rows


def read_parquet(path: Path, layer: str) -> list[Row]:
    frame = geopandas.read_parquet(path)
    if len(frame):
        assert frame.crs is not None
        assert frame.crs.equals("OGC:CRS84")
    rows = frame.drop(columns="geometry").astype(object)
    return [
        {name: None if value is None or value != value else value for name, value in row.items()}
        | {"shape": _kind(shape)}
        for row, shape in zip(rows.to_dict("records"), frame.geometry, strict=True)
    ]


def _refuse(word: str) -> None:
    raise AssertionError(word)


def same(found: Any, wanted: Any) -> bool:
    """Say whether a cell that was read is the value that was meant, whatever the format keeps of types."""
    if wanted is None:
        return found in (None, "")
    if isinstance(wanted, bool):
        return str(found).lower() in (str(wanted).lower(), str(int(wanted)))
    if isinstance(wanted, int | float):
        return found not in (None, "") and abs(float(found) - wanted) <= 1e-9 * max(1.0, abs(wanted))
    return str(found) == str(wanted)
