"""What the desk decides of cases in doubt, by addresses: the same rules, the same record, nothing of others' cases."""

from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from tests.contract.test_shapes import frozen
from tests.desk.conftest import LAT, LON, Office
from tests.desk.test_areas import counted, place_of
from tests.desk.test_work import at_status

NOBODY = UUID("0190a000-0000-7000-8000-00000000000f")


def ask(office: Office, who: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """Ask an address as somebody and check its status."""
    answer = office.clients[who].request(method, f"/api/v1{path}", json=body)
    assert answer.status_code == status, (who, answer.text)
    return answer.json() if answer.content else None


def test_pairs_are_told_merged_parted_and_told_apart(office: Office) -> None:
    one, other = office.case(lat=LAT, lon=LON), office.case(lat=LAT, lon=LON)
    at_status(office, other, 20)
    told = ask(office, "officer", "GET", "/duplicates")
    Draft202012Validator(frozen("duplicates")).validate(told)
    (pair,) = told["pairs"]
    assert {pair["one"], pair["other"]} == {str(one), str(other)}
    assert pair["score"] == sum(reason["points"] for reason in pair["reasons"])
    assert next(reason["title"]["en"] for reason in pair["reasons"]) == "0 metres apart"
    merged = ask(office, "officer", "POST", f"/cases/{other}/merge", {"into": str(one)}, 201)
    assert merged == {"id": str(other), "kept": str(one)}
    assert office.row(other).status == 90
    assert ask(office, "officer", "GET", "/duplicates")["pairs"] == []
    ask(office, "officer", "POST", f"/cases/{other}/merge", {"into": str(one)}, 409)
    assert ask(office, "officer", "POST", f"/cases/{other}/unmerge") == merged
    assert office.row(other).status == 20
    ask(office, "officer", "POST", f"/cases/{other}/unmerge", status=409)
    ask(office, "officer", "POST", f"/cases/{other}/distinct", {"other": str(one)}, 204)
    assert ask(office, "officer", "GET", "/duplicates")["pairs"] == []
    changes = [entry[3]["change"] for entry in office.audited(other) if entry[0] == "case_merge"]
    assert changes == ["merged", "unmerged", "apart"]


def test_an_area_is_chosen_and_taken_back_and_figures_follow(office: Office) -> None:
    case = office.case(code="990201", lat=LAT, lon=LON)
    told = ask(office, "officer", "GET", "/area-conflicts?within=99")
    Draft202012Validator(frozen("area_conflicts")).validate(told)
    (doubt,) = told["cases"]
    assert (told["count"], doubt["id"], doubt["match"], doubt["choices"]) == (
        1,
        str(case),
        "conflict",
        ["point", "stated"],
    )
    assert (doubt["area"], doubt["stated"], doubt["lat"]) == ("990101", "990201", LAT)
    assert ask(office, "officer", "GET", "/area-conflicts?within=99&page=2") == {"cases": [], "count": 1}
    settled = ask(office, "officer", "PUT", f"/cases/{case}/area", {"choice": "stated"})
    assert settled == {"id": str(case), "area": "990201", "match": "stated"}
    assert counted(office) == {"9902": 1}
    assert ask(office, "officer", "GET", "/area-conflicts")["cases"] == []
    ask(office, "officer", "PUT", f"/cases/{case}/area", {"choice": "point"}, 409)
    back = ask(office, "officer", "DELETE", f"/cases/{case}/area")
    assert back == {"id": str(case), "area": "990101", "match": "conflict"}
    assert counted(office) == {"9901": 1}
    ask(office, "officer", "DELETE", f"/cases/{case}/area", status=409)
    told = [entry[3] for entry in office.audited(case) if entry[0] == "area_choice"]
    assert told == [{"change": "stated", "area": "990201"}, {"change": "back"}]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/cases/{case}/area", {"choice": "area"}, 409),
        ("PUT", "/cases/{case}/area", {"choice": "area", "area": "990201"}, 409),
        ("PUT", "/cases/{case}/area", {"choice": "nowhere"}, 400),
        ("PUT", "/cases/{case}/area", {"choice": "point", "why": "x"}, 400),
        ("POST", "/cases/{case}/merge", {"into": str(NOBODY)}, 404),
        ("POST", "/cases/{case}/merge", {"into": "x"}, 400),
        ("POST", "/cases/{case}/merge", {}, 400),
        ("POST", "/cases/{case}/distinct", {"other": str(NOBODY)}, 404),
        ("GET", "/area-conflicts?page=0", None, 400),
        ("GET", "/area-conflicts?within=77", None, 404),
        ("GET", "/duplicates?within=%00", None, 400),
        ("GET", "/duplicates?area=99", None, 400),
    ],
)
def test_what_cannot_be_is_refused(office: Office, method: str, path: str, body: Any, status: int) -> None:
    case = office.case(code="990201", lat=LAT, lon=LON)
    before = office.row(case)
    ask(office, "officer", method, path.format(case=case), body, status)
    assert office.row(case) == before


def test_cases_of_others_are_neither_told_nor_changed(office: Office) -> None:
    one, other = (office.case(code="990201", lat=LAT, lon=LON) for _ in range(2))
    secret = office.case("P04.01", code="990201", lat=LAT, lon=LON)
    before = [office.row(case) for case in (one, other, secret)]
    assert place_of(office, one)[0] == "conflict"
    for who in ("far", "district", "lao", "volunteer", "oversight", "auditor"):
        for path in ("/duplicates?within=TH", "/area-conflicts?within=TH"):
            answer = office.clients[who].get(f"/api/v1{path}")
            assert answer.status_code in (200, 403)
            assert str(secret) not in answer.text
            assert str(one) not in answer.text, who
        for method, path, body in (
            ("POST", "merge", {"into": str(other)}),
            ("POST", "distinct", {"other": str(other)}),
            ("POST", "unmerge", None),
            ("PUT", "area", {"choice": "stated"}),
            ("DELETE", "area", None),
        ):
            answer = office.clients[who].request(method, f"/api/v1/cases/{one}/{path}", json=body)
            assert answer.status_code in (403, 404), (who, path)
    for who in ("officer", "head"):
        answer = office.clients[who].put(f"/api/v1/cases/{secret}/area", json={"choice": "stated"})
        assert answer.status_code == 404
        assert str(secret) not in office.clients[who].get("/api/v1/area-conflicts").text
    assert [office.row(case) for case in (one, other, secret)] == before
