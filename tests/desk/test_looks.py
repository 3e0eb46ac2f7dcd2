"""The desk in a real Chromium: its pages fit a wide screen and a phone, and axe-core finds nothing serious."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.api.test_maps import needs_libraries
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.desk.conftest import LAT, LON, Office
from tests.desk.test_field import PLACE, revoke
from tests.field.phone import Phone, photo_bytes
from tests.identity.planted import person as planted

pytestmark = [pytest.mark.browser, needs_libraries]


def looked_at(page: Page, folder: Path, name: str) -> None:
    """See that a page fits a desk's screen and a phone's, and that axe-core finds nothing serious on either."""
    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=Path(os.environ.get("SHOTS", folder)) / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if AXE.is_file():
            assert serious(page) == [], (name, width)


def fill(office: Office) -> None:
    """Make cases of all urgencies and problems, here and there."""
    for number in range(70):
        office.case(
            ("P02.01", "P08.01", "P01", "P10", "P15", "P06")[number % 6],
            ("990101", "990102", "990103", "990201", "990202", "990301")[number % 6],
            days=-(number * 7 % 40),
            urgency=("U2", "U1", "U2", "U3", "U2", "U4", "U1")[number % 7],
            lat=LAT + (number * 37 % 60) / 400 - 0.05 if number % 3 else None,
            lon=LON + (number * 53 % 70) / 400 - 0.05 if number % 3 else None,
        )


def test_the_queue_fits_desk_and_phone(
    office: Office,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    fill(office)
    secret = office.case("P04.01", days=3, urgency="U4", lat=LAT, lon=LON)
    office.join(secret, "team")
    page = new_page(allow=(address,))
    office.sign_in(page, address, "team")
    page.goto(f"{address}/desk")
    looked_at(page, tmp_path, "queue")


@pytest.mark.proof
def test_sheet_areas_and_duplicates_fit_desk_and_phone(
    office: Office,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    somebody = planted(0)
    one = office.case(lat=LAT, lon=LON, urgency="U4", target_groups=("T07",), person=somebody)
    office.case(lat=LAT + 0.001, lon=LON, days=3, urgency="U3", target_groups=("T07",), person=somebody)
    office.case("P08.01", "990101", days=1)
    office.case("P08.02", "990101", days=6)
    conflict = office.case(code="990201", lat=LAT, lon=LON, urgency="U4")
    office.case("P10", "", lat=9.0, lon=99.0)
    secret = office.case("P04.01", urgency="U4", lat=LAT, lon=LON)
    office.join(secret, "team")
    page = new_page(allow=(address,))
    office.sign_in(page, address, "head")
    for name, path in (
        ("areas", "/desk/areas"),
        ("duplicates", "/desk/duplicates"),
        ("sheet", f"/desk/cases/{one}"),
        ("sheet-conflict", f"/desk/cases/{conflict}"),
    ):
        page.goto(address + path)
        looked_at(page, tmp_path, name)
    page.goto(f"{address}/desk/duplicates")
    page.locator("[data-step]").first.click()
    looked_at(page, tmp_path, "pair")
    page.get_by_label("เหตุผลที่เปิดดู").fill("ตรวจเรื่องซ้ำ")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=คล้ายกัน 100 ใน 100")
    looked_at(page, tmp_path, "pair-words")
    other = new_page(allow=(address,))
    office.sign_in(other, address, "team")
    other.goto(f"{address}/desk/cases/{secret}")
    looked_at(other, tmp_path, "reason")


def test_the_story_of_a_case_from_the_queue_to_its_end(
    office: Office,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    """A new case comes in; the head sees it, assigns it, it is referred, followed up, closed by two. By keys alone."""
    case = office.case("P08.01", urgency="U3", lat=LAT, lon=LON, target_groups=("T05",), person=planted(0))
    office.case("P10", urgency="U1", days=-3)
    head, officer = new_page(allow=(address,)), new_page(allow=(address,))
    office.sign_in(head, address, "head")
    office.sign_in(officer, address, "officer")
    head.goto(f"{address}/desk")
    head.locator("#queue").focus()
    head.keyboard.press("j")
    assert head.evaluate("document.activeElement.closest('tr').dataset.case") == str(case)
    assert head.locator("svg.map a.on").count() == 1
    head.keyboard.press("Enter")
    head.wait_for_url(f"**/desk/cases/{case}")

    def press(page: Page, name: str, said: str) -> None:
        """Reach a button and press it, as who has no mouse does."""
        button = page.get_by_role("button", name=name).first
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(f".told.done:has-text('{said}')")

    def opened(page: Page, name: str) -> None:
        page.locator("summary", has_text=name).first.focus()
        page.keyboard.press("Enter")

    press(head, "รับเรื่องแล้ว", "บันทึกขั้นตอนแล้ว")
    head.get_by_label("ทีม (ชื่อเข้าใช้ คั่นด้วยวรรค)").fill("team-one")
    press(head, "มอบหมาย", "มอบหมายแล้ว")
    opened(head, "ส่งต่อหน่วยงาน")
    head.get_by_label("หน่วยงาน Agency").select_option("lao")
    press(head, "ส่งต่อหน่วยงาน", "ส่งต่อแล้ว")
    assert office.row(case).status == 60
    looked_at(head, tmp_path, "work")
    opened(head, "บันทึกคำตอบของหน่วยงาน")
    press(head, "รับแล้ว", "บันทึกคำตอบแล้ว")
    opened(head, "นัดเยี่ยม")
    head.get_by_label("วันนัด").fill("1/2/2570")
    press(head, "นัดเยี่ยม", "นัดเยี่ยมแล้ว")
    opened(head, "บันทึกความช่วยเหลือ")
    head.get_by_label("จำนวนเงิน").fill("๓,๐๐๐")
    head.get_by_label("วันที่ให้").fill("15/11/2569")
    press(head, "บันทึก", "บันทึกความช่วยเหลือแล้ว")
    press(head, "ติดตามผล", "บันทึกขั้นตอนแล้ว")
    opened(head, "เสนอยุติเรื่อง")
    head.get_by_label("หลักฐาน").fill("เยี่ยมบ้านแล้ว ผู้สูงอายุได้รับการดูแลต่อเนื่อง")
    press(head, "เสนอยุติเรื่อง", "เสนอยุติเรื่องแล้ว")
    assert head.get_by_role("button", name="ยืนยันยุติเรื่อง").count() == 0
    looked_at(head, tmp_path, "proposed")
    officer.goto(f"{address}/desk/cases/{case}")
    press(officer, "ยืนยันยุติเรื่อง", "ยุติเรื่องแล้ว")
    row = office.row(case)
    assert (row.status, row.close_reason) == (80, "goal_met")
    looked_at(officer, tmp_path, "closed")
    officer.goto(f"{address}/desk")
    assert str(case) not in officer.content()


@pytest.mark.proof
def test_what_waits_for_the_head_fits_desk_and_phone(
    office: Office,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Secret cases without a team, envelopes that were set apart, photos, both values, and the sheet for print."""
    office.case("P04.01", lat=LAT, lon=LON, urgency="U4")
    client = office.clients["officer"]
    phone = Phone.enrolled(client, client.headers["X-CSRF-Token"])
    one = phone.case(place=PLACE, urgency="U3", description="หลังคารั่ว", person_name="นางสมมติ ไม่มีจริง")
    edits = [phone.observation(one.id, {"urgency": [str(one.id)]}, urgency=urgency) for urgency in ("U2", "U4")]
    for each in (one, *edits, phone.photo(one.id, photo_bytes(8_000))):
        assert phone.send(each)["state"] == "kept"
    revoke(office)
    assert phone.send(phone.case(place=PLACE, urgency="U4"))["state"] == "quarantined"
    page = new_page(allow=(address,))
    office.sign_in(page, address, "head")
    for name in ("teams", "quarantine"):
        page.goto(f"{address}/desk/{name}")
        looked_at(page, tmp_path, name)
    page.locator("[data-step]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/quarantine/**")
    looked_at(page, tmp_path, "envelope")
    page.goto(f"{address}/desk/cases/{one.id}")
    looked_at(page, tmp_path, "sheet-field")
    page.get_by_label("เหตุผลที่พิมพ์").fill("ประชุมทีมสหวิชาชีพ")
    page.get_by_label("พิมพ์ข้อมูลบุคคลด้วย").check()
    page.get_by_role("button", name="เปิดแผ่นพิมพ์").press("Enter")
    page.wait_for_selector(".stamp")
    looked_at(page, tmp_path, "print")
    page.pdf(path=Path(os.environ.get("SHOTS", tmp_path)) / "print.pdf", prefer_css_page_size=True)


def test_it_works_without_scripts(office: Office, address: str, new_page: NewPage) -> None:  # noqa: F811
    """From the queue to a step, a choice of an area and a merge by links and forms alone."""
    case = office.case(code="990201", lat=LAT, lon=LON)
    other = office.case(code="990201", lat=LAT, lon=LON)
    page = new_page(allow=(address,), java_script_enabled=False)
    office.sign_in(page, address, "officer")
    page.goto(f"{address}/desk")
    page.locator(f'tr[data-case="{case}"] a.title').click()
    page.get_by_role("button", name="รับเรื่องแล้ว").click()
    assert page.locator(".told.done").inner_text().startswith("บันทึกขั้นตอนแล้ว")
    page.get_by_role("button", name="ใช้พื้นที่ตามพิกัด").click()
    assert page.locator(".told.done").inner_text().startswith("บันทึกพื้นที่แล้ว")
    page.goto(f"{address}/desk/duplicates")
    page.get_by_role("button", name="รวม").first.click()
    assert page.locator(".told.done").inner_text().startswith("รวมเรื่องแล้ว")
    assert {office.row(one).status for one in (case, other)} & {90}
