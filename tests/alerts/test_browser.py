"""The pages of alerts in a real Chromium: what they look like on a desk and a phone, and by keyboard alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from api.alerts.ways import Ways
from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.database import transaction
from tests.alerts.conftest import Office
from tests.alerts.sinks import HookSink, MailSink
from tests.api.test_maps import needs_libraries
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = [pytest.mark.browser, needs_libraries]


@pytest.fixture(scope="module")
def address(office: Office) -> Iterator[str]:
    """The application on a free port, with the sending left to the test."""
    settings = office.app.state.settings
    office.app.state.settings = settings.model_copy(update={"socialmap_alerts": False})
    with serving(office.app) as given:
        yield given
    office.app.state.settings = settings


def opened(new_page: NewPage, office: Office, address: str, who: str, path: str, **context: object) -> Page:  # noqa: F811
    """Open a page as somebody."""
    page = new_page(allow=(address,), **context)
    with transaction(office.app.state.engine, SYSTEM) as session:
        token = start_session(session, office.people[who].id, "full", "browser")
    told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([told])  # type: ignore[list-item]
    page.goto(f"{address}{path}")
    return page


def looked_at(page: Page, folder: Path, name: str) -> None:
    """See that a page fits a desk's screen and a phone's, and that axe-core finds nothing serious on either."""
    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.screenshot(path=Path(os.environ.get("SHOTS", folder)) / f"{name}-{width}.png", full_page=True)
        if AXE.is_file():
            assert serious(page) == [], (name, width)


def test_alerts_are_read_by_keyboard_alone(
    office: Office,
    ways: Ways,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    due = {"limit": "first_contact", "due_at": "2026-11-20T16:30:00+07:00"}
    officer, unit = office.people["officer"].id, office.units["office-99"]
    office.tell("assigned", "one", account_id=officer)
    office.tell("overdue", "two", unit_id=unit, params=due)
    office.tell("closing_proposed", "three", unit_id=unit)
    office.tell("returned", "four", account_id=officer, params={"outcome": "accepted"})
    office.tell("assigned", "five", "other", account_id=officer)
    office.send(ways)
    page = opened(new_page, office, address, "officer", "/alerts", java_script_enabled=False)
    assert page.locator(".unread-count").inner_text().startswith("5")
    marks = page.get_by_role("button", name="อ่านแล้ว").filter(has_text="Mark as read")
    marks.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts?said=read")
    assert page.locator(".unread-count").inner_text().startswith("4")
    scripted = opened(new_page, office, address, "officer", "/alerts")
    assert scripted.locator("section[aria-labelledby=read] li").count() == 1
    looked_at(scripted, tmp_path, "alerts")
    scripted.set_viewport_size({"width": 1360, "height": 844})
    scripted.get_by_role("button", name="อ่านทั้งหมดแล้ว").click()
    assert scripted.locator(".unread-count").count() == 0


def test_the_pages_of_sending(
    office: Office,
    ways: Ways,
    mails: MailSink,
    hooks: HookSink,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    before = office.app.state.ways
    office.app.state.ways = ways
    try:
        page = opened(new_page, office, address, "officer", "/alerts/mail")
        page.get_by_role("textbox", name="ที่อยู่อีเมล").fill("officer@example.org")
        page.get_by_role("button", name="ส่งรหัสยืนยัน").click()
        page.wait_for_url("**/alerts/mail?said=asked")
        looked_at(page, tmp_path, "alert-mail")
        mails.answers["RCPT"] = ["550 nobody", "450 later"]
        office.give_webhook(hooks)
        hooks.statuses = [503]
        office.tell("assigned", "one", unit_id=office.units["office-99"])
        office.send(ways)
        admin = opened(new_page, office, address, "admin", "/admin/alerts")
        looked_at(admin, tmp_path, "alerts-admin")
        admin.locator("summary").click()
        admin.get_by_label("ที่อยู่ https ของผู้รับ").fill("https://hooks.example.org/office")
        admin.get_by_role("button", name="เพิ่ม webhook").click()
        assert len(admin.locator("code.secret").inner_text()) == 43
        looked_at(admin, tmp_path, "alerts-secret")
    finally:
        office.app.state.ways = before
