"""The list of plans, the form of a new draft, who sees what of a plan's page, and branches copied between plans."""

import json
import re
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlalchemy import text

from api.database import transaction
from mapping.plan_fields import FIELDS
from tests.access.world import new_client
from tests.api.test_maps import needs_libraries
from tests.planning.conftest import Place
from tests.scopes import SYSTEM

pytestmark = needs_libraries
NEW = {"area": "9901", "problem": "P08", "fiscal_year": "2569"}


def given(answer: Response) -> dict[str, object]:
    """Return what the page's script is told."""
    found = re.search(r'<script type="application/json" id="plan-given">(.*?)</script>', answer.text, re.DOTALL)
    assert found, answer.text[:500]
    told: dict[str, object] = json.loads(found[1])
    return told


def posted(place: Place, who: str, **fields: str) -> Response:
    client = place.clients[who]
    return client.post("/plans", data={"csrf": client.headers["X-CSRF-Token"], **fields})


def test_a_draft_is_begun_by_a_form_and_stands_in_the_list(place: Place) -> None:
    answer = posted(place, "officer", **NEW)
    assert answer.status_code == 303
    at = answer.headers["location"]
    again = posted(place, "officer", **NEW)
    assert again.status_code == 409
    assert "มีร่างแผนเรื่อง" in again.text
    page = place.clients["officer"].get("/plans?state=draft&fiscal_year=2569&problem=P08").text
    assert at in page
    assert at not in place.clients["officer"].get("/plans?state=approved").text
    assert at not in place.clients["officer"].get("/plans?fiscal_year=2570&state=&problem=").text
    assert at not in place.clients["oversight"].get("/plans").text
    with transaction(place.app.state.engine, SYSTEM) as session:
        asked = "SELECT details ->> 'change' FROM audit_entry WHERE object_id = :id"
        assert session.scalar(text(asked), {"id": at.removeprefix("/plans/")}) == "template"


def test_a_new_draft_is_bound_to_the_number_of_its_cases_and_a_secret_one_to_none(place: Place) -> None:
    """What is beside the problem's text is read anew each time; nothing of it is stored."""
    open_, secret = (place.draft(problem=code) for code in ("P08", "P04"))
    assert place.tree(open_).root.fields["filter"] == {"layer": "cases", "measure": "count"}
    assert "filter" not in place.tree(secret).root.fields
    told = place.clients["officer"].get(f"/api/v1/plans/{open_}/bindings").json()["bindings"]
    assert [one["part"] for one in told] == [str(place.tree(open_).root.id)]
    assert place.clients["officer"].get(f"/api/v1/plans/{secret}/bindings").json()["bindings"] == []


def test_a_draft_from_data_takes_the_leading_problem_or_livelihood(place: Place) -> None:
    """There are no cases here: nothing stands out, so it is livelihood, as on the map."""
    at = posted(place, "officer", **{**NEW, "problem": "data"}).headers["location"]
    assert place.plan(at.removeprefix("/plans/")).problem_code == "P01"


@pytest.mark.parametrize(
    "fields",
    [
        {"area": ""},
        {"area": "7001"},
        {"problem": "P99"},
        {"fiscal_year": "x"},
        {"fiscal_year": "9" * 99},
        {"area": "99\x00"},
    ],
)
def test_a_bad_form_says_why_and_makes_nothing(place: Place, fields: dict[str, str]) -> None:
    before = place.clients["officer"].get("/plans").text.count('href="/plans/')
    answer = posted(place, "officer", **{**NEW, **fields})
    assert answer.status_code in (400, 404), answer.text
    assert 'role="alert"' in answer.text
    assert place.clients["officer"].get("/plans").text.count('href="/plans/') == before


def test_who_may_not_draft_cannot(place: Place) -> None:
    assert posted(place, "oversight", **NEW).status_code == 403
    stranger = new_client(place.app)
    assert stranger.post("/plans", data=NEW).headers["location"] == "/signin"
    assert "new-area" not in stranger.get("/plans").text


