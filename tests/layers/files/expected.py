"""What must be read out of every synthetic file of `made`: a long table, one entry for each trouble."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from layers.files.table import Asked
from tests.layers.files import made
from tests.layers.files.made import HEADER, ROWS, TWO_ROW_HEADER, TWO_ROWS

PLACED = ("geometry_x", "geometry_y")


@dataclass(frozen=True)
class Made:
    """A file's name, how it is written, and what must be read: kind, header, data rows, and one cell of a data row."""

    name: str
    write: Callable[[Path], object]
    kind: str
    header: tuple[str, ...]
    rows: int
    probe: tuple[int, str, str]
    encoding: str | None = None
    header_rows: tuple[int, int] | None = (1, 1)
    crs: str | None = None
    notes: tuple[str, ...] = ()
    others: dict[int, str] = field(default_factory=dict)
    """Rows that are no plain data: their number and kind."""
    asked: Asked = Asked()  # noqa: RUF009  (a frozen value)


def csv(name: str, write: Callable[[Path], object], **more: object) -> Made:
    """Give an expectation for the three rows that most text files here hold."""
    given = {"kind": "csv", "header": HEADER, "rows": 3, "probe": (0, "ปัญหา", ROWS[0][1]), "encoding": "utf-8", **more}
    return Made(name, write, **given)  # type: ignore[arg-type]


