"""Maps that people made in other programs: kinds by their words and places, and what was guessed is told."""

import io
import json
import zipfile

import pytest

from mapping.plan_files.errors import BadPart, PlanFileEmpty
from mapping.plan_files.formats import read_plan_file
from mapping.plan_files.values import PlanFile

FREEPLANE = """<map version="freeplane 1.9.13">
<!--To view this file, download free mind mapping software Freeplane-->
<bookmarks/>
<node TEXT="เด็กหลุดจากระบบการศึกษา" FOLDED="false" ID="ID_1"><hook NAME="MapStyle"><properties show_icon="true"/></hook>
<node TEXT="ผลกระทบ" POSITION="left" ID="ID_2"><node TEXT="เข้าสู่แรงงานนอกระบบ" ID="ID_3"/></node>
<node TEXT="สาเหตุ" POSITION="left" ID="ID_4"><font BOLD="true"/>
 <node ID="ID_5"><richcontent TYPE="NODE"><html><head><style>p {color: red}</style></head><body><p>ครอบครัว</p><p>ยากจน</p></body></html></richcontent>
  <node TEXT="รายได้&#xa;ไม่แน่นอน" ID="ID_6"/></node></node>
<node TEXT="แนวทางแก้ไข" POSITION="right" ID="ID_7">
 <node TEXT="ทุนการศึกษา" ID="ID_8"><attribute NAME="หน่วยงานหลัก" VALUE="x"/>
  <arrowlink DESTINATION="ID_5" STARTARROW="NONE"/><arrowlink DESTINATION="ID_gone"/>
  <node TEXT="คัดกรองรายชื่อ" ID="ID_9"><attribute NAME="หน่วยงานหลัก" VALUE="โรงเรียน"/><attribute NAME="งบประมาณ (บาท)" VALUE="๑๕,๐๐๐ บาท"/>
   <richcontent TYPE="NOTE"><html><body><p>ภาคเรียนละครั้ง</p></body></html></richcontent>
   <node TEXT="ร้อยละที่คัดกรอง" ID="ID_10"><node TEXT="แยกชายหญิง" ID="ID_11"/></node></node></node></node>
<node TEXT="ครูไม่พอ" ID="ID_12"/><node TEXT="" ID="ID_13"/>
</node></map>"""  # noqa: E501


def shown(plan: PlanFile) -> list[tuple[str, str | None, str]]:
    words = {part.id: part.text for part in plan.parts}
    return [(part.kind, words.get(part.parent or ""), part.text) for part in plan.parts]


def keys(plan: PlanFile) -> list[str]:
    """Return the English of what is told, shortened to tell which sentence it is."""
    return [each.en for each in plan.notes]


def test_a_map_of_freeplane_is_taken_by_its_headings() -> None:
    plan = read_plan_file("แผน.mm", FREEPLANE.encode())
    root = "เด็กหลุดจากระบบการศึกษา"
    goal, aim = "ทีมยังไม่ได้ระบุเป้าหมาย", "ทีมยังไม่ได้ระบุวัตถุประสงค์"
    assert shown(plan) == [
        ("problem", None, root),
        ("effect", root, "เข้าสู่แรงงานนอกระบบ"),
        ("cause", root, "ครอบครัว ยากจน"),
        ("cause", "ครอบครัว ยากจน", "รายได้ ไม่แน่นอน"),
        ("goal", root, goal),
        ("objective", goal, aim),
        ("solution", aim, "ทุนการศึกษา"),
        ("activity", "ทุนการศึกษา", "คัดกรองรายชื่อ"),
        ("indicator", "คัดกรองรายชื่อ", "ร้อยละที่คัดกรอง"),
        ("indicator", "คัดกรองรายชื่อ", "แยกชายหญิง"),
        ("cause", root, "ครูไม่พอ"),
    ]
    activity = next(part for part in plan.parts if part.kind == "activity")
    assert dict(activity.fields) == {
        "text": "คัดกรองรายชื่อ",
        "lead": "โรงเรียน",
        "budget": 15000,
        "note": "ภาคเรียนละครั้ง",
    }
    assert [(link.part, link.to, link.kind) for link in plan.links] == [("8", "5", "addresses")]
    assert keys(plan) == [
        "The file does not name the kind of 5 parts; their place suggested it, 1 of them as causes: please look.",
        "2 parts that the file lacks were put in between (goal, objective, way or activity), for the team to state.",
        "One branch without any text was left out.",
        "One link was left out: an end is missing, or both are one part.",
        "One field was left out, which the part's kind does not have or whose value cannot be used: หน่วยงานหลัก",
    ]


