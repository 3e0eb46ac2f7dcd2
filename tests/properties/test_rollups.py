"""The rollups say what the cases say, whatever was done to the cases, and whoever did it at the same time."""

import random
import threading
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from api.database import make_engine, transaction
from layers import rollups
from layers.case_batches import delete_cases_of, write_batch
from layers.cases import CaseNotFound, CaseValues, create_case, delete_case, update_case
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_batch, make_source
from tests.scopes import SYSTEM

PLACES = ("990101", "990102", "990201", "9901", "9902", "99", None)
PROBLEMS = ("P01", "P01.02", "P08", "P08.01", "P04.03", "P15.03")
PRECISIONS = {
    "day": date(2026, 2, 3),
    "month": date(2025, 10, 1),
    "year": date(2025, 1, 1),
    "fiscal": date(2025, 10, 1),
}

precisions = st.sampled_from(sorted(PRECISIONS))


@st.composite
def values(draw: st.DrawFn) -> CaseValues:
    """Draw a row at a stated place, of every precision, unit, number of groups and number of cases it stands for."""
    precision = draw(precisions)
    return CaseValues(
        problem_code=draw(st.sampled_from(PROBLEMS)),
        reported_on=PRECISIONS[precision],
        date_precision=precision,  # type: ignore[arg-type]
        cases=draw(st.sampled_from((0, 1, 1, 37))),
        weight=draw(st.sampled_from((0.0, 1.0, 1.2345, 2.5))),
        counted=draw(st.sampled_from(("case", "person"))),
        stated_code=draw(st.sampled_from(PLACES)),
        target_groups=tuple(draw(st.lists(st.sampled_from(("T01", "T07", "T99")), unique=True, max_size=3))),
    )


def areas_of(one: CaseValues) -> tuple[str, str | None, str | None]:
    """Return the areas that a stated code means."""
    code = one.stated_code or "00"
    return code[:2], code[:4] if len(code) >= 4 else None, code if len(code) == 6 else None


steps = st.lists(
    st.one_of(
        st.tuples(st.just("create"), values()),
        st.tuples(st.just("update"), st.integers(0, 9), values()),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("batch"), st.lists(st.tuples(st.integers(0, 5), values()), max_size=6)),
        st.tuples(st.just("forget")),
    ),
    max_size=10,
)


def do(session: Session, step: tuple, present: list) -> None:  # type: ignore[type-arg]
    """Do one drawn step; steps on cases that are not there do nothing."""
    source = make_source(session)
    match step:
        case ("create", one):
            present.append(create_case(session, source, one))
        case ("update", place, one) if place < len(present):
            update_case(session, present[place], one)
        case ("delete", place) if place < len(present):
            delete_case(session, present.pop(place))
        case ("batch", rows):
            unique = {str(number): one for number, one in rows}
            batch = make_batch([(external, one, areas_of(one)) for external, one in unique.items()])
            write_batch(session, make_source(session, "bulk"), [batch])
        case ("forget",):
            delete_cases_of(session, make_source(session, "bulk"))


def check_any_mix(session: Session, drawn: list) -> None:  # type: ignore[type-arg]
    """Do the steps and compare after each; leave nothing behind."""
    undo = session.begin_nested()
    try:
        present: list = []  # type: ignore[type-arg]
        for step in drawn:
            do(session, step, present)
            assert rollups.check(session) == [], step
    finally:
        undo.rollback()


SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=12, deadline=None, suppress_health_check=SUPPRESSED)
@given(drawn=steps)
def test_rollups_follow_any_mix_of_writes(demo_session: Session, drawn: list) -> None:  # type: ignore[type-arg]
    check_any_mix(demo_session, drawn)


@pytest.mark.proof
@settings(max_examples=400, deadline=None, suppress_health_check=SUPPRESSED)
@given(drawn=steps)
def test_rollups_follow_very_many_mixes(demo_session: Session, drawn: list) -> None:  # type: ignore[type-arg]
    check_any_mix(demo_session, drawn)


def test_check_finds_a_wrong_cell_and_rebuild_mends_it(demo_session: Session) -> None:
    create_case(demo_session, make_source(demo_session), CaseValues("P08.01", date(2026, 2, 3), stated_code="990101"))
    demo_session.execute(text("UPDATE case_count SET cases = cases + 1 WHERE level = 'district' AND grain = 'fy'"))
    found = rollups.check(demo_session)
    assert {(one.table, one.cell["area_code"], one.kept, one.counted) for one in found} == {
        ("case_count", "9901", 2, 1)
    }
    rollups.rebuild(demo_session)
    assert rollups.check(demo_session) == []


def _write(engine: Engine, seed: int, rounds: int, shared: list, failures: list) -> None:  # type: ignore[type-arg]
    """Write at random, one write a transaction, on cases that the other threads write too."""
    chance = random.Random(seed)
    for _ in range(rounds):
        one = CaseValues(
            chance.choice(PROBLEMS), date(2026, chance.randint(1, 9), 3), stated_code=chance.choice(PLACES)
        )
        try:
            with transaction(engine, SYSTEM) as session:
                source = make_source(session, chance.choice(("a", "b")))
                match chance.choice(("create", "update", "update", "delete", "batch")):
                    case "create":
                        shared.append(create_case(session, source, one))
                    case "update":
                        update_case(session, chance.choice(shared), one)
                    case "delete":
                        delete_case(session, chance.choice(shared))
                    case "batch":
                        rows = [(f"x{chance.randint(0, 30)}", one, areas_of(one)) for _ in range(8)]
                        write_batch(session, source, [make_batch(list({row[0]: row for row in rows}.values()))])
        except CaseNotFound:
            continue
        except Exception as error:
            failures.append(error)
            raise


def test_rollups_follow_writers_at_the_same_time(server: str) -> None:
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=6)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            source = make_source(session, "a")
            shared = [
                create_case(session, source, CaseValues("P08", date(2026, 1, 3), stated_code="990101"))
                for _ in range(6)
            ]
        failures: list[Exception] = []
        threads = [
            threading.Thread(target=_write, args=(engine, seed, 12, shared, failures), daemon=True) for seed in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=90)
        assert not any(thread.is_alive() for thread in threads), "writers wait for each other in a ring"
        assert failures == []
        with transaction(engine, SYSTEM) as session:
            assert session.execute(text("SELECT count(*) FROM case_count")).scalar_one() > 0
            assert rollups.check(session) == []
        engine.dispose()
