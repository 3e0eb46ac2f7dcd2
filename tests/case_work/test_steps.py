"""Steps, closing by two, reopening, merges taken back: what the ring allows, and what the table of steps says."""

import pytest
from sqlalchemy import text

from api.database import reading, transaction
from layers import taxonomy
from layers.case_closing import (
    ClosingOwn,
    ClosingProposed,
    ClosingReasonBad,
    NoClosing,
    confirm_closing,
    decline_closing,
    find_closing,
    propose_closing,
)
from layers.case_steps import (
    ClosingTakesTwo,
    NoSingleCase,
    NotMerged,
    ReopenedTooLate,
    count_reopened,
    list_history,
    take_back_merge,
    take_step,
)
from layers.case_words import WordsBad
from layers.cases import BadStatus, CaseNotFound, get_case, remove_words, update_case
from tests.case_work.conftest import COLLEAGUE, ELSEWHERE, OFFICER, READER, Place
from tests.scopes import SYSTEM

EVIDENCE = "เยี่ยมบ้านแล้ว มีรายได้ประจำ"


def test_the_table_of_steps_says_what_the_taxonomy_says(place: Place) -> None:
    statuses = taxonomy.statuses()
    with reading(place.engine, SYSTEM) as session:
        rows = session.execute(text("SELECT way, from_status, to_status FROM case_step")).all()
    held = {way: {(row.from_status, row.to_status) for row in rows if row.way == way} for way in {r.way for r in rows}}
    assert held["step"] == {(old, new) for old, one in statuses.items() for new in one.next}
    reached = dict(held["step"] and {old: set(one.next) for old, one in statuses.items()})
    for _ in statuses:
        for found in reached.values():
            found |= {new for old in set(found) for new in statuses[old].next}
    assert held["stated"] == {(old, new) for old, found in reached.items() for new in found if new != old}
    assert held["undo"] == {(old, new) for old in statuses for new in statuses if old != new}
    assert held["unmerge"] == {(90, 10), (90, 20), (90, 30)}


def test_a_step_is_taken_with_who_when_and_words(place: Place) -> None:
    case = place.case()
    with transaction(place.engine, OFFICER) as session:
        assert take_step(session, OFFICER, case, 20, note="รับเรื่องทางโทรศัพท์") == 1
        assert take_step(session, OFFICER, case, 30, evidence="  ") == 2
    with reading(place.engine, COLLEAGUE) as session:
        first, second = list_history(session, case)
        assert (first.from_status, first.to_status, first.way, first.actor_id) == (10, 20, "step", OFFICER.actor_id)
        assert (first.note, second.evidence, second.number) == ("รับเรื่องทางโทรศัพท์", None, 2)
    with reading(place.engine, ELSEWHERE) as session:
        assert list_history(session, case) == []


def test_every_pair_of_statuses_is_a_step_or_refused(place: Place) -> None:
    statuses = taxonomy.statuses()
    with transaction(place.engine, SYSTEM) as session:
        for old in statuses:
            case = place.case(old)
            for new in statuses:
                allowed = new in statuses[old].next and new != 80
                with session.begin_nested() as savepoint:
                    try:
                        take_step(session, OFFICER, case, new)
                    except (BadStatus, ClosingTakesTwo):
                        assert not allowed, (old, new)
                    else:
                        assert allowed, (old, new)
                    savepoint.rollback()


def test_who_may_not_write_a_case_takes_no_step(place: Place) -> None:
    case, secret = place.case(), place.case(problem="P04.01")
    for scope, one in ((ELSEWHERE, case), (READER, case), (OFFICER, secret)):
        with transaction(place.engine, scope) as session, pytest.raises(CaseNotFound):
            take_step(session, scope, one, 20)
    place.join(secret, OFFICER.actor_id)
    with transaction(place.engine, OFFICER) as session:
        take_step(session, OFFICER, secret, 20)
    assert (place.status(case), place.status(secret)) == (10, 20)


def test_a_closing_is_proposed_with_evidence_and_confirmed_by_another(place: Place) -> None:
    case = place.case(70)
    with transaction(place.engine, OFFICER) as session:
        with pytest.raises(ClosingTakesTwo):
            take_step(session, OFFICER, case, 80)
        with pytest.raises(WordsBad):
            propose_closing(session, OFFICER, case, "goal_met", " ok ")
        with pytest.raises(ClosingReasonBad):
            propose_closing(session, OFFICER, case, "bored", EVIDENCE)
        with pytest.raises(NoClosing):
            confirm_closing(session, OFFICER, case)
        propose_closing(session, OFFICER, case, "self_reliant", EVIDENCE)
        with pytest.raises(ClosingProposed):
            propose_closing(session, OFFICER, case, "moved", EVIDENCE)
        with pytest.raises(ClosingOwn):
            confirm_closing(session, OFFICER, case)
    with reading(place.engine, ELSEWHERE) as session:
        assert find_closing(session, case) is None
    assert place.status(case) == 70
    with transaction(place.engine, COLLEAGUE) as session:
        confirm_closing(session, COLLEAGUE, case)
        (event,) = list_history(session, case)
        assert (event.proposed_by, event.actor_id, event.evidence) == (OFFICER.actor_id, COLLEAGUE.actor_id, EVIDENCE)
        assert get_case(session, case).values.close_reason == "self_reliant"
        assert find_closing(session, case) is None


