"""A file from a person's disk to a draft in a real Chromium: by keyboard, without scripts, wide and on a phone."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.database import transaction
from mapping.plan_examples import load_example
from mapping.plan_files.formats import read_plan_file
from tests.auth.conftest import Person
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.plan_files.test_foreign import FREEPLANE
from tests.plan_files.test_web import own_home  # noqa: F401
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = pytest.mark.browser
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def address(auth_app: FastAPI) -> Iterator[str]:
    with serving(auth_app) as given:
        yield given


def shot(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the whole page."""
    page.screenshot(path=Path(os.environ.get("SHOTS", folder)) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1360, 390])
def test_a_file_becomes_a_draft_and_goes_out_again(
    auth_app: FastAPI,
    person: Callable[..., Person],
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    width: int,
) -> None:
    area = {1360: "990301", 390: "990302"}[width]
    someone = person("officer", f"planner-{width}", units=("office-99",), areas=("99",))
    with transaction(auth_app.state.engine, SYSTEM) as session:
        token = start_session(session, someone.id, "full", "browser")
        approved = load_example(session, SYSTEM, "a", "990202", date(2026, 1, 15)).id
    page = new_page(width=width, height=860, allow=(address,), java_script_enabled=False, accept_downloads=True)
    told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([told])  # type: ignore[list-item]
    page.goto(f"{address}/plans/import")
    shot(page, tmp_path, f"choose-{width}")
    page.set_input_files("#file", {"name": "ผังจากฟรีเพลน.mm", "mimeType": "text/xml", "buffer": FREEPLANE.encode()})
    page.locator("#file").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#look")
    assert page.locator(".outline li").count() == 11
    shot(page, tmp_path, f"look-{width}")
    page.locator("#area").focus()
    page.keyboard.type(area)
    page.select_option("#problem", "P06")
    page.fill("#fiscal_year", "2569")
    page.keyboard.press("Enter")
    page.wait_for_selector(".plan-files")
    assert "ทำร่างแผนจากแฟ้มแล้ว" in page.locator("[role=status]").inner_text()
    shot(page, tmp_path, f"files-{width}")
    with page.expect_download() as begun:
        page.locator("a[download$='.mm']").focus()
        page.keyboard.press("Enter")
    plan = read_plan_file("x.mm", Path(begun.value.path()).read_bytes())
    assert begun.value.suggested_filename == f"plan-{area}-P06-fy2569-draft.mm"
    assert [part.kind for part in plan.parts].count("indicator") == 2
    page.goto(f"{address}/plans/{approved}/files")
    shot(page, tmp_path, f"approved-{width}")


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core (make setup)")
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_phone(
    auth_app: FastAPI,
    person: Callable[..., Person],
    address: str,
    new_page: NewPage,  # noqa: F811
) -> None:
    someone = person("officer", "planner-axe", units=("office-99",), areas=("99",))
    with transaction(auth_app.state.engine, SYSTEM) as session:
        token = start_session(session, someone.id, "full", "browser")
        approved = load_example(session, SYSTEM, "a", "990202", date(2026, 1, 15)).id
    page = new_page(width=390, height=860, allow=(address,), bypass_csp=True)
    told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([told])  # type: ignore[list-item]
    found = {}
    for name in (f"plans/{approved}/files", "plans/import", "sent"):
        if name == "sent":
            page.set_input_files("#file", {"name": "x.mm", "mimeType": "text/xml", "buffer": FREEPLANE.encode()})
            page.locator("[aria-labelledby=send] button").click()
            page.wait_for_selector("#look")
        else:
            page.goto(f"{address}/{name}")
        assert page.evaluate(WIDE) <= 0, name
        found[name] = serious(page)
    assert {name: rules for name, rules in found.items() if rules} == {}
