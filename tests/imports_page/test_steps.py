"""From a file to its cases and back: columns, preview, decisions, writing once, undoing, and nobody else's province."""

import io
import json
import re
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Connection, event, text

from api.database import transaction
from api.imports.uploads import DAY
from tests.access.world import FAR
from tests.imports_page.conftest import HEADER, LAT, LON, Place, fields, rows
from tests.scopes import SYSTEM

UNDO = {"undo": "yes"}


def audited(place: Place) -> list[tuple[str, str, str | None, dict[str, object]]]:
    """Return what the audit holds of imports: role, kind, object and details."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        found = session.execute(
            text("SELECT role, kind, object_id, details FROM audit_entry WHERE action = 'import' ORDER BY number")
        )
        return [tuple(row) for row in found]


def test_a_file_is_brought_in_once_and_undone_whole(place: Place) -> None:
    before = len(audited(place))
    at = place.sent("officer", rows(5))
    assert place.count() == 0
    page = place.checked("officer", at)
    assert "<svg" in page
    assert page.count("#mark-inside") == 5
    assert "อำเภอเมืองสมมติบุรี" in page
    assert place.count() == 0
    answer = place.commit("officer", at)
    run = answer.headers["location"].partition("?")[0]
    assert answer.headers["location"] == f"{run}?said=imported"
    assert place.count() == 5
    assert [one.name for one in place.kept() if one.name not in ("state.json", "lock")] == []
    shown = place.clients["officer"].get(answer.headers["location"]).text
    assert "officer-one" in shown
    assert f"{run}/undo" in shown
    for again in (place.clients["officer"].get(at), place.clients["officer"].get(f"{at}/preview")):
        assert again.headers["location"] == f"{run}?said=already"
    for step in ("read", "columns", "decisions", "commit"):
        answer = place.clients["officer"].post(f"{at}/{step}", data={"of": "1"})
        assert answer.headers["location"] == f"{run}?said=already"
    assert place.clients["officer"].post(f"{run}/undo", data=UNDO).headers["location"] == f"{run}?said=undone"
    assert place.count() == 0
    assert place.clients["officer"].post(f"{run}/undo", data=UNDO).status_code == 409
    number = run.rpartition("/")[2]
    assert audited(place)[before:] == [
        ("officer", "case", number, {"rows": 5, "new": 5, "changed": 0, "rejected": 0, **source_of(place, number)}),
        ("officer", "undo", number, {"removed": 5, "restored": 0}),
    ]


def source_of(place: Place, number: str) -> dict[str, str]:
    """Return the key of an import's source, as the audit names it."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        asked = "SELECT key FROM source JOIN import_run ON import_run.source_id = source.id WHERE import_run.id = :id"
        return {"source": str(session.scalar(text(asked), {"id": int(number)}))}


def test_a_double_click_imports_once_and_both_are_told(place: Place) -> None:
    at = place.sent("officer", rows(300))
    place.checked("officer", at)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: place.commit("officer", at), range(2)))
    assert [one.status_code for one in answers] == [303, 303]
    places = {one.headers["location"].partition("?")[0] for one in answers}
    assert len(places) == 1
    assert place.count() == 300
    assert place.count("import_run") == 1


def test_two_people_with_the_same_source_wait_for_each_other(place: Place) -> None:
    files = {"officer": rows(400), "colleague": rows(400, first=201)}
    at = {who: place.sent(who, content) for who, content in files.items()}
    for who in files:
        place.checked(who, at[who], source="ทะเบียนเดียวกัน")
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda who: place.commit(who, at[who]), files))
    assert [one.status_code for one in answers] == [303, 303]
    assert all("imported" in one.headers["location"] for one in answers)
    assert place.count() == 600
    assert place.count("source", "key LIKE 'p99.%' AND name_th = 'ทะเบียนเดียวกัน'") == 1


