"""A real Chromium, on a phone's screen and without scripts: from a one-time code to one's own account."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from fastapi import FastAPI

from api.auth.accounts import create_account
from api.auth.cookies import COOKIE
from api.auth.keys import Keys
from api.auth.links import create_link
from api.database import transaction
from tests.auth.conftest import PASSWORD
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(auth_app: FastAPI) -> Iterator[str]:
    """Address of the application on a real server."""
    with serving(auth_app) as given:
        yield given


@pytest.mark.parametrize(("width", "scripts"), [(390, False), (1360, True)])
def test_from_a_one_time_code_to_the_account(
    auth_app: FastAPI,
    address: str,
    new_page: NewPage,  # noqa: F811
    keys: Keys,
    width: int,
    scripts: bool,
) -> None:
    with transaction(auth_app.state.engine, SYSTEM) as session:
        account = create_account(session, SYSTEM, "somying", "สมหญิง ใจสมมติ", "officer")
        code = create_link(session, keys, SYSTEM, account)
    page = new_page(width=width, height=844, allow=(address,), java_script_enabled=scripts)
    page.goto(f"{address}/reset#{code}")
    if scripts:  # the code leaves the address, so that no history keeps it
        assert page.url == f"{address}/reset"
        assert page.input_value("#code") == code
    else:
        page.fill("#code", code)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("button.main")
    page.wait_for_selector("a.main")
    page.goto(f"{address}/account")
    assert page.url == f"{address}/signin?next=%2Faccount"
    page.fill("#login", "somying")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    secret = page.inner_text("code.secret").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("button.main")
    page.wait_for_selector("ul.codes")
    assert page.locator("ul.codes li").count() == 10
    page.click("a.main")
    page.wait_for_url(f"{address}/account")
    assert re.search(r"\d{1,2} \S+ 25\d\d", page.inner_text("main"))
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (COOKIE, True, True, "Lax")
    if scripts:
        assert page.evaluate("document.cookie") == ""
    page.click("header button")
    page.wait_for_url(f"{address}/signin")
    assert page.context.cookies() == []
