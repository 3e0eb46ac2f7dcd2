"""From a file to its cases in a real Chromium: by the keyboard alone, without scripts, and what it looks like."""

import os
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
from tests.imports_page.conftest import Place
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
        "ก-042,P08.01,5/11/2568,,,,สาธิต,แมืองสาธิต,,,",
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


@pytest.mark.parametrize("width", [1360, 390])
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
