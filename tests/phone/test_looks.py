"""Every screen as it is seen and heard: axe finds nothing serious, main text has 7 : 1, nothing leaves the screen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.test_maps import needs_libraries
from tests.browser.test_accessibility import AXE, serious
from tests.phone.conftest import Office
from tests.phone.hands import SECONDS, add_case, enrol, open_app, wait_until_sent
from tests.phone.pictures import camera_photo

pytestmark = [pytest.mark.browser, needs_libraries]
NewPhone = Callable[..., Page]
LOOKS = ("auto", "sun", "dark")
SMALLEST = 13
THAI = re.compile("[\u0e00-\u0e7f]")
FITS = """() => {
    const wide = document.documentElement.clientWidth;
    const shown = (one) => one.getClientRects().length && !one.closest('.unseen,.map');
    const seen = [...document.querySelectorAll('body *')].filter(shown);
    const told = (what, found) => found.map((one) => what + one.outerHTML.slice(0, 90));
    const box = (one) => one.getBoundingClientRect();
    const out = seen.filter((one) => box(one).right > wide + 1 || box(one).left < -1);
    const isText = (child) => child.nodeType === 3 && child.data.trim();
    const texts = seen.filter((one) => [...one.childNodes].some(isText));
    const tiny = texts.filter((one) => parseFloat(getComputedStyle(one).fontSize) < %d);
    const touched = [...document.querySelectorAll('button, .button, .tile, nav a, summary, select, textarea')];
    const small = touched.filter((one) => one.getClientRects().length && box(one).height < 44);
    return [...told('beyond: ', out), ...told('tiny: ', tiny), ...told('small: ', small)];
}"""
CONTRAST = """() => {
    const light = (colour) => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
            .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const ground = (one) => {
        for (let at = one; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!/, 0\\)$|transparent/.test(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const main = document.querySelectorAll('h1, h2, label, p, strong, summary, input, textarea, select, .tile-words');
    const shown = (one) => one.getClientRects().length && !one.closest('.unseen, .chip, #said');
    return [...main].filter(shown).flatMap((one) => {
        const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        return ratio < 7 ? [ratio.toFixed(2) + ' ' + one.outerHTML.slice(0, 90)] : [];
    });
}"""


def screens(office: Office, address: str, page: Page, photo: Path, language: str = "th") -> Iterator[str]:
    """Walk through all screens, giving the name of each once it is shown."""
    open_app(page, address)
    if language != "th":
        page.locator("#language").tap()
        page.wait_for_selector(f"html[lang={language}]")
    yield "stranger"
    office.sign_in(page.context, address, office.person())
    page.reload()
    page.wait_for_selector("input.pin")
    yield "start"
    enrol(page, address)
    yield "home"
    add_case(page, "P03", "U2", "ตัวอย่าง")
    wait_until_sent(page)
    page.goto(f"{address}/field/#outbox")
    page.wait_for_selector("#sent")
    yield "sent"
    page.goto(f"{address}/field/#cases")
    page.locator("#cases button").first.tap(timeout=SECONDS)
    page.wait_for_selector("#save")
    open_all(page)
    yield "edit"
    page.context.set_offline(True)
    page.goto(f"{address}/field/#home")
    page.locator("#new-case").tap()
    page.locator("#save").tap()
    page.locator("label:has(input[value='P08'])").first.tap()
    page.locator("label:has(input[value='U3'])").tap()
    page.locator("#choose-photo").set_input_files(photo)
    page.wait_for_selector(".photos img", timeout=SECONDS)
    open_all(page)
    page.locator("label:has(input[value=''])").tap()
    yield "new"
    page.locator("#move-pin").tap()
    yield "map"
    page.locator(".map-top button").tap()
    page.wait_for_timeout(700)
    page.goto(f"{address}/field/#home")
    page.wait_for_selector(".rows")
    yield "drafts"
    add_case(page, "P15", "U4")
    page.goto(f"{address}/field/#outbox")
    page.wait_for_selector("#waiting")
    yield "waiting"
    page.locator("#waiting button").first.tap()
    page.wait_for_selector("#withdraw")
    yield "one waiting"
    page.locator("#correct").tap()
    page.wait_for_selector("#save")
    open_all(page)
    yield "correct"
    page.goto(f"{address}/field/#cases")
    page.wait_for_selector("#cases")
    yield "cases"
    page.goto(f"{address}/field/#privacy")
    page.wait_for_selector(".prose")
    yield "privacy"
    page.goto(f"{address}/field/#settings")
    page.locator("details:has(input.pin) > summary").tap()
    yield "settings"
    page.goto(f"{address}/field/")
    page.reload()
    page.wait_for_selector("#pin")
    yield "lock"


def open_all(page: Page) -> None:
    """Open what is folded away."""
    for summary in page.locator("summary").all():
        summary.tap()


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core (make setup)")
@pytest.mark.parametrize(
    ("width", "looks", "language"),
    [
        (360, LOOKS[:1], "th"),
        pytest.param(390, LOOKS, "th", marks=pytest.mark.proof),
        pytest.param(360, LOOKS, "en", marks=pytest.mark.proof),
        pytest.param(1360, LOOKS[:1], "en", marks=pytest.mark.proof),
    ],
    ids=["360", "390", "360-english", "1360-english"],
)
def test_every_screen_in_every_light(
    office: Office,
    address: str,
    new_phone: NewPhone,
    tmp_path: Path,
    width: int,
    looks: tuple[str, ...],
    language: str,
) -> None:
    page = new_phone(width=width, height=740, bypass_csp=True)
    photo = camera_photo(tmp_path / "one.jpg", (640, 480))
    wrong = {}
    for name in screens(office, address, page, photo, language):
        if language == "en":
            expect(page.locator("h1")).not_to_have_text(THAI)
        for look in looks:
            wrong[f"{name} {look}"] = looked_at(page, look)
    faults = [f"{name}: {each}" for name, found in wrong.items() for each in found]
    assert not faults, "\n".join(faults)


def looked_at(page: Page, look: str) -> list[str]:
    """Return what is wrong with a screen in one light."""
    page.evaluate("look => { document.documentElement.dataset.look = look; }", look)
    page.wait_for_timeout(60)
    return [*page.evaluate(FITS % SMALLEST), *page.evaluate(CONTRAST), *serious(page)]
