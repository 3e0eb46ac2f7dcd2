"""From a file to its cases in a real Chromium: by the keyboard alone, without scripts, and what it looks like."""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.database import transaction
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.demo import INSIDE
from tests.imports_page.conftest import Place, rows
from tests.imports_page.test_work import impatient, source_held, wait_for  # noqa: F401
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = pytest.mark.browser
LAT, LON = INSIDE

TROUBLED = "\n".join(
    [
        "เลขที่เรื่อง,ประเภทปัญหา,วันที่รับแจ้ง,ละติจูด,ลองจิจูด,รหัสพื้นที่,จังหวัด,อำเภอ,ชื่อ-สกุลผู้แจ้ง,เลขประจำตัวประชาชน,หมายเหตุ",
        *(
            f"ก-{n:03},P08.01,{n % 28 + 1}/11/2568,{LAT + n / 2000:.5f},{LON + n % 7 / 300:.5f},,,,"
            f"นายทดสอบ สมมติ,0990100000{n % 10}{n % 10}8,ตัวอย่าง"
            for n in range(1, 41)
        ),
        f"ก-041,ผู้ป่วยติดเตียงมาก,5/11/2568,{LAT},{LON},,,,,,",
        "ก-042,P08.01,5/11/2568,,,,สมมติบุรี,ทุ่งไหนไม่รู้,,,",
        f"ก-043,P08.01,5/11/2568,{LON},{LAT},990101,,,,,",
        f"ก-044,P08.01,5/11/2568,{LAT},{LON},990201,,,,,",
        f"ก-045,P08.01,45/13/2568,{LAT},{LON},,,,,,",
        "ก-046,P08.01,5/11/2568,,,980101,,,,,",
        "รวม,46,,,,,,,,,",
    ]
)


@pytest.fixture
def address(place: Place) -> Iterator[str]:
    """Address of the application on a real server."""
    with serving(place.app) as given:
        yield given


def sign_in(page: Page, place: Place, address: str, who: str) -> None:
    """Give a browser somebody's session."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        token = start_session(session, place.people[who].id, "full", "browser")
    told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([told])  # type: ignore[list-item]
    page.goto(f"{address}/imports")


def shot(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the whole page."""
    page.screenshot(path=Path(os.environ.get("SHOTS", folder)) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1360, pytest.param(390, marks=pytest.mark.proof)])
