"""Synthetic files as offices send them, one trouble each, written by code into a test's folder."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import shapely
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("เลขที่", "ปัญหา", "อำเภอ", "จำนวน")
ROWS = (
    ("001", "ผู้สูงอายุอยู่คนเดียว", "จอมบึง", "12"),
    ("002", "คนพิการ", "สวนผึ้ง", "7"),
    ("003", "เด็กนอกระบบ", "ปากท่อ", "1,250"),
)
Sheet = Sequence[Sequence[Any]]
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def lines(rows: Sheet, separator: str = ",", end: str = "\r\n") -> str:
    return "".join(separator.join(map(str, row)) + end for row in rows)


def plain(encoding: str = "utf-8", separator: str = ",", mark: bytes = b"") -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(mark + lines((HEADER, *quoted(separator)), separator).encode(encoding))

    return write


def quoted(separator: str) -> Sheet:
    return [[f'"{cell}"' if separator in cell else cell for cell in row] for row in ROWS]


def words(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content.encode(encoding)) and None


def raw(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def book(
    *sheets: tuple[str, Sheet], change: Callable[[openpyxl.Workbook], object] | None = None
) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        for name, rows in sheets:
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        if change:
            change(workbook)
        with path.open("wb") as handle:  # openpyxl wants the ending .xlsx of a path
            workbook.save(handle)

    return write


def first(workbook: openpyxl.Workbook) -> Worksheet:
    sheet = workbook.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


TWO_ROWS: Sheet = (
    ("รายงานสถานการณ์ทางสังคม ปี 2568",),
    ("จังหวัดราชบุรี",),
    (),
    ("ที่", "อำเภอ", "ผู้สูงอายุ", None, "คนพิการ", None),
    (None, None, "ชาย", "หญิง", "ชาย", "หญิง"),
    (1, "จอมบึง", "๑๒", 20, "1,250", 4),
    (2, "สวนผึ้ง", 8, 9, 3, 2),
    (None, "รวมทั้งสิ้น", 20, 29, 1253, 6),
    ("หมายเหตุ: ข้อมูลสมมติ",),
)
TWO_ROW_HEADER = ("ที่", "อำเภอ", "ผู้สูงอายุ · ชาย", "ผู้สูงอายุ · หญิง", "คนพิการ · ชาย", "คนพิการ · หญิง")


def merge_two_rows(workbook: openpyxl.Workbook) -> None:
    for cells in ("A1:F1", "A2:F2", "A4:A5", "B4:B5", "C4:D4", "E4:F4"):
        first(workbook).merge_cells(cells)


def hide(workbook: openpyxl.Workbook) -> None:
    first(workbook).row_dimensions[3].hidden = True
    first(workbook).column_dimensions["B"].hidden = True


def buddhist_dates(workbook: openpyxl.Workbook) -> None:
    sheet = first(workbook)
    for row, value in enumerate((date(2568, 11, 5), datetime(2025, 11, 5, 13, 30)), start=2):
        sheet.cell(row, 2, value)
    for row, form in enumerate(("ว/ด/ปปปป", "[$-D07041E]d/m/bbbb"), start=4):
        sheet.cell(row, 2, 45966).number_format = form


def merge_province(workbook: openpyxl.Workbook) -> None:
    first(workbook).merge_cells("A2:A3")


def format_to_the_end(workbook: openpyxl.Workbook) -> None:
    """Give a format to the last cells of a sheet, as happens when whole columns and rows are coloured."""
    for row, column in ((1_048_576, 1), (1, 16_384)):
        first(workbook).cell(row, column).font = openpyxl.styles.Font(bold=True)


def hide_sheet(workbook: openpyxl.Workbook) -> None:
    workbook.worksheets[1].sheet_state = "hidden"


def change_part(write: Callable[[Path], None], part: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Write a packed file with one of its parts changed."""

    def altered(path: Path) -> None:
        write(path)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert part in parts
        packed({name: change(content) if name == part else content for name, content in parts.items()})(path)

    return altered


