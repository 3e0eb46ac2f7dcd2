"""Time limits and holidays as a page: read at the desk, changed by who may change settings, in พ.ศ., on record."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.database import transaction
from tests.access.world import make_person, new_client
from tests.api.test_maps import needs_libraries
from tests.auth.conftest import Person, signed_in
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.desk.conftest import Office
from tests.desk.test_looks import looked_at
from tests.desk.test_queue import SCRIPT
from tests.scopes import SYSTEM

AT = "/desk/limits"


@pytest.fixture(scope="module")
def admin(place: Office) -> Person:
    """Who may change settings and reads no case."""
    made = make_person(place.app, "admin-limits", "admin", (), ())
    place.people["admin"] = made
    return made


@pytest.fixture(scope="module")
def setter(place: Office, admin: Person) -> TestClient:
    client = new_client(place.app)
    client.headers["X-CSRF-Token"] = signed_in(client, admin)
    return client


@pytest.fixture(autouse=True)
def shipped(place: Office) -> Iterator[None]:
    """Limits as they are shipped, and no holiday."""
    yield
    with transaction(place.app.state.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM time_limit"))
        session.execute(text("DELETE FROM holiday"))


def fields(page: str) -> dict[str, str]:
    """Return what the table of a page would send as it stands."""
    numbers = re.findall(r'name="(n-[\w-]+)"[^>]*value="([^"]*)"', page)
    units = re.findall(r'<select id="u-[\w-]+" name="(u-[\w-]+)">.*?value="(\w+)" selected', page, re.DOTALL)
    return dict(numbers) | dict(units) | {"do": "limits"}


def held(office: Office) -> Any:
    found = office.clients["officer"].get("/api/v1/settings/time-limits").json()
    limits = {(one["step"], one["urgency"]): (one["hours"], one["working_days"]) for one in found["limits"]}
    return limits, [(one["day"], one["title_th"], one["title_en"]) for one in found["holidays"]]


def test_a_limit_is_changed_and_nothing_else(office: Office, setter: TestClient) -> None:
    before, _ = held(office)
    form = fields(setter.get(AT).text)
    assert len(form) == 2 * len(before) + 1
    assert setter.post(AT, data=form).headers["location"] == f"{AT}?said=limits"
    assert held(office)[0] == before, "what is saved as it stands is as it was"
    changed = form | {"n-ack-U3": "๔", "u-ack-U3": "hours", "n-plan-U2": "", "n-ack-U1": "10", "u-ack-U1": "days"}
    assert setter.post(AT, data=changed).status_code == 303
    new = {("ack", "U3"): (4, None), ("plan", "U2"): (None, None), ("ack", "U1"): (None, 10)}
    assert held(office)[0] == before | new
    assert "บันทึกกำหนดเวลาแล้ว" in setter.get(f"{AT}?said=limits").text
    assert ("limit_change", "time_limit", None, {"count": 20, "days": 0}) in office.audited()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("n-ack-U3", "0", "“รับเรื่อง”"),
        ("n-ack-U3", "-1", "“รับเรื่อง”"),
        ("n-ack-U3", "1.5", "“รับเรื่อง”"),
        ("n-plan-U4", "9999", "1–8760 ชั่วโมง"),
        ("n-plan-U2", "251", "1–250 วันทำการ"),
        ("n-ack-U3", "²", "“รับเรื่อง”"),
        ("n-ack-U3", SCRIPT, "&lt;"),
        ("u-ack-U3", "weeks", 'role="alert"'),
    ],
)
def test_what_is_no_limit_is_told_and_nothing_changes(
    office: Office, setter: TestClient, field: str, value: str, words: str
) -> None:
    before = held(office)
    form = fields(setter.get(AT).text) | {"n-first_contact-U2": "33", field: value}
    refused = setter.post(AT, data=form)
    assert refused.status_code == 400
    assert words in refused.text
    assert "<script>alert" not in refused.text
    assert 'value="33"' in refused.text, "what was typed elsewhere stays"
    assert held(office) == before


def test_holidays_are_written_in_thai_years(office: Office, setter: TestClient) -> None:
    for day, title in (("12 ก.พ. 2570", "วันมาฆบูชาสมมติ"), ("๒/๓/๒๕๗๐", SCRIPT[:200])):
        assert setter.post(AT, data={"do": "add", "day": day, "title_th": title}).status_code == 303
    assert [one[0] for one in held(office)[1]] == ["2027-02-12", "2027-03-02"]
    shown = setter.get(AT).text
    assert "12 ก.พ. 2570</strong> · วันมาฆบูชาสมมติ" in shown
    assert "<script>alert" not in shown
    assert setter.post(AT, data={"do": "add", "day": "12/2/2570", "title_th": "ชื่อใหม่"}).status_code == 303
    assert held(office)[1][0] == ("2027-02-12", "ชื่อใหม่", None)
    assert setter.post(AT, data={"do": "remove:2027-02-12"}).headers["location"] == f"{AT}?said=workday"
    assert [one[0] for one in held(office)[1]] == ["2027-03-02"]
    for wrong in ("พรุ่งนี้", "2570", "ก.พ. 2570", "31/2/2570", "", "1/1/2700", "1/1/2470", SCRIPT):
        refused = setter.post(AT, data={"do": "add", "day": wrong, "title_th": "ชื่อที่พิมพ์ไว้"})
        assert (refused.status_code, "วันหยุด" in refused.text) == (400, True), wrong
        assert "ชื่อที่พิมพ์ไว้" in refused.text
        assert "<script>alert" not in refused.text
    for form in ({"do": "remove:x"}, {"do": ""}, {}, {"do": "add", "day": "1/1/2570", "title_th": "ก" * 201}):
        assert setter.post(AT, data=form).status_code == 400, form
    assert [one[0] for one in held(office)[1]] == ["2027-03-02"]


def test_whoever_sits_at_the_desk_reads_them_and_changes_nothing(office: Office) -> None:
    for who in ("officer", "head", "lao"):
        shown = office.clients[who].get(AT)
        assert shown.status_code == 200, who
        assert "1 ชั่วโมง" in shown.text
        assert "ผู้ดูแลระบบเป็นผู้แก้ไข" in shown.text
        assert 'action="/desk/limits"' not in shown.text
        assert f'href="{AT}"' in office.clients[who].get("/desk").text
        assert office.clients[who].post(AT, data={"do": "add", "day": "1/1/2570"}).status_code == 403
    for who in ("volunteer", "auditor", "oversight"):
        assert office.clients[who].get(AT).status_code == 403


def test_two_who_save_at_once_both_get_an_answer(office: Office, setter: TestClient) -> None:
    form = fields(setter.get(AT).text)
    answers: list[int] = []

    def save(number: int) -> None:
        client = new_client(office.app)
        client.cookies.update(setter.cookies)
        client.headers["X-CSRF-Token"] = setter.headers["X-CSRF-Token"]
        for one in range(4):
            answers.append(client.post(AT, data=form | {"n-ack-U4": str(number + one)}).status_code)
            day = f"{one + 1}/{number}/2570"
            answers.append(client.post(AT, data={"do": "add", "day": day}).status_code)

    threads = [Thread(target=save, args=(number,)) for number in (2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {303}
    assert len(held(office)[1]) == 12, "no holiday of somebody else is lost"


@pytest.mark.browser
@needs_libraries
def test_the_page_fits_and_works_by_keyboard(
    office: Office,
    admin: Person,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = new_page(allow=(address,))
    office.sign_in(page, address, "admin")
    page.goto(f"{address}{AT}")
    page.get_by_label("วันที่ (พ.ศ.)").focus()
    page.keyboard.type("12/2/2570")
    page.keyboard.press("Tab")
    page.keyboard.type("วันหยุดสมมติ")
    page.keyboard.press("Enter")
    page.wait_for_url("**said=holiday")
    page.get_by_label("จำนวน: รับเรื่อง · ด่วนที่สุด/วิกฤต").fill("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**said=limits")
    assert held(office)[0]["ack", "U4"] == (2, None)
    looked_at(page, tmp_path, "limits")
    office.sign_in(page, address, "officer")
    page.goto(f"{address}{AT}")
    looked_at(page, tmp_path, "limits-read")
