"""When steps should be done: hours round the clock, working days in Bangkok, and the office's own limits."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from api.database import reading, transaction
from layers.case_steps import take_step
from layers.referrals import note_answer, send_referral
from layers.time_limits import (
    ClosedDay,
    Limit,
    LimitBad,
    deadlines_of,
    limited_steps,
    list_limits,
    list_overdue,
    set_holidays,
    set_limits,
    shipped_limits,
    yearly_holidays,
)
from layers.visits import DayBad, VisitDone, list_visits, note_visit, plan_visit
from tests.case_work.conftest import OFFICER, Place
from tests.scopes import SYSTEM

BANGKOK = ZoneInfo("Asia/Bangkok")
ENTERED = date(2026, 3, 3)
"""มาฆบูชา 2569, as an office would enter it."""


def begun(place: Place, case: UUID, moment: datetime) -> None:
    """Move the begin of a case's clock."""
    with place.owner.begin() as connection:
        connection.execute(text('UPDATE "case" SET recorded_at = :at WHERE id = :id'), {"at": moment, "id": case})


def deadline(place: Place, case: UUID) -> datetime:
    with reading(place.engine, OFFICER) as session:
        return deadlines_of(session, case)[0].deadline


def counted(begin: datetime, days: int, holidays: set[date]) -> datetime:
    """Count working days one by one, as a person with a calendar would."""
    day = begin.astimezone(BANGKOK).date()
    while days:
        day += timedelta(days=1)
        closed = day.weekday() >= 5 or day.strftime("%m-%d") in yearly_holidays() or day in holidays
        days -= not closed
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), BANGKOK)


@pytest.mark.parametrize(
    ("begin", "urgency", "due"),
    [
        ("2026-02-27T16:30+07:00", "U4", "2026-02-27T17:30+07:00"),  # an hour, round the clock
        ("2026-02-28T23:59+07:00", "U4", "2026-03-01T00:59+07:00"),  # on a Saturday night too
        ("2026-02-27T16:30+07:00", "U3", "2026-03-03T00:00+07:00"),  # Friday: Monday is the working day
        ("2026-02-28T10:00+07:00", "U3", "2026-03-03T00:00+07:00"),  # Saturday: the same
        (
            "2026-03-02T17:30+00:00",
            "U3",
            "2026-03-05T00:00+07:00",
        ),  # Monday in London, Tuesday and a holiday in Bangkok
        ("2026-03-02T09:00+07:00", "U2", "2026-03-07T00:00+07:00"),  # three days around the holiday
        ("2026-04-10T09:00+07:00", "U3", "2026-04-17T00:00+07:00"),  # สงกรานต์
    ],
)
def test_the_first_step_is_due(place: Place, begin: str, urgency: str, due: str) -> None:
    case = place.case(urgency=urgency)
    begun(place, case, datetime.fromisoformat(begin))
    with transaction(place.engine, SYSTEM) as session:
        set_holidays(session, [ClosedDay(ENTERED, "มาฆบูชา", "Makha Bucha")])
    assert deadline(place, case) == datetime.fromisoformat(due)


def test_working_days_are_counted_as_a_person_counts_them(place: Place) -> None:
    with transaction(place.engine, SYSTEM) as session:
        set_holidays(session, [ClosedDay(ENTERED)])
    cases = {days: place.case(urgency="U3") for days in (1, 2, 5, 20, 100, 250)}
    for number, (days, case) in enumerate(cases.items()):
        begin = datetime(2026, 2, 20, 18, 0, tzinfo=UTC) + timedelta(days=number)
        begun(place, case, begin)
        with transaction(place.engine, SYSTEM) as session:
            set_limits(session, [Limit("ack", "U3", None, days)])
        assert deadline(place, case) == counted(begin, days, {ENTERED})
    with transaction(place.engine, SYSTEM) as session:
        set_limits(session, [])


