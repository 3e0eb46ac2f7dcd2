"""What a thumb does: begin, add a case, wait until everything is sent. Taps are counted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

PIN = "274916"
SECONDS = 20_000
STANDING = re.compile("ในเมืองสมมติ|Nai Mueang Sommut")
"""The subdistrict that the tests' phones stand in, in either language."""


@dataclass
class Thumb:
    """One thumb on one page; `taps` counts what it did."""

    page: Page
    taps: int = 0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()
        self.taps += 1


def open_app(page: Page, address: str) -> Page:
    """Open the app and wait until it shows a screen."""
    page.goto(f"{address}/field/")
    page.wait_for_selector("html[data-ready]")
    return page


def enrol(page: Page, address: str, pin: str = PIN) -> None:
    """Begin on this phone as who is signed in, and wait until it works without a network."""
    open_app(page, address)
    boxes = page.locator("input.pin")
    boxes.nth(0).fill(pin)
    boxes.nth(1).fill(pin)
    page.locator("form button.main").tap()
    page.wait_for_selector("#new-case", timeout=SECONDS)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")


def unlock(page: Page, pin: str = PIN) -> None:
    page.locator("#pin").fill(pin)
    page.locator(".lock form button").tap()
    page.wait_for_selector("#new-case", timeout=SECONDS)


def add_case(
    page: Page, problem: str = "P08", urgency: str = "U3", words: str = "", photos: Sequence[Path] = (), **person: str
) -> Thumb:
    """Add a case from the first screen; the place is found by the phone."""
    thumb = Thumb(page)
    thumb.tap("#new-case, #new-locked")
    thumb.tap(f"label:has(input[value='{problem}'])")
    thumb.tap(f"label:has(input[value='{urgency}'])")
    expect(page.locator(".place-name").first).to_contain_text(STANDING, timeout=SECONDS)
    if words:
        page.locator("textarea").fill(words)
    for at, photo in enumerate(photos, start=1):
        page.locator("#choose-photo").set_input_files(photo)
        expect(page.locator(".photos li")).to_have_count(at, timeout=SECONDS)
    if person:
        thumb.tap("summary:has-text('บุคคล')")
        for label, value in person.items():
            page.get_by_label(label, exact=True).fill(value)
        thumb.tap("#consent label:has(input[value='spoken'])")
    thumb.tap("#save")
    page.wait_for_selector("#new-case, #new-locked", timeout=SECONDS)
    return thumb


def stored(page: Page, store: str) -> int:
    """Return how many entries a store of the phone has."""
    counted: int = page.evaluate(
        """name => new Promise((done, failed) => {
            const asked = indexedDB.open('socialmap-field');
            asked.onerror = () => failed(asked.error);
            asked.onsuccess = () => {
                const counted = asked.result.transaction(name).objectStore(name).count();
                counted.onsuccess = () => { asked.result.close(); done(counted.result); };
            };
        })""",
        store,
    )
    return counted


def wait_until_sent(page: Page, seconds: float = 30) -> None:
    """Wait until no envelope is left on the phone."""
    for _ in range(int(seconds * 5)):
        if stored(page, "envelopes") == 0:
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{stored(page, 'envelopes')} envelopes are left")
