"""What is added to a case later: to one that the office has, to one that still waits, and one that is withdrawn."""

import urllib.request
from collections.abc import Callable
from ssl import CERT_NONE, create_default_context
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Dialog, Page, Route, expect
from sqlalchemy import text

from api.database import transaction
from tests.api.test_maps import needs_libraries
from tests.auth.conftest import Person
from tests.phone.arrived import cases_of, envelopes_of, words_of
from tests.phone.conftest import Office
from tests.phone.hands import SECONDS, add_case, enrol, stored, wait_until_sent
from tests.phone.test_protection import attacked
from tests.scopes import SYSTEM

pytestmark = [pytest.mark.browser, needs_libraries]
NewPhone = Callable[..., Page]
WRONG, RIGHT = "นายผิด ไม่มีจริง", "นางถูก ไม่มีจริง"
SAID = "เล่าเพิ่มสมมติ <img src=x onerror=alert(1)>"


@pytest.fixture
def begun(office: Office, address: str, new_phone: NewPhone) -> tuple[Page, Person]:
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    enrol(page, address)
    return page, person


def open_fold(page: Page, words: str) -> None:
    page.locator(f"summary:has-text('{words}')").tap()


def history_of(office: Office, case_id: UUID) -> list[Any]:
    """Return the observations of a case, oldest first: fields with values, names of words, and what each replaces."""
    with transaction(office.app.state.engine, SYSTEM) as session:
        asked = "SELECT id, fields, words, seen FROM case_observation WHERE case_id = :id ORDER BY made_at, id"
        return list(session.execute(text(asked), {"id": case_id}))


def test_a_later_edit_arrives_and_the_case_shows_it(office: Office, address: str, begun: tuple[Page, Person]) -> None:
    """Groups, person, consent and day of a case that the office has: each takes the place of what was there."""
    page, person = begun
    add_case(page, "P08", "U2", "เดิมสมมติ", **{"ชื่อและนามสกุล": WRONG})
    wait_until_sent(page)
    page.goto(f"{address}/field/#cases")
    page.locator("#cases button").first.tap(timeout=SECONDS)
    assert WRONG not in page.content()
    assert "เดิมสมมติ" not in page.content()
    page.context.set_offline(True)
    page.locator("textarea").fill(SAID)
    open_fold(page, "กลุ่มเป้าหมาย")
    page.locator("label:has(input[value='T05'])").tap()
    open_fold(page, "บุคคล")
    expect(page.locator("details[open] .hint").first).to_contain_text("จะแทนที่ของที่สำนักงานมี")
    for label, value in {"ชื่อและนามสกุล": RIGHT, "โทรศัพท์": "000-000-0001", "ที่อยู่": "บ้านสมมติ"}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.locator("#consent label:has(input[value='no'])").tap()
    open_fold(page, "วันที่")
    page.get_by_label("เลขเรื่องในระบบเดิม").fill("1300-1")
    page.locator("#save").tap()
    expect(page.locator("#cases")).to_contain_text("มีข้อมูลเพิ่มเติมรอส่ง")
    found = attacked(page)  # what is kept of an edit, the PIN known, is none of its words
    assert any('"edits"' in one["start"] for one in found["opened"])
    for secret in (RIGHT, SAID, "000-000-0001", "บ้านสมมติ", "1300-1"):
        assert secret not in str(found["opened"])
        assert secret.encode() not in found["bytes"]
    page.context.set_offline(False)
    wait_until_sent(page)
    [case] = cases_of(office, person)
    words = words_of(office, case.id)
    assert (words["name"], words["phone"], words["address"], words["note"]) == (
        RIGHT,
        "000-000-0001",
        "บ้านสมมติ",
        SAID,
    )
    assert case.target_groups == ["T05"]
    first, second = history_of(office, case.id)
    assert second.seen["person.name"] == [str(first.id)]
    assert second.seen["consent"] == [str(first.id)]
    assert "description" not in second.seen or second.seen["description"] == []
    assert set(second.words) == {"description", "person.name", "person.phone", "person.address", "consent"}
    assert envelopes_of(office, person) == [("kept", None)] * 2
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert not page.locator("text=มีสองค่า").count()


