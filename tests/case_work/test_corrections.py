"""A closing that waits is withdrawn by a further step; help noted wrongly is corrected and stays in the history."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.database import reading, transaction
from layers.assistance import (
    AssistanceBad,
    AssistanceCorrected,
    AssistanceNotFound,
    correct_assistance,
    current_assistance,
    list_assistance,
    note_assistance,
)
from layers.case_closing import find_closing, propose_closing
from layers.case_steps import take_step
from layers.cases import BadStatus, CaseNotFound
from layers.referrals import send_referral
from tests.auth.conftest import Person, auth_app, browser, clean, keys, person
from tests.case_work.conftest import COLLEAGUE, ELSEWHERE, OFFICER, READER, Place
from tests.case_work.test_addresses import Ask, ask, cases
from tests.scopes import SYSTEM

__all__ = ["ask", "auth_app", "browser", "cases", "clean", "keys", "person"]
TODAY = date(2026, 11, 1)
HELP = ("social_assistance", "relief_money", date(2026, 10, 1), TODAY)


def closings(place: Place, case: UUID) -> list[Any]:
    with transaction(place.engine, SYSTEM) as session:
        asked = "SELECT state, decided_by, proposed_by FROM case_closing WHERE case_id = :id ORDER BY proposed_at, id"
        return [tuple(row) for row in session.execute(text(asked), {"id": case})]


def test_a_further_step_withdraws_what_waits(place: Place) -> None:
    case = place.case(70)
    with transaction(place.engine, OFFICER) as session:
        propose_closing(session, OFFICER, case, "goal_met", "เยี่ยมบ้านแล้ว")
    with transaction(place.engine, COLLEAGUE) as session:
        take_step(session, COLLEAGUE, case, 50)
        assert find_closing(session, case) is None
        take_step(session, COLLEAGUE, case, 70)
        propose_closing(session, COLLEAGUE, case, "goal_met", "เยี่ยมบ้านอีกครั้ง")
    assert closings(place, case) == [
        ("withdrawn", COLLEAGUE.actor_id, OFFICER.actor_id),
        ("proposed", None, COLLEAGUE.actor_id),
    ]


def test_a_referral_withdraws_it_too_and_a_refused_step_does_not(place: Place) -> None:
    case = place.case(92)
    with transaction(place.engine, OFFICER) as session:
        propose_closing(session, OFFICER, case, "transferred", "ไม่ตรงหลักเกณฑ์")
    with pytest.raises(BadStatus), transaction(place.engine, COLLEAGUE) as session:
        take_step(session, COLLEAGUE, case, 30)
    assert closings(place, case) == [("proposed", None, OFFICER.actor_id)]
    with transaction(place.engine, COLLEAGUE) as session:
        send_referral(session, COLLEAGUE, case, "police")
    assert closings(place, case) == [("withdrawn", COLLEAGUE.actor_id, OFFICER.actor_id)]


def test_the_newest_counts_and_what_was_noted_before_stays(place: Place) -> None:
    case, other = place.case(50), place.case(50)
    with transaction(place.engine, OFFICER) as session:
        first = note_assistance(session, OFFICER, case, *HELP, amount=Decimal("20000"))
        plain = note_assistance(session, OFFICER, case, *HELP, amount=Decimal("100"))
        second = correct_assistance(session, OFFICER, case, first, *HELP, amount=Decimal("2000"))
        foreign = note_assistance(session, OFFICER, other, *HELP)
    with transaction(place.engine, COLLEAGUE) as session:
        third = correct_assistance(session, COLLEAGUE, case, second, *HELP, amount=Decimal("2500"), note="ตามใบสำคัญ")
    for wrong, error in ((first, AssistanceCorrected), (foreign, AssistanceNotFound), (case, AssistanceNotFound)):
        with pytest.raises(error), transaction(place.engine, OFFICER) as session:
            correct_assistance(session, OFFICER, case, wrong, *HELP)
    with pytest.raises(AssistanceBad), transaction(place.engine, OFFICER) as session:
        correct_assistance(session, OFFICER, case, third, *HELP, amount=Decimal("-1"))
    with pytest.raises(CaseNotFound), transaction(place.engine, ELSEWHERE) as session:
        correct_assistance(session, ELSEWHERE, case, third, *HELP)
    with pytest.raises(CaseNotFound), transaction(place.engine, READER) as session:
        correct_assistance(session, READER, case, third, *HELP)
    with reading(place.engine, OFFICER) as session:
        rows = list_assistance(session, case)
    assert {one.id: one.corrects for one in rows} == {first: None, plain: None, second: first, third: second}
    assert {one.id: (one.amount, one.made_by) for one in current_assistance(rows)} == {
        plain: (Decimal("100.00"), OFFICER.actor_id),
        third: (Decimal("2500.00"), COLLEAGUE.actor_id),
    }


def test_both_by_addresses_and_on_record(
    auth_app: FastAPI,
    cases: dict[str, UUID],
    ask: Callable[[Person], Ask],
    person: Callable[..., Person],
) -> None:
    officer, at = ask(person("officer", "malee", ("office-99",))), f"/cases/{cases['own']}"
    for to in (20, 30, 40, 50):
        officer("POST", f"{at}/steps", {"to": to}, 201)
    given = {"welfare_system": "social_assistance", "kind": "house_repair", "given_on": "2026-01-15", "amount": 25000}
    first = officer("POST", f"{at}/assistance", given, 201)["id"]
    second = officer("POST", f"{at}/assistance/{first}/correction", given | {"amount": 2500}, 201)["id"]
    assert (
        officer("POST", f"{at}/assistance/{first}/correction", given, 409)["code"] == "case_work.assistance_corrected"
    )
    officer("POST", f"{at}/assistance/{second}/correction", given | {"amount": 0}, 400)
    officer("POST", f"{at}/assistance/{cases['secret']}/correction", given, 404)
    told = {one["id"]: one for one in officer("GET", f"{at}/history")["assistance"]}
    assert (told[first]["current"], told[first]["amount"], told[first]["corrects"]) == (False, "25000.00", None)
    assert (told[second]["current"], told[second]["amount"], told[second]["corrects"]) == (True, "2500.00", first)
    officer("POST", f"{at}/steps", {"to": 70}, 201)
    officer("POST", f"{at}/closing", {"reason": "goal_met", "evidence": "ภาพบ้านหลังซ่อม"}, 201)
    officer("POST", f"{at}/steps", {"to": 50}, 201)
    assert officer("GET", f"{at}/history")["closing"] is None
    officer("POST", f"{at}/closing/decline", {}, 409)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        asked = "SELECT details ->> 'change' FROM audit_entry WHERE action = 'case_change' ORDER BY number DESC LIMIT 4"
        changes = list(session.scalars(text(asked)))
    assert changes == ["step", "closing.withdrawn", "closing.proposed", "step"]