def test_steps_keep_their_state_and_an_old_preview_decides_nothing(place: Place) -> None:
    client = place.clients["officer"]
    at = place.sent("officer", rows())
    assert client.get(f"{at}/preview").headers["location"] == at
    place.checked("officer", at)
    first = client.get(f"{at}/preview")
    assert first.text.count("<tr>") == client.get(f"{at}/preview").text.count("<tr>")
    place.checked("officer", at)
    answer = client.post(f"{at}/commit", data={"of": "1"})
    assert answer.status_code == 409
    assert place.count() == 0
    assert client.post(f"{at}/commit", data={}).status_code == 409
    assert client.post(f"{at}/read", data={"target": "cases"}).status_code == 303
    assert client.post(f"{at}/commit", data={"of": "2"}).status_code == 409
    place.checked("officer", at)
    assert place.commit("officer", at).status_code == 303


def test_rows_of_areas_that_are_not_the_callers_are_refused(place: Place) -> None:
    """Another province, another district, by point and by code; beside good rows they keep all from being written."""
    content = rows(2) + "ข-1,P08.01,1/11/2568,,,990201\nข-2,P08.01,1/11/2568,,,980101\n"
    content += f"ข-3,P08.01,1/11/2568,{LAT},{LON + FAR},\n"
    at = place.sent("officer", content)
    page = place.checked("officer", at)
    for code in ("990201", "980101"):
        assert f"พื้นที่ {code} ซึ่งไม่ใช่พื้นที่ของท่าน" in page
    answer = place.commit("officer", at)
    assert answer.headers["location"] == f"{at}/preview?said=not_written"
    assert place.count() == 0
    assert place.commit("officer", at, keep_good="yes").status_code == 303
    assert place.count() == 2
    assert place.count(where="district_code <> '9901'") == 0
    whole = place.brought("whole", content)
    assert place.count() == 7
    assert place.clients["officer"].get(whole).status_code == 404


def test_figures_and_assets_are_of_the_callers_areas_too(place: Place) -> None:
    figures = "รหัสพื้นที่,ปี,จำนวนประชากร,จำนวนครัวเรือน\n9901,2567,1000,300\n9801,2567,900,200\n"
    assets = f"เลขที่,ชื่อ,ประเภท,ละติจูด,ลองจิจูด\n1,ก,clinic,{LAT},{LON}\n2,ข,clinic,{LAT},{LON + FAR}\n"
    for content, table in ((figures, "observation"), (assets, "asset")):
        at = place.sent("officer", content)
        target = "figures" if table == "observation" else "assets"
        place.clients["officer"].post(f"{at}/read", data={"target": target})
        columns = {"role.2": "indicator:population", "role.3": "indicator:households"} if target == "figures" else {}
        page = place.checked("officer", at, **columns)
        assert "ซึ่งไม่ใช่พื้นที่ของท่าน" in page
        assert place.commit("officer", at).headers["location"].endswith("not_written")
        answer = place.commit("officer", at, keep_good="yes")
        assert answer.status_code == 303, answer.text
        code = "area_code" if table == "observation" else "province_code"
        assert place.count(table) > 0
        assert place.count(table, f"{code} LIKE '98%'") == 0
        run = answer.headers["location"].partition("?")[0]
        assert place.clients["officer"].post(f"{run}/undo", data=UNDO).status_code == 303
        assert place.count(table) == 0


def test_sources_of_two_provinces_are_two_and_one_who_has_both_says_which(place: Place) -> None:
    near, far = rows(3), rows(3, lon=LON + FAR)
    place.brought("colleague", near, source="ทะเบียนกลาง")
    place.brought("far", far, source="ทะเบียนกลาง")
    assert place.count("source", "name_th = 'ทะเบียนกลาง'") == 2
    assert place.count() == 6
    page = place.clients["both"].get("/imports").text
    assert re.findall(r'<option value="(9\d)"', page) == ["98", "99"]
    at = place.sent("both", far, home="98")
    place.checked("both", at, source="ทะเบียนกลาง")
    assert place.commit("both", at).status_code == 303
    assert place.count() == 6
    at = place.sent("both", far, home="99")
    assert "ซึ่งไม่ใช่พื้นที่ของท่าน" in place.checked("both", at)
    other = place.sent("officer", near, home="98")
    place.checked("officer", other)
    place.commit("officer", other)
    assert place.count("import_run", "area_code NOT IN ('98', '99')") == 0


