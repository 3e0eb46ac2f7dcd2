"""Hostile users and clumsy ones: words as code, wrong files, a wrong clock, two tabs, a browser that keeps nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from api.auth.devices import list_devices, revoke_device
from api.database import transaction
from tests.api.test_maps import needs_libraries
from tests.phone.arrived import cases_of, envelopes_of, photos_of, words_of
from tests.phone.conftest import Office, listened
from tests.phone.hands import PIN, SECONDS, STANDING, add_case, enrol, open_app, stored, unlock, wait_until_sent
from tests.phone.pictures import camera_photo
from tests.phone.test_looks import FITS, SMALLEST
from tests.scopes import SYSTEM

pytestmark = [pytest.mark.browser, needs_libraries]
NewPhone = Callable[..., Page]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
LONG = SCRIPT + "ก" * 147


def begun(office: Office, address: str, new_phone: NewPhone, **options: object) -> tuple[Page, object]:
    person, page = office.person(), new_phone(**options)
    office.sign_in(page.context, address, person)
    enrol(page, address)
    return page, person


def filled(page: Page) -> None:
    """Fill in what every case needs."""
    page.locator("label:has(input[value='P08'])").first.tap()
    page.locator("label:has(input[value='U3'])").tap()
    expect(page.locator(".place-name").first).to_contain_text(STANDING, timeout=SECONDS)


def test_words_are_words_and_files_are_looked_at(
    office: Office, address: str, new_phone: NewPhone, tmp_path: Path
) -> None:
    """Script and 200 letters without a blank in every box; a text, an SVG and half a picture where a photo belongs."""
    person, page = office.person(), new_phone(width=360)
    office.sign_in(page.context, address, person)
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    open_app(page, address)
    page.locator("input[type=text]").fill(SCRIPT + "ก" * 20)
    enrol_here(page)
    page.locator("#new-case").tap()
    filled(page)
    page.locator("textarea").fill(SCRIPT + "\u0000\u0007" + "ข" * 3900)
    for summary in page.locator("summary").all():
        summary.tap()
    for box in page.locator("details input[type=text], details input[type=tel]").all():
        box.evaluate("(box, words) => { box.value = words; box.dispatchEvent(new Event('input')); }", LONG)
    page.locator("#consent label:has(input[value='spoken'])").tap()
    wrong = {
        "words.jpg": SCRIPT.encode(),
        "drawing.svg": SVG.encode(),
        "phone.heic": b"\0\0\0\x18ftypheic\0\0\0\0",
        "none.png": b"",
    }
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
        page.locator("#choose-photo").set_input_files(tmp_path / name)
        expect(page.locator("#said")).to_contain_text("เปิดแฟ้มนี้เป็นภาพไม่ได้")
        page.evaluate("document.getElementById('said').textContent = ''")
    assert page.locator(".photos li").count() == 0
    Image.new("RGB", (3, 2), "red").save(tmp_path / "tiny.gif")
    page.locator("#choose-photo").set_input_files(tmp_path / "tiny.gif")
    expect(page.locator(".photos li")).to_have_count(1, timeout=SECONDS)
    assert page.evaluate(FITS % SMALLEST) == []
    page.locator("#save").tap()
    page.wait_for_selector("#new-case", timeout=SECONDS)
    wait_until_sent(page)
    page.goto(f"{address}/field/#settings")
    expect(page.locator("main")).to_contain_text("<script>")
    assert page.evaluate(FITS % SMALLEST) == []
    assert alerts == []
    [case] = cases_of(office, person)
    assert envelopes_of(office, person) == [("kept", None)] * 2
    words = words_of(office, case.id)
    assert words["note"] == SCRIPT + "ข" * 3900
    assert words["name"] == LONG
    assert len(photos_of(office, case.id)) == 1


SVG = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{SCRIPT}</svg>"


def enrol_here(page: Page) -> None:
    for box in page.locator("input.pin").all():
        box.fill(PIN)
    page.locator("form button.main").tap()
    page.wait_for_selector("#new-case", timeout=SECONDS)


@pytest.mark.proof
def test_two_tabs_and_a_revocation_in_the_middle_of_a_draft(office: Office, address: str, new_phone: NewPhone) -> None:
    """A draft is open once; what locks one tab locks the other; a revoked phone forgets at once, whatever is open."""
    page, person = begun(office, address, new_phone)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P13'])").first.tap()
    page.locator("textarea").fill("ร่างสมมติ")
    page.wait_for_timeout(700)
    other = listened(page.context.new_page(), page.faults)  # type: ignore[attr-defined]
    open_app(other, address)
    unlock(other)
    draft = other.locator(".rows button", has_text="ยาเสพติด")
    draft.tap()
    expect(other.locator("main")).to_contain_text("เปิดอยู่ในแท็บอื่น")
    other.goto(f"{address}/field/#settings")
    other.locator("label:has(input[value='en'])").tap()
    other.wait_for_selector("html[lang=en]")
    other.get_by_role("button", name="Lock now").tap()
    expect(page.locator("textarea")).to_have_value("ร่างสมมติ")  # not under the hand of who is writing
    page.locator("textarea").fill("ร่างสมมติยาวขึ้น")
    page.goto(f"{address}/field/#home")
    expect(page.locator("main")).to_contain_text("ใส่ PIN")  # but once they leave it
    unlock(other)
    other.locator(".rows button").first.tap()
    expect(other.locator("textarea")).to_have_value("ร่างสมมติยาวขึ้น")
    at = other.url
    other.reload()  # the address of a draft asks for the PIN, and does not show an empty form
    other.wait_for_selector("#pin")
    other.locator("#pin").fill(PIN)
    other.locator(".lock form button").tap()
    expect(other.locator("textarea")).to_have_value("ร่างสมมติยาวขึ้น", timeout=SECONDS)
    assert other.url == at
    with transaction(office.app.state.engine, SYSTEM) as session:
        [device] = list_devices(session, person.id)  # type: ignore[attr-defined]
        revoke_device(session, person.id, device.id)  # type: ignore[attr-defined]
    add_case(page)
    expect(other.locator("main")).to_contain_text("This phone was revoked", timeout=SECONDS)
    other.wait_for_timeout(700)
    assert (stored(other, "drafts"), stored(other, "photos")) == (0, 0)
    wait_until_sent(other)
    assert envelopes_of(office, person) == [("quarantined", "revoked")]  # type: ignore[arg-type]
    without(page, "401")  # the token was refused, and the browser says so


def test_a_wrong_clock_is_told_and_a_browser_that_keeps_nothing_too(
    office: Office, address: str, new_phone: NewPhone
) -> None:
    page = new_phone()
    office.sign_in(page.context, address, office.person())
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=370))
    enrol(page, address)
    expect(page.locator("#clock")).to_contain_text("นาฬิกาเครื่องนี้ไม่ตรงกับระบบ")
    page.locator("#new-case").tap()
    expect(page.locator("#clock")).to_contain_text(str(datetime.now(UTC).year + 544))
    page.goto(f"{address}/field/#settings")
    page.clock.set_system_time(datetime.now(UTC))
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.goto(f"{address}/field/#home")
    expect(page.locator("#clock")).to_have_count(0)

    private = new_phone()
    private.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    private.goto(f"{address}/field/")
    expect(private.locator("#failed")).to_contain_text("เปิดแอปไม่ได้")
    private.close()  # what went wrong may be told late, but not after this
    without(private, "page error: no")


def without(page: Page, known: str) -> None:
    """Take out of the faults what the test brought about."""
    faults = page.faults  # type: ignore[attr-defined]
    faults[:] = [fault for fault in faults if known not in fault]


@pytest.mark.proof
def test_five_photos_of_twenty_megabytes(office: Office, address: str, new_phone: NewPhone, tmp_path: Path) -> None:
    """As the best of cameras write them, all chosen at once."""
    page, person = begun(office, address, new_phone)
    paths = []
    for seed in range(5):
        path = tmp_path / f"{seed}.jpg"
        Image.effect_noise((5600, 4200), 60 + seed).convert("RGB").save(path, quality=97)
        assert path.stat().st_size > 15_000_000
        paths.append(path)
    page.locator("#new-case").tap()
    filled(page)
    page.locator("#choose-photo").set_input_files([*paths, camera_photo(tmp_path / "sixth.jpg", (64, 48))])
    expect(page.locator(".photos li")).to_have_count(5, timeout=120_000)
    expect(page.locator("#said")).to_contain_text("ไม่เกิน 5 ภาพ")
    page.locator("#save").tap()
    page.wait_for_selector("#new-case", timeout=120_000)
    wait_until_sent(page, 120)
    [case] = cases_of(office, person)  # type: ignore[arg-type]
    sizes = [len(photo) for photo in photos_of(office, case.id)]
    print(f"\nfive photos of {sum(path.stat().st_size for path in paths):,} bytes became {sizes}")
    assert len(sizes) == 5
    assert max(sizes) < 1_500_000
