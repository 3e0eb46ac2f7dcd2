"""The queue and the sheet: order, filters, counts; what is secret opens with a reason, and every look is on record."""

import re

import pytest

from tests.desk.conftest import LAT, LON, Office
from tests.identity.planted import person, search

ROW = re.compile(r'<tr data-case="([0-9a-f-]{36})"')
SCRIPT = "<img src=x onerror=alert(1)>\"'></script><script>alert(1)</script>${7*7}{{7*7}}"


def listed(office: Office, who: str = "officer", query: str = "") -> list[str]:
    """Return the cases that somebody's queue lists."""
    answer = office.clients[who].get(f"/desk{query}")
    assert answer.status_code == 200, answer.text
    return ROW.findall(answer.text)


def test_the_most_urgent_comes_first_then_what_has_waited_longest(office: Office) -> None:
    made = {
        (urgency, days): office.case(urgency=urgency, days=days)
        for urgency, days in (("U2", 0), ("U4", 2), ("U1", 0), ("U4", 1), ("U3", 0), ("U2", -9))
    }
    order = [("U4", 1), ("U4", 2), ("U3", 0), ("U2", -9), ("U2", 0), ("U1", 0)]
    assert listed(office) == [str(made[one]) for one in order]
    assert listed(office, query="?urgency=U4&area=99") == [str(made[one]) for one in order[:2]]


def test_filters_and_counts_agree(office: Office) -> None:
    office.case("P02.01", "990101", urgency="U4")
    office.case("P02.02", "990201", urgency="U2")
    office.case("P08.01", "990101", urgency="U2", status=80)
    office.case("P08.01", "990101", cases=7)  # a row of a table of counts is nobody's case
    page = office.clients["officer"].get("/desk").text
    assert "ยังไม่ยุติ (2)" in page
    assert re.search(r"ยุติการช่วยเหลือ <b>1</b>", page)
    for query, count in (
        ("", 2), ("?area=9901", 1), ("?area=990201", 1), ("?problem=P02", 2), ("?problem=P02.01", 1), ("?status=80", 1),
        ("?urgency=U1", 0), ("?status=&urgency=&problem=&area=TH", 2), ("?area=98", 0),
    ):  # fmt: skip
        assert len(listed(office, query=query)) == count, query


@pytest.mark.parametrize("query", ["urgency=U9", "status=77", "status=x", "problem=P99", "page=0", "page=x", "page=401",
                                   "area=x", "what=1", "area=99&area=98", "status=²"])  # fmt: skip
def test_what_cannot_be_asked_is_refused(office: Office, query: str) -> None:
    answer = office.clients["officer"].get(f"/desk?{query}")
    assert answer.status_code == 400, answer.text
    assert 'role="alert"' in answer.text


def test_fifty_stand_on_a_page_and_each_on_one(office: Office) -> None:
    made = {str(office.case(days=number % 3, lat=LAT, lon=LON)) for number in range(53)}
    first, second = listed(office), listed(office, query="?page=2")
    assert (len(first), len(second)) == (50, 3)
    assert {*first, *second} == made
    svg = re.search(r"(?s)<svg class=\"map\".*?</svg>", office.clients["officer"].get("/desk").text)
    assert svg
    assert svg[0].count('href="/desk/cases/') == 50
    assert len(re.findall(r'<circle cx="\d+" cy="\d+" r="5"/>', svg[0])) == 3


def test_everybody_sees_their_own(office: Office) -> None:
    """By unit, area and team; the map shows no other either."""
    cases = {
        "own": office.case("P02.01", "990101", lat=LAT, lon=LON),
        "second": office.case("P02.01", "990201"),
        "lao": office.case("P02.01", "990101", unit="lao-9901", lat=LAT, lon=LON),
        "far": office.case("P02.01", "980101", unit="office-98"),
        "nobody": office.case("P02.01", "990101", unit=None, lat=LAT, lon=LON),
        "secret": office.case("P04.01", "990101", lat=LAT, lon=LON),
    }
    office.join(cases["secret"], "team")
    seen = {
        "officer": {"own", "second"}, "district": {"second"}, "team": {"own", "second", "secret"},
        "head": {"own", "second"}, "lao": {"lao"}, "far": {"far"},
    }  # fmt: skip
    for who, names in seen.items():
        page = office.clients[who].get("/desk").text
        assert {name for name, case in cases.items() if str(case) in page} == names, who
        for path in ("/desk/areas", "/desk/duplicates"):
            shown = office.clients[who].get(path).text
            assert {name for name, case in cases.items() if str(case) in shown} <= names, (who, path)
    for who in ("volunteer", "oversight", "auditor"):
        assert office.clients[who].get("/desk").status_code == 403


