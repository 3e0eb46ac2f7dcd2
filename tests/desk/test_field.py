"""What phones brought, on the desk: both values of a clash, photos behind a reason, and what was set apart."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from api.database import transaction
from tests.access.world import new_client
from tests.desk.conftest import LAT, LON, Office
from tests.desk.test_queue import SCRIPT, listed
from tests.field.phone import Phone, photo_bytes
from tests.scopes import SYSTEM

WHY = "ติดตามผลตามแผน"
PLACE = {"how": "gps", "lat": LAT, "lon": LON, "accuracy_m": 12, "stated": "990101"}


@pytest.fixture
def phone(office: Office) -> Phone:
    """A phone of the officer, in the areas of the office."""
    client = office.clients["officer"]
    made = Phone.enrolled(client, client.headers["X-CSRF-Token"])
    made.client = new_client(office.app)
    made.learn_key()
    return made


def revoke(office: Office) -> None:
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE device_token SET revoked_at = now()"))


def apart(office: Office) -> list[str]:
    """Return the envelopes that the head is shown as set apart."""
    page = office.clients["head"].get("/desk/quarantine")
    assert page.status_code == 200, page.text
    return re.findall(r'data-step href="/desk/quarantine/([0-9a-f-]{36})"', page.text)


def test_a_case_of_a_phone_is_on_the_desk_at_the_next_read(office: Office, phone: Phone) -> None:
    one = phone.case(place=PLACE, urgency="U4", description=SCRIPT, person_name="นางสมมติ ไม่มีจริง")
    assert phone.send(one)["state"] == "kept"
    page = office.clients["officer"].get("/desk").text
    assert listed(office) == [str(one.id)]
    assert f'id="mark-{one.id}"' in page
    first, second = (phone.observation(one.id, {"urgency": [str(one.id)]}, urgency=urgency) for urgency in ("U2", "U3"))
    for each in (first, second):
        assert phone.send(each)["state"] == "kept"
    sheet = office.clients["officer"].get(f"/desk/cases/{one.id}").text
    clash = re.search(r'(?s)<div class="told wrong">(.*?)</div>', sheet)
    assert clash
    assert "มีสองค่า" in clash[1]
    assert "ปกติ" in clash[1]
    assert "ด่วน" in clash[1]
    assert "ไม่มีจริง" not in sheet
    assert "<script>alert" not in sheet


def test_both_values_of_what_was_told_of_a_person_show_with_a_reason(office: Office, phone: Phone) -> None:
    one = phone.case(place=PLACE, description=SCRIPT, consent={"given": True, "how": "spoken"})
    seen = {"description": [str(one.id)]}
    for each in (one, *(phone.observation(one.id, seen, description=said) for said in ("บ้านเลขที่ ก", "บ้านเลขที่ ข"))):
        assert phone.send(each)["state"] == "kept"
    client, at = office.clients["officer"], f"/desk/cases/{one.id}"
    shut = client.get(at).text
    assert "บ้านเลขที่" not in shut
    assert "ปิดผนึก" in shut
    before = len(office.audited())
    shown = client.post(at, data={"reason": WHY, "show": "person"}).text
    assert {"บ้านเลขที่ ก", "บ้านเลขที่ ข"} <= set(re.findall(r"บ้านเลขที่ .", shown))
    assert "ยินยอม (ด้วยวาจา)" in shown
    assert "<script>alert" not in shown
    assert [entry[1] for entry in office.audited()[before:]] == ["case", "identity", "observations"]
    assert {entry[2] for entry in office.audited()[before:]} == {WHY}


def test_photos_open_with_a_reason_byte_for_byte(office: Office, phone: Phone) -> None:
    one, picture = phone.case(place=PLACE), photo_bytes(8_000)
    photo = phone.photo(one.id, picture)
    for each in (one, photo):
        assert phone.send(each)["state"] == "kept"
    client = office.clients["officer"]
    sheet = client.get(f"/desk/cases/{one.id}").text
    (path,) = re.findall(r'action="(/desk/cases/[0-9a-f-]+/photos/[0-9a-f-]+)"', sheet)
    for reason in ("", "สั้น"):
        assert client.post(path, data={"reason": reason}).status_code == 400
    before = len(office.audited())
    opened = client.post(path, data={"reason": WHY})
    assert (opened.status_code, opened.content) == (200, picture)
    assert opened.headers["cache-control"] == "no-store"
    told = office.audited()[before:]
    assert [entry[:3] for entry in told] == [("case_read", "photo", WHY)]
    for who, status in (("far", 404), ("lao", 404), ("oversight", 403)):
        answer = office.clients[who].post(path, data={"reason": WHY})
        assert (answer.status_code, picture in answer.content) == (status, False), who
    # A merged case's photos are shown with the one that is kept.
    kept = office.case("P08.01", lat=LAT, lon=LON)
    assert client.post(f"/desk/duplicates/{kept}/{one.id}", data={"do": "keep_one"}).status_code == 303
    assert path in client.get(f"/desk/cases/{kept}").text


def test_what_a_revoked_phone_sends_waits_and_is_filed_by_the_coordinator(office: Office, phone: Phone) -> None:
    revoke(office)
    one = phone.case(place=PLACE, description=SCRIPT)
    secret = phone.case(problem="P04.01", place=PLACE)
    wrong = phone.case(problem="P99", external_ref=SCRIPT, place=PLACE)
    for each in (one, secret, wrong):
        assert phone.send(each)["state"] == "quarantined"
    assert listed(office) == []
    client = office.clients["head"]
    held = apart(office)
    assert len(held) == 3
    pages = {envelope: client.get(f"/desk/quarantine/{envelope}").text for envelope in held}
    for page in pages.values():
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    hidden = [page for page in pages.values() if "เป็นเรื่องลับ" in page]
    assert len(hidden) == 1
    assert "ความรุนแรง" not in hidden[0]
    refused = next(envelope for envelope, page in pages.items() if "P99" in page)
    for reason in ("", "x" * 501, "โทร 0812345678"):
        assert client.post(f"/desk/quarantine/{refused}", data={"do": "refuse", "reason": reason}).status_code == 400
    for form in ({"do": "accept"}, {"do": "x"}):
        assert 400 <= client.post(f"/desk/quarantine/{refused}", data=form).status_code < 500
    assert client.post(f"/desk/quarantine/{refused}", data={"do": "refuse", "reason": "ปัญหาไม่ถูกต้อง"}).status_code == 303
    kept = next(envelope for envelope, page in pages.items() if page not in hidden and envelope != refused)
    answer = client.post(f"/desk/quarantine/{kept}", data={"do": "accept"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/quarantine?said=accepted")
    assert listed(office) == [str(one.id)]
    assert len(apart(office)) == 1
    assert client.post(f"/desk/quarantine/{kept}", data={"do": "accept"}).status_code in (404, 409)
    assert stored(office) == {"kept": 1, "quarantined": 1, "refused": 1}
    for who, status in (("officer", 403), ("far", 403), ("auditor", 403), ("volunteer", 403)):
        for path in ("/desk/quarantine", f"/desk/quarantine/{refused}"):
            assert office.clients[who].get(path).status_code == status
        assert office.clients[who].post(f"/desk/quarantine/{refused}", data={"do": "accept"}).status_code == status


def stored(office: Office) -> dict[str, Any]:
    with transaction(office.app.state.engine, SYSTEM) as session:
        rows = session.execute(text("SELECT state, count(*) FROM field_envelope GROUP BY 1"))
        return dict(tuple(row) for row in rows)
