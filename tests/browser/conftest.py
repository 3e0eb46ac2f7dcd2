"""A real Chromium without a network; console errors, page errors and requests that leave the machine fail the test."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

ARGUMENTS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("file:", "data:", "blob:", "about:")

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless.

    Ends with its module, not with the session: only one may be open at a time, and while one is open nothing else may
    use asyncio.run.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("needs Chromium (apt install chromium, or CHROMIUM=path)")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=[*sandbox, *ARGUMENTS])
        yield made
        made.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Make pages of fresh contexts: `new_page(width=1360, height=860, allow=("http://127.0.0.1:8000/",))`.

    `allow` holds the beginnings of the only addresses that may be asked beside files and data. What goes wrong
    is in `page.faults` and fails the test at its end. Other named arguments go to `Browser.new_context`.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(width: int = 1360, height: int = 860, allow: tuple[str, ...] = (), **context: object) -> Page:
        opened = browser.new_context(viewport={"width": width, "height": height}, **context)  # type: ignore[arg-type]
        contexts.append(opened)

        def decide(route: Route) -> None:
            if route.request.url.startswith((*LOCAL, *allow)):
                route.continue_()
            else:
                faults.append(f"request to {route.request.url}")
                route.abort()

        def hear(message: ConsoleMessage) -> None:
            if message.type == "error":
                faults.append(f"console: {message.text}")

        opened.route("**/*", decide)
        page = opened.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.faults = faults  # type: ignore[attr-defined]
        return page

    yield make
    for opened in contexts:
        opened.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page of 1360 × 860 pixels."""
    return new_page()