CP874 = ("file.read_as_cp874",)
TITLE = "รายงานคนจน ปี 2568 จังหวัดราชบุรี"
TEXTS = (
    csv("utf8.csv", made.plain()),
    csv("utf8-mark.csv", made.plain(mark=b"\xef\xbb\xbf")),
    csv("utf16le-mark.csv", made.plain("utf-16-le", mark=b"\xff\xfe"), encoding="utf-16-le"),
    csv("utf16be-mark.csv", made.plain("utf-16-be", mark=b"\xfe\xff"), encoding="utf-16-be"),
    csv("utf16le-unmarked.csv", made.plain("utf-16-le"), encoding="utf-16-le"),
    csv("utf16be-unmarked.tsv", made.plain("utf-16-be", "\t"), encoding="utf-16-be", kind="tsv"),
    csv("cp874.csv", made.plain("cp874"), encoding="cp874", notes=CP874),
    csv("old.txt", made.plain("cp874", "|"), encoding="cp874", notes=CP874, kind="psv"),
    csv(
        "quotes-of-cp874.csv",  # curly quotes and dashes, which tis-620 does not have
        made.words("ชื่อ,หมายเหตุ\nบ้าน “ใหม่”,ก – ข\n", "cp874"),
        encoding="cp874", header=("ชื่อ", "หมายเหตุ"), rows=1, probe=(0, "ชื่อ", "บ้าน “ใหม่”"), notes=CP874,
    ),
    csv("tab.xls", made.plain(separator="\t"), kind="tsv"),
    csv("pipe.csv", made.plain(separator="|"), kind="psv"),
    csv("semicolon.csv", made.plain(separator=";")),
    csv(
        "decimal-comma.csv",
        made.words("จังหวัด;ร้อยละ;เฉลี่ย\nราชบุรี;1,5;2,5\nตาก;3,25;4,0\n"),
        header=("จังหวัด", "ร้อยละ", "เฉลี่ย"), rows=2, probe=(1, "ร้อยละ", "3,25"),
    ),
    csv(
        "quoted-separators.csv",
        made.words('ชื่อ,ที่อยู่\nก,"1, หมู่ 2; ต.จอมบึง"\nข,"ซอย ""สุข"", 3\nชั้น 2"\n'),
        header=("ชื่อ", "ที่อยู่"), rows=2, probe=(1, "ที่อยู่", 'ซอย "สุข", 3\nชั้น 2'),
    ),
    csv("said-separator.csv", made.words("sep=;\r\n" + made.lines((HEADER, *ROWS), ";"))),
    csv(
        "titles-above.csv", made.words(f"{TITLE},,,\n\n" + made.lines((HEADER, *made.quoted(",")))), header_rows=(3, 3)
    ),
    csv(
        "ragged.csv",
        made.words("ก,ข,ค\n1,x\n2,x,y,เกิน\n3,x,y\n"),
        header=("ก", "ข", "ค", "คอลัมน์ 4 (column 4)"), probe=(1, "คอลัมน์ 4 (column 4)", "เกิน"),
        notes=("file.longer_rows",),
    ),
    csv(
        "twice-and-empty.csv",
        made.words("ชื่อ,ชื่อ,,จำนวน\nก,ข,ค,1\nง,จ,ฉ,2\n"),
        header=("ชื่อ", "ชื่อ (2)", "คอลัมน์ 3 (column 3)", "จำนวน"), rows=2, probe=(0, "ชื่อ (2)", "ข"),
    ),
    csv(
        "registration.txt",  # the registration office's files: pipes, thousands commas, no header
        made.words("6812|70|ราชบุรี|1,000|2,000|3,000\n6812|70|ราชบุรี|11|12|23\n6812|71|กาญจนบุรี|5|6|11\n"),
        kind="psv", header=tuple(f"คอลัมน์ {n} (column {n})" for n in range(1, 7)), header_rows=None,
        probe=(0, "คอลัมน์ 4 (column 4)", "1,000"),
    ),
    csv(
        "years-as-headings.csv",
        made.words("จังหวัด,2566,2567,2568\nราชบุรี,1,2,3\nตาก,4,5,6\n"),
        header=("จังหวัด", "2566", "2567", "2568"), rows=2, probe=(1, "2568", "6"),
    ),
    csv(
        "totals-and-notes.csv",
        made.words(
            "ที่,อำเภอ,ชาย,หญิง\n(1),(2),(3),(4)\n1,จอมบึง,๑๒,5\n2,สวนผึ้ง,3,4\nที่,อำเภอ,ชาย,หญิง\n3,รวมไทย,1,1\n"
            ",รวมทั้งสิ้น,15,9\nGrand Total,,15,9\nรวมอำเภอจอมบึง,,12,5\nหมายเหตุ: สมมติ,,,\nที่มา : สำนักงาน,,,\n* ไม่รวมเด็ก,,,\n"
        ),
        header=("ที่", "อำเภอ", "ชาย", "หญิง"), probe=(0, "ชาย", "๑๒"),
        others={
            2: "repeated_header", 5: "repeated_header", 7: "total", 8: "total", 9: "total",
            10: "footnote", 11: "footnote", 12: "footnote",
        },
    ),
    csv(
        "two-row-header.csv",
        made.words("ที่,อำเภอ,ผู้สูงอายุ,,คนพิการ,\n,,ชาย,หญิง,ชาย,หญิง\n1,จอมบึง,1,2,3,4\n2,ปากท่อ,5,6,7,8\n"),
        header=TWO_ROW_HEADER, header_rows=(1, 2), rows=2, probe=(1, "คนพิการ · หญิง", "8"),
    ),
    csv(
        "few-wide-groups.csv",
        made.words("ที่,อำเภอ,ปี 2567,,,,ปี 2568,,,\n,,ก,ข,ค,ง,ก,ข,ค,ง\n1,จอมบึง,1,2,3,4,5,6,7,8\n2,ตาก,1,2,3,4,5,6,7,9\n"),
        header=("ที่", "อำเภอ", *(f"ปี {year} · {one}" for year in (2567, 2568) for one in "กขคง")), header_rows=(1, 2),
        rows=2, probe=(1, "ปี 2568 · ง", "9"),
    ),
    csv(
        "longer-far-below.csv", made.words("ก,ข\n" + "1,x\n" * 400 + "2,x,เกิน\n"),
        header=("ก", "ข", "คอลัมน์ 3 (column 3)"), rows=401, probe=(400, "คอลัมน์ 3 (column 3)", "เกิน"),
        notes=("file.longer_rows",),
    ),
    csv(
        "form-export.csv",  # KoboToolbox and ODK: semicolons, groups as group/field, places as one text and in parts
        made.words(
            '"start";"บ้าน/ชื่อ";"gps";"_gps_latitude";"_gps_longitude";"_geolocation"\n'
            '"2025-11-05T09:00:00+07:00";"บ้านหนึ่ง";"13.52 99.81 80.5 4.0";"13.52";"99.81";"[13.52, 99.81]"\n'
        ),
        header=("start", "บ้าน/ชื่อ", "gps", "_gps_latitude", "_gps_longitude", "_geolocation"), rows=1,
        probe=(0, "gps", "13.52 99.81 80.5 4.0"),
    ),
    csv("old-mac.csv", made.words(made.lines((HEADER, *made.quoted(",")), end="\r"))),
    csv("dos-end.csv", made.words(made.lines((HEADER, *made.quoted(","))) + "\x1a")),
    csv("leading-zeros.csv", made.plain(), probe=(0, "เลขที่", "001")),
    csv(
        "invisible.csv",
        made.words("ชื่อ,อำเภอ\n\u200bก\u00a0,\ufeffจอมบึง\u200b\n"),
        header=("ชื่อ", "อำเภอ"), rows=1, probe=(0, "อำเภอ", "จอมบึง"),
    ),
    csv(
        "cut-within-a-letter.csv", made.raw("ก,ข\n1,กข".encode()[:-1]),
        header=("ก", "ข"), rows=1, probe=(0, "ข", "ก\ufffd"), notes=("file.cut_off",),
    ),
    csv(
        "damaged-letter.csv", made.raw("ชื่อ,อำเภอ\nสมมติ,จอม\n".encode() + b"\xff\xff," + "บึง\n".encode()),
        header=("ชื่อ", "อำเภอ"), rows=2, probe=(1, "อำเภอ", "บึง"), notes=("file.damaged_letters",),
    ),
    csv(
        "formula.csv", made.words("ชื่อ,ค่า\n=1+1,+2\n"), header=("ชื่อ", "ค่า"), rows=1, probe=(0, "ชื่อ", "=1+1"),
    ),
)  # fmt: skip