def test_every_step_can_be_seen_and_heard(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    width: int,
) -> None:
    file = tmp_path / "ทะเบียนเรื่อง.csv"
    file.write_text(TROUBLED, "utf-8-sig")
    page = new_page(width=width, height=844, allow=(address,), bypass_csp=True)
    sign_in(page, place, address, "colleague")
    found: dict[str, list[str]] = {}

    def look(step: str) -> None:
        shot(page, tmp_path, f"imports-{step}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step
        if AXE.is_file():
            found[step] = serious(page)

    look("list")
    page.set_input_files("#file", file)
    page.click("button.main")
    page.wait_for_url("**/imports/files/*")
    look("columns")
    page.click("button.main:has-text('ตรวจและดูตัวอย่าง')")
    page.wait_for_url("**/preview")
    look("preview")
    page.check("input[name=keep_good]")
    page.click("button.main:has-text('บันทึกเข้าระบบ')")
    page.wait_for_url("**/imports/runs/*")
    look("run")
    page.goto(f"{address}/imports")
    look("again")
    assert {step: rules for step, rules in found.items() if rules} == {}


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until an element has the focus; it must be seen that it has."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none", wanted
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def press(page: Page, wanted: str, key: str = "Enter") -> None:
    """Go to an element by Tab and press a key on it."""
    tab_to(page, wanted)
    page.keyboard.press(key)


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_file_to_its_cases_and_back_by_the_keyboard_alone(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    scripts: bool,
) -> None:
    file = tmp_path / "ทะเบียนเรื่อง.csv"
    file.write_text(TROUBLED, "utf-8-sig")
    page = new_page(allow=(address,), java_script_enabled=True) if scripts else None
    if page is None:
        page = new_page(width=390, height=844, allow=(address,), java_script_enabled=False)
        without_scripts(place, page, address, file)
        return
    sign_in(page, place, address, "colleague")
    with page.expect_file_chooser() as chosen:
        press(page, "#file")
    chosen.value.set_files(file)
    press(page, "main button.main")
    page.wait_for_url("**/imports/files/*")
    press(page, "form[action$='/columns'] button.main")
    page.wait_for_url("**/preview")
    press(page, "input[value=swapped]", "Space")
    tab_to(page, "[name='name_code.0']")
    page.keyboard.type("9901")
    tab_to(page, "[name='word.0']")
    page.keyboard.type("P02.05")
    press(page, "form[action$='/decisions'] button.main")
    page.wait_for_url("**said=decided")
    page.go_back()
    page.go_forward()
    assert page.locator("fieldset.decision").all_inner_texts() == []
    press(page, "input[name=keep_good]", "Space")
    press(page, "form[action$='/commit'] button.main")
    page.wait_for_url("**said=imported")
    assert place.count() == 44
    page.go_back()
    page.wait_for_url("**said=already")
    press(page, "button.danger")
    page.wait_for_url("**said=undone")
    assert place.count() == 0


def without_scripts(place: Place, page: Page, address: str, file: Path) -> None:
    """Bring a file in with plain forms."""
    sign_in(page, place, address, "colleague")
    page.set_input_files("#file", file)
    page.click("main button.main")
    page.wait_for_url("**/imports/files/*")
    page.select_option("[name='fixed.urgency']", "U2")
    page.click("form[action$='/columns'] button.main")
    page.wait_for_url("**/preview")
    page.click("form[action$='/commit'] button.main")
    page.wait_for_url("**said=not_written")
    page.check("[name=keep_good]")
    page.click("form[action$='/commit'] button.main")
    page.wait_for_url("**said=imported")
    assert place.count(where="urgency = 'U2'") == 41
    page.click("a[href='/imports']")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    file = tmp_path / "ใหญ่.csv"
    file.write_bytes(b"x" * 2_000_001)
    page = new_page(allow=(address,))
    sign_in(page, place, address, "officer")
    page.set_input_files("#file", file)
    assert page.is_visible("[data-too-large]")
    page.click("main button.main")
    assert page.url == f"{address}/imports"
    page.set_input_files("#file", [])
    plain = new_page(allow=(address,), java_script_enabled=False)
    sign_in(plain, place, address, "officer")
    plain.set_input_files("#file", file)
    plain.click("main button.main")
    plain.wait_for_selector("[role=alert]")
    assert "2 เมกะไบต์" in plain.inner_text("[role=alert]")
    plain.faults.clear()  # type: ignore[attr-defined]  # a browser calls 413 a console error
    assert place.kept() == []


@pytest.mark.parametrize(("width", "scripts"), [pytest.param(1360, True, marks=pytest.mark.proof), (390, False)])
def test_long_work_is_seen_stopped_and_finished(
    impatient: Place,  # noqa: F811
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    width: int,
    scripts: bool,
) -> None:
    place = impatient
    page = new_page(width=width, height=844, allow=(address,), java_script_enabled=scripts)
    sign_in(page, place, address, "officer")
    at = f"{address}{place.sent('officer', rows(5), name='ทะเบียนเรื่องร้องทุกข์ พ.ศ. 2568 ฉบับสมบูรณ์.csv')}"
    page.goto(at)
    with source_held(place):
        page.click("form[action$='/columns'] button.main")
        page.wait_for_url("**/imports/work")
        shot(page, tmp_path, f"work-running-{width}")
        assert page.get_by_role("status").inner_text()
        if scripts:
            wait_for(lambda: page.inner_text("[data-elapsed]") >= "0:02")
        page.click("button:has-text('หยุดงานนี้')")
        page.wait_for_selector("text=หยุดงานตามที่ขอแล้ว")
        shot(page, tmp_path, f"work-stopped-{width}")
        page.click("text=กลับไปขั้นก่อนหน้า")
        page.click("form[action$='/columns'] button.main")
        page.wait_for_url("**/imports/work")
        page.goto(f"{address}/imports")
        shot(page, tmp_path, f"work-listed-{width}")
        page.click("text=ดูความคืบหน้า")
    page.wait_for_url("**/preview")  # by the script, or by a browser that looks again


@pytest.mark.parametrize("width", [1360, pytest.param(390, marks=pytest.mark.proof)])
def test_remembered_names_and_a_zip_can_be_seen(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    width: int,
) -> None:
    content = "เลขที่,ปัญหา,วันที่รับแจ้ง,จังหวัด,อำเภอ\nก-1,P08.01,1/11/2568,สมมติบุรี,ทุ่งไหนไม่รู้\n"
    at = place.sent("colleague", content)
    place.checked("colleague", at)
    place.clients["colleague"].post(f"{at}/decisions", data={"of": "1", "name_code.0": "9901"})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ทะเบียนเดือนพฤศจิกายน.csv", rows(3))
        archive.writestr("ทะเบียนเดือนธันวาคม.csv", rows(9))
    at = place.sent("officer", packed.getvalue(), name="สองเดือน.zip")
    page = new_page(width=width, height=844, allow=(address,), bypass_csp=True)
    sign_in(page, place, address, "officer")
    found = {}
    for name, path in (("names", "/imports/names"), ("zip", at)):
        page.goto(f"{address}{path}")
        if name == "zip":
            page.click("summary")
        shot(page, tmp_path, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found[name] = serious(page) if AXE.is_file() else []
    assert found == {"names": [], "zip": []}
    page.goto(f"{address}/imports/names")
    page.click("button.danger:has-text('ลืม')")
    page.wait_for_url("**said=forgotten")
    assert place.count("area_alias") == 0
