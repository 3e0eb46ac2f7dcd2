"""The pages for anybody in a real browser: both widths, the keyboard, axe-core, paper, hostile texts, no way out."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from tests.api.content import SCRIPT
from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import AXE, serious

pytestmark = pytest.mark.browser

Serve = Callable[[FastAPI], str]
WIDTHS = {1360: 860, 390: 844}
ADDRESSES = ("/", "/?indicator=population", "/privacy", "/downloads?area=99")


@pytest.fixture(scope="module")
def address(serve: Serve, public_app: FastAPI) -> str:
    """Where anybody finds the application."""
    return serve(public_app)


def opened(new_page: NewPage, address: str, path: str, width: int = 1360, **context: object) -> Page:
    """Open a page that may ask this server alone."""
    page = new_page(width=width, height=WIDTHS[width], allow=(address,), **context)
    answer = page.goto(address + path, wait_until="networkidle")
    assert answer
    assert answer.status == 200
    return page


def overflowing(page: Page) -> list[str]:
    """Elements whose text sticks out of them, and the page itself where it is wider than the screen."""
    return list(
        page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll('main *, header *, footer *')]
            .filter(e => !e.closest('svg') && !e.matches('.skip, .roles thead, .roles thead *'))
            .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
            .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40))"""
        )
    )


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core (make setup)")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_serious_nothing_cut_nothing_from_elsewhere(
    new_page: NewPage, address: str, path: str, width: int
) -> None:
    page = opened(new_page, address, path, width)
    assert overflowing(page) == []
    # axe-core has to run where no script may: its own way in is the tool's, not the page's.
    plain = new_page(width=width, height=WIDTHS[width], allow=(address,), bypass_csp=True)
    plain.goto(address + path, wait_until="networkidle")
    assert serious(plain) == []


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core (make setup)")
@pytest.mark.parametrize("width", WIDTHS)
def test_empty_states_read_well(
    new_page: NewPage, serve: Serve, bare_app: FastAPI, quiet_app: FastAPI, width: int
) -> None:
    for app, words in ((bare_app, "ยังไม่มีเส้นเขตการปกครอง"), (quiet_app, "ยังไม่มีค่าของตัวชี้วัดนี้")):
        where = serve(app)
        page = opened(new_page, where, "/", width, bypass_csp=True)
        expect(page.locator("main")).to_contain_text(words)
        expect(page.get_by_role("link", name="1300").first).to_be_visible()
        assert overflowing(page) == []
        assert serious(page) == []


def test_the_map_works_without_scripts_and_by_the_keyboard(new_page: NewPage, address: str) -> None:
    page = opened(new_page, address, "/", java_script_enabled=False)
    province = page.get_by_role("link", name="จังหวัดสมมติบุรี")
    expect(province).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.locator("svg.map a:focus").count():
            break
    expect(page.locator("svg.map a:focus")).to_have_attribute("href", "/maps/99")
    page.keyboard.press("Enter")
    page.wait_for_url("**/maps/99")


def test_the_keyboard_can_pass_the_map_by(new_page: NewPage, address: str) -> None:
    page = opened(new_page, address, "/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip:focus")).to_have_attribute("href", "#content")
    assert page.locator(".skip:focus").bounding_box()["y"] >= 0  # type: ignore[index]
    skip = page.locator("a.skip[href='#values']")
    skip.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table') !== null")


def test_hostile_texts_are_seen_and_do_nothing(new_page: NewPage, address: str) -> None:
    page = opened(new_page, address, "/")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    squeezed = "".join(page.locator(".notes").inner_text().split())
    assert "".join(SCRIPT.split()) in squeezed
    assert page.evaluate("[document.images.length, document.scripts.length]") == [0, 0]
    page.wait_for_timeout(100)
    assert dialogs == []


def test_on_paper_the_help_lines_and_the_figures_stay(new_page: NewPage, address: str) -> None:
    page = opened(new_page, address, "/")
    page.emulate_media(media="print")
    expect(page.locator("header nav")).to_be_hidden()
    expect(page.locator(".choices")).to_be_hidden()
    expect(page.locator(".help")).to_be_visible()
    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator("table")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_map_leads_to_privacy_and_names_the_help_lines(new_page: NewPage, address: str, width: int) -> None:
    page = opened(new_page, address, "/maps/99", width)
    page.wait_for_selector("body.ready")
    for number in ("1300", "1479"):
        expect(page.locator(f".panel .help a[href='tel:{number}']")).to_be_in_viewport()
    expect(page.locator(".panel .help")).to_be_in_viewport()
    page.get_by_role("link", name="ความเป็นส่วนตัว").click()
    page.wait_for_url("**/privacy")
