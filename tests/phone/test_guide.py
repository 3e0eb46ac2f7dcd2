"""The guide for the field: its pictures are taken on this walk, and the words it quotes are those on the screens.

With SOCIALMAP_PICTURES=folder the pictures are kept there; those of `api/field_app/FIELD.md` are made so.
"""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from boundaries.messages import catalogue
from tests.api.test_maps import needs_libraries
from tests.phone.arrived import cases_of, envelopes_of
from tests.phone.conftest import Office
from tests.phone.hands import PIN, SECONDS, add_case, enrol, open_app, wait_until_sent
from tests.phone.test_attacks import without

NewPhone = Callable[..., Page]
GUIDE = Path(__file__).parents[2] / "api" / "field_app" / "FIELD.md"
MOST = 100_000


def test_the_guide_says_what_the_screens_say() -> None:
    """Every picture is there and small; what stands in Thai quotation marks stands on a screen."""
    guide = GUIDE.read_text("utf-8")
    pictures = [(GUIDE.parent / found).resolve() for found in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", guide)]
    assert len(pictures) == len(set(pictures)) >= 10
    for picture in pictures:
        assert picture.is_file(), picture
        assert picture.stat().st_size <= MOST, picture
    words = {words for one in catalogue().values() for words in (one.th, one.en)}
    quoted = set(re.findall(r"“([^”]+)”", guide))
    assert len(quoted) > 20
    begun = tuple(one.removesuffix(" …") for one in quoted if one.endswith(" …"))
    assert {one for one in quoted - words if not one.endswith(" …")} == set()
    assert all(any(words_.startswith(one) for words_ in words) for one in begun)


@pytest.mark.browser
@pytest.mark.proof
@needs_libraries
def test_the_walk_of_the_guide(office: Office, address: str, new_phone: NewPhone, tmp_path: Path) -> None:
    """Begin, record without a signal, correct, send, add to a case, lose the phone, and what the coordinator sees."""
    person, page = office.person(), new_phone(height=760)
    office.sign_in(page.context, address, person)
    open_app(page, address)
    for box in page.locator("input.pin").all():
        box.fill(PIN)
    keep(page, "1-start")
    enrol(page, address)
    page.context.set_offline(True)
    recorded(page, tmp_path)
    corrected(page, address)
    page.context.set_offline(False)
    wait_until_sent(page)
    page.goto(f"{address}/field/#outbox")
    expect(page.locator("#waiting")).to_have_count(0, timeout=SECONDS)
    quiet(page)
    keep(page, "6-sent")
    page.goto(f"{address}/field/#cases")
    page.locator("#cases button").first.tap(timeout=SECONDS)
    page.locator("summary:has-text('บุคคล')").tap()
    page.locator("summary:has-text('บุคคล')").evaluate(
        "one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 70)"
    )
    keep(page, "7-edit")
    page.goto(f"{address}/field/#lock")
    page.goto(f"{address}/field/#privacy")
    keep(page, "8-safety")
    lost(office, page, address, person)
    assert len(cases_of(office, person)) == 2
    assert envelopes_of(office, person).count(("quarantined", "revoked")) == 1
    page.goto(f"{address}/field/")
    checked(office, new_phone, address)
    assert len(cases_of(office, person)) == 3
    without(page, "401")


def recorded(page: Page, folder: Path) -> None:
    """Record a case with a photo, leave one as a draft."""
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P08'])").first.tap()
    page.locator("label:has(input[value='P08.01'])").tap()
    page.locator("label:has(input[value='U3'])").tap()
    page.evaluate("scrollTo(0, 0)")
    keep(page, "2-new")
    expect(page.locator(".place-name").first).to_contain_text("ในเมืองสมมติ", timeout=SECONDS)
    page.locator("#choose-photo").set_input_files(drawn(folder / "house.jpg"))
    expect(page.locator(".photos li")).to_have_count(1, timeout=SECONDS)
    page.locator(".place-card").evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 110)")
    keep(page, "3-place")
    page.locator("#move-pin").tap()
    page.locator(".zoom button").nth(1).tap()
    page.locator(".zoom button").nth(1).tap()
    keep(page, "4-map")
    page.locator(".map-top button").tap()
    page.locator("#save").tap()
    page.wait_for_selector("#new-case", timeout=SECONDS)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P15'])").first.tap()
    page.locator("label:has(input[value='U4'])").tap()
    page.wait_for_timeout(800)
    page.go_back()
    page.wait_for_selector(".rows")
    add_case(page, "P02", "U2")
    quiet(page)
    keep(page, "5-home")


