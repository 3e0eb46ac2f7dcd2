"""Figures against the bare SQL they stand on, and whether they stay quick as cases grow."""

import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from layers.aggregation import figures
from layers.demo import load_demo
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope

pytestmark = [pytest.mark.bench, pytest.mark.shared]

FY = parse_period("fy2569")
AREAS = text(
    "SELECT a.code FROM area a JOIN edition e ON e.id = a.edition_id AND e.state = 'active'"
    " WHERE a.level = 'district' ORDER BY a.code"
)
PEOPLE = text(
    "SELECT area_code, value FROM observation WHERE indicator_id = 'population_60plus' AND level = 'district'"
    " AND last_day = DATE '2025-12-31'"
)
ROLLUP = text(
    "SELECT area_code, sum(cases), sum(weight) FROM case_count WHERE level = 'district' AND grain = 'fy'"
    " AND period = :first AND problem_code = 'P08' GROUP BY area_code ORDER BY area_code"
)


@pytest.fixture
def loaded(thailand_engine: Engine) -> Iterator[Callable[[int], Session]]:
    """Give what loads invented cases and returns the session; all is rolled back."""
    with thailand_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:

            def load(cases: int) -> Session:
                load_demo(session, per_year=cases // 5, years=5)
                return session

            yield load
        outer.rollback()


def ask(session: Session) -> int:
    """Ask for the disclosed rates of all districts."""
    return len(figures(session, Scope.committee(), "cases", "district", None, Filter("P08", FY), "rate"))


def bare(session: Session) -> int:
    """Read what a rate is made of by SQL alone: the rollup, the areas, the denominators."""
    rollup(session)
    session.execute(PEOPLE).all()
    return len(session.execute(AREAS).all())


def rollup(session: Session) -> int:
    """Read the rollup alone."""
    return len(session.execute(ROLLUP, {"first": FY.first}).all())


def medians(session: Session, *doers: Callable[[Session], int], rounds: int = 31) -> list[float]:
    """Return the median seconds of each, run in turns."""
    taken: list[list[float]] = [[] for _ in doers]
    for _ in range(rounds):
        for place, do in enumerate(doers):
            begun = time.perf_counter()
            do(session)
            taken[place].append(time.perf_counter() - begun)
    return [statistics.median(one[3:]) for one in taken]


def test_figures_cost_little_more_than_their_sql(loaded: Callable[[int], Session]) -> None:
    session = loaded(100_000)
    assert ask(session) == bare(session) == 928
    few, sql, cells = medians(session, ask, bare, rollup)
    print(f"\nfigures of 928 districts: {few * 1e3:.1f} ms, bare SQL {sql * 1e3:.1f} ms, ratio {few / sql:.2f}")
    print(f"figures of 928 districts: ratio to the rollup alone {few / cells:.2f} ({cells * 1e3:.1f} ms)")
    session = loaded(1_000_000)
    many, sql, cells = medians(session, ask, bare, rollup)
    print(f"with 1,000,000 cases: {many * 1e3:.1f} ms, ratio to bare SQL {many / sql:.2f}, to 100,000 {many / few:.2f}")
    assert many / sql <= 1.5
    assert many / few <= 2
