"""Figures against the bare SQL they stand on, and whether they stay quick as cases grow."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from api.database import make_engine, transaction
from api.migrations.run import upgrade
from boundaries.fetching import Obtained
from boundaries.loading import load
from boundaries.sources import provenance_of
from layers.aggregation import figures
from layers.demo import load_demo
from layers.figures import Measure
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from tests.databases import empty_database
from tests.releases import publish
from tests.scopes import SYSTEM
from tests.shared import shared
from tests.thailand import FILE

pytestmark = [pytest.mark.bench, pytest.mark.shared]

FY = parse_period("fy2569")
PEOPLE = text(
    "SELECT area_code, value FROM observation WHERE indicator_id = 'population_60plus' AND level = 'district'"
    " AND last_day = DATE '2025-12-31'"
)
ROLLUP = text(
    "SELECT area_code, sum(cases) FROM case_count WHERE level = 'district' AND grain = 'fy'"
    " AND period = :first AND problem_code = 'P08' GROUP BY area_code ORDER BY area_code"
)


@contextmanager
def country(server: str, cases: int) -> Iterator[Session]:
    """A database of its own with all Thailand and so many invented cases, as it stands some time after loading."""
    path = shared(FILE)
    with empty_database(server) as (owner, app):
        upgrade(owner)
        engine = make_engine(app, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load(session, Obtained(path, provenance_of(path, "default")))
            load_demo(session, per_year=cases // 5, years=5)
            publish(session, FY)
        with create_engine(owner, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
        with Session(engine.execution_options(scope=SYSTEM)) as session:
            yield session
        engine.dispose()


def ask(measure: Measure, scope: Scope) -> Callable[[Session], int]:
    """Make what asks for the figures of all districts."""
    chosen = Filter("P08", FY)
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


def test_figures_cost_little_more_than_their_sql(server: str) -> None:
    """Published ones, which maps and pages show, and the office's own, which move with every case."""
    taken: dict[tuple[str, int], list[float]] = {}
    for cases in (100_000, 1_000_000):
        with country(server, cases) as session:
            for scope in (SYSTEM, Scope.committee()):
                asked = ask("count", scope), ask("rate", scope)
                assert {one(session) for one in asked} == {928}
                taken[scope.audience, cases] = medians(session, *asked, rollup, rollup_and_people)
                say(scope.audience, cases, *taken[scope.audience, cases])
    for audience in ("internal", "committee"):
        few, many = taken[audience, 100_000][0], taken[audience, 1_000_000][0]
        print(f"counts, {audience}, at 1,000,000 cases against 100,000: {many / few:.2f} (at most 2)")
        assert many / few <= 2
    for asked, (count, rate, cells, both) in taken.items():
        assert count / cells <= 1.5, asked
        assert rate / both <= 1.5, asked


def say(audience: str, cases: int, count: float, rate: float, cells: float, both: float) -> None:
    """Print the times and ratios of an audience at a number of cases."""
    print(f"\nfigures of 928 districts, {audience}, at {cases:,} cases; how much of bare SQL that is (at most 1.5):")
    print(f"counts {count * 1e3:.1f} ms, {count / cells:.2f}; rates {rate * 1e3:.1f} ms, {rate / both:.2f}")
