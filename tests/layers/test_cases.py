"""Single cases: created, changed step by step, deleted, and refused where a rule is broken."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from layers.cases import (
    BadCase,
    BadStatus,
    CaseNotFound,
    CaseValues,
    change_status,
    create_case,
    delete_case,
    get_case,
    new_id,
)
from layers.places import UnknownArea
from layers.taxonomy import UnknownTargetGroup
from tests.demo import INSIDE
from tests.layers.made import make_source

VALUES = CaseValues("P08.01", date(2026, 1, 3), target_groups=("T07",), secondary_problems=("P01.05",))


def test_a_case_with_a_point_gets_its_area(demo_session: Session) -> None:
    lat, lon = INSIDE
    values = CaseValues("P12.04", date(2026, 1, 3), lat=lat, lon=lon, accuracy_m=5, stated_code="990201")
    case = get_case(demo_session, create_case(demo_session, make_source(demo_session), values))
    assert (case.area_code, case.area_match, case.sensitivity) == ("990101", "conflict", "L3")
    assert case.values == values
    assert case.id.version == 7


def test_the_highest_level_of_all_that_is_named_counts(demo_session: Session) -> None:
    source = make_source(demo_session)
    quiet = create_case(demo_session, source, CaseValues("P02.01", date(2026, 1, 3)))
    loud = create_case(demo_session, source, CaseValues("P02.01", date(2026, 1, 3), target_groups=("T13",)))
    assert [get_case(demo_session, one).sensitivity for one in (quiet, loud)] == ["L1", "L3"]


def test_status_goes_by_allowed_steps_and_is_logged(demo_session: Session) -> None:
    case = create_case(demo_session, make_source(demo_session), VALUES)
    for step in (20, 30, 40, 50, 70):
        change_status(demo_session, case, step)
    change_status(demo_session, case, 80, close_reason="goal_met")
    with pytest.raises(BadStatus, match="81"):
        change_status(demo_session, case, 10)
    steps = demo_session.execute(text("SELECT from_status, to_status FROM case_event ORDER BY id")).all()
    assert [tuple(step) for step in steps] == [(10, 20), (20, 30), (30, 40), (40, 50), (50, 70), (70, 80)]


@pytest.mark.parametrize("statement", ["UPDATE case_event SET note = ''", "DELETE FROM case_event"])
def test_the_log_is_only_added_to(demo_session: Session, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        demo_session.execute(text(statement))


def test_deleting_takes_all_along(demo_session: Session) -> None:
    case = create_case(demo_session, make_source(demo_session), VALUES)
    change_status(demo_session, case, 20)
    delete_case(demo_session, case)
    assert demo_session.execute(text("SELECT count(*) FROM case_event")).scalar_one() == 0
    for act in (get_case, delete_case):
        with pytest.raises(CaseNotFound):
            act(demo_session, case)
    with pytest.raises(CaseNotFound):
        get_case(demo_session, new_id())


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"weight": -1}, "ck_case_weight"),
        ({"date_precision": "year"}, "ck_case_reported_on"),
        ({"date_precision": "week"}, "ck_case_date_precision"),
        ({"urgency": "U7"}, "ck_case_urgency"),
        ({"close_reason": "moved"}, "ck_case_close_reason"),
        ({"accuracy_m": 5}, "ck_case_accuracy_m"),
        ({"secondary_problems": ("P01", "P02", "P03", "P06")}, "ck_case_secondary_problems"),
        ({"counted": "dog"}, "ck_case_counted"),
    ],
)
def test_the_tables_refuse_what_breaks_a_rule(demo_session: Session, wrong: dict[str, object], rule: str) -> None:
    values = CaseValues(**{"problem_code": "P08", "reported_on": date(2026, 1, 3)} | wrong)  # type: ignore[arg-type]
    source = make_source(demo_session)
    with pytest.raises(BadCase, match=rule), demo_session.begin_nested():
        create_case(demo_session, source, values)


def test_unknown_codes_are_refused(demo_session: Session) -> None:
    source = make_source(demo_session)
    with pytest.raises(UnknownArea):
        create_case(demo_session, source, CaseValues("P08", date(2026, 1, 3), stated_code="990199"))
    with pytest.raises(UnknownTargetGroup):
        create_case(demo_session, source, CaseValues("P08", date(2026, 1, 3), target_groups=("T55",)))


def test_an_id_of_a_source_stands_once(demo_session: Session) -> None:
    source = make_source(demo_session)
    create_case(demo_session, source, VALUES, "same")
    with pytest.raises(BadCase, match="uq_case"), demo_session.begin_nested():
        create_case(demo_session, source, VALUES, "same")
