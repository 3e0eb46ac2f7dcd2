"""Content by hand, with everything in it that a cell can hold."""

from datetime import UTC, date, datetime

import shapely

from boundaries.messages import Text
from layers.exporting.content import About, Column, Content, Credit, Value, shapes_array
from layers.exporting.style import Fill, Mark, Style

FORMULAS = ("=cmd|' /C calc'!A0", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1")
HOSTILE = (
    '"quoted", \'single\'; --', "]]></kml><!--", "<script>alert(1)</script>", "&amp;&lt;", "a\x01b\x0bc\x1f",
    "line\nline", "'); DROP TABLE figures; --", "ก็้้้ ำ่ สวนผึ้ง", "\u202egnp.exe", "x" * 5000, "{{7*7}}${7*7}", "0042",
)  # fmt: skip
COLUMNS = (
    Column("code"), Column("name_th"), Column("value", "number"), Column("state"), Column("cases", "whole"),
    Column("as_of", "date"), Column("invented", "yes_no"),
)  # fmt: skip
SQUARE = shapely.box(100, 13, 100.5, 13.5)
HOLED = shapely.MultiPolygon([SQUARE.difference(shapely.box(100.1, 13.1, 100.2, 13.2)), shapely.box(101, 13, 102, 14)])
STYLE = Style(
    (
        Fill(Text("ต่ำกว่า 10", "below 10"), "#C9DDED", "ok", None, 10.0),
        Fill(Text("10 ขึ้นไป", "10 and above"), "#1C5C97", "ok", 10.0, None),
        Fill(Text("ปกปิด", "hidden"), "#E9EDF1", "hidden", mark=Mark("dots", "#5F6F7E")),
    ),
    "#6F7E8B",
)


def content(*rows: tuple[Value, ...], words: str = "ตัวอย่าง", shape: object = HOLED) -> Content:
    """Make a content of areas; a word of one's own stands in all that is told about it."""
    text = Text(words, words)
    return Content(
        name="figures",
        about=About(
            title=text,
            audience="committee",
            as_of=date(2026, 9, 30),
            sources=(Credit(text, words),),
            boundaries=Credit(text, words),
            period=text,
            released_at=datetime(2026, 11, 1, 3, 0, tzinfo=UTC),
            notes=(text,),
        ),
        columns=COLUMNS,
        rows=rows,
        shapes=shapes_array([shape] * len(rows)),
        shape_kind="MultiPolygon",
        key="code",
        style=STYLE,
    )


def named(*names: str) -> Content:
    """Make a content whose rows bear these names, and whose numbers are below zero."""
    day = date(2026, 9, 30)
    return content(*((f"99{place:02}", name, -1.5, "ok", -3, day, True) for place, name in enumerate(names)))
