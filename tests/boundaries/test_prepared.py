"""Statements that a connection keeps planned: they tell each asker what is theirs, however often others have asked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from api.database import make_engine, transaction
from boundaries.prepared import prepared
from layers.aggregation import figures
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_source, many
from tests.scopes import SYSTEM

SETTLED = 8
"""After five askings the database may keep one plan for all that follow."""
FY = parse_period("fy2569")


@pytest.fixture(scope="module")
def own_engine(server: str) -> Iterator[Engine]:
    """One connection to a database with 7 cases in 9901 and 3 in 9902."""
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            source = make_source(session)
            many(session, source, 7, "990101")
            many(session, source, 3, "990201")
        yield engine
        engine.dispose()


def staff_of(code: str) -> Scope:
    """An officer of one district."""
    return Scope(
        "officer", "internal", frozenset({code}), units=frozenset({1}), permissions=frozenset({"figure.exact"})
    )


def ask(session: Session, scope: Scope, within: str) -> tuple[object, ...]:
    """Return the exact counts of an area's subdistricts."""
    table = figures(session, scope, "cases", "subdistrict", within, Filter("P08", FY), "count")
    return tuple(figure.value for figure in table.rows() if figure.value)


def test_a_kept_plan_shows_each_asker_their_own(own_engine: Engine) -> None:
    told: dict[str, set[tuple[object, ...]]] = {"9901": set(), "9902": set()}
    backends = set()
    for _ in range(SETTLED):
        for code, answers in told.items():
            with transaction(own_engine, staff_of(code)) as session:
                answers.add(ask(session, staff_of(code), code))
                answers.add(_cells(session))
                backends.add(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
    assert len(backends) == 1
    assert told == {"9901": {(7,)}, "9902": {(3,)}}


def _cells(session: Session) -> tuple[object, ...]:
    """Ask, by a kept statement without any area in it, for whatever the asker may read."""
    sql = (
        "SELECT coalesce(sum(cases), 0)::int FROM case_count"
        " WHERE level = :level AND grain = 'fy' AND problem_code = 'P08'"
    )
    return tuple(prepared(session, sql, {"level": "subdistrict"}).one())


def test_a_statement_is_planned_once_a_connection(own_engine: Engine) -> None:
    with transaction(own_engine, SYSTEM) as session:
        for level in ("district", "province", "district"):
            row = prepared(session, "SELECT :level AS level, 100 % 7 AS rest", {"level": level}).one()
            assert tuple(row) == (level, 2)
        kept = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS rest%'")
        assert session.execute(kept).scalar_one() == 1


def test_a_kept_statement_outlives_a_failure(own_engine: Engine) -> None:
    sql = "SELECT 1 / CAST(:divisor AS int) AS share"
    with transaction(own_engine, SYSTEM) as session:
        assert prepared(session, sql, {"divisor": 1}).scalar_one() == 1
    with pytest.raises(Exception, match="division by zero"), transaction(own_engine, SYSTEM) as session:
        prepared(session, sql, {"divisor": 0})
    with transaction(own_engine, SYSTEM) as session:
        assert prepared(session, sql, {"divisor": 1}).scalar_one() == 1