def test_the_front_page_leads_there_who_may(office: Office) -> None:
    shown = {
        who: 'href="/desk"' in office.clients[who].get("/").text for who in ("officer", "lao", "auditor", "volunteer")
    }
    assert shown == {"officer": True, "lao": True, "auditor": False, "volunteer": False}


def test_every_look_is_on_record(office: Office) -> None:
    case = office.case()
    before = len(office.audited())
    client = office.clients["officer"]
    for path in ("/desk?problem=P02", "/desk/areas", "/desk/duplicates", f"/desk/cases/{case}"):
        assert client.get(path).status_code == 200
    told = [(entry[0], entry[1], entry[3]) for entry in office.audited()[before:]]
    assert told == [
        ("list", "case", {"area": "99", "problem": "P02"}),
        ("list", "area_choice", {"area": "99"}),
        ("list", "case_merge", {"area": "99"}),
        ("case_read", "case", {"sensitivity": "L1"}),
    ]


def test_a_secret_case_opens_to_its_team_with_a_reason(office: Office) -> None:
    case = office.case("P04.01", lat=LAT, lon=LON)
    office.join(case, "team")
    client, at = office.clients["team"], f"/desk/cases/{case}"
    shut = client.get(at).text
    assert "P04" not in shut
    assert "ความรุนแรง" not in shut
    assert office.audited(case) == []
    for reason in ("", "สั้น", "โทร 081-234-5678", "x" * 501):
        refused = client.post(at, data={"reason": reason})
        assert refused.status_code == 400, reason
        assert "ความรุนแรง" not in refused.text
        assert "081-234-5678" not in refused.text
    assert office.audited(case) == []
    opened = client.post(at, data={"reason": "เยี่ยมบ้านตามแผน"})
    assert opened.status_code == 200
    assert 'value="เยี่ยมบ้านตามแผน"' in opened.text
    assert [entry[:3] for entry in office.audited(case)] == [("case_read", "case", "เยี่ยมบ้านตามแผน")]
    for who in ("officer", "head", "far"):
        assert office.clients[who].get(at).status_code == 404
        assert office.clients[who].post(at, data={"reason": "เยี่ยมบ้านตามแผน"}).status_code == 404


def test_whom_a_case_concerns_is_shown_with_a_reason_alone(office: Office) -> None:
    one = person(0)
    case = office.case(person=one)
    client, at = office.clients["officer"], f"/desk/cases/{case}"
    shown = [client.get("/desk"), client.get(at), client.post(at, data={"reason": "ติดตามผล"})]
    shown += [client.post(at, data={"reason": reason, "show": "person"}) for reason in ("", "สั้น")]
    for answer in shown:
        assert search(answer.content, [one]) == []
    before = len(office.audited(case))
    told = client.post(at, data={"reason": "นัดเยี่ยมบ้าน", "show": "person"})
    for value in (one.name, one.national_id, one.phone, one.address, one.guardian, one.note):
        assert str(value) in told.text
    assert ("case_read", "identity", "นัดเยี่ยมบ้าน") in [entry[:3] for entry in office.audited(case)[before:]]
    local = office.case(unit="lao-9901", person=one)
    refused = office.clients["lao"].post(f"/desk/cases/{local}", data={"reason": "นัดเยี่ยมบ้าน", "show": "person"})
    assert refused.status_code == 403
    assert search(refused.content, [one]) == []


def test_who_assigns_names_the_team(office: Office) -> None:
    case = office.case()
    client, at = office.clients["head"], f"/desk/cases/{case}/team"
    assert client.post(at, data={"login": "team-one"}).status_code == 303
    assert "team-one" in client.get(f"/desk/cases/{case}").text
    assert client.post(at, data={"login": "head-one"}).status_code == 403
    wrong = client.post(at, data={"login": SCRIPT})
    assert wrong.status_code == 404
    assert "<script>alert" not in wrong.text
    assert client.post(at, data={"login": "team-one", "do": "leave"}).status_code == 303
    assert office.clients["officer"].post(at, data={"login": "team-one"}).status_code == 403
    changes = [entry[3]["change"] for entry in office.audited(case) if entry[0] == "team_change"]
    assert changes == ["join", "leave"]


def test_scripts_in_reasons_and_persons_stay_text(office: Office) -> None:
    from layers.identity import IdentityValues

    case = office.case("P04.01", person=IdentityValues(name=SCRIPT, address=SCRIPT, note=SCRIPT))
    office.join(case, "team")
    answer = office.clients["team"].post(f"/desk/cases/{case}", data={"reason": SCRIPT, "show": "person"})
    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert answer.text.count("&lt;img src=x") >= 3
