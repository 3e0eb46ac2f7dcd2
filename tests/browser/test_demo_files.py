"""The files that the demo writes, clicked through from disk as a person does: country, province, district, mind map."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.map_files import click_area, open_map
from tests.demo import FILE
from tests.places import QUICK, place, run
from tests.shared import shared

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def output() -> Iterator[Path]:
    """The demo's maps of the invented province."""
    with place(FILE) as env:
        done = run(env, "demo", "--no-serve", *QUICK)
        assert done.returncode == 0, done.stderr
        yield Path(env["SOCIALMAP_OUTPUT"])


def walk(page: Page, country: Path, province: str, district: str, districts: int) -> None:
    """Go from the country's file to a district's mind map by clicks alone."""
    open_map(page, country)
    click_area(page, province)
    page.get_by_role("link", name="เปิดแผนที่ของพื้นที่นี้").click()
    page.wait_for_selector("body.area.ready")
    assert page.url.endswith(f"/{province}.html")
    expect(page.locator("path.area")).to_have_count(districts)
    click_area(page, district)
    panel = page.locator(".panel")
    expect(panel.locator("h2")).to_be_focused()
    expect(panel.locator(".mm-note")).to_contain_text("ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา")
    expect(panel.locator("svg.mm-tree [role=treeitem]").first).to_be_visible()
    page.get_by_role("button", name="วางผังบนแผนที่").click()
    expect(page.locator(".radial-layer svg.mm-radial")).to_be_visible()


def test_from_the_country_to_a_mind_map(new_page: NewPage, output: Path) -> None:

    walk(new_page(offline=True), output / "TH.html", "99", "9901", 3)


def test_the_list_of_maps_is_set_in_sarabun_and_leads_on(new_page: NewPage, output: Path) -> None:
    """Also on a machine without a Thai font."""
    page = new_page(offline=True)
    page.goto((output / "index.html").as_uri())
    loaded = page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert "Sarabun" in loaded
    page.get_by_role("link", name="สมมติบุรี").click()
    page.wait_for_selector("body.area.ready")


@pytest.mark.proof
@pytest.mark.shared
def test_from_thailand_to_the_mind_map_of_mueang_ratchaburi(new_page: NewPage) -> None:
    """All 77 provinces lie beside the country; Ratchaburi has ten districts."""
    with place(shared("boundaries/tha_admin.gpkg")) as env:
        done = run(env, "demo", "--no-serve", "--per-year", "20000", limit=1500)  # releases of sparse years take long
        assert done.returncode == 0, done.stderr
        output = Path(env["SOCIALMAP_OUTPUT"])
        assert len(list(output.glob("[0-9][0-9].html"))) == 77
        walk(new_page(offline=True), output / "TH.html", "70", "7001", 10)