def test_a_declined_closing_leaves_the_case_and_can_be_proposed_again(place: Place) -> None:
    case = place.case(92)
    with transaction(place.engine, OFFICER) as session:
        propose_closing(session, OFFICER, case, "moved", EVIDENCE)
    with transaction(place.engine, COLLEAGUE) as session:
        decline_closing(session, COLLEAGUE, case, "ยังไม่ได้ตรวจที่อยู่ใหม่")
        with pytest.raises(NoClosing):
            confirm_closing(session, COLLEAGUE, case)
        propose_closing(session, COLLEAGUE, case, "moved", EVIDENCE)
    with transaction(place.engine, OFFICER) as session:
        confirm_closing(session, OFFICER, case)
    assert place.status(case) == 80


def test_a_case_moves_on_while_its_closing_waits_and_is_then_not_closed(place: Place) -> None:
    case = place.case(70)
    with transaction(place.engine, OFFICER) as session:
        propose_closing(session, OFFICER, case, "goal_met", EVIDENCE)
        take_step(session, OFFICER, case, 50)
    with transaction(place.engine, COLLEAGUE) as session, pytest.raises(NoClosing):
        confirm_closing(session, COLLEAGUE, case)
    assert place.status(case) == 50


def test_reopening_within_thirty_days_is_counted(place: Place) -> None:
    fresh, old = place.case(80), place.case(80)
    with place.owner.begin() as connection:
        connection.execute(
            text("UPDATE \"case\" SET recorded_at = now() - interval '31 days' WHERE id = :id"), {"id": old}
        )
    with transaction(place.engine, OFFICER) as session:
        take_step(session, OFFICER, fresh, 81)
        assert count_reopened(session, fresh) == 1
        with pytest.raises(ReopenedTooLate):
            take_step(session, OFFICER, old, 81)
        assert get_case(session, fresh).values.close_reason is None
    assert place.status(old) == 80


def test_the_thirty_days_count_from_the_last_closing(place: Place) -> None:
    case = place.case(70)
    for _ in range(2):
        with transaction(place.engine, OFFICER) as session:
            propose_closing(session, OFFICER, case, "goal_met", EVIDENCE)
        with transaction(place.engine, COLLEAGUE) as session:
            confirm_closing(session, COLLEAGUE, case)
        with transaction(place.engine, OFFICER) as session:
            for step in (81, 30, 40, 50, 70):
                take_step(session, OFFICER, case, step)
        with place.owner.begin() as connection:
            connection.execute(
                text("UPDATE case_event SET happened_at = happened_at - interval '40 days' WHERE case_id = :id"),
                {"id": case},
            )
    with reading(place.engine, OFFICER) as session:
        assert count_reopened(session, case) == 2


def test_a_merge_is_taken_back_to_the_status_before(place: Place) -> None:
    case, stated = place.case(20), place.case(90)
    with transaction(place.engine, OFFICER) as session:
        with pytest.raises(NotMerged):
            take_back_merge(session, OFFICER, case)
        take_step(session, OFFICER, case, 90)
        take_back_merge(session, OFFICER, case, note="คนละคนกัน")
        assert [(one.to_status, one.way) for one in list_history(session, case)] == [(90, "step"), (20, "unmerge")]
        with pytest.raises(NotMerged):
            take_back_merge(session, OFFICER, stated)


def test_a_row_of_many_cases_is_nobodys_work(place: Place) -> None:
    case = place.case(cases=37, lat=None, lon=None, stated_code="990101")
    with transaction(place.engine, OFFICER) as session, pytest.raises(NoSingleCase):
        take_step(session, OFFICER, case, 20)


def test_history_follows_a_case_to_another_province(place: Place) -> None:
    case = place.case(70)
    with transaction(place.engine, OFFICER) as session:
        propose_closing(session, OFFICER, case, "goal_met", EVIDENCE)
    with transaction(place.engine, COLLEAGUE) as session:
        confirm_closing(session, COLLEAGUE, case)
    with transaction(place.engine, SYSTEM) as session:
        known = get_case(session, case)
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.execute(
            text(
                "UPDATE \"case\" SET province_code = '98', district_code = NULL, subdistrict_code = NULL"
                " WHERE province_code = '99' AND id = :id"
            ),
            {"id": case},
        )
        assert [one.evidence for one in list_history(session, case)] == [EVIDENCE]
        update_case(session, case, known.values)
        assert session.execute(text("SELECT DISTINCT province_code FROM case_closing")).scalars().all() == ["99"]


def test_erasure_takes_all_words_of_the_work_along(place: Place) -> None:
    case = place.case(60)
    with transaction(place.engine, OFFICER) as session:
        take_step(session, OFFICER, case, 70, note="บันทึกลับ", evidence="หลักฐานลับ")
        propose_closing(session, OFFICER, case, "goal_met", "ยุติลับ เยี่ยมแล้ว")
    with transaction(place.engine, COLLEAGUE) as session:
        confirm_closing(session, COLLEAGUE, case)
    with transaction(place.engine, SYSTEM) as session:
        remove_words(session, case)
        for table in ("case_event", "case_closing", "referral", "visit", "assistance"):
            rows = session.execute(text(f"SELECT t::text FROM {table} AS t WHERE case_id = :id"), {"id": case})
            assert "ลับ" not in "".join(rows.scalars())
        assert [one.evidence for one in list_history(session, case)] == [None, None]
        assert session.execute(text("SELECT proposed_by FROM case_closing")).scalars().first()