def test_a_waiting_case_is_corrected_from_an_empty_form(
    office: Office, address: str, begun: tuple[Page, Person]
) -> None:
    """The correction goes after its case, twice; what it says takes the place, and the history keeps all."""
    page, person = begun
    page.context.set_offline(True)
    add_case(page, "P08", "U2", "ผิดสมมติ", **{"ชื่อและนามสกุล": WRONG})
    for urgency, words in (("U3", "แก้หนึ่ง"), ("U4", "แก้สอง")):
        page.goto(f"{address}/field/#outbox")
        page.locator("#waiting button").first.tap()
        page.locator("#correct").tap()
        expect(page.locator("textarea")).to_have_value("")
        assert page.locator("input:checked").count() == 0
        page.locator("textarea").fill(words)
        page.locator(f"label:has(input[value='{urgency}'])").tap()
        page.locator("#save").tap()
        expect(page.locator("#waiting")).to_contain_text("เรื่องใหม่")
    assert stored(page, "envelopes") == 3
    expect(page.locator("#waiting li")).to_have_count(1)
    open_form(page, address)
    open_fold(page, "บุคคล")
    page.get_by_label("ชื่อและนามสกุล").fill(RIGHT)
    page.locator("#save").tap()
    expect(page.locator(".mistakes")).to_contain_text("ความยินยอม")  # a person is not written without an answer
    page.locator("#consent label:has(input[value='spoken'])").tap()
    page.locator("#save").tap()
    page.wait_for_selector("#waiting")
    page.context.set_offline(False)
    wait_until_sent(page)
    [case] = cases_of(office, person)
    assert (case.problem_code, case.urgency, case.subdistrict_code) == ("P08", "U4", "990101")
    words = words_of(office, case.id)
    assert (words["name"], words["note"]) == (RIGHT, "แก้สอง")
    assert len(history_of(office, case.id)) == 4
    assert envelopes_of(office, person) == [("kept", None)] * 4
    page.goto(f"{address}/field/#cases")
    page.locator("#cases button").first.wait_for(timeout=SECONDS)
    assert not page.locator("text=มีสองค่า").count()


def open_form(page: Page, address: str) -> None:
    """Open the form of a correction for the first case that waits."""
    page.goto(f"{address}/field/#outbox")
    page.locator("#waiting button").first.tap()
    page.locator("#correct").tap()
    page.wait_for_selector("#save")


def test_a_waiting_case_is_withdrawn_after_it_is_confirmed(
    office: Office, address: str, begun: tuple[Page, Person]
) -> None:
    """Not by a slip, not by somebody who has no PIN; what is withdrawn never arrives, the others do."""
    page, person = begun
    answers: list[bool] = [False, True]
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if answers.pop(0) else dialog.dismiss()

    page.on("dialog", answer)
    page.context.set_offline(True)
    add_case(page, "P01", "U1", "ถอนสมมติ")
    add_case(page, "P02", "U2")
    open_waiting(page, address)
    page.locator("#withdraw").tap()
    assert stored(page, "envelopes") == 2  # not confirmed
    page.locator("#withdraw").tap()
    expect(page.locator("#said")).to_contain_text("ถอนและลบจากเครื่องแล้ว")
    expect(page.locator("#waiting li")).to_have_count(1)
    assert stored(page, "sealed") == stored(page, "envelopes") == 1
    assert all("เรียกคืนไม่ได้" in one for one in asked)
    assert len(asked) == 2

    page.goto(f"{address}/field/#settings")
    page.get_by_role("button", name="ล็อกตอนนี้").tap()
    open_waiting(page, address)
    expect(page.locator("main")).to_contain_text("ต้องใส่ PIN ก่อน")
    assert page.locator("#withdraw").count() == 0
    page.context.set_offline(False)
    wait_until_sent(page)
    expect(page.locator("main")).to_contain_text("ไม่มีส่วนใดของเรื่องนี้รอส่งแล้ว")
    assert [case.problem_code for case in cases_of(office, person)] == ["P02"]


def open_waiting(page: Page, address: str) -> None:
    page.goto(f"{address}/field/#outbox")
    page.locator("#waiting button").first.tap()
    page.wait_for_selector("#correct")


@pytest.mark.proof
def test_what_may_have_arrived_is_not_called_withdrawn(
    office: Office, address: str, begun: tuple[Page, Person]
) -> None:
    """The answer was lost: the server is asked first, and where it cannot be, that is said."""
    page, person = begun
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if len(asked) != 2 else dialog.dismiss()

    page.on("dialog", answer)

    def lost(route: Route) -> None:
        sent = route.request
        body = urllib.request.Request(sent.url, sent.post_data_buffer, sent.headers, method=sent.method)
        urllib.request.urlopen(body, context=trusting, timeout=30).close()
        route.abort()

    trusting = create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, CERT_NONE

    page.context.route("**/envelopes/**", lost)
    add_case(page, "P01", "U1")
    for _ in range(50):
        if cases_of(office, person):
            break
        page.wait_for_timeout(100)
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    open_waiting(page, address)
    page.locator("#withdraw").tap()
    page.wait_for_timeout(500)
    assert "อาจถึงสำนักงานแล้ว" in asked[1]
    assert stored(page, "envelopes") == 1
    page.context.unroute("**/envelopes/**")
    page.context.route(
        "**/envelopes/**", lambda route: route.abort() if route.request.method == "PUT" else route.continue_()
    )
    page.context.set_offline(False)
    page.wait_for_timeout(500)
    page.locator("#withdraw").tap()
    expect(page.locator("#said")).to_contain_text("เรื่องถึงสำนักงานแล้ว", timeout=SECONDS)
    page.context.unroute("**/envelopes/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    assert len(cases_of(office, person)) == 1