def test_each_sees_of_a_plan_what_is_theirs(place: Place) -> None:
    plan = place.draft()
    at = f"/plans/{plan}"
    own = place.clients["officer"].get(at)
    assert own.status_code == 200
    assert given(own)["may"] == {"edit": True, "branch": True, "approve": False, "history": True}
    assert given(place.clients["head"].get(at))["may"]["approve"] is True  # type: ignore[index]
    assert place.clients["oversight"].get(at).status_code == 404
    assert new_client(place.app).get(at).headers["location"].startswith("/signin?next=")
    assert new_client(place.app).get("/plans/x").status_code == 404
    policy = own.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    for address in re.findall(r'(?:src|href)="(/plans/assets/[^"]+)"', own.text):
        served = place.clients["officer"].get(address)
        assert served.status_code == 200
        assert "immutable" in served.headers["cache-control"]
        assert "url(data:" not in served.text
    assert place.clients["officer"].get("/plans/assets/0/plan.js").status_code == 404
    # Every field of every part has its words, and a control or a reason to have none.
    words, controls = given(own)["words"], given(own)["controls"]
    without = {name for fields in FIELDS.values() for name in fields if name not in controls}  # type: ignore[operator]
    assert without == {"policy_tags"}
    assert {name for name in controls if f"plan.field.{name}" not in words} == set()  # type: ignore[attr-defined,operator]


def test_a_stranger_reads_an_approved_plan_and_nothing_of_how_it_came_about(place: Place) -> None:
    plan = place.draft()
    activities = [part for part in place.tree(plan).parts.values() if part.kind == "activity"]
    fields = {"lead": "อบต.", "starts_on": "2025-10-01", "ends_on": "2025-12-31"}
    asked = [
        {"id": str(uuid4()), "action": "set", "base": 1, "part": str(part.id), "field": name, "value": value}
        for part in activities
        for name, value in fields.items()
    ]
    place.change("officer", plan, *asked)
    body = {"meeting": "คณะกรรมการ ครั้งที่ 1/2569", "day": "2026-01-15"}
    assert place.clients["head"].post(f"/api/v1/plans/{plan}/approve", json=body).status_code == 200
    told = given(new_client(place.app).get(f"/plans/{plan}"))
    assert told["may"] == {"edit": False, "branch": False, "approve": False, "history": False}
    assert {(str(part["kept"]), str(part["versions"])) for part in told["plan"]["parts"]} == {("{}", "{}")}  # type: ignore[index]
    assert given(place.clients["officer"].get(f"/plans/{plan}"))["may"]["edit"] is False  # type: ignore[index]


def branch(place: Place, who: str, into: str, /, **body: str) -> Response:
    return place.clients[who].post(f"/api/v1/plans/{into}/branches", json=body)


def test_a_branch_is_copied_whole_once_and_says_where_it_is_from(place: Place) -> None:
    source, plan = place.draft("9901"), place.draft("9902")
    solution, goal = place.first(source, "solution"), place.first(plan, "objective")
    below = list(place.tree(source).walk(solution.id))
    body = {"id": str(uuid4()), "plan": source, "part": str(solution.id), "parent": str(goal.id)}
    answer = branch(place, "officer", plan, **body)
    assert answer.status_code == 200, answer.text
    after = place.tree(plan)
    copy = after.parts[next(one for one in after.parts if str(one) == answer.json()["part"])]
    assert (copy.parent_id, copy.text, copy.origin) == (goal.id, solution.text, f"plan:{source}/{solution.id}")
    assert [part.text for part in after.walk(copy.id)] == [part.text for part in below]
    number = place.plan(plan).number
    assert {one["state"] for one in branch(place, "officer", plan, **body).json()["results"]} == {"repeated"}
    assert place.plan(plan).number == number


@pytest.mark.parametrize("case", ["kind", "unknown", "other", "approver"])
def test_a_branch_that_cannot_stand_there_leaves_nothing(place: Place, case: str) -> None:
    source, plan = place.draft("9901"), place.draft("9902")
    solution, effect = place.first(source, "solution"), place.first(plan, "effect")
    body = {"plan": source, "part": str(solution.id), "parent": str(effect.id)}
    if case == "unknown":
        body["part"] = str(uuid4())
    if case == "other":
        body["plan"] = str(uuid4())
    before = place.plan(plan).number
    answer = branch(place, "oversight" if case == "approver" else "officer", plan, **body)
    assert answer.status_code in (400, 403, 404, 409), answer.text
    assert place.plan(plan).number == before


def test_what_is_said_of_a_secret_problem_does_not_go_into_an_open_plan(place: Place) -> None:
    secret, plan = place.draft("9901", "P04"), place.draft("9902")
    effect, root = place.first(secret, "effect"), place.first(plan, "problem")
    answer = branch(place, "officer", plan, plan=secret, part=str(effect.id), parent=str(root.id))
    assert answer.json()["code"] == "plan.branch_secret"
