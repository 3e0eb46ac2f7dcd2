"""Figures against the bare SQL they stand on, and whether they stay quick as cases grow."""

import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from layers.aggregation import figures
from layers.demo import load_demo
from layers.figures import Measure
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope

pytestmark = [pytest.mark.bench, pytest.mark.shared]

FY = parse_period("fy2569")
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


def ask(measure: Measure) -> Callable[[Session], int]:
    """Make what asks for the disclosed figures of all districts."""
    scope, chosen = Scope.committee(), Filter("P08", FY)
    return lambda session: len(figures(session, scope, "cases", "district", None, chosen, measure))


def rollup(session: Session) -> int:
    """Read what counts are made of by SQL alone."""
    return len(session.execute(ROLLUP, {"first": FY.first}).all())


def rollup_and_people(session: Session) -> int:
    """Read what rates are made of by SQL alone."""
    return rollup(session) + len(session.execute(PEOPLE).all())


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
    counts, rates = ask("count"), ask("rate")
    assert counts(session) == rates(session) == 928
    few, rate, cells, both = medians(session, counts, rates, rollup, rollup_and_people)
    say("100,000", few, rate, cells, both)
    session = loaded(1_000_000)
    many, rate, cells, both = medians(session, counts, rates, rollup, rollup_and_people)
    say("1,000,000", many, rate, cells, both)
    print(f"counts at 1,000,000 cases against 100,000: {many / few:.2f} (at most 2)")
    assert many / cells <= 1.5
    assert rate / both <= 1.5
    assert many / few <= 2


def say(cases: str, count: float, rate: float, cells: float, both: float) -> None:
    """Print the times and ratios at a number of cases."""
    print(
        f"\nfigures of 928 districts at {cases} cases: counts {count * 1e3:.1f} ms, {count / cells:.2f} of the bare SQL;"
        f" rates {rate * 1e3:.1f} ms, {rate / both:.2f} of the bare SQL (at most 1.5)"
    )
