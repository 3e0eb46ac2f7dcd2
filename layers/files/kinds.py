"""The kind of a file, told by what it holds and never by how its name ends."""

import re
import struct
from pathlib import Path
from typing import Literal

from boundaries.messages import Text
from layers.files import archives, encodings
from layers.files.errors import NoTableInside, OtherKind
from layers.files.packed import tables_in

Kind = Literal[
    "csv", "tsv", "psv", "xlsx", "xls", "ods", "geojson", "json", "gpkg", "shp", "kml", "kmz", "dbf", "zip",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "csv", "tsv", "psv", "xlsx", "xls", "ods", "geojson", "json", "gpkg", "shp", "kml", "kmz", "dbf",
)  # fmt: skip
"""Kinds that can be asked for; a zip is known by what it holds."""
HEAD = 4096
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SQLITE = b"SQLite format 3\x00"
SHAPES = b"\x00\x00\x27\x0a"
DBF_VERSIONS = frozenset({0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5})
TO_XLSX = Text("เปิดด้วยโปรแกรมตารางคำนวณแล้วบันทึกเป็น XLSX", "Open it in a spreadsheet and save it as XLSX.")
TO_TABLE = Text("ใช้แฟ้มตารางต้นฉบับ เช่น CSV หรือ XLSX", "Use the table it was made from, such as CSV or XLSX.")
TO_SHAPES = Text("แตกแฟ้มแล้วบีบอัดใหม่เป็น ZIP", "Unpack it and pack it anew as a zip.")
OTHERS = (
    (b"\x89PNG", Text("ภาพ PNG", "a PNG picture"), TO_TABLE),
    (b"\xff\xd8\xff", Text("ภาพ JPEG", "a JPEG picture"), TO_TABLE),
    (b"GIF8", Text("ภาพ GIF", "a GIF picture"), TO_TABLE),
    (b"II*\x00", Text("ภาพ TIFF", "a TIFF picture"), TO_TABLE),
    (b"MM\x00*", Text("ภาพ TIFF", "a TIFF picture"), TO_TABLE),
    (b"%PDF", Text("เอกสาร PDF", "a PDF document"), TO_TABLE),
    (b"{\\rtf", Text("เอกสาร RTF", "an RTF document"), TO_TABLE),
    (b"Rar!", Text("แฟ้มบีบอัด RAR", "a RAR archive"), TO_SHAPES),
    (b"7z\xbc\xaf", Text("แฟ้มบีบอัด 7z", "a 7z archive"), TO_SHAPES),
    (b"\x1f\x8b", Text("แฟ้มบีบอัด GZ", "a gzip archive"), TO_SHAPES),
    (b"MZ", Text("โปรแกรม", "a program"), TO_TABLE),
    (b"\x7fELF", Text("โปรแกรม", "a program"), TO_TABLE),
    (b"PAR1", Text("แฟ้ม Parquet", "a Parquet file"), TO_TABLE),
)
WEB_PAGE = Text("หน้าเว็บ (แม้ชื่อจะเป็น .xls)", "a web page, whatever its name says")
OLD_XML = Text("ตาราง XML รุ่นเก่า", "an old XML spreadsheet")
OTHER_XML = Text("แฟ้ม XML", "an XML file")
DATABASE = Text("ฐานข้อมูล SQLite ที่ไม่ใช่ GeoPackage", "an SQLite database that is no GeoPackage")
OLD_DOCUMENT = Text("เอกสารโปรแกรมสำนักงานที่ไม่ใช่ตาราง", "an office document that is no table")
DOCUMENT = Text("เอกสารที่ไม่ใช่ตาราง", "a document that is no table")
BINARY_XLSX = Text("ตารางแบบ XLSB", "an XLSB workbook")


def find_kind(path: Path, name: str) -> Kind:
    """Tell the kind of a file; raise OtherKind where it is recognised and not read. Text is CSV until it is read."""
    with path.open("rb") as handle:
        head = handle.read(HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(path, name)
    if head.startswith(COMPOUND):
        return "xls"
    if head.startswith(SQLITE):
        if b"gpkg_contents" in head or head[68:72] in (b"GPKG", b"GP10", b"GP11") or _names_contents(path):
            return "gpkg"
        raise other(name, DATABASE, TO_TABLE)
    if head.startswith(SHAPES):
        return "shp"
    for start, what, advice in OTHERS:
        if head.startswith(start):
            raise other(name, what, advice)
    return "dbf" if is_dbf(head) else _worded(head, name)


def other(name: str, what: Text, advice: Text) -> OtherKind:
    """Make the error for a file of another kind."""
    return OtherKind(name=name, what_th=what.th, what_en=what.en, advice_th=advice.th, advice_en=advice.en)


def is_dbf(head: bytes) -> bool:
    """Tell a DBF by its version, the length of its header and the mark that ends its fields."""
    if len(head) < 33 or head[0] not in DBF_VERSIONS or not 1 <= head[2] <= 12:
        return False
    header, record = struct.unpack_from("<HH", head, 8)
    return header >= 65 and record > 1 and head[32:33] not in (b"\x00", b"\r") and head[43:44].isalpha()


def _names_contents(path: Path) -> bool:
    """Look for the table of contents of a GeoPackage beyond the first bytes."""
    with path.open("rb") as handle:
        return b"gpkg_contents" in handle.read(1 << 20)


def _worded(head: bytes, name: str) -> Kind:
    """Tell text apart: JSON, KML, other XML, and what may be separated values."""
    marked = encodings.find_mark(head) or "utf-8"
    words = head.decode(marked, "ignore").lstrip("\ufeff \t\r\n")
    if words[:1] in ("{", "["):
        return "geojson" if re.search(r'"(?:Feature(?:Collection)?|geometry)"', words) else "json"
    if words[:1] != "<":
        return "csv"
    if re.search(r"<(?:\w+:)?kml[\s>]", words):
        return "kml"
    if re.search(r"<!doctype\s+html|<html|<table|<meta|<body|<head|<div|<style", words, re.I):
        raise other(name, WEB_PAGE, TO_XLSX)
    if "urn:schemas-microsoft-com:office:spreadsheet" in words:
        raise other(name, OLD_XML, TO_XLSX)
    if words.startswith("<?xml") or re.match(r"<[\w:]+[\s>]", words):
        return _xml(words, name)
    return "csv"


def _xml(words: str, name: str) -> Kind:
    if re.search(r"<!DOCTYPE\s+(?:\w+:)?kml", words, re.I):
        return "kml"
    raise other(name, OTHER_XML, TO_TABLE)


def _packed(path: Path, name: str) -> Kind:
    """Tell what a zip is by the names in it."""
    with archives.opened(path, name) as archive:
        members = archives.members(archive, name)
    inside = [member.filename.lower() for member in members]
    if "xl/workbook.xml" in inside or any(one.startswith("xl/worksheets/") and one.endswith(".xml") for one in inside):
        return "xlsx"
    if "xl/workbook.bin" in inside:
        raise other(name, BINARY_XLSX, TO_XLSX)
    if "content.xml" in inside and "mimetype" in inside:
        return "ods"
    if any(one.startswith(("word/", "ppt/")) for one in inside):
        raise other(name, DOCUMENT, TO_TABLE)
    for end, kind in ((".shp", "shp"), (".kml", "kmz"), (".dbf", "dbf")):
        if any(one.endswith(end) for one in inside):
            return kind  # type: ignore[return-value]
    if tables_in(members):
        return "zip"
    raise NoTableInside(name=name, inside=", ".join(inside[:5]) or "-")
