"""The auditor's page in a real Chromium: on a phone without scripts, and on a desk."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.world import World
from tests.auth.conftest import PASSWORD
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """Address of the application on a real server."""
    with serving(world.app) as given:
        yield given


@pytest.mark.parametrize(("width", "scripts"), [(390, False), (1360, True)])
def test_an_auditor_reads_and_checks(
    world: World,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    width: int,
    scripts: bool,
) -> None:
    case = world.cases["secret"]
    world.clients["case_team"].post(f"/api/v1/cases/{case}/read", json={"reason": "ติดตามผลตามแผนของเดือนนี้"})
    page = new_page(width=width, height=844, allow=(address,), java_script_enabled=scripts)
    page.goto(f"{address}/signin?next=/audit")
    page.fill("#login", "auditor-one")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/audit")
    page.click("form[action='/audit/check'] button")
    page.wait_for_selector(".told")
    assert "ครบถ้วน" in page.inner_text(".told")
    assert str(case) in page.inner_text("main")
    box = page.locator("main").bounding_box()
    assert box
    assert box["width"] <= width
    page.screenshot(path=Path(os.environ.get("SHOTS", tmp_path)) / f"audit-{width}.png", full_page=False)
    page.select_option("#action", "case_read")
    page.click("form[method='get'] button")
    page.wait_for_url("**action=case_read*")
    assert page.locator("table.list tbody tr").count() >= 1
    page.locator("table.list").screenshot(path=Path(os.environ.get("SHOTS", tmp_path)) / f"audit-list-{width}.png")
    world.put_back()
