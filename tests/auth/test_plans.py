"""Plans over HTTP: made, worked on by two, told what lost a race, approved, superseded, on the map; all on record."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from api.database import transaction
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations
from mapping.plans import get_tree, list_plans
from tests.auth.conftest import Person, signed_in
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]
NEW = {"origin": "template", "problem": "P08", "fiscal_year": 2569}


def staff(browser: Browser, person: People, role: str, login: str) -> TestClient:
    client = browser()
    client.headers["X-CSRF-Token"] = signed_in(client, person(role, login, units=("office-99",), areas=("99",)))
    return client


def change(client: TestClient, plan: str, *asked: dict[str, Any]) -> Response:
    operations = [{"id": str(uuid4()), **each} for each in asked]
    return client.post(f"/api/v1/plans/{plan}/changes", json={"operations": operations})


def complete(app: FastAPI, plan: str) -> None:
    """Let every activity of a draft have what approval asks for."""
    with transaction(app.state.engine, SYSTEM) as session:
        (held,) = [one for one in list_plans(session, SYSTEM) if str(one.id) == plan]
        given = {"lead": "อบต.", "starts_on": "2025-10-01", "ends_on": "2025-12-31", "status": "doing"}
        asked = [
            Operation(uuid4(), "set", held.number, part.id, field=name, value=value)
            for part in get_tree(session, held).parts.values()
            if part.kind == "activity"
            for name, value in given.items()
        ]
        assert {each.state for each in apply_operations(session, SYSTEM, UUID(plan), asked).results} == {"done"}


def test_two_work_on_a_plan_and_a_meeting_approves_it(auth_app: FastAPI, browser: Browser, person: People) -> None:
    one, two = staff(browser, person, "officer", "officer-one"), staff(browser, person, "head", "head-one")
    made = one.post("/api/v1/plans", json={**NEW, "area": "9901"})
    assert made.status_code == 201, made.text
    plan, seen = made.json(), made.json()["number"]
    assert (plan["state"], plan["origin"], plan["fiscal_year"]) == ("draft", "template:P08", 2569)
    cause = next(part for part in plan["parts"] if part["kind"] == "cause")["id"]
    edit = {"action": "set", "base": seen, "part": cause, "field": "text"}
    assert change(one, plan["id"], {**edit, "value": "ค่าแรก"}).json()["results"][0]["state"] == "done"
    answer = change(
        two, plan["id"], {**edit, "value": "ค่าที่สอง"}, {"action": "remove", "base": seen, "part": str(uuid4())}
    )
    told, refused = answer.json()["results"]
    assert [each["code"] for each in told["notices"]] == ["plan.told.clashed"]
    assert (refused["state"], refused["code"]) == ("refused", "plan.part_not_found")
    since = one.get(f"/api/v1/plans/{plan['id']}/changes?since={seen}").json()
    assert [(each["who"], each["old"], each["new"], each["clashed"]) for each in since["changes"]][1:] == [
        ("คนสมมติ", "ค่าแรก", "ค่าที่สอง", True)
    ]
    whole = one.get(f"/api/v1/plans/{plan['id']}").json()
    part = next(each for each in whole["parts"] if each["id"] == cause)
    assert (part["fields"]["text"], part["kept"]) == ("ค่าที่สอง", {"text": [{"value": "ค่าแรก", "number": seen + 1}]})
    approval = {"meeting": "คณะกรรมการ ครั้งที่ 1/2569", "day": "2026-01-15"}
    path = f"/api/v1/plans/{plan['id']}/approve"
    assert one.post(path, json=approval).status_code == 403
    assert two.post(path, json=approval).json()["code"] == "mapping.mindmap.bad"
    complete(auth_app, plan["id"])
    assert two.post(path, json=approval).json()["state"] == "approved"
    stranger = browser()
    read = stranger.get(f"/api/v1/plans/{plan['id']}").json()
    assert {(str(each["kept"]), str(each["versions"]), each["removed"]) for each in read["parts"]} == {
        ("{}", "{}", None)
    }
    assert stranger.get("/api/v1/mindmaps/9901?period=fy2569").json()["state"] == "overdue"
    assert stranger.get("/api/v1/mindmaps/9901?period=fy2568").status_code == 404
    revision = one.post("/api/v1/plans", json={**NEW, "origin": "copy", "area": "9901", "plan": plan["id"]}).json()
    assert [len(revision[name]) for name in ("parts", "links")] == [len(plan[name]) for name in ("parts", "links")]
    assert stranger.get(f"/api/v1/plans/{revision['id']}").status_code == 404
    assert two.post(f"/api/v1/plans/{revision['id']}/approve", json=approval).json()["state"] == "approved"
    assert stranger.get(f"/api/v1/plans/{plan['id']}").status_code == 404
    assert one.get(f"/api/v1/plans/{plan['id']}").json()["state"] == "superseded"
    history = two.get(f"/api/v1/plans/{plan['id']}/history").json()["changes"]
    assert [each["action"] for each in history[:2]] == ["supersede", "approve"]
    with transaction(auth_app.state.engine, SYSTEM) as session:
        asked = (
            "SELECT details ->> 'change' FROM audit_entry WHERE action = 'plan_change' AND details ->> 'area' = '9901'"
        )
        noted = list(session.execute(text(asked + " ORDER BY number")).scalars())
    assert noted == ["template", "edit", "edit", "approve", "copy", "approve"]


def test_sent_twice_is_done_once_and_a_plan_comes_back_to_what_it_was(browser: Browser, person: People) -> None:
    client = staff(browser, person, "officer", "officer-two")
    plan = client.post("/api/v1/plans", json={**NEW, "area": "9902"}).json()
    root, operation = plan["parts"][0]["id"], str(uuid4())
    adding = {
        "id": operation,
        "action": "add",
        "base": plan["number"],
        "kind": "effect",
        "parent": root,
        "fields": {"text": "ใหม่"},
    }
    first, second = (
        client.post(f"/api/v1/plans/{plan['id']}/changes", json={"operations": [adding]}).json() for _ in "12"
    )
    assert [each["results"][0]["state"] for each in (first, second)] == ["done", "repeated"]
    assert first["number"] == second["number"] == plan["number"] + 1
    back = client.post(f"/api/v1/plans/{plan['id']}/restore", json={"number": plan["number"]}).json()
    assert back["number"] == plan["number"] + 2
    now = client.get(f"/api/v1/plans/{plan['id']}").json()
    removed = [part for part in now["parts"] if part["removed"]]
    assert [(part["id"], part["fields"]["text"]) for part in removed] == [(operation, "ใหม่")]
    undo = change(client, plan["id"], {"action": "undo", "base": now["number"], "number": plan["number"] + 2})
    assert undo.json()["results"][0]["state"] == "done"


@pytest.mark.parametrize(
    "body",
    [
        {"area": "TH"}, {"area": "9999"}, {"area": "x"}, {"area": "9903\0"}, {"problem": "P99"}, {"problem": None},
        {"fiscal_year": 2026}, {"fiscal_year": "x"}, {"origin": "copy"}, {"origin": "copy", "plan": "x"}, {"more": 1},
    ],
)  # fmt: skip
def test_bad_plans_are_refused(browser: Browser, person: People, body: dict[str, Any]) -> None:
    client = staff(browser, person, "officer", "officer-three")
    answer = client.post("/api/v1/plans", json={**NEW, "area": "9903", **body})
    assert answer.status_code in (400, 404), answer.text
    assert {"detail", "detail_en", "code"} <= set(answer.json())


ROUGH: tuple[object, ...] = (
    10**400,
    -1,
    1e308,
    True,
    [],
    {},
    [[["x"]]],
    {"a": {}},
    "x" * 5000,
    "\ud800",
    "\0",
    "<b>",
    "=1+1",
    None,
)


def test_any_value_in_any_field_is_answered_and_never_a_fault(browser: Browser, person: People) -> None:
    """Values as a client that means harm would send them; what is stored is text and stays text."""
    client = staff(browser, person, "officer", "officer-four")
    plan = client.post("/api/v1/plans", json={**NEW, "area": "990101"}).json()
    kinds = {part["kind"]: part["id"] for part in plan["parts"]}
    for kind, part in kinds.items():
        for field in (
            "text",
            "size",
            "budget",
            "joint",
            "ends_on",
            "fiscal_year",
            "status",
            "asset_id",
            "score_size",
            "zz",
            "",
        ):
            asked = [
                {"id": str(uuid4()), "action": "set", "base": 1, "part": part, "field": field, "value": value}
                for value in ROUGH
            ]  # fmt: skip
            body = _json({"operations": asked})
            path = f"/api/v1/plans/{plan['id']}/changes"
            answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (200, 400), (kind, field, answer.text)


def _json(value: object) -> bytes:
    import json

    return json.dumps(value).encode("utf-8")
