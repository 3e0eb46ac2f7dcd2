"""The pages in a real Chromium: nothing runs over, axe-core finds nothing serious, hostile words run nowhere."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.database import transaction
from tests.api.test_maps import needs_libraries
from tests.auth.conftest import Person
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.plan_work.conftest import Made
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = [pytest.mark.browser, needs_libraries]
EDGES = """() => {
  const main = document.querySelector("main"), pad = parseFloat(getComputedStyle(main).paddingLeft);
  const [a, b] = [main, document.querySelector("footer p")].map((each) => each.getBoundingClientRect());
  return [a.left + pad - b.left, a.right - pad - b.right];
}"""
"""How far the footer's words stand from the edges of what is above them."""


@pytest.fixture
def address(made: Made) -> Iterator[str]:
    """The application on a free port."""
    with serving(made.app) as given:
        yield given


def looked_at(page: Page, folder: Path, name: str) -> None:
    """See that a page fits a desk's screen and a phone's, and that axe-core finds nothing serious on either."""
    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=Path(os.environ.get("SHOTS", folder)) / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if AXE.is_file():
            assert serious(page) == [], (name, width)


def sign_in(page: Page, made: Made, address: str, someone: Person) -> None:
    """Give a browser somebody's session."""
    with transaction(made.app.state.engine, SYSTEM) as session:
        token = start_session(session, someone.id, "full", "browser")
    told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([told])  # type: ignore[list-item]


@pytest.mark.proof
def test_the_pages_of_work_fit_desk_and_phone(
    made: Made,
    address: str,
    person: Callable[..., Person],
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = new_page(allow=(address,))
    sign_in(page, made, address, person("officer", "officer-one", units=("office-99",), areas=("99",)))
    pages = {
        "work": "/work?area=99&fiscal_year=2569",
        "country": "/work/country?fiscal_year=2569",
        "policy": "/policy?fiscal_year=2569",
        "table": f"/plans/{made.approved}/table",
        "timeline": f"/plans/{made.approved}/timeline",
        "tags": f"/plans/{made.approved}/tags",
        "hostile": f"/plans/{made.draft}/table",
    }
    for name, path in pages.items():
        page.goto(address + path)
        looked_at(page, tmp_path, name)
        assert page.evaluate(EDGES) == pytest.approx([0, 0], abs=1), name
    page.goto(address + pages["table"])
    page.locator("details.note summary").first.press("Enter")
    page.locator("details.note select").first.select_option("planned")
    looked_at(page, tmp_path, "noting")
    page.locator("details.note button").first.press("Enter")
    page.wait_for_url("**told=noted**")
    assert page.locator(".told.done").inner_text().startswith("บันทึกแล้ว")
    setter = new_page(allow=(address,))
    sign_in(setter, made, address, person("admin", "admin-one"))
    setter.goto(f"{address}/policy?fiscal_year=2569")
    setter.get_by_label("ชื่อภาษาไทยของ agenda:2560:1", exact=True).fill("ชื่อสมมติ")
    setter.keyboard.press("Enter")
    setter.wait_for_url("**said=saved**")
    assert setter.get_by_label("ชื่อภาษาไทยของ agenda:2560:1", exact=True).input_value() == "ชื่อสมมติ"
    looked_at(setter, tmp_path, "policy-admin")


def test_the_map_leads_to_the_table_of_a_plan_and_staff_to_the_plan(
    made: Made,
    address: str,
    person: Callable[..., Person],
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = new_page(allow=(address,))
    page.goto(f"{address}/maps/99?period=fy2569")
    page.wait_for_selector(".name .badge")
    overdue = page.locator('.badge[aria-label="อนุมัติแล้ว มีงานล่าช้า"]')
    assert overdue.count() >= 2  # on the map, and in the legend
    page.evaluate("SocialMap.choose('9901')")
    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(400)
        page.screenshot(path=Path(os.environ.get("SHOTS", tmp_path)) / f"panel-{width}.png")
    assert page.get_by_role("link", name="ไปที่แผน").count() == 0
    page.get_by_role("link", name="ตารางแผน").click()
    page.wait_for_url(f"{address}/plans/{made.approved}/table")
    sign_in(page, made, address, person("officer", "officer-one", units=("office-99",), areas=("99",)))
    page.goto(f"{address}/maps/99?period=fy2569#9901")
    page.wait_for_selector("body.ready")
    page.get_by_role("link", name="ไปที่แผน").click()
    page.wait_for_url(f"{address}/plans/{made.approved}")
