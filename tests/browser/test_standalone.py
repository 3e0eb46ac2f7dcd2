"""A map file from disk, the network off."""

from pathlib import Path

import pytest

from tests.browser.conftest import NewPage
from tests.browser.map_files import open_map, write_map
from tests.mapping.maps_by_hand import LIBRARY, invented_map

pytestmark = pytest.mark.browser


def test_a_file_asks_for_nothing_and_breaks_no_rule_of_its_policy(new_page: NewPage, tmp_path: Path) -> None:
    """Open, choose, lay, list: no request, no violation (a violation is a console error and fails the page)."""
    page = new_page(offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    path = write_map(tmp_path, invented_map(10, library=LIBRARY))
    open_map(page, path, "#9901")
    page.get_by_role("button", name="วางผังบนแผนที่").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="ปิด", exact=True).first.click()
    page.get_by_role("button", name="ตาราง").click()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [url for url in asked if url.startswith("file:")] == [path.as_uri()]


def test_sarabun_is_inside(new_page: NewPage, tmp_path: Path) -> None:
    """Thai is set in the font that was measured."""
    page = new_page(offline=True)
    open_map(page, write_map(tmp_path, invented_map(3)))
    loaded = page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family + f.weight)")
    assert {"Sarabun400", "Sarabun700"} <= set(loaded)


def test_the_policy_stops_a_foreign_script(new_page: NewPage, tmp_path: Path) -> None:
    """A script put into the file afterwards does not run."""
    page = new_page()
    path = write_map(tmp_path, invented_map(3))
    path.write_text(path.read_text("utf-8").replace("</body>", "<script>window.ran = 1</script></body>"), "utf-8")
    open_map(page, path)
    assert page.evaluate("window.ran") is None
    assert len(page.faults) == 1  # type: ignore[attr-defined]
    page.faults.clear()  # type: ignore[attr-defined]


def test_there_is_no_street_map_in_a_file(new_page: NewPage, tmp_path: Path) -> None:
    """Streets come from a third party, so they are offered on served pages alone."""
    page = new_page(offline=True)
    open_map(page, write_map(tmp_path, invented_map(3)))
    assert page.locator(".streets").count() == 0
