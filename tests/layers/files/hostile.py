"""Synthetic files that would take a machine's memory, time or secrets, each with the error that must refuse it."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from boundaries.errors import SocialMapError
from layers.files import errors
from tests.layers.files import made
from tests.layers.files.made import HEADER, ROWS

DTD = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HUGE = "ก" * 3_500_000
"""About ten megabytes in one cell."""
SHEET = "xl/worksheets/sheet1.xml"
PLAIN = made.book(("ก", (HEADER, *ROWS)))


def bomb(
    name: str, unpacked: int, said: int | None = None, more: dict[str, bytes] | None = None
) -> Callable[[Path], object]:
    """Pack zeros a thousandfold into a zip made by hand; `said` is the size that the zip claims."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()
    members = [(name, block * (unpacked >> 20) + end, said or unpacked)]
    members += [(one, _deflated(content), len(content)) for one, content in (more or {}).items()]
    body, folder = b"", b""
    for one, content, size in members:
        raw = one.encode()
        fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, 0, len(content), size)
        folder += b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHHHII", len(raw), 0, 0, 0, 0, 0, len(body)) + raw
        body += b"PK\x03\x04" + fields + struct.pack("<HH", len(raw), 0) + raw + content
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(folder), len(body), 0)
    return made.raw(body + folder + tail)


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def changed(old: bytes, new: bytes, part: str = SHEET) -> Callable[[Path], object]:
    return made.change_part(PLAIN, part, lambda content: content.replace(old, new, 1))


def in_utf16(content: bytes) -> bytes:
    return content.decode().encode("utf-16")


def many_copies(content: bytes) -> bytes:
    """Name the same shared text in a hundred thousand cells."""
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, 100_001))
    return content[: content.index(b"<sheetData>") + 11] + rows + content[content.index(b"</sheetData>") :]


def copies(path: Path) -> None:
    made.change_part(PLAIN, SHEET, many_copies)(path)
    with made.zipfile.ZipFile(path, "a", made.zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "<sst><si><t>" + "x" * 100_000 + "</t></si></sst>")


