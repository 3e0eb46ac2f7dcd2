"""The application over TLS with an invented province, somebody who owns a phone, and a Chromium that trusts the tests'
authority and reaches nothing else."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.auth.units import create_unit
from api.cli.serve import Certificate
from api.database import transaction
from api.settings import Settings
from tests.access.world import make_person
from tests.auth.conftest import Person
from tests.browser.conftest import ARGUMENTS
from tests.databases import fresh_database
from tests.demo import INSIDE, load_demo_boundaries
from tests.phone.certificates import Served, make_certificate
from tests.scopes import SYSTEM
from tests.serving import serving

WIDTH, HEIGHT = 390, 844
NEWS = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED", "net::ERR_FAILED", "net::ERR_CONNECTION_RESET")
"""What a browser says of itself on its console when there is no network: no fault of the app."""
OWN = ("990101", "990102", "990103")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Office:
    """The application, and the address at which its pages are served over TLS."""

    app: FastAPI
    url: str

    def person(self, role: str = "volunteer", units: tuple[str, ...] = (), areas: tuple[str, ...] = OWN) -> Person:
        """Make somebody who may add cases."""
        return make_person(self.app, f"field-{role.replace('_', '-')}-{next(_numbers)}", role, units, areas)

    def sign_in(self, context: BrowserContext, address: str, person: Person) -> None:
        """Give a browser somebody's session."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            token = start_session(session, person.id, "full", "browser")
        context.add_cookies([{"name": COOKIE, "value": token, "url": address, "secure": True}])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return make_certificate(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def office(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The application on a database of its own, with an office for the invented province."""
    from api.app import create_app

    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url, socialmap_home=Path(tmp_path_factory.mktemp("home"))))
        with transaction(app.state.engine, SYSTEM) as session:
            load_demo_boundaries(session)
            create_unit(session, "office-99", "office", "สำนักงานสมมติ", "Invented office", ["99"])
        yield Office(app, url)
        app.state.engine.dispose()


@pytest.fixture(scope="session")
def address(office: Office, served: Served) -> Iterator[str]:
    """Address of the application on a real server, over TLS."""
    with serving(office.app, Certificate(served.chain, served.key)) as given:
        yield given


def chromium_options(served: Served) -> dict[str, object]:
    """Return how Chromium is started: it trusts the tests' authority, and knows no other host than this machine."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("needs Chromium (apt install chromium, or CHROMIUM=path)")
    own = [
        f"--ignore-certificate-errors-spki-list={served.pin}",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
    ]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "args": [*sandbox, *ARGUMENTS, *own]}


@pytest.fixture(scope="module")
def browser(served: Served) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(**chromium_options(served))  # type: ignore[arg-type]
        yield made
        made.close()


def context_options(width: int = WIDTH, height: int = HEIGHT, **more: object) -> dict[str, object]:
    """Return what a phone's context is like: touched, in Thailand, standing in subdistrict 990101."""
    return {
        "viewport": {"width": width, "height": height},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
        "locale": "th-TH",
        "timezone_id": "Asia/Bangkok",
        "geolocation": {"latitude": INSIDE[0], "longitude": INSIDE[1], "accuracy": 18},
        "permissions": ["geolocation"],
        **more,
    }


def listened(page: Page, faults: list[str]) -> Page:
    """Note what goes wrong on a page."""

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(news in message.text for news in NEWS):
            faults.append(f"console: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    return page


@pytest.fixture
def new_phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Make phones: pages of fresh contexts. What goes wrong on one fails the test at its end."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(**options: object) -> Page:
        opened = browser.new_context(**context_options(**options))  # type: ignore[arg-type]
        contexts.append(opened)
        page = listened(opened.new_page(), faults)
        page.faults = faults  # type: ignore[attr-defined]
        return page

    yield make
    for opened in contexts:
        opened.close()
    assert not faults, "\n".join(faults)
