"""From the map to paper in a real Chromium: what it looks like, what it tells, with and without scripts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.database import transaction
from tests.api.test_maps import needs_libraries
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.prints.conftest import Place, needs_poppler, words_of
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = [pytest.mark.browser, needs_libraries]


@pytest.fixture(scope="module")
def address(place: Place) -> Iterator[str]:
    """The application on a free port."""
    with serving(place.app) as given:
        yield given


def sign_in(page: Page, place: Place, address: str, who: str) -> None:
    """Give a browser somebody's session."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        token = start_session(session, place.people[who].id, "full", "browser")
    told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([told])  # type: ignore[list-item]


def shot(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the whole page."""
    page.screenshot(path=Path(os.environ.get("SHOTS", folder)) / f"{name}.png", full_page=True)


def seen(page: Page) -> list[int]:
    """Wait for the pictures of the sheet and return how many pixels wide each is."""
    page.locator("img.sheet").first.wait_for(timeout=60_000)
    page.wait_for_load_state()
    page.wait_for_function("() => [...document.querySelectorAll('img.sheet')].every(e => e.complete)")
    return page.locator("img.sheet").evaluate_all("all => all.map(e => e.naturalWidth)")


def looked_at(page: Page, folder: Path, name: str) -> None:
    """See that a page fits a desk's screen and a phone's, and that axe-core finds nothing serious on either."""
    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        shot(page, folder, f"{name}-{width}")
        if AXE.is_file():
            assert serious(page) == [], (name, width)


@needs_poppler
def test_from_the_map_to_a_pdf(address: str, new_page: NewPage, tmp_path: Path) -> None:  # noqa: F811
    """The same problem on the map, in the preview and in the file, on the paper that was chosen."""
    page = new_page(width=1360, height=844, allow=(address,), bypass_csp=True)
    page.goto(f"{address}/maps/99?problem=P08&period=fy2569")
    page.wait_for_selector("body.ready")
    page.click("a.control[href^='/print/99']")
    page.wait_for_url("**/print/99?*problem=P08*")
    page.select_option("#paper", "A4")
    page.select_option("#orientation", "portrait")
    page.fill("#office", "สำนักงานสมมติ")
    page.click("button.main:has-text('แสดงตัวอย่าง')")
    page.wait_for_url("**paper=A4*")
    assert all(pixels > 1000 for pixels in seen(page))
    looked_at(page, tmp_path, "print")
    with page.expect_download() as taken:
        page.click("a.main[download]")
    content = Path(taken.value.path()).read_bytes()
    assert taken.value.suggested_filename == "99-A4.pdf"
    assert content.startswith(b"%PDF-")
    assert b"/MediaBox[0 0 595.27" in content
    words = words_of(content)
    assert "(P08)" in words
    assert "สำนักงานสมมติ" in words
    assert "เผยแพร่ได้" in words


def test_staff_print_without_scripts(place: Place, address: str, new_page: NewPage, tmp_path: Path) -> None:  # noqa: F811
    """The map leads there, exact figures are shown with a reason and taken away, all districts are offered."""
    page = new_page(width=390, height=844, allow=(address,), java_script_enabled=False)
    sign_in(page, place, address, "head")
    page.goto(f"{address}/maps/99?period=fy2569")
    page.get_by_role("link", name="พิมพ์").click()
    page.wait_for_url("**/print/99?period=fy2569*")
    page.select_option("#paper", "A4")
    page.click("button.main:has-text('แสดงตัวอย่าง')")
    page.locator("img.sheet").nth(1).wait_for(timeout=60_000)
    page.click("summary:has-text('ตัวเลขจริง')")
    page.fill("#reason", "ประชุมทีมในหน่วยงาน")
    page.click("button:has-text('แสดงตัวอย่างด้วยตัวเลขจริง')")
    page.locator("img.sheet[src^='data:image/png']").first.wait_for(timeout=60_000)
    assert "ใช้ภายในราชการ" in page.inner_text("#content")
    shot(page, tmp_path, "print-exact")
    with page.expect_download() as taken:
        page.click("button.main[name=take]")
    assert taken.value.suggested_filename == "99-exact.pdf"
    assert page.locator("button[value=zip]").is_visible()
    page.goto(f"{address}/prints")
    assert page.locator("h1").inner_text().startswith("งานพิมพ์ของท่าน")


def test_jobs_are_told_while_one_looks(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Begun by the keyboard; the list renews itself until the file can be taken."""
    monkeypatch.setattr("api.prints.job_pages.parts_of", lambda *_: ("9901", "9902"))
    page = new_page(allow=(address,))
    sign_in(page, place, address, "head")
    page.goto(f"{address}/print/99?paper=A4")
    page.locator("button[value=zip]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/prints?said=begun")
    shot(page, tmp_path, "jobs-begun")
    newest = "tbody tr:first-child a.main"
    page.wait_for_selector(newest, timeout=90_000)
    with page.expect_download() as taken:
        page.click(newest)
    assert taken.value.suggested_filename.endswith(".zip")
    plain = new_page(allow=(address,), bypass_csp=True)
    sign_in(plain, place, address, "head")
    plain.goto(f"{address}/prints")
    looked_at(plain, tmp_path, "jobs")
