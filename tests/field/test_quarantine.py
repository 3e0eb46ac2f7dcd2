"""What was set apart, decided by who assigns cases in the phone's areas and nobody else; never shown by words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.database import transaction
from tests.field.conftest import Owner
from tests.field.phone import Envelope, photo_bytes, uuid7
from tests.scopes import SYSTEM

Someone = Callable[..., Owner]
AT = "/api/v1/field/quarantine"


def revoked(app: FastAPI, owner: Owner) -> None:
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE device_token SET revoked_at = now() WHERE id = :id"), {"id": owner.device_id})


def post(head: Owner, path: str, given: Any = None) -> Any:
    return head.browser.post(path, json=given, headers={"X-CSRF-Token": head.csrf})


def listed(head: Owner) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in head.browser.get(AT).json()["envelopes"]}


def test_a_coordinator_files_what_a_revoked_phone_brought(app: FastAPI, someone: Someone) -> None:
    owner, head = someone(), someone("head", ("office-99",), ())
    revoked(app, owner)
    case = owner.phone.case(person_name="นางสมมติ ไม่มีจริง", description="บันทึกสมมติ", urgency="U4")
    picture = owner.phone.photo(case.id, photo_bytes(4000))
    edit = owner.phone.observation(case.id, {"urgency": [str(case.id)]}, urgency="U3")
    for one in (picture, case, edit):
        assert owner.phone.send(one)["state"] == "quarantined"
    line = listed(head)[str(case.id)]
    assert (line["why"], line["kind"], line["login"], line["areas"]) == (
        "revoked",
        "case",
        owner.person.login,
        ["990101"],
    )
    told = head.browser.get(f"{AT}/{case.id}").json()
    assert (told["readable"], told["secret"], told["fields"]["urgency"]) == (True, False, "U4")
    assert told["words"] == ["description", "person.name"]
    assert "สมมติ" not in json.dumps(told["fields"], ensure_ascii=False)
    assert post(head, f"{AT}/{picture.id}/accept").json() == {"state": "waiting"}
    assert post(head, f"{AT}/{case.id}/accept").json() == {"state": "kept"}
    assert post(head, f"{AT}/{edit.id}/accept").json() == {"state": "kept"}
    assert owner.phone.send(case)["state"] == owner.phone.send(picture)["state"] == "kept"
    with transaction(app.state.engine, SYSTEM) as session:
        row = session.execute(text('SELECT * FROM "case" WHERE id = :id'), {"id": case.id}).one()
        assert (row.urgency, row.created_by) == ("U3", owner.person.id)
        said = session.execute(
            text("SELECT decided_by, sealed FROM field_envelope WHERE id = :id"), {"id": case.id}
        ).one()
        assert tuple(said) == (head.person.id, None)
    assert post(head, f"{AT}/{case.id}/accept").status_code == 404


def test_refusing_keeps_what_was_sealed(app: FastAPI, someone: Someone) -> None:
    owner, head = someone(), someone("head", ("office-99",), ())
    junk = Envelope(uuid7(), b"SM1" + bytes(500))
    away = owner.phone.case(place={"how": "area", "stated": "980101"})
    for one in (junk, away):
        assert owner.phone.send(one)["state"] == "quarantined"
    assert head.browser.get(f"{AT}/{junk.id}").json()["readable"] is False
    assert post(head, f"{AT}/{junk.id}/accept").json()["code"] == "quarantine_not_open"
    assert post(head, f"{AT}/{away.id}/accept").json()["code"] == "capture_outside"  # it is beyond the head as well
    assert {str(junk.id), str(away.id)} <= listed(head).keys()
    assert post(head, f"{AT}/{junk.id}/refuse", {"reason": "  "}).status_code == 400
    assert post(head, f"{AT}/{junk.id}/refuse", {"reason": "โทร 089-000-0000"}).json()["code"] == "personal_text"
    assert post(head, f"{AT}/{junk.id}/refuse", {"reason": "เปิดไม่ได้"}).status_code == 204
    assert str(junk.id) not in listed(head)
    assert owner.phone.send(junk)["state"] == "quarantined"
    with transaction(app.state.engine, SYSTEM) as session:
        row = session.execute(text("SELECT * FROM field_envelope WHERE id = :id"), {"id": junk.id}).one()
        assert (row.state, row.reason, bytes(row.sealed)) == ("refused", "เปิดไม่ได้", junk.sealed)


def test_other_areas_and_other_roles_decide_nothing(someone: Someone) -> None:
    owner = someone()
    away = owner.phone.case(place={"how": "area", "stated": "980101"})
    owner.phone.send(away)
    for other in (someone("officer", ("office-99",), ()), someone("head", ("office-99",), ("9902",)), owner):
        shown = other.browser.get(AT)
        assert shown.status_code == 403 or str(away.id) not in shown.text
        for path, given in ((f"{AT}/{away.id}/accept", None), (f"{AT}/{away.id}/refuse", {"reason": "ไม่เอา"})):
            assert post(other, path, given).status_code in (403, 404)
        assert other.browser.get(f"{AT}/{away.id}").status_code in (403, 404)
        bearer = other.phone.client.get(AT, headers=other.phone.bearer)
        assert bearer.status_code == 401  # phones decide nothing


@pytest.mark.parametrize("problem", ["P04", "P04.01"])
def test_of_a_secret_case_nothing_but_that_it_is_one(app: FastAPI, someone: Someone, problem: str) -> None:
    owner, head = someone(), someone("head", ("office-99",), ())
    revoked(app, owner)
    case = owner.phone.case(problem=problem)
    owner.phone.send(case)
    told = head.browser.get(f"{AT}/{case.id}").json()
    assert told["secret"] is True
    assert problem not in json.dumps(told)
    assert post(head, f"{AT}/{case.id}/accept").json() == {"state": "kept"}
    assert head.browser.get(f"/api/v1/cases/{case.id}").status_code == 404


def test_another_content_of_an_id_becomes_a_case_of_its_own(app: FastAPI, someone: Someone) -> None:
    owner, head = someone(), someone("head", ("office-99",), ())
    first = owner.phone.case(urgency="U1")
    again = owner.phone.case(first.id, urgency="U3")
    assert [owner.phone.send(one)["state"] for one in (first, again)] == ["kept", "quarantined"]
    [apart] = [one for one in listed(head).values() if one["why"] == "same_id" and one["case_id"] == str(first.id)]
    assert post(head, f"{AT}/{apart['id']}/accept").json() == {"state": "kept"}
    with transaction(app.state.engine, SYSTEM) as session:
        asked = text('SELECT id, urgency FROM "case" WHERE created_by = :me')
        rows = {str(row.id): row.urgency for row in session.execute(asked, {"me": owner.person.id})}
    assert rows == {str(first.id): "U1", apart["id"]: "U3"}


def test_what_waits_too_long_for_its_case_is_shown(app: FastAPI, someone: Someone) -> None:
    owner, head = someone(), someone("head", ("office-99",), ())
    lost = owner.phone.observation(uuid7(), urgency="U1")
    assert owner.phone.send(lost)["state"] == "waiting"
    assert str(lost.id) not in listed(head)
    with transaction(app.state.engine, SYSTEM) as session:
        old = text("UPDATE field_envelope SET received_at = now() - interval '8 days' WHERE id = :id")
        session.execute(old, {"id": lost.id})
    assert listed(head)[str(lost.id)]["state"] == "waiting"
    assert post(head, f"{AT}/{lost.id}/accept").json() == {"state": "waiting"}
    assert post(head, f"{AT}/{lost.id}/refuse", {"reason": "ไม่มีเรื่องนี้"}).status_code == 204