def test_imports_of_another_province_are_not_found(place: Place) -> None:
    far = place.brought("far", rows(2, lon=LON + FAR), source="ความลับของแดนต่าง")
    near = place.brought("colleague", rows(2))
    for who in ("officer", "colleague"):
        client, nobody = place.clients[who], "/imports/runs/999999"
        for method, step in (("GET", ""), ("POST", "/undo"), ("GET", "/recipe")):
            told = [
                client.request(method, f"{one}{step}", data=UNDO if step == "/undo" else None) for one in (far, nobody)
            ]
            assert [one.status_code for one in told] == [404, 404]
            plain = [re.sub(r'nonce[-=]"?[\w-]+|\d+', "", one.text) for one in told]
            assert plain[0] == plain[1]
        assert "ความลับ" not in client.get("/imports").text
        assert near in client.get("/imports").text
        for odd in ("0", "-1", "๑", "1e3", "9" * 30, "x"):
            assert client.get(f"/imports/runs/{odd}").status_code == 404
        assert place.send(who, rows(), like=far.rpartition("/")[2]).status_code == 404
    assert place.count() == 4
    assert place.clients["colleague"].get(near).status_code == 200
    for one in (far, near):
        assert place.clients["both"].get(one).status_code == 200
        assert place.clients["whole"].get(one).status_code == 200


def test_a_recipe_is_taken_along_for_the_next_file(place: Place) -> None:
    content = rows(3).replace("P08.01", "เรื่องแปลก")
    at = place.sent("officer", content)
    page = place.checked("officer", at, source="ทะเบียนแปลก")
    assert "เรื่องแปลก" in page
    client = place.clients["officer"]
    answer = client.post(f"{at}/decisions", data={"of": "1", "word.0": "P08.01"})
    assert answer.headers["location"].endswith("said=decided")
    recipe = client.get(f"{at}/recipe")
    assert recipe.headers["content-disposition"] == 'attachment; filename="recipe.yaml"'
    assert "เรื่องแปลก: P08.01" in recipe.text
    assert place.commit("officer", at).status_code == 303
    run = client.get("/imports").text.partition('href="/imports/runs/')[2].partition('"')[0]
    for more in ({"recipe_file": recipe.text}, {"like": run}):
        sent = place.send_recipe("officer", content, **more)
        page = place.checked("officer", sent)
        assert re.search(r"<strong>3</strong>เหมือนเดิม", page)
        assert place.commit("officer", sent).status_code == 303
    assert place.count() == 3
    assert place.count("import_run") == 3
    other = place.send_recipe("officer", "ก,ข\n1,2\n", recipe_file=recipe.text)
    assert "ประเภท" in client.get(other).text or 'role="alert"' in client.get(other).text
    assert place.send("officer", content, recipe_file="name: [").status_code == 400


def test_names_are_decided_by_choice_or_code_and_remembered(place: Place) -> None:
    head = "เลขที่,ปัญหา,วันที่รับแจ้ง,จังหวัด,อำเภอ\n"
    content = head + "ก-1,P08.01,1/11/2568,สมมติบุรี,เมืองสมมดบูรี\nก-2,P08.01,1/11/2568,สมมติบุรี,ทุ่งไหนไม่รู้\n"
    at, client = place.sent("colleague", content), place.clients["colleague"]
    page = place.checked("colleague", at)
    asked = re.findall(r"<legend>([^<]+)</legend>", page)
    assert any("ทุ่งไหนไม่รู้" in one for one in asked)
    names = {f"name_code.{place_of}": "9901" for place_of in range(len(asked))}
    foreign = client.post(f"{at}/decisions", data={"of": "1", "name_code.0": "9801"})
    assert foreign.status_code == 400
    assert "ไม่ใช่พื้นที่ของท่าน" in foreign.text
    for bad in ("12345", "เมือง", "<script>", "999999"):
        answer = client.post(f"{at}/decisions", data={"of": "1", "name_code.0": bad})
        assert answer.status_code in (400, 404), bad
    assert place.count("area_alias") == 0
    answer = client.post(f"{at}/decisions", data={"of": "1", **names, "name_code.0": "๙๙๐๑"})
    assert answer.headers["location"].endswith("said=decided")
    assert place.commit("colleague", at).status_code == 303
    assert place.count(where="district_code = '9901'") == 2
    again = place.sent("officer", content)
    assert "<legend>" not in place.checked("officer", again)