BODY = tuple(ROWS)
WORKBOOKS = (
    Made("plain.xlsx", made.book(("แผ่น1", (HEADER, *BODY))), "xlsx", HEADER, 3, (0, "เลขที่", "001")),
    Made("workbook-named.csv", made.book(("แผ่น1", (HEADER, *BODY))), "xlsx", HEADER, 3, (2, "จำนวน", "1,250")),
    Made(
        "formatted-to-the-end.xlsx",
        made.book(("ก", (HEADER, *BODY)), change=made.format_to_the_end),
        "xlsx",
        HEADER,
        3,
        (0, "เลขที่", "001"),
    ),
    Made(
        "two-rows.xlsx",
        made.book(("สรุป", TWO_ROWS), change=made.merge_two_rows),
        "xlsx",
        TWO_ROW_HEADER,
        2,
        (0, "ผู้สูงอายุ · ชาย", "๑๒"),
        header_rows=(4, 5),
        others={8: "total", 9: "footnote"},
    ),
    Made(
        "groups-without-merges.xlsx",
        made.book(("สรุป", TWO_ROWS)),
        "xlsx",
        TWO_ROW_HEADER,
        2,
        (0, "คนพิการ · ชาย", "1,250"),
        header_rows=(4, 5),
        others={8: "total", 9: "footnote"},
    ),
    Made(
        "sheets.xlsx",
        made.book(("คำชี้แจง", [["อ่านก่อน"]]), ("ข้อมูล", (HEADER, *BODY)), ("ว่าง", [])),
        "xlsx",
        HEADER,
        3,
        (1, "อำเภอ", "สวนผึ้ง"),
        notes=("file.other_sheets",),
    ),
    Made(
        "asked-sheet.xlsx",
        made.book(("ข้อมูล", (HEADER, *BODY)), ("ปี", [["ก", "ข"], ["x", "y"]])),
        "xlsx",
        ("ก", "ข"),
        1,
        (0, "ข", "y"),
        asked=Asked(sheet="ปี"),
        notes=("file.other_sheets",),
    ),
    Made(
        "hidden-sheet.xlsx",
        made.book(("เล็ก", [["ก", "ข"], ["x", "y"]]), ("ใหญ่", (HEADER, *BODY)), change=made.hide_sheet),
        "xlsx",
        ("ก", "ข"),
        1,
        (0, "ข", "y"),
        notes=("file.other_sheets", "file.hidden_sheets"),
    ),
    Made(
        "hidden-rows.xlsx",
        made.book(("ก", (HEADER, *BODY)), change=made.hide),
        "xlsx",
        HEADER,
        2,
        (1, "เลขที่", "003"),
        others={3: "hidden"},
        notes=("file.hidden_rows", "file.hidden_columns"),
    ),
    Made(
        "dates.xlsx",
        made.book(("ก", [["ชื่อ", "วันที่"], *([name, None] for name in "กขคง")]), change=made.buddhist_dates),
        "xlsx",
        ("ชื่อ", "วันที่"),
        4,
        (0, "วันที่", "2568-11-05"),
    ),
    Made(
        "date-with-time.xlsx",
        made.book(("ก", [["ชื่อ", "วันที่"], *([name, None] for name in "กขคง")]), change=made.buddhist_dates),
        "xlsx",
        ("ชื่อ", "วันที่"),
        4,
        (1, "วันที่", "2025-11-05T13:30:00"),
    ),
    Made(
        "date-in-thai-format.xlsx",
        made.book(("ก", [["ชื่อ", "วันที่"], *([name, None] for name in "กขคง")]), change=made.buddhist_dates),
        "xlsx",
        ("ชื่อ", "วันที่"),
        4,
        (2, "วันที่", "2025-11-05"),
    ),
    Made(
        "numbers.xlsx",
        made.book(("ก", [["ชื่อ", "เลข"], ["ก", 12.0], ["ข", 0.5], ["ค", 1101700203451], ["ง", True]])),
        "xlsx",
        ("ชื่อ", "เลข"),
        4,
        (2, "เลข", "1101700203451"),
    ),
    Made(
        "formulas.xlsx",
        made.change_part(
            made.book(("ก", [["ชื่อ", "ผล"], ["ก", "=1+1"], ["ข", "=2+2"]])),
            "xl/worksheets/sheet1.xml",
            lambda part: re.sub(rb"<f>1\+1</f>(<v ?/>|<v></v>)", b"<f>1+1</f><v>99</v>", part),
        ),
        "xlsx",
        ("ชื่อ", "ผล"),
        2,
        (0, "ผล", "99"),
        notes=("file.uncomputed",),
    ),
    Made(
        "formulas-uncomputed.xlsx",
        made.book(("ก", [["ชื่อ", "ผล"], ["ก", "=1+1"], ["ข", 5]])),
        "xlsx",
        ("ชื่อ", "ผล"),
        2,
        (0, "ผล", ""),
        notes=("file.uncomputed",),
    ),
    Made(
        "merged-below.xlsx",
        made.book(("ก", [["จังหวัด", "อำเภอ"], ["ราชบุรี", "จอมบึง"], [None, "สวนผึ้ง"]]), change=made.merge_province),
        "xlsx",
        ("จังหวัด", "อำเภอ"),
        2,
        (1, "จังหวัด", "ราชบุรี"),
        notes=("file.merged_filled",),
    ),
    Made(
        "form-export.xlsx",
        made.book(("แบบสำรวจ", [["บ้าน/ชื่อ", "gps", "_gps_latitude"], ["บ้านหนึ่ง", "13.52 99.81 0 0", "13.52"]])),
        "xlsx",
        ("บ้าน/ชื่อ", "gps", "_gps_latitude"),
        1,
        (0, "gps", "13.52 99.81 0 0"),
    ),
    Made(
        "old.xls",
        made.xls(("ปก", made.xls_sheet([["อ่านก่อน"]])), ("ข้อมูล", made.xls_sheet([HEADER, *BODY], hidden=[2]))),
        "xls",
        HEADER,
        2,
        (1, "จำนวน", "1,250"),
        others={3: "hidden"},
        notes=("file.other_sheets", "file.hidden_rows"),
    ),
    Made(
        "old-dates.xls",
        made.xls(
            (
                "ก",
                made.xls_sheet(
                    [["ชื่อ", "วันที่", "ค่า"], ["ก", made.date(2568, 11, 5), 12.0], ["ข", made.date(2025, 1, 2), 0.5]]
                ),
            )
        ),
        "xls",
        ("ชื่อ", "วันที่", "ค่า"),
        2,
        (0, "วันที่", "2568-11-05"),
    ),
    Made(
        "shared-texts.xls",
        made.xls(
            ("ก", made.xls_sheet([(made.Shared(0), made.Shared(1)), (made.Shared(2), made.Shared(2))])),
            texts=made.shared_texts(["ชื่อ", "อำเภอ", "จอมบึง" * 20], 50),
        ),
        "xls",
        ("ชื่อ", "อำเภอ"),
        1,
        (0, "อำเภอ", "จอมบึง" * 20),
    ),
    Made(
        "open.ods",
        made.ods(
            made.ods_row(made.ods_text("สรุป", ' table:number-columns-spanned="3"')),
            made.ods_row(made.ods_text("รหัส"), made.ods_text("วันที่"), made.ods_text("จำนวน")),
            made.ods_row(
                made.ods_text("007"),
                made.ods_value("date", "2568-11-05", "5 พ.ย. 68"),
                made.ods_value("float", "12", "12.00"),
            ),
            made.ods_row(made.ods_text("008"), made.ods_text(""), made.ods_value("float", "0.5", "1"), hidden=True),
            made.ods_row(made.ods_text("รวม"), made.ods_text(""), made.ods_value("float", "12.5", "13")),
        ),
        "ods",
        ("รหัส", "วันที่", "จำนวน"),
        1,
        (0, "วันที่", "2568-11-05"),
        header_rows=(2, 2),
        others={4: "hidden", 5: "total"},
        notes=("file.hidden_rows",),
    ),
)

