"""The formats: their endings and media types, and which writer makes each; libraries are loaded when one is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO, Literal

from layers.exporting.content import Content

Format = Literal["geojson", "gpkg", "kml", "kmz", "csv", "dictionary.csv", "xlsx", "parquet"]
"""The name of a format is the ending of its files."""


@dataclass(frozen=True)
class Form:
    """One format: its media type and the function that writes it, as `module:name`."""

    media_type: str
    writer: str


FORMATS: Mapping[Format, Form] = MappingProxyType(
    {
        "geojson": Form("application/geo+json", "geojson:write"),
        "gpkg": Form("application/geopackage+sqlite3", "geopackage:write"),
        "kml": Form("application/vnd.google-earth.kml+xml", "kml:write"),
        "kmz": Form("application/vnd.google-earth.kmz", "kml:write_zipped"),
        "csv": Form("text/csv; charset=utf-8", "delimited:write"),
        "dictionary.csv": Form("text/csv; charset=utf-8", "delimited:write_dictionary"),
        "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "workbook:write"),
        "parquet": Form("application/vnd.apache.parquet", "parquet:write"),
    }
)


def write(content: Content, format: Format, file: BinaryIO) -> None:
    """Write a content in a format, from the beginning to the end of a file that is empty. Raises OSError."""
    module, _, name = FORMATS[format].writer.partition(":")
    getattr(import_module(f"layers.exporting.{module}"), name)(content, file)