def test_repairs_are_offered_and_taken_only_when_ticked(place: Place) -> None:
    content = HEADER + "\n" + "".join(f"ก-{n},P08.01,1/11/2568,{LON},{LAT + n / 1000},990101\n" for n in range(3))
    at, client = place.sent("officer", content), place.clients["officer"]
    page = place.checked("officer", at)
    assert 'name="repair" value="swapped"' in page
    assert "checked" not in page.partition('value="swapped"')[2][:20]
    assert "ไม่มีแถวที่บันทึกได้" in page
    client.post(f"{at}/decisions", data={"of": "1", "repair": "swapped"})
    page = client.get(f"{at}/preview").text
    assert 'value="swapped" checked' in page
    assert place.commit("officer", at).status_code == 303
    assert place.count(where="subdistrict_code = '990101'") == 3


def test_personal_columns_stay_out_until_they_are_ticked(place: Place) -> None:
    content = "เลขที่,ปัญหา,วันที่รับแจ้ง,รหัสพื้นที่,ชื่อ-สกุล\nก-1,P08.01,1/11/2568,990101,นายทดสอบ สมมติ\n"
    at, client = place.sent("officer", content), place.clients["officer"]
    page = client.get(at).text
    assert "ชื่อ-สกุล" in page
    assert "นายทดสอบ" not in page
    assert fields(page)["role.4"] == ""
    answer = client.post(f"{at}/columns", data={**fields(page), "role.4": "address"})
    assert answer.status_code == 400
    assert "ดูเป็นข้อมูลส่วนบุคคล" in unescape(answer.text)
    assert "นายทดสอบ" not in answer.text
    assert place.clients["officer"].get(f"{at}/preview").status_code == 303
    page = place.checked("officer", at)
    assert "นายทดสอบ" not in page
    recipe = client.get(f"{at}/recipe").text
    assert "dropped:\n- ชื่อ-สกุล" in recipe
    allowed = {**fields(client.get(at).text), "role.4": "address", "allow.4": "yes"}
    assert client.post(f"{at}/columns", data=allowed).status_code == 303
    assert "kept:\n- ชื่อ-สกุล" in client.get(f"{at}/recipe").text