PARTS = made.shape_parts
NO_CPG = "file.cpg_missing"
SHAPE = ("ชื่อ", "CODE", *PLACED)
VECTORS = (
    Made(
        "cp874.zip",
        made.packed(PARTS(cpg="OEM 874")),
        "shp",
        SHAPE,
        2,
        (0, "ชื่อ", "บ้านหนึ่ง"),
        "cp874",
        None,
        "EPSG:4326",
        ("file.cpg_other",),
    ),
    Made(
        "thai-names-inside.zip",
        made.packed(PARTS(), old_names=True),
        "shp",
        SHAPE,
        2,
        (1, "geometry_x", "99.5"),
        "cp874",
        None,
        "EPSG:4326",
        (NO_CPG,),
    ),
    Made(
        "wrong-cpg.zip",
        made.packed(PARTS(encoding="utf-8", cpg="CP874")),
        "shp",
        ("ชื่", "CODE", *PLACED),
        2,
        (0, "ชื่", "บ้านหนึ่ง"),
        "utf-8",
        None,
        "EPSG:4326",
        ("file.cpg_other",),
    ),
    Made(
        "no-prj.zip",
        made.packed(PARTS(made.METRES, cpg="874", prj=None)),
        "shp",
        SHAPE,
        2,
        (0, "geometry_x", "587700.5"),
        "cp874",
        None,
        "EPSG:32647",
        ("file.prj_missing", "file.crs_guessed"),
    ),
    Made(
        "area-with-a-hole.zip",
        made.packed(PARTS([made.AREA], cpg="874")),
        "shp",
        SHAPE,
        1,
        (0, "CODE", "99010101"),
        "cp874",
        None,
        "EPSG:4326",
        ("file.point_inside",),
    ),
    Made(
        "asked-shape.zip",
        made.packed(PARTS(cpg="874") | PARTS([made.AREA], cpg="874", stem="อื่น")),
        "shp",
        SHAPE,
        1,
        (0, "ชื่อ", "บ้านหนึ่ง"),
        "cp874",
        None,
        "EPSG:32648",
        ("file.point_inside",),
        asked=Asked(layer="อื่น", crs="32648"),
    ),
    Made(
        "lone.dbf",
        made.raw(
            made.dbf(
                [("ชื่อ", "C", 20), ("DAY", "D", 8), ("N", "N", 10)],
                [["ก", "25681105", "12.000"], ["ข", "20251105", "0.5"], ["ค", "", ""]],
                "cp874",
                0x50,
                deleted=[1],
            )
        ),
        "dbf",
        ("ชื่อ", "DAY", "N"),
        2,
        (0, "DAY", "2568-11-05"),
        "cp874",
        None,
        None,
        (NO_CPG, "file.deleted_records"),
    ),
    Made(
        "points.geojson",
        made.geojson([(99.81, 13.52), None]),
        "geojson",
        ("ชื่อ", "รหัส", *PLACED),
        2,
        (0, "รหัส", "01"),
        "utf-8",
        None,
        "EPSG:4326",
        ("file.unplaced",),
    ),
    Made(
        "metres.geojson",
        made.geojson([(613053.5, 1530567.9)]),
        "geojson",
        ("ชื่อ", "รหัส", *PLACED),
        1,
        (0, "geometry_x", "613053.5"),
        "utf-8",
        None,
        "EPSG:32647",
        ("file.crs_contradicted",),
    ),
    Made(
        "metres-of-either-zone.geojson",
        made.geojson([(450_000.0, 1_660_000.0)]),
        "geojson",
        ("ชื่อ", "รหัส", *PLACED),
        1,
        (0, "geometry_y", "1660000.0"),
        "utf-8",
        None,
        None,
        ("file.crs_contradicted",),
    ),
    Made(
        "metres-said.geojson",
        made.geojson([(450_000.0, 1_660_000.0)], crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}),
        "geojson",
        ("ชื่อ", "รหัส", *PLACED),
        1,
        (0, "ชื่อ", "บ้าน1"),
        "utf-8",
        None,
        "EPSG:32648",
    ),
    Made(
        "objects.json",
        made.words('[{"province": "ราชบุรี", ">60": 12, "x": {"a": [1]}}, {"province": "ตาก", "ปี": 2.0}]'),
        "json",
        ("province", ">60", "x", "ปี"),
        2,
        (0, "x", '{"a": [1]}'),
        "utf-8",
        None,
    ),
    Made(
        "inside.json",
        made.words('{"ok": true, "result": {"records": [{"a": "007"}, {"a": "008"}]}}'),
        "json",
        ("a",),
        2,
        (0, "a", "007"),
        "utf-8",
        None,
        notes=("file.list_inside",),
    ),
    Made(
        "places.kml",
        made.words(made.kml()),
        "kml",
        ("folder", "name", "description", "ปัญหา", "code", *PLACED),
        2,
        (0, "code", "007"),
        "utf-8",
        None,
        "EPSG:4326",
        ("file.point_inside",),
    ),
    Made(
        "asked-folder.kmz",
        made.packed({"ไฟล์.kml": made.kml().encode(), "files/a.png": b"x"}),
        "kmz",
        ("folder", "name", "description", "ปัญหา", "code", *PLACED),
        1,
        (0, "ปัญหา", "คนพิการ"),
        "utf-8",
        None,
        "EPSG:4326",
        asked=Asked(layer="จอมบึง"),
    ),
    Made(
        "layers.gpkg",
        made.geopackage(),
        "gpkg",
        ("fid", "ชื่อ", "จำนวน", *PLACED),
        2,
        (0, "geometry_x", "587700.5"),
        "utf-8",
        None,
        "EPSG:32647",
        ("file.other_layers",),
    ),
    Made(
        "asked-layer.gpkg",
        made.geopackage(),
        "gpkg",
        ("fid", "ข้อความ"),
        1,
        (0, "ข้อความ", "ก"),
        "utf-8",
        None,
        asked=Asked(layer="บันทึก"),
    ),
)
ALL = (*TEXTS, *WORKBOOKS, *VECTORS)
