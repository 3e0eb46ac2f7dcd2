"""axe-core finds nothing serious on a map, wide and on a phone, in every state of the page."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.map_files import open_map, write_map
from tests.mapping.maps_by_hand import LIBRARY, invented_map

pytestmark = pytest.mark.browser

AXE = LIBRARY.root / "axe-core" / "axe.min.js"
STATES = {
    "overview": "",
    "area": "SocialMap.choose('9901')",
    "draft": "SocialMap.choose('9902')",
    "table": "SocialMap.openTable()",
    "radial": "SocialMap.choose('9901');SocialMap.openRadial('9901')",
    "read beside the radial": "SocialMap.choose('9901');SocialMap.openRadial('9901');"
    "document.querySelector('.read')?.click()",
}


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical: rule, and the first node that breaks it."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:160]} {rule['nodes'][0]['failureSummary'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core (make setup)")
@pytest.mark.parametrize("width", [1360, 390])
def test_axe_finds_nothing_serious(new_page: NewPage, tmp_path: Path, width: int) -> None:
    """Overview, an area with a plan, one with a draft, the table, the mind map on the map and its texts beside it."""
    page = new_page(width=width, height=860 if width > 400 else 844)
    path = write_map(tmp_path, invented_map(10))
    found = {}
    for state, act in STATES.items():
        open_map(page, path)
        page.evaluate(act or "0")
        page.wait_for_timeout(250)
        found[state] = serious(page)
    assert {state: rules for state, rules in found.items() if rules} == {}


def test_every_figure_can_be_heard(new_page: NewPage, tmp_path: Path) -> None:
    """Each area has a name with its figure, each badge and picture a name."""
    page = new_page()
    open_map(page, write_map(tmp_path, invented_map(10)))
    names = page.locator("path.area").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert len(set(names)) == 10
    assert all("·" in name for name in names)
