"""Work on a case over HTTP: a story of two officers, a head and an agency, all on record; and what nobody is shown."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.auth.units import create_unit
from api.database import transaction
from api.identity_use import write_identity
from layers.cases import CaseValues, create_case
from layers.identity import IdentityValues
from tests.auth.conftest import Person, auth_app, browser, clean, keys, person, signed_in
from tests.demo import INSIDE
from tests.layers.made import make_source
from tests.scopes import SYSTEM

__all__ = ["auth_app", "browser", "clean", "keys", "person"]
Ask = Callable[..., Any]
WHO = IdentityValues(name="นายสมมติ ใจดีมาก", phone="089-000-0031", address="บ้านสมมติ 31", national_id="0-0000-00000-31-1")
CLAIMING = replace(SYSTEM, permissions=frozenset({"identity.write"}))
SECRET_WORDS = "ลุงข้างบ้านเล่าว่า"


@pytest.fixture
def cases(auth_app: FastAPI) -> Iterator[dict[str, UUID]]:
    """An ordinary case with a person, and a secret one, both of the office."""
    lat, lon = INSIDE
    made = {}
    with transaction(auth_app.state.engine, CLAIMING) as session:
        if session.execute(text("SELECT count(*) FROM unit WHERE key = 'police-99'")).scalar_one() == 0:
            create_unit(session, "police-99", "partner", "สภ. สมมติ", "Invented police", ["99"])
        source = make_source(session)
        for name, problem in (("own", "P02.01"), ("secret", "P04.01")):
            values = CaseValues(problem, date(2026, 1, 3), lat=lat, lon=lon, urgency="U4")
            made[name] = create_case(session, source, values)
            asked = "UPDATE \"case\" SET unit_id = (SELECT id FROM unit WHERE key = 'office-99') WHERE id = :id"
            session.execute(text(asked), {"id": made[name]})
        write_identity(session, CLAIMING, made["own"], WHO)
    yield made
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text('DELETE FROM "case"'))


@pytest.fixture
def ask(browser: Callable[[], TestClient]) -> Callable[[Person], Ask]:
    """Sign somebody in and give a way to ask that checks the status."""

    def sign_in(someone: Person) -> Ask:
        client = browser()
        word = signed_in(client, someone)

        def send(method: str, path: str, body: Any = None, status: int = 200) -> Any:
            answer = client.request(method, f"/api/v1{path}", json=body, headers={"X-CSRF-Token": word})
            assert answer.status_code == status, answer.text
            return answer.json() if answer.content else None

        return send

    return sign_in


def told(fields: dict[str, Any]) -> set[str]:
    """Return the names of what is said."""
    return {name for name, value in fields.items() if value is not None}


def test_a_case_from_report_to_closing_by_two_and_open_again(
    auth_app: FastAPI, cases: dict[str, UUID], ask: Callable[[Person], Ask], person: Callable[..., Person]
) -> None:
    staff = {name: person("officer", name, ("office-99",), ("9901",)) for name in ("malee", "somsak")}
    first, second, police = *map(ask, staff.values()), ask(person("partner", "police", ("police-99",), ("99",)))
    at = f"/cases/{cases['own']}"
    assert first("GET", f"{at}/history")["next"] == [20, 90, 91]
    assert first("POST", f"{at}/steps", {"to": 50}, 409)["code"] == "bad_status"
    moved = first("POST", f"{at}/steps", {"to": 20, "note": f"{SECRET_WORDS}ล้ม"}, 201)
    assert (moved["status"], moved["title"]["th"], moved["event"]) == (20, "รับเรื่องแล้ว", 1)
    sent = first("POST", f"{at}/referrals", {"agency": "police", "unit": "police-99", "note": SECRET_WORDS}, 201)["id"]
    (listed,) = police("GET", "/referrals")["referrals"]
    assert (listed["id"], listed["state"], listed["person"]) == (sent, "sent", None)
    assert told(listed["case"]) == {"problem", "urgency", "area", "place"}
    opened = police("GET", f"/referrals/{sent}")
    assert {name: opened["person"][name] for name in told(opened["person"])} == {
        "name": WHO.name, "phone": WHO.phone, "address": WHO.address,
    }  # fmt: skip
    assert SECRET_WORDS not in str([listed, opened])
    police("GET", at, status=403)
    police("GET", f"{at}/history", status=403)
    assert police("POST", f"/referrals/{sent}/answer", {"state": "accepted"})["state"] == "accepted"
    for to in (50, 70):
        first("POST", f"{at}/steps", {"to": to}, 201)
    visit = first("POST", f"{at}/visits", {"due_on": "2026-01-20"}, 201)["id"]
    first("POST", f"{at}/visits/{visit}/made", {"done_on": "2026-01-21", "note": "บ้านซ่อมแล้ว"}, 204)
    repair = {"welfare_system": "social_assistance", "kind": "house_repair", "given_on": "2026-01-15", "amount": 25000}
    first("POST", f"{at}/assistance", repair, 201)
    first("POST", f"{at}/assistance", repair | {"amount": "NaN"}, 400)
    first("POST", f"{at}/steps", {"to": 80}, 409)
    first("POST", f"{at}/closing", {"reason": "goal_met", "evidence": "ภาพบ้านหลังซ่อม"}, 201)
    first("POST", f"{at}/closing/confirm", status=403)
    assert second("GET", f"{at}/history")["closing"]["evidence"] == "ภาพบ้านหลังซ่อม"
    assert second("POST", f"{at}/closing/confirm")["status"] == 80
    over = police("GET", f"/referrals/{sent}")
    assert told(over["case"]) | told(over["person"] or {}) == set()
    second("POST", f"{at}/steps", {"to": 81}, 201)
    whole = first("GET", f"{at}/history")
    assert [one["to_status"] for one in whole["events"]] == [20, 60, 50, 70, 80, 81]
    assert (whole["reopened"], whole["events"][4]["proposed_by"], whole["events"][0]["by"]) == (1, "คนสมมติ", "คนสมมติ")
    assert (whole["assistance"][0]["amount"], whole["visits"][0]["done_on"]) == ("25000.00", "2026-01-21")
    assert [one["key"] for one in whole["agencies"] if one["first"]] == ["pmj", "lao"]
    assert whole["deadlines"][0]["step"] == "ack"
    counted = first("GET", "/closings?since=2026-01-01")
    assert (counted["closed"], counted["reopened"]) == (1, 1)
    first("GET", "/closings?since=yesterday", status=400)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        asked = "SELECT details ->> 'change', details::text || coalesce(reason, '') FROM audit_entry"
        rows = session.execute(text(f"{asked} WHERE action = 'case_change' ORDER BY number")).all()
        reads = session.execute(text("SELECT count(*) FROM audit_entry WHERE details ->> 'identity' = 'true'"))
        assert reads.scalar_one() >= 1
    changes = ["visit.planned", "visit.made", "assistance", "closing.proposed", "closing.confirmed", "step"]
    assert [row[0] for row in rows][-6:] == changes
    assert not any(SECRET_WORDS in row[1] or "ซ่อม" in row[1] for row in rows)


def test_a_head_names_a_team_for_a_secret_case_that_they_cannot_read(
    cases: dict[str, UUID], ask: Callable[[Person], Ask], person: Callable[..., Person]
) -> None:
    head = ask(person("head", "head-one", ("office-99",)))
    worker = ask(person("case_team", "team-one", ("office-99",)))
    at = f"/cases/{cases['secret']}"
    (waiting,) = head("GET", "/cases/awaiting-team")["cases"]
    assert (waiting["id"], waiting["district"], waiting["urgency"]) == (str(cases["secret"]), "9901", "U4")
    assert set(waiting) == {"id", "district", "urgency", "received_at"}
    for one in (head, worker):
        one("GET", at, status=404)
        one("POST", f"{at}/steps", {"to": 20}, 404)
    worker("GET", "/cases/awaiting-team", status=403)
    assert head("POST", f"{at}/assignment", {"unit": "office-99", "team": ["head-one"]}, 403)["code"] == "team_self"
    head("POST", f"{at}/assignment", {"unit": "office-99", "team": ["team-one"]}, 204)
    assert head("GET", "/cases/awaiting-team")["cases"] == []
    worker("POST", f"{at}/steps", {"to": 20}, 201)
    worker("GET", f"{at}/history", status=400)
    assert len(worker("POST", f"{at}/history", {"reason": "ติดตามผลตามแผน"})["events"]) == 1
    head("POST", f"{at}/history", {"reason": "ติดตามผลตามแผน"}, 404)


def test_what_is_overdue_is_told_to_who_may_read_it(
    auth_app: FastAPI, cases: dict[str, UUID], ask: Callable[[Person], Ask], person: Callable[..., Person]
) -> None:
    with transaction(auth_app.state.engine, SYSTEM) as session:
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        session.execute(text('UPDATE "case" SET recorded_at = :at'), {"at": long_ago})
    officer = ask(person("officer", "malee", ("office-99",), ("9901",)))
    lao = ask(person("lao_officer", "lao-one", ("lao-9901",), ("990101",)))
    (found,) = officer("GET", "/overdue")["cases"]
    assert (found["id"], found["step"], found["district"]) == (str(cases["own"]), "ack", "9901")
    assert lao("GET", "/overdue")["cases"] == []
    admin = ask(person("admin", "admin-one"))
    limits = {"limits": [{"step": "ack", "urgency": "U4", "hours": 3}], "holidays": [{"day": "2026-03-03"}]}
    told = admin("PUT", "/settings/time-limits", limits)
    assert {"step": "ack", "urgency": "U4", "hours": 3, "working_days": None} in told["limits"]
    assert told["holidays"][0]["day"] == "2026-03-03"
    assert officer("GET", "/overdue")["cases"] == []
    officer("PUT", "/settings/time-limits", limits, 403)
    both = {"limits": [{"step": "ack", "urgency": "U4", "hours": 3, "working_days": 3}]}
    assert admin("PUT", "/settings/time-limits", both, 400)["code"] == "case_work.limit_bad"
    admin("PUT", "/settings/time-limits", {"limits": []})


def test_words_reach_no_log_when_the_database_refuses_a_row(
    auth_app: FastAPI,
    cases: dict[str, UUID],
    ask: Callable[[Person], Ask],
    person: Callable[..., Person],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault of ours: a row that a rule of the tables refuses, which the driver would repeat whole."""
    monkeypatch.setattr("layers.visits.check_day", lambda day, last: None)
    monkeypatch.setattr("layers.visits.new_id", lambda: None)
    officer = ask(person("officer", "malee", ("office-99",), ("9901",)))
    at = f"/cases/{cases['own']}/visits"
    answer = officer("POST", at, {"due_on": "2026-01-20", "note": SECRET_WORDS}, 500)
    assert "fault: database 23502" in caplog.text
    assert "layers/visits.py" in caplog.text
    assert SECRET_WORDS not in caplog.text + str(answer)
