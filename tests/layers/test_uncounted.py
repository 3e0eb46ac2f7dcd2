"""What is no case stands in no map of places, list of work or new release; lists by status still tell it."""

from dataclasses import replace
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.aggregation import figures
from layers.area_choices import count_unsettled, list_unsettled
from layers.case_lists import list_cases, list_places
from layers.cases import CaseValues, change_status, create_case
from layers.desk import QueueAsked, count_queue, list_queue, list_queue_places
from layers.duplicates import find_candidates
from layers.filters import Filter
from layers.periods import fiscal_period
from layers.scope import Scope
from layers.taxonomy import uncounted
from tests.demo import INSIDE
from tests.layers.made import make_source
from tests.releases import publish
from tests.scopes import SYSTEM

LAT, LON = INSIDE
ONE = CaseValues("P02.01", date(2026, 1, 3), lat=LAT, lon=LON, stated_code="9902")
"""At a point of one district, stated in another: its area is in doubt."""


def test_places_and_work_leave_them_out_and_lists_by_status_tell_them(demo_session: Session) -> None:
    source = make_source(demo_session)
    made = {
        status: create_case(demo_session, source, replace(ONE, status=status)) for status in (10, 20, *uncounted(), 92)
    }
    counted = {made[10], made[20], made[92]}
    assert {one.id for one in list_places(demo_session, within="99")} == counted
    assert {one.id for one in list_unsettled(demo_session, "99")} == counted
    assert count_unsettled(demo_session, "99") == 3
    asked = QueueAsked("99")
    assert {one.id for one in list_queue(demo_session, asked)} == {made[10], made[20]}
    assert {one.id for one in list_queue_places(demo_session, asked)} == {made[10], made[20]}
    assert count_queue(demo_session, asked).open == 2
    assert [{one.one, one.other} for one in find_candidates(demo_session)][:1] == [{made[10], made[20]}]
    assert {one.id for one in list_cases(demo_session, within="99")} == set(made.values())
    for status in uncounted():
        assert [one.id for one in list_cases(demo_session, status=status)] == [made[status]]
        assert [one.id for one in list_queue(demo_session, replace(asked, status=status))] == [made[status]]


def test_a_release_stays_and_the_next_one_follows(demo_session: Session) -> None:
    source = make_source(demo_session)
    one = replace(ONE, lat=None, lon=None, stated_code="9901")
    cases = [create_case(demo_session, source, one) for _ in range(60)]
    year = fiscal_period(2569)
    rows = text("SELECT * FROM release_table WHERE release_id = :id ORDER BY audience, level, period, key")
    first = publish(demo_session, year)
    assert first is not None
    held = demo_session.execute(rows, {"id": first.id}).all()
    assert (exact(demo_session), printed(demo_session)) == (60, 60)
    for case in cases[:40]:
        change_status(demo_session, case, 91)
    assert (exact(demo_session), printed(demo_session)) == (20, 60)
    second = publish(demo_session, year)
    assert second is not None
    assert (exact(demo_session), printed(demo_session)) == (20, 20)
    assert demo_session.execute(rows, {"id": first.id}).all() == held
    assert publish(demo_session, year) is None


def exact(session: Session) -> float:
    return of_province(session, SYSTEM)


def printed(session: Session) -> float:
    return of_province(session, Scope.committee())


def of_province(session: Session, scope: Scope) -> float:
    wanted = Filter("P02", fiscal_period(2569))
    table = figures(session, scope, "cases", "province", "TH", wanted, "count")
    return float(table.value[table.codes.index("99")])