def test_an_outline_with_several_tops_stands_under_its_title() -> None:
    outline = (
        '<opml version="2.0"><head><title>น้ำท่วม</title></head><body><outline text="Causes"><outline text="คูตัน"/>'
        '</outline><outline text="Solutions"><outline text="ขุดลอก" _note="ก่อนฝน"/></outline></body></opml>'
    )
    plan = read_plan_file("x.opml", outline.encode())
    assert shown(plan)[:2] == [("problem", None, "น้ำท่วม"), ("cause", "น้ำท่วม", "คูตัน")]
    assert dict(plan.parts[-1].fields) == {"text": "ขุดลอก", "note": "ก่อนฝน"}
    assert plan.parts[-1].kind == "solution"


def test_an_outline_in_markdown_is_read_by_headings_points_and_paragraphs() -> None:
    written = """# ขยะล้น\r
\r
## สาเหตุ
1. **ไม่คัดแยก** ที่บ้าน
   - [x] ถังไม่พอ
ทั้งจังหวัด
## วิธีแก้
* ธนาคารขยะ
\t* เปิดทุกวันเสาร์
## เป้าหมาย
- ขยะลดลงครึ่งหนึ่ง
- ทุกบ้านคัดแยก
"""
    plan = read_plan_file("x.md", written.encode())
    assert [(kind, words) for kind, _, words in shown(plan)] == [
        ("problem", "ขยะล้น"),
        ("cause", "ไม่คัดแยก ที่บ้าน"),
        ("cause", "ถังไม่พอ"),
        ("goal", "ทีมยังไม่ได้ระบุเป้าหมาย"),
        ("objective", "ทีมยังไม่ได้ระบุวัตถุประสงค์"),
        ("solution", "ธนาคารขยะ"),
        ("activity", "เปิดทุกวันเสาร์"),
        ("objective", "ขยะลดลงครึ่งหนึ่ง"),
        ("objective", "ทุกบ้านคัดแยก"),
    ]
    assert plan.parts[2].fields["note"] == "ทั้งจังหวัด"


def test_a_sheet_of_xmind_is_read_with_its_notes_and_relationships() -> None:
    def topic(name: str, *below: dict[str, object], **more: object) -> dict[str, object]:
        return {"id": name, "title": name, "children": {"attached": list(below)}, **more}

    root = topic(
        "หนี้",
        topic("ปัจจัย", topic("รายจ่ายสูง", notes={"plain": {"content": "ค่าเช่า\nค่าน้ำ"}})),
        topic("มาตรการ", topic("ออมกลุ่ม", labels=["แดง"])),
    )
    sheets = [{"rootTopic": root, "relationships": [{"end1Id": "ออมกลุ่ม", "end2Id": "รายจ่ายสูง"}]}, {}]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("content.json", json.dumps(sheets))
        archive.writestr("Thumbnails/thumbnail.png", b"x")
    plan = read_plan_file("x.xmind", made.getvalue())
    assert [part.kind for part in plan.parts] == ["problem", "cause", "goal", "objective", "solution"]
    assert plan.parts[1].fields["note"] == "ค่าเช่า ค่าน้ำ"
    assert [(link.part, link.to, link.kind) for link in plan.links] == [("ออมกลุ่ม", "รายจ่ายสูง", "addresses")]
    assert "not one more" in keys(plan)[-1]


def test_what_a_file_says_wrongly_is_left_out_and_told() -> None:
    written = """# ปัญหา: ก
- *รหัสพื้นที่*: ../etc
- *ปีงบประมาณ*: 99999
- *ขนาดของปัญหา*: 46 ราย
- เป้าหมาย: ข
- เป้าหมาย: ค
  - แนวทางแก้ไข: ง
    - *ประเภทแนวทาง*: วิเศษ
    - *แก้สาเหตุ*: 7
    - กิจกรรม: จ
      - *วันเริ่ม (ค.ศ.)*: 2026-05-01
      - *วันสิ้นสุด (ค.ศ.)*: 2026-04-01
      - *งบประมาณ (บาท)*: มาก
"""
    plan = read_plan_file("x.md", written.encode())
    assert (plan.about.area, plan.about.fiscal_year) == (None, None)
    assert plan.parts[0].fields == {"text": "ก", "size": "46 ราย"}
    assert [part.kind for part in plan.parts] == ["problem", "goal", "objective", "solution", "activity"]
    assert plan.parts[-1].fields == {"text": "จ", "starts_on": "2026-05-01"}
    assert len(plan.notes) == 4


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.mm", "<map/>"), ("x.opml", "<opml><body/></opml>"), ("x.md", " \n\n"), ("x.md", "<!-- ก -->")],
)
def test_a_file_without_a_part_is_told_so(name: str, content: str) -> None:
    with pytest.raises(PlanFileEmpty):
        read_plan_file(name, content.encode())


def test_a_text_longer_than_a_part_holds_is_refused_by_its_place() -> None:
    with pytest.raises(BadPart) as told:
        read_plan_file("x.md", f"# ก\n- {'ข' * 1001}".encode())
    assert "ส่วนที่ 2" in told.value.text.th
