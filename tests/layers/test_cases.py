"""Single cases: created, changed step by step, deleted, and refused where a rule is broken."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.database import make_engine, transaction
from layers import rollups
from layers.cases import (
    LONGEST_ID,
    BadCase,
    BadStatus,
    CaseNotFound,
    CaseValues,
    LongExternalId,
    change_status,
    create_case,
    delete_case,
    get_case,
    new_id,
    update_case,
)
from layers.places import UnknownArea
from layers.taxonomy import UnknownTargetGroup
from tests.databases import fresh_database
from tests.demo import INSIDE, load_demo_boundaries
from tests.layers.made import make_source
from tests.scopes import SYSTEM

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


def step_on(engine: Engine, case: UUID) -> None:
    """Take a case from 10 to 20 in a transaction of its own."""
    with transaction(engine, SYSTEM) as session:
        change_status(session, case, 20)


def wait_for_a_waiter(session: Session) -> None:
    """Return once another connection waits for this one."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
    for _ in range(500):
        if session.execute(waiting).scalar_one():
            return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_step_keeps_what_another_writer_changes_meanwhile(server: str) -> None:
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=2)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            case = create_case(session, make_source(session), VALUES)
        with ThreadPoolExecutor(1) as other:
            with transaction(engine, SYSTEM) as session:
                update_case(session, case, replace(VALUES, weight=7, stated_code="990101"))
                step = other.submit(step_on, engine, case)
                wait_for_a_waiter(session)
            step.result(timeout=30)
        with transaction(engine, SYSTEM) as session:
            assert get_case(session, case).values == replace(VALUES, weight=7, stated_code="990101", status=20)
            assert rollups.check(session) == []
        engine.dispose()


def test_a_weight_is_counted_as_it_is_kept(demo_session: Session) -> None:
    case = create_case(demo_session, make_source(demo_session), replace(VALUES, weight=1.2345))
    assert get_case(demo_session, case).values.weight == 1.235
    assert rollups.check(demo_session) == []
    update_case(demo_session, case, replace(VALUES, weight=0.0004))
    assert rollups.check(demo_session) == []
    delete_case(demo_session, case)
    left = demo_session.execute(text("SELECT count(*) FROM case_count WHERE cases <> 0 OR weight <> 0"))
    assert left.scalar_one() == 0


@pytest.mark.parametrize("statement", ["UPDATE case_event SET to_status = 20", "DELETE FROM case_event"])
def test_the_log_is_only_added_to(demo_session: Session, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        demo_session.execute(text(statement))


def test_a_note_of_the_log_is_blanked_and_never_rewritten(demo_session: Session) -> None:
    case = create_case(demo_session, make_source(demo_session), VALUES)
    change_status(demo_session, case, 20, note="ไปพบแล้ว")
    with pytest.raises(ProgrammingError, match="row-level security"), demo_session.begin_nested():
        demo_session.execute(text("UPDATE case_event SET note = 'x'"))
    demo_session.execute(text("UPDATE case_event SET note = NULL"))
    assert demo_session.execute(text("SELECT note FROM case_event")).scalar_one() is None


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
        ({"date_precision": "fiscal", "reported_on": date(2026, 1, 1)}, "ck_case_reported_on"),
        ({"date_precision": "year", "reported_on": date(2025, 10, 1)}, "ck_case_reported_on"),
        ({"cases": -1}, "ck_case_cases"),
        ({"cases": 2, "lat": 14.5, "lon": 100.5}, "ck_case_tally"),
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


def test_an_id_of_a_source_has_a_greatest_length(demo_session: Session) -> None:
    source = make_source(demo_session)
    create_case(demo_session, source, VALUES, "ก" * LONGEST_ID)
    with pytest.raises(LongExternalId, match=f"{LONGEST_ID + 1} characters"):
        create_case(demo_session, source, VALUES, "ก" * (LONGEST_ID + 1))
