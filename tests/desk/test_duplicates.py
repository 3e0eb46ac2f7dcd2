"""Cases that may be one: which pairs are offered and why, merging, keeping apart, and what nobody is told."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from api.audit import LONGEST_REASON
from api.database import transaction
from boundaries.messages import catalogue
from layers.duplicates import Evidence, reasons_of, score_of
from layers.text_likeness import name_likeness, text_likeness
from tests.desk.conftest import DAY, LAT, LON, Office
from tests.identity.planted import person
from tests.layers.made import many
from tests.scopes import SYSTEM

PAIR = re.compile(r'data-step href="/desk/duplicates/([0-9a-f-]{36})/([0-9a-f-]{36})"')


def pairs(office: Office, who: str = "officer", query: str = "") -> list[set[str]]:
    """Return the pairs that somebody is offered, the likeliest first."""
    answer = office.clients[who].get(f"/desk/duplicates{query}")
    assert answer.status_code == 200, answer.text
    return [set(found) for found in PAIR.findall(answer.text)]


@pytest.mark.parametrize(
    ("evidence", "points", "keys"),
    [
        (Evidence(metres=10, days=0, same_problem=True, same_category=True), 75, ["metres", "same_day", "problem"]),
        (Evidence(metres=450, days=20, same_category=True), 38, ["metres", "category", "days"]),
        (Evidence(metres=501, same_subdistrict=True, days=31, same_category=True), 22, ["category", "subdistrict"]),
        (Evidence(same_subdistrict=True, days=2, same_problem=True, same_category=True, same_group=True), 51,
         ["problem", "days", "subdistrict", "group"]),
        (Evidence(days=30, fields=("name", "national_id", "phone")), 76, ["national_id", "phone", "name", "days"]),
        (Evidence(days=40), 0, []),
    ],
)  # fmt: skip
def test_points_follow_from_what_two_cases_share(evidence: Evidence, points: int, keys: list[str]) -> None:
    reasons = reasons_of(evidence)
    assert [one.key for one in reasons] == keys
    assert score_of(reasons) == points


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("น้ำฝน", "นํ้าฝน", 100, 100),  # the two ways to write ำ with a tone
        ("สมหญิง  ใจดี", "สมหญิง ใจดี", 100, 100),
        ("สมหญิง ใจดี", "สมหญิง ใจดิ", 85, 99),
        ("สมหญิง ใจดี", "ประพันธ์ ทองคำ", 0, 40),
        ("", "สมหญิง", 0, 0),
    ],
)
def test_names_are_compared_by_their_letters(one: str, other: str, least: int, most: int) -> None:
    assert least <= name_likeness(one, other) <= most


def test_words_are_compared_whatever_their_order() -> None:
    told = "ผู้สูงอายุอยู่บ้านคนเดียว หลังคารั่ว ไม่มีผู้ดูแล ลูกไปทำงานต่างจังหวัด"
    again = "หลังคารั่ว ยายอยู่บ้านคนเดียวไม่มีผู้ดูแล ลูกทำงานกรุงเทพ"
    another = "เด็กไม่ได้ไปโรงเรียนเพราะครอบครัวยากจน ต้องการทุนการศึกษา"
    assert text_likeness(told, told) == 100
    assert text_likeness(told, again) > text_likeness(told, another) + 20
    assert text_likeness("", told) == text_likeness("และ ที่", told) == 0


def test_near_ones_are_offered_and_far_ones_are_not(office: Office) -> None:
    one = office.case(lat=LAT, lon=LON)
    near = office.case(lat=LAT + 0.002, lon=LON, days=5)
    office.case(lat=LAT, lon=LON, days=60)
    office.case("P08.01", lat=LAT, lon=LON, days=1)
    office.case(code="990201", days=1)
    office.case(unit="lao-9901", lat=LAT, lon=LON)
    assert pairs(office) == [{str(one), str(near)}]
    assert pairs(office, query="?area=9902") == []
    assert pairs(office, "far") == []


def test_the_same_person_is_found_wherever_by_the_hash_alone(office: Office) -> None:
    """Whoever may not read identities is not told either that two are of one person."""
    somebody = person(0)
    one = office.case(lat=LAT, lon=LON, person=somebody)
    written = replace(somebody, name=None, phone=None, guardian=None, address=None, note=None)
    other = office.case("P08.01", "990301", days=9, person=written)
    page = office.clients["officer"].get("/desk/duplicates").text
    assert pairs(office) == [{str(one), str(other)}]
    assert "เลขประจำตัวเดียวกัน" in page
    assert str(somebody.national_id) not in page
    for number in range(2):
        office.case("P10", "990101", unit="lao-9901", days=number, person=somebody)
    shown = office.clients["lao"].get("/desk/duplicates").text
    assert len(PAIR.findall(shown)) == 1
    for name in ("national_id", "phone", "name", "guardian"):
        assert catalogue()[f"duplicates.reason.{name}"].th not in shown


def test_one_is_merged_into_the_other_and_points_to_it(office: Office) -> None:
    kept, gone = office.case(lat=LAT, lon=LON), office.case(lat=LAT, lon=LON, days=1)
    client = office.clients["officer"]
    answer = client.post(f"/desk/duplicates/{kept}/{gone}", data={"do": "keep_one", "within": "99"})
    assert answer.status_code == 303, answer.text
    assert client.get(answer.headers["location"]).text.count("รวมเรื่องแล้ว") == 1
    assert (office.row(gone).status, office.row(kept).status) == (90, 10)
    assert f'href="/desk/cases/{kept}"' in client.get(f"/desk/cases/{gone}").text
    assert f'href="/desk/cases/{gone}"' in client.get(f"/desk/cases/{kept}").text
    assert pairs(office) == []
    assert str(gone) not in client.get("/desk").text
    told = [entry for entry in office.audited(gone) if entry[0] == "case_merge"]
    assert [entry[3] for entry in told] == [{"change": "merged", "other": str(kept)}]
    for again in ("keep_one", "keep_other"):
        assert client.post(f"/desk/duplicates/{kept}/{gone}", data={"do": again}).status_code == 409


def test_what_is_not_the_same_is_not_offered_again(office: Office) -> None:
    one, other = office.case(lat=LAT, lon=LON), office.case(lat=LAT, lon=LON)
    client = office.clients["officer"]
    for pair in ((one, other), (other, one)):  # twice is as good as once
        assert client.post(f"/desk/duplicates/{pair[0]}/{pair[1]}", data={"do": "apart"}).status_code == 303
        assert pairs(office) == []
    assert client.post(f"/desk/duplicates/{one}/{one}", data={"do": "apart"}).status_code == 409
    assert client.post(f"/desk/duplicates/{one}/{one}", data={"do": "keep_one"}).status_code == 409


def test_cases_of_others_are_neither_merged_nor_told(office: Office) -> None:
    own, others = office.case(lat=LAT, lon=LON), office.case(unit="lao-9901", lat=LAT, lon=LON)
    secret = office.case("P04.01", lat=LAT, lon=LON)
    for case in (others, secret):
        for do in ("keep_one", "keep_other", "apart"):
            for pair in ((own, case), (case, own)):
                answer = office.clients["officer"].post(f"/desk/duplicates/{pair[0]}/{pair[1]}", data={"do": do})
                assert answer.status_code == 404, (do, pair)
        assert office.row(case).status == 10
    assert office.clients["lao"].post(f"/desk/duplicates/{others}/{others}", data={"do": "apart"}).status_code == 403
    with transaction(office.app.state.engine, SYSTEM) as session:
        assert session.scalar(text("SELECT count(*) FROM case_merge")) == 0


def test_a_secret_case_that_was_merged_stays_shut_on_the_sheet_of_the_other(office: Office) -> None:
    """What phones stated of it shows with a reason alone, and every case that is read is on record."""
    kept, open_, secret = (office.case(problem, lat=LAT, lon=LON) for problem in ("P03.01", "P03.01", "P04.01"))
    for case in (kept, secret):
        office.join(case, "team")
    client = office.clients["team"]
    for gone in (open_, secret):
        assert client.post(f"/desk/duplicates/{kept}/{gone}", data={"do": "keep_one"}).status_code == 303
        observe(office, gone)
    before = [len(office.audited(case)) for case in (open_, secret)]
    sheet = client.get(f"/desk/cases/{kept}").text
    assert sheet.count("จากเรื่องที่รวมไว้") == 1
    assert sheet.count("อยู่ลำพัง") == 1
    assert [len(office.audited(case)) for case in (open_, secret)] == [before[0] + 1, before[1]]
    reasoned = client.post(f"/desk/cases/{kept}", data={"reason": "เยี่ยมบ้านตามแผน"}).text
    assert reasoned.count("จากเรื่องที่รวมไว้") == 2
    assert office.audited(secret)[-1][:3] == ("case_read", "case", "เยี่ยมบ้านตามแผน")


def observe(office: Office, case: UUID) -> None:
    """Store what a phone would have stated of a case."""
    row = {"id": case, "one": uuid4(), "account": office.people["team"].id, "device": uuid4()}
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(
            text(
                "INSERT INTO device_token (id, account_id, name, areas, token_hash, created_at, expires_at) VALUES"
                " (:device, :account, 'x', ARRAY['99'], decode(md5(:hash) || md5(:hash), 'hex'), now(), now())"
            ),
            row | {"hash": str(case)},
        )
        session.execute(
            text(
                "INSERT INTO case_observation (province_code, case_id, id, account_id, device_id, made_at, seen,"
                " fields, words) SELECT province_code, id, :one, :account, :device, now(), '{}',"
                ' CAST(:fields AS jsonb), ARRAY[]::varchar[] FROM "case" WHERE id = :id'
            ),
            row | {"fields": '{"problem": "P08.01"}'},
        )


def test_many_alike_are_bounded(office: Office) -> None:
    """Hundreds of the same place, day and problem bring a list that can be read, in a time that can be waited for."""
    with transaction(office.app.state.engine, SYSTEM) as session:
        many(session, office.source, 300, "990101", problem_code="P02.01", reported_on=DAY)
        session.execute(text('UPDATE "case" SET unit_id = :unit'), {"unit": office.units["office-99"]})
    page = office.clients["officer"].get("/desk/duplicates")
    assert page.status_code == 200
    assert "100 คู่" in page.text
    assert len(pairs(office)) == 30


def test_words_are_compared_with_a_reason_and_not_shown(office: Office) -> None:
    one = office.case(lat=LAT, lon=LON, person=person(0))
    other = office.case(lat=LAT, lon=LON, person=replace(person(0), note="คนละเรื่องกับที่แจ้งไว้ก่อนหน้า"))
    client, at = office.clients["officer"], f"/desk/duplicates/{one}/{other}"
    before = len(office.audited(one))
    for reason in ("", "สั้น", "x" * (LONGEST_REASON + 1), "โทร 0812345678 ก่อน"):
        assert client.post(f"{at}/words", data={"reason": reason}).status_code == 400, reason
    assert len(office.audited(one)) == before
    shown = client.post(f"{at}/words", data={"reason": "ตรวจเรื่องซ้ำ"}).text
    assert shown.count("คล้ายกัน 100 ใน 100") == 3
    for value in (person(0).name, person(0).address, person(0).note, "คนละเรื่อง"):
        assert str(value) not in shown
    for case in (one, other):
        read = [entry for entry in office.audited(case) if entry[:2] == ("case_read", "identity")]
        assert [(entry[0], entry[2]) for entry in read] == [("case_read", "ตรวจเรื่องซ้ำ")]
    assert office.clients["lao"].post(f"{at}/words", data={"reason": "ตรวจเรื่องซ้ำ"}).status_code == 404
