"""What a lost phone reveals: nothing of what is sealed, with the PIN known; and how drafts are locked and wiped."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.auth.devices import list_devices, revoke_device
from api.database import transaction
from api.field.opening import open_envelope
from tests.api.test_maps import needs_libraries
from tests.auth.conftest import Person
from tests.phone.arrived import cases_of, envelopes_of
from tests.phone.conftest import Office
from tests.phone.hands import PIN, SECONDS, add_case, enrol, open_app, stored, unlock, wait_until_sent
from tests.phone.pictures import camera_photo
from tests.scopes import SYSTEM

pytestmark = [pytest.mark.browser, needs_libraries]
NewPhone = Callable[..., Page]
ATTACK = Path(__file__).with_name("attacker.js").read_text("utf-8")
MARK, WHO = "คำลับสมมติหนึ่งสองสาม", "นางลับ ไม่มีจริง"


def begun(office: Office, address: str, new_phone: NewPhone) -> tuple[Page, Person]:
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    enrol(page, address)
    return page, person


def attacked(page: Page, pin: str = PIN) -> dict[str, Any]:
    """Attack what the phone stores, knowing the PIN."""
    found: dict[str, Any] = page.evaluate(ATTACK, pin)
    found["bytes"] = base64.b64decode(found["bytes"])
    return found


def test_what_is_sealed_cannot_be_read_with_the_pin(
    office: Office, address: str, new_phone: NewPhone, tmp_path: Path
) -> None:
    """The same attack opens a draft, so it is one; of sealed cases it learns how many, how large and when."""
    page, person = begun(office, address, new_phone)
    page.context.set_offline(True)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P04'])").first.tap()
    page.locator("textarea").fill(MARK)
    page.wait_for_timeout(900)
    draft = attacked(page)
    assert any(MARK in one["start"] for one in draft["opened"])
    assert MARK.encode() not in draft["bytes"]
    assert MARK not in draft["words"]

    page.locator("label:has(input[value='U4'])").tap()
    page.locator("summary:has-text('บุคคล')").tap()
    page.get_by_label("ชื่อและนามสกุล").fill(WHO)
    page.locator("#consent label:has(input[value='written'])").tap()
    page.locator("#choose-photo").set_input_files(camera_photo(tmp_path / "one.jpg", (640, 480)))
    expect(page.locator(".photos li")).to_have_count(1, timeout=SECONDS)
    page.locator("#save").tap()
    page.wait_for_selector("#new-case", timeout=SECONDS)
    found = attacked(page)
    assert found["stores"]["sealed"] == found["stores"]["envelopes"] == 2
    assert (found["stores"]["drafts"], found["stores"]["photos"]) == (0, 0)
    assert {one["path"].split("/")[0] for one in found["opened"]} == {"settings"}
    assert found["keys"] > 20
    for secret in (MARK, WHO):
        assert secret not in found["words"]
        assert secret not in str(found["opened"])
    for code in ("P04", "U4", "written"):  # whole: two letters stand in any key
        assert code not in found["words"].split("\n")
        assert f'"{code}"' not in str(found["opened"])
    for told in (MARK.encode(), WHO.encode(), b"JFIF", MARK.encode("utf-16-le")):  # shorter ones stand in any noise
        assert told not in found["bytes"]

    page.context.set_offline(False)
    wait_until_sent(page)
    [case] = cases_of(office, person)
    assert (case.problem_code, case.urgency) == ("P04", "U4")


def test_the_browser_seals_as_the_server_opens(office: Office, address: str, new_phone: NewPhone) -> None:
    """The same words twice are two envelopes, of one length; a changed bit opens none."""
    page = new_phone()
    open_app(page, address)
    made = page.evaluate(
        """async () => {
            const { seal } = await import('/field/seal.js');
            const { newId } = await import('/field/ids.js');
            const key = await (await fetch('/api/v1/field/key')).json();
            const header = { v: 1, kind: 'case', made_at: '2026-11-23T09:42:00+07:00', fields: { problem: 'P08',
              place: { how: 'area', stated: '990101' }, reported_on: '2026-11-23', description: 'คำสมมติ' }, seen: {} };
            const sealed = [];
            for (let i = 0; i < 3; i++) {
              const id = newId();
              const bytes = new Uint8Array(await seal(key, id, { ...header, case: id }));
              sealed.push([id, btoa(String.fromCharCode(...bytes))]);
            }
            return sealed;
        }"""
    )
    from uuid import UUID

    envelopes = [(UUID(told), base64.b64decode(sealed)) for told, sealed in made]
    assert [one for one, _ in envelopes] == sorted(one for one, _ in envelopes)
    assert {one.version for one, _ in envelopes} == {7}
    for told, sealed in envelopes:
        opened = open_envelope(sealed, told)
        assert opened.header.fields is not None
        assert opened.header.fields.description == "คำสมมติ"
        assert len(sealed) % 256 == envelopes[0][1].__len__() % 256
    assert len({sealed for _, sealed in envelopes}) == 3
    from api.field.opening import EnvelopeDamaged

    changed = envelopes[0][1][:-1] + bytes([envelopes[0][1][-1] ^ 1])
    with pytest.raises(EnvelopeDamaged):
        open_envelope(changed, envelopes[0][0])
    with pytest.raises(EnvelopeDamaged):
        open_envelope(envelopes[0][1], envelopes[1][0])


@pytest.mark.proof
def test_ten_wrong_pins_wipe_what_the_pin_locks_and_nothing_else(
    office: Office, address: str, new_phone: NewPhone
) -> None:
    page, person = begun(office, address, new_phone)
    page.context.set_offline(True)
    add_case(page)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P01'])").first.tap()
    page.wait_for_timeout(900)
    page.goto(f"{address}/field/")
    page.reload()
    for wrong in ("000000", "111222", "333444"):
        page.locator("#pin").fill(wrong)
        page.get_by_role("button", name="ปลดล็อก", exact=True).tap()
        expect(page.locator(".wrong")).to_contain_text("PIN ไม่ถูกต้อง", timeout=SECONDS)
    expect(page.locator(".wrong")).to_contain_text("โปรดรอถึง")
    page.locator("#pin").fill(PIN)  # the right one helps nothing while the wait lasts
    page.get_by_role("button", name="ปลดล็อก", exact=True).tap()
    expect(page.locator(".wrong")).to_contain_text("โปรดรอถึง")
    assert stored(page, "drafts") == 1
    for _ in range(7):  # each after its wait, as if the clock had run
        end_wait(page)
        page.locator("#pin").fill("999888")
        page.get_by_role("button", name="ปลดล็อก", exact=True).tap()
        page.wait_for_function("() => !document.querySelector('#pin') || document.querySelector('#pin').value === ''")
        page.wait_for_function("() => !document.querySelector('.wrong')?.textContent.includes('กำลังตรวจ')")
    page.wait_for_selector("#new-case, #new-locked")
    assert (stored(page, "drafts"), stored(page, "photos"), stored(page, "envelopes")) == (0, 0, 1)
    assert attacked(page)["opened"] == []
    add_case(page)  # the phone still takes cases in
    page.context.set_offline(False)
    wait_until_sent(page)
    assert len(cases_of(office, person)) == 2


def end_wait(page: Page) -> None:
    """Let the time of waiting be over."""
    page.evaluate(
        """() => new Promise((done) => {
            const asked = indexedDB.open('socialmap-field');
            asked.onsuccess = () => {
                const work = asked.result.transaction('settings', 'readwrite'), store = work.objectStore('settings');
                const held = store.get('pin');
                held.onsuccess = () => store.put({ ...held.result, until: 0 }, 'pin');
                work.oncomplete = () => { asked.result.close(); done(); };
            };
        })"""
    )


def test_a_revoked_phone_forgets_and_its_cases_are_set_apart(office: Office, address: str, new_phone: NewPhone) -> None:
    """What was sealed before still comes to the office; nothing of drafts and cached cases is left."""
    page, person = begun(office, address, new_phone)
    page.context.set_offline(True)
    add_case(page)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P01'])").first.tap()
    page.wait_for_timeout(900)
    page.goto(f"{address}/field/#home")
    assert stored(page, "drafts") == 1
    with transaction(office.app.state.engine, SYSTEM) as session:
        [device] = list_devices(session, person.id)
        revoke_device(session, person.id, device.id)
    page.context.set_offline(False)
    expect(page.locator("main")).to_contain_text("เครื่องนี้ถูกยกเลิกสิทธิ", timeout=SECONDS)
    assert (stored(page, "drafts"), stored(page, "photos")) == (0, 0)
    assert attacked(page)["opened"] == []
    wait_until_sent(page)
    assert envelopes_of(office, person) == [("quarantined", "revoked")]
    assert cases_of(office, person) == []


def test_a_phone_whose_time_is_over_loses_nothing(office: Office, address: str, new_phone: NewPhone) -> None:
    """What it brings is set apart, its drafts stay, and who signs in anew goes on with them."""
    page, person = begun(office, address, new_phone)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P01'])").first.tap()
    page.wait_for_timeout(900)
    page.goto(f"{address}/field/#home")
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(
            text(
                "UPDATE device_token SET created_at = now() - interval '9 days', expires_at = now() - interval '1 day'"
                " WHERE account_id = :id"
            ),
            {"id": person.id},
        )
    add_case(page)
    wait_until_sent(page)
    assert envelopes_of(office, person) == [("quarantined", "expired")]
    page.goto(f"{address}/field/#outbox")
    expect(page.locator("#sent")).to_contain_text("รอผู้ประสานงานตรวจ")
    page.goto(f"{address}/field/#home")
    expect(page.locator("main")).to_contain_text("สิทธิของเครื่องนี้หมดอายุ", timeout=SECONDS)
    assert stored(page, "drafts") == 1
    office.sign_in(page.context, address, person)
    page.get_by_role("button", name="เข้าใช้ใหม่").tap()
    page.locator("input.pin").fill(PIN)
    page.get_by_role("button", name="เริ่มใช้").tap()
    page.locator(".rows button", has_text="รายได้").tap(timeout=SECONDS)
    page.locator("label:has(input[value='U1'])").tap()
    expect(page.locator(".place-name").first).to_contain_text("ในเมืองสมมติ", timeout=SECONDS)
    page.locator("#save").tap()
    page.wait_for_selector("#new-case")
    wait_until_sent(page)
    assert [row.problem_code for row in cases_of(office, person)] == ["P01"]
    faults = page.faults  # type: ignore[attr-defined]
    assert [fault for fault in faults if "401" in fault]  # the token that is over was refused, and the browser says so
    faults[:] = [fault for fault in faults if "401" not in fault]


@pytest.mark.proof
def test_the_pin_can_be_changed_and_weak_ones_are_refused(office: Office, address: str, new_phone: NewPhone) -> None:
    page, _ = begun(office, address, new_phone)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P12'])").first.tap()
    page.wait_for_timeout(900)
    page.goto(f"{address}/field/#settings")
    page.locator("details:has(input.pin) > summary").tap()
    boxes = page.locator("details input.pin")
    for old, new, again, told in (
        (PIN, "123456", "123456", "เดายาก"),
        (PIN, "777777", "777777", "เดายาก"),
        (PIN, "58203941", "58203942", "ไม่ตรงกัน"),
        ("000000", "58203941", "58203941", "PIN ไม่ถูกต้อง"),
    ):
        for at, value in enumerate((old, new, again)):
            boxes.nth(at).fill(value)
        page.locator("details button").tap()
        expect(page.locator("details .wrong")).to_contain_text(told, timeout=SECONDS)
    for at, value in enumerate((PIN, "58203941", "58203941")):
        boxes.nth(at).fill(value)
    page.locator("details button").tap()
    expect(page.locator("#said")).to_contain_text("เปลี่ยน PIN แล้ว", timeout=SECONDS)
    page.goto(f"{address}/field/")
    page.reload()
    unlock(page, "58203941")
    expect(page.locator(".rows")).to_contain_text("สุขภาพกาย")
