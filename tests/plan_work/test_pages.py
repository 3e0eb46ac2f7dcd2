"""Work on the pages and over HTTP: noted by staff, read by everybody, on record; hostile words are words."""

import re
from collections.abc import Callable
from html import unescape
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tests.plan_work.conftest import ATTACK, Made

Staff = Callable[..., TestClient]
Browsers = Callable[[], TestClient]
PAGES = ("/work?fiscal_year=2569", "/work?area=9902&fiscal_year=2569", "/work/country?fiscal_year=2569", "/policy")


def form_of(page: str, part: str) -> dict[str, str]:
    """Return the fields of one row's form as a browser would send them."""
    forms = re.findall(r"<form method=\"post\".*?</form>", page, re.S)
    (own,) = [one for one in forms if f'name="part" value="{part}"' in one]
    fields = {
        name: unescape(value) for name, value in re.findall(r'name="([^"]+)"(?: maxlength="\d+")? value="([^"]*)"', own)
    }
    chosen = re.findall(r'<option value="(\w+)" selected', own)
    return fields | ({"status": chosen[0]} if chosen else {})


def bare(words: str) -> str:
    """Return a text without the blanks that lines add."""
    return re.sub(r"\s", "", words)


def test_staff_note_work_of_an_approved_plan_without_scripts(made: Made, staff: Staff, browsers: Browsers) -> None:
    officer, path = staff(), f"/plans/{made.approved}/table"
    before = len(made.recorded("plan_change"))
    activity, indicator = made.first(made.approved, "activity"), made.first(made.approved, "indicator")
    form = form_of(officer.get(path).text, str(activity.id))
    assert form["status"] == activity.fields["status"]
    sent = form | {"status": "done", f"actual-{indicator.id}": "97"}
    answer = officer.post(path, data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?told=noted#part-{activity.id}")
    plan, tree = made.plan(made.approved)
    assert (plan.state, tree.parts[activity.id].fields["status"]) == ("approved", "done")
    assert tree.parts[indicator.id].fields["actual"] == "97"
    assert officer.post(path, data=sent).headers["location"].endswith(f"told=same#part-{activity.id}")
    stranger = browsers().get(path)
    assert (stranger.status_code, '<form method="post" action="/plans' in stranger.text) == (200, False)
    assert "97" in stranger.text
    told = [one for one in made.recorded("plan_change")[before:] if one["change"] == "progress"]
    assert told == [{"change": "progress", "area": "9901", "problem": "P08.01", "number": plan.number, "count": 2}]
    history = officer.get(f"/api/v1/plans/{made.approved}/history").json()["changes"]
    assert [(one["field"], one["who"]) for one in history[:2]] == [("actual", "คนสมมติ"), ("status", "คนสมมติ")]


def test_two_who_note_the_same_are_told(made: Made, staff: Staff) -> None:
    officer, path = staff(), f"/plans/{made.approved}/table"
    activity = str(made.first(made.approved, "activity").id)
    first, second = (form_of(officer.get(path).text, activity) for _ in "12")
    assert officer.post(path, data=first | {"status": "done"}).headers["location"].count("told=noted")
    answer = officer.post(path, data=second | {"status": "planned"})
    assert "told=clashed" in answer.headers["location"]
    assert "ผู้อื่นแก้ช่องนี้ไปแล้ว" in officer.get(answer.headers["location"]).text


def test_who_may_not_note_is_refused_and_changes_nothing(made: Made, staff: Staff, browsers: Browsers) -> None:
    path, activity = f"/plans/{made.approved}/table", made.first(made.approved, "activity")
    form = {"part": str(activity.id), "base": "1", "status": "done", "was-status": ""}
    oversight, far = staff("oversight", ()), staff("officer", ("9903",))
    assert oversight.post(path, data=form).status_code == 403
    assert far.post(path, data=form).status_code == 403
    assert browsers().post(path, data=form).status_code == 303  # to where one signs in
    words = far.headers.pop("X-CSRF-Token")
    assert far.post(path, data=form).status_code == 403
    far.headers["X-CSRF-Token"] = words
    assert far.post(f"/plans/{uuid4()}/table", data=form).status_code == 404
    hidden = f"/plans/{made.draft}/table"
    assert [browsers().get(hidden).status_code, oversight.get(hidden).status_code] == [404, 404]
    assert made.plan(made.approved)[1].parts[activity.id].fields["status"] == activity.fields["status"]


@pytest.mark.parametrize(
    "change",
    [
        {"part": "x"}, {"part": ""}, {"base": "-1"}, {"base": "๑"}, {"base": "9" * 99},
        {"status": "late"}, {"status": "<b>"}, {"base": "99999"}, {"actual-x": "1"},
        {"part": "0190a000-0000-7000-8000-0000000000ff"},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_form_is_told_and_changes_nothing(made: Made, staff: Staff, change: dict[str, str]) -> None:
    officer, path = staff(), f"/plans/{made.approved}/table"
    before = made.plan(made.approved)[0].number
    form = form_of(officer.get(path).text, str(made.first(made.approved, "activity").id)) | {"status": "planned"}
    answer = officer.post(path, data=form | change)
    assert answer.status_code == 400, answer.headers
    assert 'role="alert"' in answer.text
    assert made.plan(made.approved)[0].number == before


@pytest.mark.parametrize("role", ["officer", "oversight"])
def test_hostile_words_of_a_plan_are_words_on_every_page(made: Made, staff: Staff, role: str) -> None:
    client = staff(role)
    for name in ("table", "timeline", "tags"):
        answer = client.get(f"/plans/{made.draft}/{name}")
        assert answer.status_code == (200 if role == "officer" else 404)
        assert ATTACK not in answer.text
        if role == "officer":
            assert bare(ATTACK) in bare(unescape(re.sub(r"<[^>]+>", "", answer.text)))
            assert "'unsafe" not in answer.headers["content-security-policy"]
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert ATTACK not in answer.text


@pytest.mark.parametrize(
    "query", ["area=77", "area=x", "fiscal_year=1", "fiscal_year=x", "fiscal_year=2569&x=1", "area=99%00"]
)
def test_what_is_asked_badly_is_told(made: Made, browsers: Browsers, query: str) -> None:
    for path in ("/work", "/api/v1/work", "/api/v1/work.csv"):
        assert browsers().get(f"{path}?{query}").status_code in (400, 404), path


def test_the_pages_open_at_a_year_that_has_plans(made: Made, staff: Staff, browsers: Browsers) -> None:
    """Approved ones for the country's; a year that was chosen is shown though nothing stands in it."""
    officer, stranger = staff(), browsers()
    for client, path in ((officer, "/work"), (officer, "/work/country"), (stranger, "/work?area=9901")):
        assert "<option selected>2569</option>" in client.get(path).text, path
    assert "<option selected>2568</option>" in stranger.get("/work?fiscal_year=2568").text
    assert "<option selected>2568</option>" in stranger.get("/work/country?fiscal_year=2568").text


def test_the_roll_up_over_http_is_that_of_the_reader(made: Made, staff: Staff, browsers: Browsers) -> None:
    mine, theirs = (one.get("/api/v1/work?area=99&fiscal_year=2569").json() for one in (staff(), browsers()))
    assert [(one["area"], one["approved"]["plans"], one["draft"]["plans"]) for one in mine["places"]] == [
        ("9901", 1, 0),
        ("9902", 0, 1),
    ]
    assert [one["area"] for one in theirs["places"]] == ["9901"]
    assert theirs["approved"]["budget"] == sum(one["approved"]["budget"] for one in theirs["sources"]) == 497_000
    late = browsers().get("/api/v1/work/overdue?area=99&fiscal_year=2569").json()
    assert {one["plan"] for one in late["activities"]} == {str(made.approved)}
    assert all(one["days"] > 0 and one["status"] != "done" for one in late["activities"])
    country = browsers().get("/api/v1/work/country?fiscal_year=2569").json()
    assert (country["plans"], country["provinces"]) == (1, 1)
    assert sum(one["budget"] for one in country["kinds"]) == 497_000


def test_a_file_of_the_roll_up_is_on_record(made: Made, staff: Staff) -> None:
    officer = staff()
    answer = officer.get("/api/v1/work.csv?area=99&fiscal_year=2569")
    assert answer.text.startswith("\ufeffcode,name_th")
    assert "\r\n9902,คลองทดลอง," in answer.text or "\r\n9902," in answer.text
    assert officer.get("/api/v1/work.xlsx?area=99&fiscal_year=2569").content[:2] == b"PK"
    assert officer.get("/api/v1/work.dictionary.csv?area=99&fiscal_year=2569").status_code == 200
    assert officer.get("/api/v1/work.shp?area=99").status_code == 400
    told = [(one["format"], one["audience"], one["period"]) for one in made.recorded("export")]
    assert told[-3:] == [(form, "internal", "fy2569") for form in ("csv", "xlsx", "dictionary.csv")]


def test_only_work_is_noted_over_the_interface(made: Made, staff: Staff) -> None:
    officer, activity = staff(), str(made.first(made.approved, "activity").id)
    path = f"/api/v1/plans/{made.approved}/progress"

    def post(**asked: object) -> int:
        base = made.plan(made.approved)[0].number
        operation = {"id": str(uuid4()), "action": "set", "base": base, "part": activity, **asked}
        return officer.post(path, json={"operations": [operation]}).status_code

    assert post(field="status", value="done") == 200
    assert post(field="text", value="ใหม่") == 400
    assert post(action="remove") == 400
    assert officer.post(f"/api/v1/plans/{made.approved}/changes", json={"operations": []}).status_code == 400


def test_an_administrator_names_policies_and_plans_serve_them(made: Made, staff: Staff, browsers: Browsers) -> None:
    before = len(made.recorded("policy_change"))
    admin, officer = staff("admin", ()), staff()
    titles = {"year": "2560", "th-agenda:2560:1": ATTACK, "en-agenda:2560:1": "", "th-area:2560:2": "ชื่อสมมติ"}
    assert officer.post("/policy", data=titles).status_code == 403
    answer = admin.post("/policy?fiscal_year=2569", data=titles)
    assert (answer.status_code, answer.headers["location"]) == (303, "/policy?fiscal_year=2569&said=saved")
    shown = browsers().get("/policy?fiscal_year=2569").text
    assert ATTACK not in shown
    assert ATTACK in unescape(shown)
    assert "ชื่อสมมติ" in shown
    assert admin.post("/policy", data={"add": "area", "year": "2569"}).status_code == 303
    root = str(made.plan(made.approved)[1].root.id)
    path = f"/plans/{made.approved}/tags"
    form = form_of(officer.get(path).text, root)
    answer = officer.post(path, data={**form, "tag": ["dim:3", "area:2569:1"]})
    assert "told=noted" in answer.headers["location"]
    assert made.plan(made.approved)[1].root.fields["policy_tags"] == ["area:2569:1", "dim:3"]
    assert admin.post("/policy", data={"remove": "area:2569:1"}).status_code == 400
    assert admin.post("/policy", data={"remove": "area:2560:5"}).status_code == 303
    form = form_of(officer.get(path).text, root)
    assert officer.post(path, data={**form, "tag": ["area:2560:5"]}).status_code == 400
    untagged = officer.get("/api/v1/work/untagged?fiscal_year=2569").json()["plans"]
    assert [one["id"] for one in untagged] == [str(made.draft)]
    tags = {one["tag"] for one in browsers().get("/api/v1/policies").json()["policies"]}
    assert {"area:2569:1", "dim:9", "welfare:social_service"} <= tags
    told = [(one["change"], one["period"]) for one in made.recorded("policy_change")[before:]]
    assert told == [("saved", "fy2560"), ("added", "fy2569"), ("removed", "fy2560")]


@pytest.mark.parametrize(
    "form",
    [
        {"add": "x", "year": "2569"}, {"add": "area", "year": "99999"}, {"add": "area", "year": "x"}, {"year": "1"},
        {"remove": "area:2560"}, {"remove": "area:2560:77"}, {"year": "2560", "th-agenda:2560:1": "ก" * 301},
        {"year": "2560", "th-agenda:2560:1": "โทร 081-234-5678"}, {"year": "2560", "th-x": "y"}, {},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_policy_is_refused(made: Made, staff: Staff, form: dict[str, str]) -> None:
    admin = staff("admin", ())
    before = admin.get("/api/v1/policies").json()
    assert admin.post("/policy", data=form).status_code == 400
    assert admin.get("/api/v1/policies").json() == before
