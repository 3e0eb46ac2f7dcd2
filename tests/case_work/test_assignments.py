"""Giving cases to units, secret ones that wait for a team, and referrals with what the agency is shown."""

import pytest
from sqlalchemy import text

from api.database import reading, transaction
from layers.agencies import OPEN_FIELDS, PERSON_FIELDS, UnknownAgency, agencies, suggested_agencies
from layers.assignments import UnitNotServing, assign_unit, list_assignments, list_awaiting_team
from layers.cases import BadStatus, CaseNotFound
from layers.referrals import (
    ReferralAnswered,
    ReferralNotFound,
    UnitNotAgency,
    answer_received,
    list_received,
    list_sent,
    note_answer,
    send_referral,
)
from layers.taxonomy import categories, urgencies
from tests.case_work.conftest import COLLEAGUE, ELSEWHERE, HEAD, OFFICER, PARTNER, Place
from tests.scopes import SYSTEM


def test_a_case_is_given_to_a_unit_that_serves_its_area(place: Place) -> None:
    case, nobodys = place.case(), place.case(unit=None)
    place.join(case, OFFICER.actor_id)
    with transaction(place.engine, SYSTEM) as session:
        assert not assign_unit(session, HEAD, case, 1)
        for unit in (3, 99):  # one serves another district, one does not exist
            with pytest.raises(UnitNotServing):
                assign_unit(session, HEAD, case, unit)
        assert assign_unit(session, HEAD, case, 2)
        assert assign_unit(session, HEAD, nobodys, 1)
        with pytest.raises(CaseNotFound):  # it is the other unit's by now
            assign_unit(session, HEAD, case, 1)
        assert session.execute(text("SELECT count(*) FROM case_member WHERE case_id = :id"), {"id": case}).scalar() == 0
    with reading(place.engine, ELSEWHERE) as session:
        assert [(one.unit_id, one.actor_id) for one in list_assignments(session, case)] == [(2, HEAD.actor_id)]
    with reading(place.engine, OFFICER) as session:
        assert list_assignments(session, case) == []


def test_secret_cases_without_a_team_are_named_to_heads_and_nothing_else_of_them(place: Place) -> None:
    secret, other, taken = (place.case(problem="P04.01", unit=unit) for unit in (1, 2, 1))
    place.join(taken, OFFICER.actor_id)
    with transaction(place.engine, SYSTEM) as session:
        found = list_awaiting_team(session, HEAD)
        assert [(one.id, one.district_code, one.urgency) for one in found] == [(secret, "9901", "U2")]
        assert set(vars(found[0])) == {"id", "district_code", "urgency", "received_at"}
        assert assign_unit(session, HEAD, secret, 2)
        assert list_awaiting_team(session, HEAD) == []
        assert {one.id for one in list_awaiting_team(session, ELSEWHERE)} == {secret, other}


def test_rules_of_referral_name_agencies_fields_and_units_that_there_are(place: Place) -> None:
    for problem in categories():
        found = suggested_agencies(problem)
        assert found.first
        assert {one.key for one in (*found.first, *found.also)} <= set(agencies())
    for one in agencies().values():
        assert set(one.fields) <= {*OPEN_FIELDS, *PERSON_FIELDS}, one.key
        assert one.kinds <= {"office", "home", "homeless", "settlement", "centre", "lao", "partner", "other"}


def test_an_agency_is_shown_what_its_rule_names_and_answers(place: Place) -> None:
    case = place.case(30)
    with transaction(place.engine, OFFICER) as session:
        made = send_referral(session, OFFICER, case, "police", 4, "โปรดไปด้วยกันวันจันทร์")
        by_letter = send_referral(session, OFFICER, case, "ngo")
    assert place.status(case) == 60
    with transaction(place.engine, SYSTEM) as session:
        (one,) = list_received(session, PARTNER)
        assert list_received(session, ELSEWHERE) == []
        assert set(one.shown) == {"problem", "urgency", "area", "place"}
        assert one.person_fields == ("name", "phone", "address")
        assert "โปรด" not in repr(one)
        with pytest.raises(ReferralNotFound):
            answer_received(session, ELSEWHERE, made, "accepted")
        assert answer_received(session, PARTNER, made, "accepted").state == "accepted"
        with pytest.raises(ReferralAnswered):
            answer_received(session, PARTNER, made, "declined")
        over = answer_received(session, PARTNER, made, "returned", "ย้ายออกไปแล้ว")
        assert (over.shown, over.person_fields) == ({}, ())
    with transaction(place.engine, COLLEAGUE) as session:
        note_answer(session, COLLEAGUE, case, by_letter, "declined", "ตอบทางหนังสือ")
        states = [(one.agency, one.state, one.answer) for one in list_sent(session, case)]
        assert states == [("police", "returned", "ย้ายออกไปแล้ว"), ("ngo", "declined", "ตอบทางหนังสือ")]
    with reading(place.engine, ELSEWHERE) as session:
        assert list_sent(session, case) == []


def test_of_a_secret_case_an_agency_sees_urgency_and_district_alone(place: Place) -> None:
    case = place.case(20, problem="P04.01")
    place.join(case, OFFICER.actor_id)
    with transaction(place.engine, OFFICER) as session:
        send_referral(session, OFFICER, case, "police", 4)
    with transaction(place.engine, SYSTEM) as session:
        (one,) = (each for each in list_received(session, PARTNER) if each.case_id == case)
        assert (one.shown, one.person_fields) == ({"urgency": "U2", "area": "9901"}, ())
    assert set(urgencies()) >= {"U2"}


def test_what_cannot_be_referred_is_refused_whole(place: Place) -> None:
    case, closed = place.case(20), place.case(80)
    with transaction(place.engine, OFFICER) as session:
        for agency, unit, error in (
            ("nobody", None, UnknownAgency), ("police", 1, UnitNotAgency), ("lao", 3, UnitNotServing),
            ("lao", 4, UnitNotAgency),
        ):  # fmt: skip
            with pytest.raises(error):
                send_referral(session, OFFICER, case, agency, unit)
        with pytest.raises(BadStatus):
            send_referral(session, OFFICER, closed, "ngo")
        assert list_sent(session, case) == []
    assert place.status(case) == 20