def corrected(page: Page, address: str) -> None:
    """Look at a case that waits, and add a correction to it."""
    page.goto(f"{address}/field/#outbox")
    page.locator("#waiting button").first.tap()
    page.wait_for_selector("#withdraw")
    quiet(page)
    keep(page, "5-waiting")
    page.locator("#correct").tap()
    page.locator("label:has(input[value='U4'])").tap()
    page.locator("#save").tap()
    page.wait_for_selector("#waiting")


def lost(office: Office, page: Page, address: str, person: object) -> None:
    """Take the phone's access away on the page of the account; it forgets, and what it had sealed still comes."""
    page.goto(f"{address}/field/#home")
    page.context.set_offline(True)
    add_case(page, "P01", "U2")
    page.context.route("**/envelopes/**", lambda route: route.abort())  # nothing is sent before its access is gone
    page.context.set_offline(False)
    account = page.context.new_page()
    account.goto(f"{address}/account")
    account.locator("#devices").scroll_into_view_if_needed()
    keep(account, "9-account")
    with account.expect_navigation():
        account.locator("form[action='/account/devices/revoke'] button").first.tap()
    account.close()
    page.context.unroute("**/envelopes/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("main")).to_contain_text("เครื่องนี้ถูกยกเลิกสิทธิ", timeout=SECONDS)
    wait_until_sent(page)
    quiet(page)
    keep(page, "9-revoked")


def checked(office: Office, new_phone: NewPhone, address: str) -> None:
    """Accept what was set apart, as a coordinator."""
    page = new_phone(width=1360, height=760, device_scale_factor=1, is_mobile=False)
    office.sign_in(page.context, address, office.person("head", ("office-99",), ()))
    page.goto(f"{address}/desk/quarantine")
    page.locator("a[data-step]").first.wait_for()
    keep(page, "10-quarantine")
    page.locator("a[data-step]").first.click()
    keep(page, "10-envelope")
    page.locator("button[value='accept']").click()
    page.wait_for_url("**/desk/quarantine?said=accepted")
    page.goto(f"{address}/desk")
    keep(page, "11-desk")


def quiet(page: Page) -> None:
    """Let what was said pass."""
    page.locator("#said").evaluate("one => one.classList.remove('shown')")
    page.wait_for_timeout(250)


def keep(page: Page, name: str) -> None:
    """Keep a picture, small: few colours, at most 1000 pixels wide, phones half as wide as they are drawn."""
    folder = os.environ.get("SOCIALMAP_PICTURES")
    if not folder:
        return
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        width = min(taken.width, 480 if taken.width < 1000 else 1000)
        size = (width, round(taken.height * width / taken.width))
        small = taken.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        small.quantize(96).save(Path(folder) / f"field-{name}.png", optimize=True)


def drawn(path: Path) -> Path:
    """Draw a house that nobody lives in."""
    picture = Image.new("RGB", (1200, 900), "#BFD9EA")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 620, 1200, 900), fill="#8DA66B")
    pen.rectangle((330, 380, 870, 720), fill="#D9B48A")
    pen.polygon(((270, 390), (600, 170), (930, 390)), fill="#8A4B32")
    pen.rectangle((540, 520, 670, 720), fill="#5B3A29")
    picture.save(path, quality=90)
    return path
