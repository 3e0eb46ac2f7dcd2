"""The worker: a new version comes in when it is wanted, and what waits is sent while no page of the app is open."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from api.field_app import pages, shell
from mapping.offline import Library
from tests.api.test_maps import needs_libraries
from tests.phone.arrived import cases_of, envelopes_of
from tests.phone.conftest import Office
from tests.phone.hands import SECONDS, add_case, enrol, stored, unlock

pytestmark = [pytest.mark.browser, pytest.mark.proof, needs_libraries]
NewPhone = Callable[..., Page]


def newer(library: Library) -> Any:
    """Return the shell with one word of its first screen changed, as the next version would be."""
    files = dict(shell.shell(library))
    body = files["words.json"].body.replace("แจ้งเรื่องใหม่".encode(), "แจ้งเรื่องรุ่นใหม่".encode())
    files["words.json"] = replace(files["words.json"], body=body, brotli=None, gzip=None)
    worker = files["sw.js"].body.replace(b"self.VERSION=", b"self.VERSION='new'+")
    files["sw.js"] = replace(files["sw.js"], body=worker, brotli=None, gzip=None)
    return MappingProxyType(files)


def test_a_new_version_comes_in_when_it_is_wanted(
    office: Office, address: str, new_phone: NewPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the old one goes on whole, never half of each; drafts and what waits stay."""
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    enrol(page, address)
    page.context.set_offline(True)
    add_case(page)
    page.context.set_offline(False)
    monkeypatch.setattr(pages, "shell", newer)
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    expect(page.locator("#said")).to_contain_text("มีแอปรุ่นใหม่", timeout=SECONDS)
    expect(page.locator("#new-case")).to_contain_text("แจ้งเรื่องใหม่")
    page.goto(f"{address}/field/#settings")
    with page.expect_navigation():
        page.get_by_role("button", name="ใช้รุ่นใหม่").tap()
    page.wait_for_selector("html[data-ready]")
    page.goto(f"{address}/field/#lock")
    unlock(page)
    expect(page.locator("#new-case")).to_contain_text("แจ้งเรื่องรุ่นใหม่")
    assert page.evaluate("caches.keys()").__len__() == 1
    assert len(cases_of(office, person)) + stored(page, "envelopes") >= 1


def test_what_waits_is_sent_while_the_app_is_closed(office: Office, address: str, new_phone: NewPhone) -> None:
    """The browser wakes the worker when there is a network again; no PIN and no page is needed."""
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    enrol(page, address)
    context = page.context
    context.set_offline(True)
    add_case(page)
    page.close()
    other = context.new_page()
    other.goto("about:blank")
    tools = context.new_cdp_session(other)
    context.set_offline(False)
    other.goto(f"{address}/privacy")
    assert cases_of(office, person) == []
    wake(tools, other, address)
    for _ in range(100):
        if stored(other, "envelopes") == 0:
            break
        other.wait_for_timeout(100)
    assert [case.problem_code for case in cases_of(office, person)] == ["P08"]
    assert envelopes_of(office, person) == [("kept", None)]


def wake(tools: CDPSession, page: Page, address: str) -> None:
    """Let the browser tell the worker that it is time to send."""
    known: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(
            one["registrationId"] for one in told["registrations"] if "/field/" in one["scopeURL"]
        ),
    )
    tools.send("ServiceWorker.enable")
    for _ in range(50):
        if known:
            break
        page.wait_for_timeout(100)
    asked = {"origin": address, "registrationId": known[0], "tag": "send", "lastChance": False}
    tools.send("ServiceWorker.dispatchSyncEvent", asked)