def ods_repeated(times: int, rows: int) -> Callable[[Path], object]:
    cell = made.ods_text("x", f' table:number-columns-repeated="{times}"')
    return made.ods(f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>')


def flagged_as_locked(path: Path) -> None:
    PLAIN(path)
    content = bytearray(path.read_bytes())
    place = 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        content[place + 8] |= 1
        place += 4
    path.write_bytes(bytes(content))


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, NULL AS geom FROM n"


class Hostile(NamedTuple):
    name: str
    write: Callable[[Path], object]
    refusal: type[SocialMapError]


def cut(write: Callable[[Path], object], length: int) -> Callable[[Path], None]:
    """Write a file of which the end is missing."""

    def cutting(path: Path) -> None:
        write(path)
        path.write_bytes(path.read_bytes()[:length])

    return cutting


def far_cell(path: Path) -> None:
    cell = made.record(0x203, struct.pack("<HHHd", 65535, 65535, 0, 1.0))
    made.xls(("ก", made.xls_sheet([("x",)])[:-4] + cell + made.record(0x0A)))(path)


def copies_in_xls(path: Path) -> None:
    """Name the same long text in sixty thousand cells of an XLS."""
    texts = made.shared_texts(["x" * 8_000] * 2 + ["y" * 16_000], 8_000)
    made.xls(("ก", made.xls_sheet([[made.Shared(2)]] * 60_000)), texts=texts)(path)


LISTED_VIEW = (
    f"CREATE VIEW v AS {ENDLESS}",
    "DELETE FROM gpkg_contents",
    "INSERT INTO gpkg_contents VALUES ('v', 'features')",
)
ENDLESS_CONTENTS = (
    "DROP TABLE gpkg_contents",
    f"CREATE VIEW gpkg_contents AS SELECT 'x' AS table_name, 'features' AS data_type FROM ({ENDLESS})",
)
LONG_VALUE = (
    "INSERT INTO บันทึก VALUES (2, hex(zeroblob(1000000)))",
    "INSERT INTO บันทึก VALUES (3, 'x')",
)
LINKS = "<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTDataSource>"
BOOK = "xl/workbook.xml"
XLS = made.xls(("ก", made.xls_sheet([HEADER, *ROWS])))
SHAPES = made.shape_parts()
HOSTILE = (
    Hostile("bomb.xlsx", bomb(SHEET, 3 << 30, more={"xl/workbook.xml": b"<x/>"}), errors.TooLarge),
    Hostile("bomb-that-lies.xlsx", bomb(SHEET, 1 << 30, 1000, {"xl/workbook.xml": b"<x/>"}), errors.NotATable),
    Hostile("bomb.ods", bomb("content.xml", 3 << 30, more={"mimetype": b"x"}), errors.TooLarge),
    Hostile("bomb-within-limits.ods", bomb("content.xml", 400 << 20, more={"mimetype": b"x"}), errors.NotATable),
    Hostile("bomb.kmz", bomb("doc.kml", 3 << 30), errors.TooLarge),
    Hostile("bomb.zip", bomb("a.dbf", 3 << 30, more={"a.shp": b"", "a.shx": b""}), errors.TooLarge),
    Hostile("nested.zip", made.raw(made.nested_zip()), errors.NoTableInside),
    Hostile("many-members.zip", made.packed({f"{n}.dbf": b"" for n in range(10_001)}), errors.TooLarge),
    Hostile("laughs.xlsx", changed(b"<worksheet", DTD.encode() + b"<worksheet"), errors.DeclaresEntities),
    Hostile("outside.xlsx", changed(b"<workbook", OUTSIDE.encode() + b"<workbook", BOOK), errors.DeclaresEntities),
    Hostile("utf16.xlsx", made.change_part(PLAIN, SHEET, in_utf16), errors.DeclaresEntities),
    Hostile("doctype.ods", made.ods(made.ods_row(made.ods_text("x")), before="<!DOCTYPE x>"), errors.DeclaresEntities),
    Hostile("laughs.ods", made.ods(made.ods_row(made.ods_text("&c;")), before=DTD), errors.DeclaresEntities),
    Hostile("laughs.kml", made.words(made.kml(DTD, "&c;")), errors.DeclaresEntities),
    Hostile("outside.kml", made.words(made.kml(OUTSIDE, "&a;")), errors.DeclaresEntities),
    Hostile("long-cell.csv", made.words(f"ก,ข\n1,{HUGE}\n"), errors.LongCell),
    Hostile("long-cell-quoted.csv", made.words(f'ก,ข\n1,"{HUGE}"\n'), errors.LongCell),
    Hostile("long-cell.xlsx", changed(b"<t>", b"<t>" + HUGE.encode()), errors.LongCell),
    Hostile("longer-cell.xlsx", changed(b"<t>", b"<t>" + b"x" * 200_000), errors.LongCell),
    Hostile("long-cell.ods", made.ods(made.ods_row(made.ods_text(HUGE))), errors.LongCell),
    Hostile("long-cell.json", made.words('[{"a": "' + HUGE + '"}]'), errors.LongCell),
    Hostile("long-cell.kml", made.words(made.kml(words_=HUGE)), errors.LongCell),
    Hostile("path.zip", made.packed({"../../x.shp": b"", "../../x.dbf": b""}), errors.UnsafePath),
    Hostile("absolute.zip", made.packed({"/etc/x.dbf": b""}), errors.UnsafePath),
    Hostile("backslash.zip", made.packed({"..\\..\\x.dbf": b""}), errors.UnsafePath),
    Hostile("no-shx.zip", made.packed(made.without(SHAPES, ".shx")), errors.MissingPart),
    Hostile("no-dbf.zip", made.packed(made.without(SHAPES, ".dbf")), errors.MissingPart),
    Hostile("alone.shp", made.raw(SHAPES["หมู่บ้าน.shp"]), errors.MissingPart),
    Hostile("picture.csv", made.raw(b"\x89PNG\r\n\x1a\n" + bytes(100)), errors.OtherKind),
    Hostile("paper.csv", made.raw(b"%PDF-1.7\n1,2\n3,4\n"), errors.OtherKind),
    Hostile("page.xls", made.words("<html><table><tr><td>1</td></tr></table></html>"), errors.OtherKind),
    Hostile("links.vrt", made.words(LINKS), errors.OtherKind),
    Hostile("letter.docx", made.packed({"word/document.xml": b"<x/>"}), errors.OtherKind),
    Hostile("letter.doc", made.raw(made.compound({"WordDocument": b"x"})), errors.OtherKind),
    Hostile("locked.xlsx", made.raw(made.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})), errors.Locked),
    Hostile("locked.xls", made.xls(("ก", made.xls_sheet([HEADER])), locked=True), errors.Locked),
    Hostile("locked.zip", flagged_as_locked, errors.Locked),
    Hostile("wide.csv", made.words("ก" + "," * 1_500_000 + "\n1,2\n"), errors.TooWide),
    Hostile("wider.csv", made.words("ก" + "," * 5_000_000 + "\n1,2\n"), errors.LongCell),
    Hostile("far-cell.xlsx", changed(b'r="A2"', b'r="XFD1048576"'), errors.TooWide),
    Hostile("far-row.xlsx", changed(b'<row r="4"><c r="A4"', b'<row r="900000000"><c'), errors.TooWide),
    Hostile("far-cell.xls", far_cell, errors.TooWide),
    Hostile("repeated.ods", ods_repeated(16_000, 1_000_000), errors.TooWide),
    Hostile("wide.ods", ods_repeated(999_999_999, 1), errors.TooWide),
    Hostile("wide.json", made.words("[{" + ",".join(f'"{n}": 1' for n in range(20_000)) + "}]"), errors.TooWide),
    Hostile("copies.xlsx", copies, errors.TooLarge),
    Hostile("copies.xls", copies_in_xls, errors.TooLarge),
    Hostile("deep.json", made.words('[{"a": ' + "[" * 500_000 + "]" * 500_000 + "}]"), errors.TooDeep),
    Hostile("deep.geojson", made.words('{"type": "Feature", "x": ' + '{"a":' * 300_000), errors.TooDeep),
    Hostile("deep.kml", made.words(made.kml(words_="<b>" * 1000 + "</b>" * 1000)), errors.TooDeep),
    Hostile("long-number.json", made.words('[{"a": ' + "9" * 100_000 + "}]"), errors.NotATable),
    Hostile("nul.csv", made.raw(b"a,b\n1,\x002\n"), errors.ControlCharacters),
    Hostile("late-nul.csv", made.raw(b"a,b\n" + b"1,2\n" * 500_000 + b"\x00\x00"), errors.ControlCharacters),
    Hostile("noise.csv", made.raw(bytes(range(256)) * 20), errors.ControlCharacters),
    Hostile("latin.csv", made.raw("a,b\nÿÿ,ÿþý\n".encode("latin-1")), errors.NotATable),
    Hostile("quotes.csv", made.words('ก,ข\n1,"x\n2,y\n3,z\n'), errors.BrokenQuotes),
    Hostile("quotes-within.csv", made.words('ก,ข\n1,"x" y\n'), errors.BrokenQuotes),
    Hostile("empty.csv", made.raw(b""), errors.EmptyTable),
    Hostile("blank.csv", made.raw(b" \r\n\r\n"), errors.EmptyTable),
    Hostile("header-only.csv", made.words("ก,ข\n"), errors.EmptyTable),
    Hostile("empty.xlsx", made.book(("ก", [])), errors.EmptyTable),
    Hostile("empty.json", made.words("[]"), errors.NotATable),
    Hostile("view.gpkg", made.geopackage(LISTED_VIEW), errors.EmptyTable),
    Hostile("contents-are-endless.gpkg", made.geopackage(ENDLESS_CONTENTS), errors.NotATable),
    Hostile("long-value.gpkg", made.geopackage(LONG_VALUE), errors.LongCell),
    Hostile("other.sqlite", made.geopackage(["DROP TABLE gpkg_contents"]), errors.NotATable),
    Hostile("cut.xlsx", cut(PLAIN, 3000), errors.NotATable),
    Hostile("cut.zip", cut(made.packed(SHAPES), 400), errors.NotATable),
    Hostile("cut-shp.zip", made.packed(SHAPES | {"หมู่บ้าน.shp": SHAPES["หมู่บ้าน.shp"][:130]}), errors.NotATable),
    Hostile("cut.dbf", made.raw(SHAPES["หมู่บ้าน.dbf"][:-40]), errors.NotATable),
    Hostile("cut.kml", made.words(made.kml()[:-40]), errors.NotATable),
    Hostile("cut.json", made.words('[{"a": 1}, {"a": '), errors.NotATable),
    Hostile("cut.gpkg", cut(made.geopackage(), 9000), errors.NotATable),
    Hostile("cut.xls", cut(XLS, 1600), errors.NotATable),
)  # fmt: skip