def test_one_value_for_all_rows_and_another_way_of_reading(place: Place) -> None:
    at, client = place.sent("officer", "ก;ข\n1;9901\n2;9901\n"), place.clients["officer"]
    page = client.get(at).text
    assert "อัฒภาค" in page
    given = {
        **fields(page),
        "role.0": "external_id",
        "role.1": "district_code",
        "fixed.problem": "P08.01",
        "period": "2568",
    }
    answer = client.post(f"{at}/columns", data=given)
    assert answer.status_code == 303, answer.text
    assert place.commit("officer", at).status_code == 303
    assert place.count(where="problem_code = 'P08.01' AND date_precision = 'year'") == 2
    at = place.sent("officer", "ก;ข\n1;9901\n")
    client.post(f"{at}/read", data={"separator": "comma"})
    assert "จุลภาค" in client.get(at).text
    for bad in ({"header_rows": "x"}, {"crs": "EPSG:1"}, {"encoding": "utf-99"}, {"header_rows": "77"}):
        answer = client.post(f"{at}/read", data=bad)
        assert answer.status_code in (303, 400), bad
    assert client.post(f"{at}/read", data={"header_rows": "x"}).status_code == 400
    assert client.post(f"{at}/columns", data={"role.0": "nonsense"}).status_code == 400
    assert client.post(f"{at}/columns", data={"source": "โทร 081-234-5678"}).status_code == 400


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def evil_book(folder: Path) -> bytes:
    """Write a workbook with a script in every place that may hold a word."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "<script>alert(2)<"
    book.create_sheet("<b>&amp;\"'")
    sheet.append([f"{EVIL}{n}" for n in range(8)])
    for n in range(4):
        sheet.append([f"{EVIL}{n}", EVIL, "1/11/2568", "990101", "=1+1", f"=HYPERLINK({n})", EVIL, f"{EVIL}{n}"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_nothing_of_a_file_becomes_markup(place: Place, tmp_path: Path) -> None:
    client = place.clients["colleague"]
    at = place.sent("colleague", evil_book(tmp_path), name=f"{EVIL.replace('/', '')}.xlsx".replace('"', "%22"))
    pages = [client.get(at).text, client.get("/imports").text]
    roles = {"role.0": "external_id", "role.1": "problem", "role.2": "reported_on", "role.6": "province_name"}
    given = {**fields(pages[0]), **roles, "role.7": "district_name", "fixed.problem": "", "source": EVIL}
    client.post(f"{at}/columns", data=given)
    pages += [client.get(f"{at}/preview").text, client.get(at).text]
    client.post(f"{at}/decisions", data={"of": "1", "word.0": "P08.01"})
    pages += [client.get(f"{at}/preview").text]
    more = {"role.1": "", "role.3": "area_code", "fixed.problem": "P08.01", "role.0": "", "role.6": "", "role.7": ""}
    pages.append(
        client.post(f"{at}/columns", data={**given, "role.5": "external_id", "role.3": "lat", "role.2": EVIL}).text
    )
    answer = client.post(f"{at}/columns", data={**given, **more})
    pages.append(client.get(f"{at}/preview").text)
    assert answer.status_code == 303, answer.text
    answer = place.commit("colleague", at, keep_good="yes")
    assert answer.status_code == 303, answer.text
    pages += [client.get(answer.headers["location"]).text, client.get("/imports").text]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert '<b>&amp;"' not in page
        assert "alert(1)" in page


def test_refused_rows_are_taken_away_harmless_and_on_record(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    content = rows(1) + "=ลับ1,P08.01,ไม่ใช่วันลับ,,,990101\n@ลับ2,คำลับ,1/11/2568,,,990101\n"
    at, client = place.sent("officer", content, name="แฟ้มลับ.csv"), place.clients["officer"]
    place.checked("officer", at)
    before = len(audited(place))
    answer = client.get(f"{at}/refused")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="refused-rows.csv"'
    lines = answer.text.splitlines()
    assert len(lines) == 3
    assert not [cell for line in lines[1:] for cell in line.split(",") if cell.startswith(("=", "@"))]
    assert audited(place)[before:] == [("officer", "refused_rows", None, {"rejected": 2})]
    run = place.commit("officer", at, keep_good="yes").headers["location"].partition("?")[0]
    assert client.get(f"{at}/refused").headers["location"]
    assert f'href="{run}/refused"' in client.get(run).text
    before = len(audited(place))
    assert client.get(f"{run}/refused").text.splitlines() == lines
    assert audited(place)[before:] == [("officer", "refused_rows", None, {"rejected": 2})]
    for who in ("colleague", "whole"):
        assert place.clients[who].get(f"{run}/refused").headers["location"] == run
        assert f'href="{run}/refused"' not in place.clients[who].get(run).text
    assert place.clients["far"].get(f"{run}/refused").status_code == 404
    (state,) = [one for one in place.kept() if one.name == "state.json"]
    state.write_text(json.dumps({**json.loads(state.read_text()), "made_at": time.time() - DAY - 1}))
    assert client.get(f"{run}/refused").headers["location"] == run
    place.sent("colleague", rows())
    assert not state.exists()
    said = caplog.text + str(audited(place))
    assert "ลับ" not in said


def test_refused_rows_hold_no_column_that_was_left_out(place: Place) -> None:
    content = "เลขที่,ปัญหา,วันที่รับแจ้ง,ชื่อ-สกุล,รหัสพื้นที่\nก-1,P08.01,ไม่ใช่วัน,นายทดสอบ สมมติ,990101\n"
    at, client = (
        place.sent("officer", content + "ก-2,P08.01,1/11/2568,นายทดสอบ สมมติ,990101\n"),
        place.clients["officer"],
    )
    place.checked("officer", at)
    before = client.get(f"{at}/refused").text
    run = place.commit("officer", at, keep_good="yes").headers["location"].partition("?")[0]
    assert before == client.get(f"{run}/refused").text
    assert before.splitlines()[1].startswith("ก-1,P08.01,ไม่ใช่วัน,990101,")
    assert "ทดสอบ" not in before
    assert "ชื่อ-สกุล" not in before


def test_a_mistake_of_ours_tells_nothing_of_the_file(
    place: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.imports import working

    def broken(*_: object, **__: object) -> None:
        raise ValueError("ความลับในช่อง")

    at = place.sent("officer", rows())
    monkeypatch.setattr(working, "import_table", broken)
    answer = place.clients["officer"].post(f"{at}/columns", data=fields(place.clients["officer"].get(at).text))
    assert answer.status_code == 500
    assert "ระบบผิดพลาดขณะอ่านแฟ้ม" in answer.text
    assert "ความลับ" not in answer.text + caplog.text
    assert "ValueError" in caplog.text
    assert place.clients["officer"].get(at).status_code == 200


def test_work_on_cases_is_lost_only_when_confirmed(place: Place) -> None:
    run, client = place.brought("officer", rows(2)), place.clients["officer"]
    with transaction(place.app.state.engine, SYSTEM) as session:
        session.execute(
            text(
                "INSERT INTO case_member (province_code, case_id, actor_id, unit_id) "
                " SELECT province_code, c.id, :who, u.id FROM \"case\" c, unit u WHERE u.key = 'office-99'"
            ),
            {"who": place.people["officer"].id},
        )
    answer = client.post(f"{run}/undo", data=UNDO)
    assert answer.status_code == 409
    assert "--worked-on" not in answer.text
    assert 'name="worked_on"' in answer.text
    assert place.count() == 2
    assert client.post(f"{run}/undo", data={**UNDO, "worked_on": "yes"}).status_code == 303
    assert place.count() == 0


def test_a_name_that_stays_open_is_told(place: Place) -> None:
    content = "เลขที่,ปัญหา,วันที่รับแจ้ง,จังหวัด,อำเภอ\nก-1,P08.01,1/11/2568,ไม่มีจังหวัดนี้,ทุ่งไหนไม่รู้\n"
    at, client = place.sent("colleague", content), place.clients["colleague"]
    assert "<legend>" in place.checked("colleague", at)
    answer = client.post(f"{at}/decisions", data={"of": "1", "name_code.0": "9901"})
    page = client.get(answer.headers["location"]).text
    assert ("<legend>" in page) == ("บางชื่อยังตัดสินไม่ได้" in page)


def test_names_are_listed_and_forgotten_by_those_whose_province_it_is(place: Place) -> None:
    head, evil = "เลขที่,ปัญหา,วันที่รับแจ้ง,จังหวัด,อำเภอ\n", "<script>alert(1)</script>ทุ่ง"
    content = head + f"ก-1,P08.01,1/11/2568,สมมติบุรี,{evil}\nก-2,P08.01,1/11/2568,,ทุ่งลอย\n"
    at = place.sent("colleague", content)
    asked = re.findall(r"<legend>([^<]+)", place.checked("colleague", at))
    given = {f"name_code.{number}": "9901" for number in range(len(asked))}
    place.clients["colleague"].post(f"{at}/decisions", data={"of": "1", **given})
    assert place.count("area_alias") == 2
    pages = {who: place.clients[who].get("/imports/names").text for who in ("officer", "both", "whole", "far")}
    ids = {who: re.findall(r"/imports/names/(\w+)/forget", page) for who, page in pages.items()}
    assert {who: len(found) for who, found in ids.items()} == {"officer": 1, "both": 1, "whole": 2, "far": 0}
    assert "<script>alert" not in "".join(pages.values())
    assert "colleague-one" in pages["officer"]
    assert "ทุ่งลอย" not in pages["officer"]
    (own,) = ids["officer"]
    (loose,) = set(ids["whole"]) - {own}
    assert place.clients["auditor"].get("/imports/names").status_code == 403
    for who, sign in (("far", own), ("officer", loose), ("both", loose), ("whole", "nonsense")):
        assert place.clients[who].post(f"/imports/names/{sign}/forget").status_code == 404
    before = len(audited(place))
    for who, sign in (("officer", own), ("whole", loose)):
        answer = place.clients[who].post(f"/imports/names/{sign}/forget")
        assert answer.headers["location"] == "/imports/names?said=forgotten"
    assert audited(place)[before:] == [
        ("officer", "name_forgotten", own, {"area": "9901"}),
        ("head", "name_forgotten", loose, {"area": "9901"}),
    ]
    assert place.count("area_alias") == 0
    assert "<legend>" in place.checked("colleague", place.sent("colleague", content))


def test_a_decision_below_a_province_that_is_not_known_counts_for_the_same_words(place: Place) -> None:
    content = "เลขที่,ปัญหา,วันที่รับแจ้ง,จังหวัด,อำเภอ\nก-1,P08.01,1/11/2568,ไม่มีจังหวัดนี้,ทุ่งไหนไม่รู้\n"
    at, client = place.sent("colleague", content), place.clients["colleague"]
    assert "<legend>" in place.checked("colleague", at)
    answer = client.post(f"{at}/decisions", data={"of": "1", "name_code.0": "9901"})
    assert answer.headers["location"].endswith("said=decided")
    assert "<legend>" not in place.checked("officer", place.sent("officer", content))
    whole = place.sent("whole", content)
    assert "<legend>" in place.checked("whole", whole)
    answer = place.clients["whole"].post(f"{whole}/decisions", data={"of": "1", "name_code.0": "9901"})
    page = place.clients["whole"].get(answer.headers["location"]).text
    assert "แฟ้มเป็นของทั้งประเทศ" in page


def test_of_several_files_in_a_zip_the_person_chooses(place: Place) -> None:
    packed, client = io.BytesIO(), place.clients["officer"]
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("เล็ก.csv", rows(2))
        archive.writestr("ใหญ่/<b>.csv", rows(4, first=10))
    at = place.sent("officer", packed.getvalue(), name="สองแฟ้ม.zip")
    page = client.get(at).text
    assert "มี 2 ตาราง" in page
    assert "<b>.csv" not in page
    place.checked("officer", at)
    assert place.commit("officer", at).status_code == 303
    assert place.count() == 4
    at = place.sent("officer", packed.getvalue(), name="สองแฟ้ม.zip")
    assert client.post(f"{at}/read", data={"inside": "เล็ก.csv", "target": "cases"}).status_code == 303
    assert 'value="สองแฟ้ม เล็ก"' in client.get(at).text  # a source of its own, of which nothing is gone
    place.checked("officer", at)
    assert place.commit("officer", at).status_code == 303
    assert place.count() == 6


def test_no_statement_of_an_import_or_its_undoing_is_cut_off_early(place: Place) -> None:
    """The application ends statements after a minute; half a million rows take longer."""
    seen: list[str] = []

    def see(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "DELETE", "UPDATE")) and '"case"' in statement:
            cursor = connection.connection.cursor()
            cursor.execute("SHOW statement_timeout")
            seen.extend(str(one) for one in cursor.fetchone() or ())

    engine = place.app.state.engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        run = place.brought("officer", rows(3))
        assert place.clients["officer"].post(f"{run}/undo", data=UNDO).status_code == 303
    finally:
        event.remove(engine, "before_cursor_execute", see)
    assert set(seen) == {"30min"}


def test_rows_that_are_no_case_are_told_and_not_counted(place: Place) -> None:
    stated = ("", "เรื่องซ้ำ", "ก่อกวน", "รับแจ้ง")
    lines = [f"{line},{word}" for line, word in zip(rows(len(stated)).splitlines()[1:], stated, strict=True)]
    at = place.sent("officer", "\n".join([f"{HEADER},สถานะ", *lines]))
    page = place.checked("officer", at)
    assert "มี 2 แถวที่มีสถานะเรื่องซ้ำหรือไม่ใช่เรื่อง" in page
    assert "2 rows state that they are duplicates or no case" in page