def test_the_clock_of_a_step_runs_on_between_its_statuses_and_stops_after_it(place: Place) -> None:
    case = place.case(20, urgency="U4")
    with transaction(place.engine, OFFICER) as session:
        for step in (30, 35, 30, 40):
            take_step(session, OFFICER, case, step)
    with place.owner.begin() as connection:
        for number, hours in ((1, 70), (2, 50), (3, 20), (4, 10)):
            connection.execute(
                text(
                    "UPDATE case_event SET happened_at = now() - make_interval(hours => :hours)"
                    " WHERE case_id = :id AND number = :number"
                ),
                {"hours": hours, "number": number, "id": case},
            )
    left = deadline(place, case) - datetime.now(UTC)
    assert timedelta(hours=1, minutes=55) < left < timedelta(hours=2, minutes=1)  # 72 hours since fact-finding began
    closed, nobodys, tally = place.case(80), place.case(unit=None), place.case(cases=3, lat=None, lon=None)
    with transaction(place.engine, SYSTEM) as session:
        assert [deadlines_of(session, one) for one in (closed, nobodys, tally)] == [[], [], []]


def test_an_agency_that_does_not_answer_and_a_visit_that_is_not_made_are_overdue(place: Place) -> None:
    case = place.case(20, urgency="U4")
    later = datetime.now(UTC) + timedelta(hours=25)
    today = datetime.now(BANGKOK).date()
    with transaction(place.engine, OFFICER) as session:
        sent = send_referral(session, OFFICER, case, "hospital")
        assert [one.step for one in list_overdue(session, later) if one.case_id == case] == ["referral_ack"]
        note_answer(session, OFFICER, case, sent, "accepted")
        assert [one for one in list_overdue(session, later) if one.case_id == case] == []
        made = plan_visit(session, OFFICER, case, today, "ไปพร้อมพยาบาล")
        assert [one.step for one in list_overdue(session, later) if one.case_id == case] == ["visit"]
        with pytest.raises(DayBad):
            note_visit(session, OFFICER, case, made, today + timedelta(days=1), today)
        note_visit(session, OFFICER, case, made, today, today)
        with pytest.raises(VisitDone):
            note_visit(session, OFFICER, case, made, today, today)
        assert [one for one in list_overdue(session, later) if one.case_id == case] == []
        assert [(one.done_on, one.note) for one in list_visits(session, case)] == [(today, "ไปพร้อมพยาบาล")]


def test_limits_are_the_offices_own_where_it_says_so(place: Place) -> None:
    with transaction(place.engine, SYSTEM) as session:
        whole = list_limits(session)
        assert len(whole) == len(limited_steps()) * 4
        assert [one for one in whole if one.urgency == "U1"] == [Limit(step, "U1") for step in limited_steps()]
        changed = [Limit("ack", "U4", 2, None) if (one.step, one.urgency) == ("ack", "U4") else one for one in whole]
        set_limits(session, changed)
        assert list_limits(session) == changed
        kept = session.execute(text("SELECT step, urgency, hours, working_days FROM time_limit")).all()
        assert [tuple(row) for row in kept] == [("ack", "U4", 2, None)]
        set_limits(session, [Limit("ack", "U3")])
        case = place.case(urgency="U3")
        assert deadlines_of(session, case) == []
        for bad in (Limit("sleep", "U4", 1), Limit("ack", "U5", 1), Limit("ack", "U4", 1, 1), Limit("ack", "U4", 0)):
            with pytest.raises(LimitBad):
                set_limits(session, [bad])
        set_limits(session, shipped_limits())
        assert session.execute(text("SELECT count(*) FROM time_limit")).scalar_one() == 0


def test_what_others_work_on_is_not_among_what_is_overdue(place: Place) -> None:
    own, other, secret = place.case(urgency="U4"), place.case(urgency="U4", unit=2), place.case(problem="P04.01")
    later = datetime.now(UTC) + timedelta(days=30)
    with reading(place.engine, OFFICER) as session:
        found = {one.case_id for one in list_overdue(session, later)}
    assert own in found
    assert not {other, secret} & found
