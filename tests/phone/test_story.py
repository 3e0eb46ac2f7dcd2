"""A day in the field: a thumb, no signal, a closed tab, a signal again. Keys alone do it too."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from tests.api.test_maps import needs_libraries
from tests.demo import INSIDE
from tests.phone.arrived import cases_of, envelopes_of, is_bare, photos_of, words_of
from tests.phone.conftest import Office
from tests.phone.hands import PIN, SECONDS, add_case, enrol, open_app, stored, unlock, wait_until_sent
from tests.phone.pictures import camera_photo

pytestmark = [pytest.mark.browser, needs_libraries]
NewPhone = Callable[..., Page]
QUEUED = """window.queued = [];
const made = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
  blob.arrayBuffer().then((bytes) => crypto.subtle.digest('SHA-256', bytes)).then((digest) => window.queued.push(
    [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')));
  return made(blob);
};"""
"""Notes the hash of each photo that the phone shows: the bytes that it keeps."""


def test_a_day_without_a_signal(office: Office, address: str, new_phone: NewPhone, tmp_path: Path) -> None:
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    page.add_init_script(QUEUED)
    enrol(page, address)
    page.context.set_offline(True)
    expect(page.locator("#chip")).to_contain_text("ออฟไลน์")
    photos = [camera_photo(tmp_path / f"{seed}.jpg", seed=seed) for seed in (1, 2)]
    plain = add_case(page, "P08", "U3")
    print(f"\ntaps for a case: {plain.taps}")
    assert plain.taps <= 12
    named = {"ชื่อและนามสกุล": "นางสมมติ ไม่มีจริง", "เลขประจำตัวประชาชน": "0-0000-00000-00-1"}
    full = add_case(page, "P02", "U2", "หลังคาสมมติรั่ว <img src=x onerror=alert(1)>", photos, **named)
    assert full.taps <= 12
    queued = set(page.evaluate("window.queued"))
    assert len(queued) == 2
    expect(page.locator("#chip")).to_contain_text("รอส่ง 2 เรื่อง")
    assert envelopes_of(office, person) == []

    context = page.context
    page.close()
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(sent_size(request)))
    open_app(page, address)  # without a network: the worker answers
    page.get_by_role("button", name="แจ้งเรื่องใหม่โดยไม่ปลดล็อก")
    assert stored(page, "envelopes") == 4
    context.set_offline(False)
    wait_until_sent(page)

    first, second = cases_of(office, person)
    assert [(row.problem_code, row.urgency, row.area_match) for row in (first, second)] == [
        ("P08", "U3", "inside"),
        ("P02", "U2", "inside"),
    ]
    assert first.subdistrict_code == "990101"
    assert photos_of(office, first.id) == []
    arrived = photos_of(office, second.id)
    assert {hashlib.sha256(photo).hexdigest() for photo in arrived} == queued
    for photo in arrived:
        assert is_bare(photo)
        assert Image.open(io.BytesIO(photo)).size == (1200, 1600)  # upright, no side longer than 1600
    assert words_of(office, second.id)["name"] == named["ชื่อและนามสกุล"]
    assert envelopes_of(office, person) == [("kept", None)] * 4
    envelopes = sorted(size for size in sizes if size)
    print(f"a case without a photo: {envelopes[0]:,} bytes with headers both ways")
    assert envelopes[0] <= 5_000


def sent_size(request: Request) -> int:
    """Return the bytes of an envelope's request and answer with their headers; 0 of any other."""
    if request.method != "PUT":
        return 0
    return sum(request.sizes().values())


def test_a_draft_outlives_its_tab(office: Office, address: str, new_phone: NewPhone, tmp_path: Path) -> None:
    """Closed in the middle without a word: the draft with its photo is there, behind the PIN."""
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    enrol(page, address)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P09'])").first.tap()
    page.locator("textarea").fill("คำบอกเล่าสมมติ")
    page.locator("#choose-photo").set_input_files(camera_photo(tmp_path / "one.jpg", (800, 600), orientation=1))
    expect(page.locator(".photos li")).to_have_count(1, timeout=SECONDS)
    page.wait_for_timeout(900)
    context = page.context
    page.close()
    page = context.new_page()
    open_app(page, address)
    assert "คนพิการ" not in page.locator("main").inner_text()
    unlock(page)
    page.locator(".rows button", has_text="คนพิการ").tap()
    expect(page.locator("textarea")).to_have_value("คำบอกเล่าสมมติ")
    expect(page.locator(".photos li")).to_have_count(1)
    page.locator("#save").tap()
    expect(page.locator(".mistakes")).to_contain_text("เลือกความเร่งด่วน")
    page.locator("label:has(input[value='U1'])").tap()
    page.locator("#gps").tap()
    expect(page.locator(".place-name").first).to_contain_text("ในเมืองสมมติ")
    page.locator("#save").tap()
    page.wait_for_selector("#new-case")
    wait_until_sent(page)
    [case] = cases_of(office, person)
    assert len(photos_of(office, case.id)) == 1
    assert (stored(page, "drafts"), stored(page, "photos"), stored(page, "sealed")) == (0, 0, 0)


@pytest.mark.proof
def test_a_place_by_its_subdistrict_and_one_beyond_the_areas(office: Office, address: str, new_phone: NewPhone) -> None:
    """Where the phone may not find its place: chosen from the list; and far away on the map, which somebody checks."""
    person, page = office.person(), new_phone(permissions=[])
    office.sign_in(page.context, address, person)
    enrol(page, address)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P15'])").first.tap()
    page.locator("label:has(input[value='U2'])").tap()
    page.locator("#gps").tap()
    expect(page.locator("main")).to_contain_text("ไม่ได้รับอนุญาตให้ใช้ตำแหน่ง", timeout=SECONDS)
    page.locator(".ways select").select_option("990102")
    expect(page.locator(".place-name").first).to_contain_text("ตลาดใหม่สมมติ")
    page.locator("#save").tap()
    page.wait_for_selector("#new-case")
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P15'])").first.tap()
    page.locator("label:has(input[value='U2'])").tap()
    page.locator("#move-pin").tap()
    for _ in range(4):
        page.locator(".zoom button").nth(1).tap()
    page.locator("svg[role=application]").tap(position={"x": 20, "y": 560})
    expect(page.locator("dialog .place-name")).to_have_text("นอกแผนที่ของเครื่องนี้")
    page.locator("dialog .main").tap()
    page.locator("#save").tap()
    page.wait_for_selector("#new-case")
    wait_until_sent(page)
    [case] = cases_of(office, person)
    assert (case.subdistrict_code, case.area_match) == ("990102", "stated")
    assert sorted(envelopes_of(office, person)) == [("kept", None), ("quarantined", "outside")]


@pytest.mark.proof
def test_two_phones_change_one_field_without_seeing_each_other(
    office: Office, address: str, new_phone: NewPhone
) -> None:
    """Both values are kept, and the phone says that there are two."""
    person = office.person()
    phones = [new_phone(), new_phone()]
    office.sign_in(phones[0].context, address, person)
    enrol(phones[0], address)
    add_case(phones[0], "P08", "U2")
    wait_until_sent(phones[0])
    office.sign_in(phones[1].context, address, person)
    enrol(phones[1], address)
    for phone, urgency in zip(phones, ("U3", "U4"), strict=True):
        phone.goto(f"{address}/field/#cases")
        phone.locator("#cases button").first.tap(timeout=SECONDS)
        phone.context.set_offline(True)
        phone.locator(f"label:has(input[value='{urgency}'])").tap()
        phone.locator("#save").tap()
        expect(phone.locator("#cases")).to_contain_text("มีข้อมูลเพิ่มเติมรอส่ง")
    for phone in phones:
        phone.context.set_offline(False)
        wait_until_sent(phone)
    [case] = cases_of(office, person)
    assert case.urgency == "U4"
    expect(phones[1].locator("#cases")).to_contain_text("มีสองค่า: ความเร่งด่วน", timeout=SECONDS)
    assert envelopes_of(office, person) == [("kept", None)] * 3


def test_keys_alone_are_enough(office: Office, address: str, new_phone: NewPhone) -> None:
    """From the PIN to a place on the map and the seal, without a pointer."""
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    enrol(page, address)
    page.goto(f"{address}/field/")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    keys = page.keyboard
    expect(page.locator("#pin")).to_be_focused()
    keys.type(PIN)
    keys.press("Enter")
    page.wait_for_selector("#new-case", timeout=SECONDS)
    tab_to(page, "#new-case")
    keys.press("Enter")
    page.wait_for_selector("#save")
    tab_to(page, "input[value='P01']")
    keys.press("ArrowRight")
    keys.press("ArrowDown")  # radio buttons: down is the next one as well
    expect(page.locator("input[value='P03']")).to_be_checked()
    tab_to(page, "input[value='U1']")
    keys.press("ArrowRight")
    expect(page.locator("input[value='U2']")).to_be_checked()
    tab_to(page, "#move-pin")
    keys.press("Enter")
    tab_to(page, "svg[role=application]")
    for key in ("+", "ArrowLeft", "Enter"):
        keys.press(key)
    tab_to(page, "dialog .main")
    keys.press("Enter")
    expect(page.locator("#move-pin")).to_be_focused()
    tab_to(page, "#save")
    keys.press("Enter")
    page.wait_for_selector("#new-case", timeout=SECONDS)
    wait_until_sent(page)
    [case] = cases_of(office, person)
    assert (case.problem_code, case.urgency, case.subdistrict_code) == ("P03", "U2", "990101")
    assert abs(case.lat - INSIDE[0]) < 0.05


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")