class RawName(zipfile.ZipInfo):
    """A member whose name is bytes of an old encoding, as Windows in Thailand writes them."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (the name that zipfile calls)
        return self.filename.encode("cp874"), 0


def packed(parts: dict[str, bytes], *, old_names: bool = False) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(RawName(name) if old_names else name, content)

    return write


# ── ODS ──────────────────────────────────────────────────────────────────────

ODS = (
    '<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
    "<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
)
EMPTY_TAIL = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def ods_row(*cells: str, hidden: bool = False) -> str:
    veil = ' table:visibility="filter"' if hidden else ""
    return f"<table:table-row{veil}>{''.join(cells)}</table:table-row>"


def ods_text(words_: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{words_}</text:p></table:table-cell>'


def ods_value(kind: str, value: str, shown: str) -> str:
    key = "date-value" if kind == "date" else "value"
    cell = f'<table:table-cell office:value-type="{kind}" office:{key}="{value}">'
    return f"{cell}<text:p>{shown}</text:p></table:table-cell>"


def ods(*rows: str, before: str = "", name: str = "แผ่น1") -> Callable[[Path], None]:
    sheets = f'<table:table table:name="{name}">{"".join(rows)}{EMPTY_TAIL}</table:table>'
    content = ODS.format(before=before, sheets=sheets).encode()
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


# ── XLS ──────────────────────────────────────────────────────────────────────


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


class Shared(int):
    """The place of a text among the shared texts of an XLS, as Excel stores every text."""


def shared_texts(texts: Sequence[str], cut: int) -> bytes:
    """Write shared texts; the last goes on in a second record after `cut` letters, there with two bytes a letter."""
    *whole, last = texts
    found = b"".join(struct.pack("<HB", len(one), 1) + one.encode("utf-16-le") for one in whole)
    found += struct.pack("<HB", len(last), 1) + last[:cut].encode("utf-16-le")
    head = record(0xFC, struct.pack("<II", len(texts), len(texts)) + found)
    return head + record(0x3C, b"\x01" + last[cut:].encode("utf-16-le"))


def xls_sheet(rows: Sheet, hidden: Sequence[int] = ()) -> bytes:
    found = [record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    found += [record(0x208, struct.pack("<HHHHHHBBH", row, 0, 9, 0, 0, 0, 0x20, 1, 15)) for row in hidden]
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                serial = float((value - date(1899, 12, 30)).days)
                found.append(record(0x203, struct.pack("<HHHd", row, column, 1, serial)))
            elif isinstance(value, Shared):
                found.append(record(0xFD, struct.pack("<HHHI", row, column, 0, value)))
            elif isinstance(value, int | float):
                found.append(record(0x203, struct.pack("<HHHd", row, column, 0, float(value))))
            elif value:
                letters = value.encode("utf-16-le")
                found.append(record(0x204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + letters))
    return b"".join(found) + record(0x0A)


def xls_stream(*sheets: tuple[str, bytes], locked: bool = False, texts: bytes = b"") -> bytes:
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    head += record(0x2F, struct.pack("<HHHHH", 0, 1, 1, 0, 0)) if locked else b""
    head += b"".join(record(0xE0, struct.pack("<HHHHHHHHHH", 0, form, 0, 0, 0, 0, 0, 0, 0, 0)) for form in (0, 14))
    names = [name.encode("utf-16-le") for name, _ in sheets]
    start = len(head) + sum(12 + len(name) for name in names) + len(texts) + 4
    bound = b""
    for (_, content), name in zip(sheets, names, strict=True):
        bound += record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name) // 2, 1) + name)
        start += len(content)
    return head + bound + texts + record(0x0A) + b"".join(content for _, content in sheets)


def compound(streams: dict[str, bytes]) -> bytes:
    """Pack streams into a compound file, each padded so that it lies in whole sectors of its own."""
    padded = {name: (content + bytes(-len(content) % 512)).ljust(4096, b"\x00") for name, content in streams.items()}
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    folders = -(-(len(padded) + 1) // 4)
    tables = 1 + (folders + sum(map(len, padded.values())) // 512) // 127
    table = [0xFFFFFFFD] * tables + [*range(tables + 1, tables + folders), end]
    body, folder = b"", [entry("Root Entry", 5, end, 0, child=1)]
    for place, (name, content) in enumerate(padded.items(), start=1):
        first_sector = len(table)
        table += [*range(first_sector + 1, first_sector + len(content) // 512), end]
        body += content
        folder.append(entry(name, 2, first_sector, len(content), right=place + 1 if place < len(padded) else free))
    table += [free] * (128 * tables - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, tables, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *range(tables), *[free] * (109 - tables))
    return head + struct.pack(f"<{len(table)}I", *table) + b"".join(folder).ljust(folders * 512, b"\x00") + body


def entry(name: str, kind: int, start: int, size: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    word = (name + "\x00").encode("utf-16-le")
    none = 0xFFFFFFFF
    return word.ljust(64, b"\x00") + struct.pack("<HBBIII36xIQ", len(word), kind, 1, none, right, child, start, size)


def xls(*sheets: tuple[str, bytes], locked: bool = False, texts: bytes = b"") -> Callable[[Path], None]:
    return raw(compound({"Workbook": xls_stream(*sheets, locked=locked, texts=texts)}))


# ── shapefiles ───────────────────────────────────────────────────────────────


def dbf(
    columns: Sequence[tuple[str, str, int]], rows: Sheet, encoding: str, language: int = 0, deleted: Sequence[int] = ()
) -> bytes:
    fields = b"".join(
        name.encode(encoding)[:10].ljust(11, b"\x00") + kind.encode() + bytes(4) + bytes([length, 0]) + bytes(14)
        for name, kind, length in columns
    )
    body = b""
    for number, row in enumerate(rows):
        body += b"*" if number in deleted else b" "
        for (_, kind, length), value in zip(columns, row, strict=True):
            letters = str(value).encode(encoding)[:length]
            body += letters.rjust(length) if kind == "N" else letters.ljust(length)
    size = 1 + sum(length for _, _, length in columns)
    head = (
        struct.pack("<BBBBIHH", 3, 126, 1, 1, len(rows), 33 + len(fields), size)
        + bytes(17)
        + bytes([language])
        + bytes(2)
    )
    return head + fields + b"\r" + body + b"\x1a"


def shp(shapes: Sequence[shapely.Geometry]) -> tuple[bytes, bytes]:
    """Return .shp and .shx of points or of areas."""
    body, index = b"", b""
    for number, shape in enumerate(shapes, start=1):
        if isinstance(shape, shapely.Point):
            content = struct.pack("<idd", 1, shape.x, shape.y)
        else:
            rings = [list(ring.coords) for ring in (shape.exterior, *shape.interiors)]
            points = [point for ring in rings for point in ring]
            firsts = [sum(map(len, rings[:place])) for place in range(len(rings))]
            content = struct.pack("<i4dii", 5, *shape.bounds, len(rings), len(points))
            content += struct.pack(f"<{len(firsts)}i", *firsts) + b"".join(
                struct.pack("<dd", *point) for point in points
            )
        index += struct.pack(">ii", (100 + len(body)) // 2, len(content) // 2)
        body += struct.pack(">ii", number, len(content) // 2) + content
    kind = 1 if isinstance(shapes[0], shapely.Point) else 5

    def head(length: int) -> bytes:
        return struct.pack(">i20xi", 9994, length // 2) + struct.pack("<ii8d", 1000, kind, *[0.0] * 8)

    return head(100 + len(body)) + body, head(100 + len(index)) + index


PLACES = (("บ้านหนึ่ง", "99010101"), ("บ้านสอง", "99010102"))
DEGREES = (shapely.Point(99.81, 13.52), shapely.Point(99.5, 13.6))
METRES = (shapely.Point(587_700.5, 1_494_800.25), shapely.Point(554_100, 1_503_500))
AREA = shapely.Polygon(
    [(99, 13), (99, 14), (100, 14), (100, 13), (99, 13)],
    [[(99.2, 13.2), (99.8, 13.2), (99.8, 13.8), (99.2, 13.8), (99.2, 13.2)]],
)


def shape_parts(
    shapes: Sequence[shapely.Geometry] = DEGREES,
    encoding: str = "cp874",
    cpg: str | None = None,
    prj: str | None = WGS84,
    stem: str = "หมู่บ้าน",
) -> dict[str, bytes]:
    places, index = shp(shapes)
    parts = {
        f"{stem}.shp": places,
        f"{stem}.shx": index,
        f"{stem}.dbf": dbf([("ชื่อ", "C", 40), ("CODE", "C", 8)], PLACES[: len(shapes)], encoding),
    }
    parts |= {f"{stem}.cpg": cpg.encode()} if cpg is not None else {}
    return parts | ({f"{stem}.prj": prj.encode()} if prj is not None else {})


def without(parts: dict[str, bytes], end: str) -> dict[str, bytes]:
    return {name: content for name, content in parts.items() if not name.endswith(end)}


# ── other vector files ───────────────────────────────────────────────────────


def geojson(points: Sequence[tuple[float, float] | None], **more: object) -> Callable[[Path], None]:
    features = [
        {
            "type": "Feature",
            "properties": {"ชื่อ": f"บ้าน{number}", "รหัส": f"0{number}"},
            "geometry": {"type": "Point", "coordinates": list(point)} if point else None,
        }
        for number, point in enumerate(points, start=1)
    ]
    return words(json.dumps({"type": "FeatureCollection", **more, "features": features}, ensure_ascii=False))


KML = """<?xml version="1.0" encoding="UTF-8"?>{before}
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>ตัวอย่างสมมติ</name>
<Folder><name>จอมบึง</name><Placemark><name>บ้านหนึ่ง</name><description>{words}</description><ExtendedData>
<Data name="ปัญหา"><displayName>x</displayName><value>คนพิการ</value></Data>
<SchemaData schemaUrl="#s"><SimpleData name="code">007</SimpleData></SchemaData></ExtendedData>
<Point><coordinates>99.81,13.52,0</coordinates></Point></Placemark></Folder>
<Folder><name>สวนผึ้ง</name><Placemark><name>เขต</name><Polygon><outerBoundaryIs><LinearRing>
<coordinates>99,13 100,13 100,14 99,14 99,13</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder>
</Document></kml>"""


def kml(before: str = "", words_: str = "") -> str:
    return KML.format(before=before, words=words_)


def geopackage(more: Sequence[str] = ()) -> Callable[[Path], None]:
    """Write two layers: two places and one table without places."""

    def write(path: Path) -> None:
        database = sqlite3.connect(path)
        database.execute("PRAGMA application_id = 1196444487")
        for statement in (
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER)",
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)",
            "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)",
            "CREATE TABLE หมู่บ้าน (fid INTEGER PRIMARY KEY, geom BLOB, ชื่อ TEXT, จำนวน REAL)",
            "CREATE TABLE บันทึก (fid INTEGER PRIMARY KEY, ข้อความ TEXT)",
            "INSERT INTO gpkg_spatial_ref_sys VALUES (32647, 'EPSG', 32647)",
            "INSERT INTO gpkg_contents VALUES ('หมู่บ้าน', 'features'), ('บันทึก', 'attributes')",
            "INSERT INTO gpkg_geometry_columns VALUES ('หมู่บ้าน', 'geom', 32647)",
            "INSERT INTO บันทึก VALUES (1, 'ก')",
            *more,
        ):
            database.execute(statement)
        for number, (place, (word, _)) in enumerate(zip(METRES, PLACES, strict=True), start=1):
            blob = b"GP\x00\x01" + struct.pack("<i", 32647) + shapely.to_wkb(place)
            database.execute("INSERT INTO หมู่บ้าน VALUES (?, ?, ?, ?)", (number, blob, word, 2.0))
        database.commit()
        database.close()

    return write


def nested_zip() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 10_000_000)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        for number in range(10):
            archive.writestr(f"{number}.zip", inner.getvalue())
    return outer.getvalue()
