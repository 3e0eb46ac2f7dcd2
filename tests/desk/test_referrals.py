"""Referrals on the pages of the agency that receives them: what its rule names, nothing else, answered once."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from api.database import transaction
from layers.referrals import FOLLOWS
from tests.api.test_maps import needs_libraries
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.desk.conftest import LAT, LON, Office
from tests.desk.test_looks import looked_at
from tests.desk.test_work import at_status, work
from tests.identity.planted import person
from tests.scopes import SYSTEM

STRANGE = "<script>alert(1)</script>ขอข้อมูลเพิ่ม"


def referred(office: Office, case: UUID, who: str = "officer") -> UUID:
    """Send a case to the local authority's unit; return the referral's id."""
    sent = work(office, who, case, "referrals", agency="lao", unit=str(office.units["lao-9901"]), reason="ส่งต่อ")
    assert sent.status_code in (200, 303), sent.text
    with transaction(office.app.state.engine, SYSTEM) as session:
        found: UUID = session.execute(text("SELECT id FROM referral WHERE case_id = :id"), {"id": case}).scalar_one()
    return found


def test_an_agency_reads_what_it_needs_and_answers_once(office: Office) -> None:
    one = person(1)
    case = office.case("P08.01", lat=LAT, lon=LON, person=one)
    at_status(office, case, 20)
    sent = referred(office, case)
    lao = office.clients["lao"]
    listed = lao.get("/referrals")
    assert listed.status_code == 200
    assert f"/referrals/{sent}" in listed.text
    assert not [value for value in (one.name, one.phone, one.address, one.national_id) if value in listed.text]
    shown = lao.get(f"/referrals/{sent}").text
    assert [value in shown for value in (one.name, one.phone, one.address)] == [True] * 3
    assert one.national_id not in shown, "the rule of a local authority does not name it"
    assert ("case_read", "identity") in [entry[:2] for entry in office.audited(case)]
    refused = lao.post(f"/referrals/{sent}", data={"state": "closed", "note": STRANGE})
    assert refused.status_code == 400
    assert STRANGE not in refused.text
    assert "ขอข้อมูลเพิ่ม" in refused.text, "what was typed stays"
    done = lao.post(f"/referrals/{sent}", data={"state": "declined", "note": STRANGE})
    assert (done.status_code, done.headers["location"]) == (303, "/referrals?said=declined")
    assert "แจ้งไม่รับเรื่องแล้ว" in lao.get("/referrals?said=declined").text
    assert lao.post(f"/referrals/{sent}", data={"state": "accepted", "note": ""}).status_code == 409
    over = lao.get(f"/referrals/{sent}").text
    assert one.name not in over, "after its answer of no an agency reads nothing more"


def buttons(page: str) -> list[str]:
    return re.findall(r'name="state" value="(\w+)"', page)


def test_both_sides_are_offered_what_may_follow(office: Office) -> None:
    case = office.case("P08.01")
    at_status(office, case, 20)
    sent = referred(office, case)
    for state, answer in (("sent", "accepted"), ("accepted", "returned"), ("returned", None)):
        for page in (
            office.clients["lao"].get(f"/referrals/{sent}"),
            office.clients["officer"].get(f"/desk/cases/{case}"),
        ):
            assert buttons(page.text) == list(FOLLOWS.get(state, ())), state
        if answer:
            assert office.clients["lao"].post(f"/referrals/{sent}", data={"state": answer}).status_code == 303


def test_nobody_else_reads_or_answers_it(office: Office) -> None:
    case = office.case("P08.01", person=person(1))
    at_status(office, case, 20)
    sent = referred(office, case)
    for who in ("far", "officer", "head"):
        client = office.clients[who]
        assert str(sent) not in client.get("/referrals").text, who
        assert client.get(f"/referrals/{sent}").status_code == 404, who
        assert client.post(f"/referrals/{sent}", data={"state": "accepted"}).status_code == 404, who
    for who in ("volunteer", "oversight", "auditor"):
        assert office.clients[who].get("/referrals").status_code == 403, who


def test_of_a_secret_case_it_reads_urgency_and_district_alone(office: Office) -> None:
    one = person(1)
    case = office.case("P04.01", urgency="U4", lat=LAT, lon=LON, person=one)
    office.join(case, "team")
    assert work(office, "team", case, "step", to=20, reason="รับเรื่องลับ").status_code == 200
    sent = referred(office, case, "team")
    shown = office.clients["lao"].get(f"/referrals/{sent}").text
    assert "เรื่องลับ" in shown
    assert not [value for value in (one.name, one.phone, one.address, "ความรุนแรง", "990101") if value in shown]


@pytest.mark.browser
@needs_libraries
def test_its_pages_fit_desk_and_phone(
    office: Office,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    case = office.case("P08.01", lat=LAT, lon=LON, person=person(1))
    at_status(office, case, 20)
    sent = referred(office, case)
    page = new_page(allow=(address,))
    office.sign_in(page, address, "lao")
    page.goto(f"{address}/referrals")
    looked_at(page, tmp_path, "referrals")
    page.locator("#queue a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/referrals/{sent}")
    looked_at(page, tmp_path, "referral")
