"""Figures follow the steps of people who may neither read nor write figures themselves, in the step's transaction."""

import threading
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.database import transaction
from layers import rollups
from layers.case_merging import NotMergeable, merge_cases, unmerge_case
from layers.case_steps import take_step
from layers.cases import BadStatus
from layers.scope import Scope, as_product
from tests.case_work.conftest import OFFICER, Place
from tests.scopes import SYSTEM

TOTAL = "SELECT coalesce(sum(cases), 0) FROM case_count WHERE level = 'province' AND grain = 'month'"
SETTING = "SELECT current_setting('socialmap.scope')"


def total(place: Place) -> int:
    """Return how many cases the figures tell of, which are those that the cases tell of."""
    with transaction(place.engine, SYSTEM) as session:
        assert rollups.check(session) == []
        return int(session.execute(text(TOTAL)).scalar_one())


def step(place: Place, scope: Scope, case: UUID, to: int) -> None:
    with transaction(place.engine, scope) as session:
        take_step(session, scope, case, to)


def test_a_prank_and_a_merged_case_leave_the_figures_and_come_back(place: Place) -> None:
    before = total(place)
    prank, one, kept = place.case(), place.case(), place.case()
    assert total(place) == before + 3
    step(place, OFFICER, prank, 91)
    assert total(place) == before + 2
    with transaction(place.engine, OFFICER) as session:
        merge_cases(session, OFFICER, one, kept)
    assert total(place) == before + 1
    with transaction(place.engine, OFFICER) as session:
        unmerge_case(session, OFFICER, one)
    assert total(place) == before + 2
    step(place, OFFICER, one, 20)
    assert total(place) == before + 2


def test_a_team_from_another_area_takes_its_secret_case_out(place: Place) -> None:
    before = total(place)
    member = replace(OFFICER, areas=frozenset({"9902"}), units=frozenset({2}), actor_id=UUID(int=77))
    case = place.case(problem="P04.03")
    place.join(case, member.actor_id)
    step(place, member, case, 91)
    assert total(place) == before


def test_what_is_refused_changes_no_figure(place: Place) -> None:
    one, kept, gone = place.case(40), place.case(), place.case(91)
    before = total(place)
    with pytest.raises(BadStatus):
        step(place, OFFICER, one, 91)
    for case, into in ((one, kept), (kept, gone), (kept, kept)):
        with pytest.raises(NotMergeable), transaction(place.engine, OFFICER) as session:
            merge_cases(session, OFFICER, case, into)
    assert total(place) == before


def test_a_step_is_undone_with_its_transaction_and_so_are_its_figures(place: Place) -> None:
    case = place.case()
    before = total(place)
    with pytest.raises(Stopped):
        _step_and_stop(place, case)
    assert (total(place), place.status(case)) == (before, 10)


def test_the_product_hands_the_transaction_back(place: Place) -> None:
    case = place.case()
    with transaction(place.engine, OFFICER) as session:
        before = session.execute(text(SETTING)).scalar_one()
        take_step(session, OFFICER, case, 91)
        assert session.execute(text(SETTING)).scalar_one() == before
        assert session.execute(text("SELECT count(*) FROM case_count")).scalar_one() == 0
        assert not session.execute(text("SELECT scope_is_system()")).scalar_one()
        with pytest.raises(Stopped):
            _rise_and_stop(session)
        assert session.execute(text(SETTING)).scalar_one() == before
        with pytest.raises(ProgrammingError), as_product(session):
            session.execute(text("SELECT no_such_column"))
        assert session.execute(text(SETTING)).scalar_one() == before
        changed = session.execute(text("UPDATE case_count SET cases = 0 RETURNING 1")).all()
        assert changed == []


class Stopped(Exception):
    """Something else that failed in the same transaction."""


def _step_and_stop(place: Place, case: UUID) -> None:
    with transaction(place.engine, OFFICER) as session:
        take_step(session, OFFICER, case, 91)
        raise Stopped


def _rise_and_stop(session: Session) -> None:
    with as_product(session):
        assert session.execute(text("SELECT scope_is_system()")).scalar_one()
        raise Stopped


def _merge(engine: Engine, case: UUID, kept: UUID, failures: list[Exception]) -> None:
    try:
        with transaction(engine, OFFICER) as session:
            merge_cases(session, OFFICER, case, kept)
    except NotMergeable:
        return  # the other one was merged first
    except Exception as error:
        failures.append(error)
        raise


def test_two_who_merge_at_once_count_each_case_once(place: Place) -> None:
    kept, ones = place.case(), [place.case() for _ in range(4)]
    before = total(place)
    failures: list[Exception] = []
    pairs = [(one, kept) for one in ones] + [(ones[0], ones[1]), (ones[1], ones[0])]
    threads = [threading.Thread(target=_merge, args=(place.engine, *pair, failures), daemon=True) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert total(place) == before - len(ones)


def test_a_day_of_the_past_is_what_leaves_and_comes_back(place: Place) -> None:
    """The month of the report counts, not that of the step."""
    case = place.case()
    month = text(f"{TOTAL} AND period = :day")

    def january() -> int:
        with transaction(place.engine, SYSTEM) as session:
            return int(session.execute(month, {"day": date(2026, 1, 1)}).scalar_one())

    before = january()
    step(place, OFFICER, case, 91)
    assert january() == before - 1
