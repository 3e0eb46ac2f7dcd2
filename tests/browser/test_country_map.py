"""The country's map: 77 names or numbers, the inset, the ranking, the way down to a province."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_files import named_areas, open_map, overlapping_labels, write_map
from tests.mapping.maps_by_hand import LIBRARY, invented_map, map_of, record
from tests.mapping.test_social_map import provinces

pytestmark = [pytest.mark.browser, pytest.mark.shared]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The country's file and, beside it, that of one province."""
    made = tmp_path_factory.mktemp("maps")
    country = record("TH", "ประเทศไทย", "country")
    write_map(made, map_of(provinces(), country, [], library=LIBRARY))
    return made


def test_no_province_is_lost(page: Page, folder: Path) -> None:
    """Named on the map, in the inset, or numbered with a key; and all of them in the table."""
    open_map(page, folder / "TH.html")
    inset = set(
        page.evaluate("() => SocialMap.insetView && SocialMap.data.areas.filter(SocialMap.insetHolds).map(a => a.code)")
    )
    codes = set(page.evaluate("() => SocialMap.data.areas.map(a => a.code)"))
    assert {"10", "11", "12"} <= inset
    assert named_areas(page) | inset == codes
    assert len(overlapping_labels(page)) <= 2
    numbered = page.evaluate("() => SocialMap.plan.numbered.map(area => area.number)")
    assert set(numbered) <= set(page.locator(".key b, .key-row b").all_inner_texts())
    page.get_by_role("button", name="ตาราง").click()
    expect(page.locator("dialog tbody tr")).to_have_count(len(codes))


def test_plan_states_add_up_and_the_ranking_falls(page: Page, folder: Path) -> None:
    """Everything beside the map is counted from what the map shows."""
    open_map(page, folder / "TH.html")
    states = [int(n) for n in page.locator(".states b").all_inner_texts()]
    assert sum(states) == page.evaluate("() => SocialMap.data.areas.length")
    values = [float(n.replace(",", "")) for n in page.locator(".ranking tbody td:nth-child(5)").all_inner_texts()]
    assert len(values) == 15
    assert values == sorted(values, reverse=True)


def test_a_province_opens_its_own_map(page: Page, folder: Path) -> None:
    """From the country to the file beside it, and back by the crumbs."""
    (folder / "70.html").write_text(write_map(folder, invented_map(5)).read_text("utf-8"), "utf-8")
    open_map(page, folder / "TH.html", "#70")
    page.get_by_role("link", name="เปิดแผนที่ของพื้นที่นี้").click()
    page.wait_for_selector("body.area.ready")
    assert page.url.endswith("70.html")
    page.locator(".crumbs a").first.click()
    page.wait_for_selector("body.country.ready")
