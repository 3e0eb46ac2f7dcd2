"""Migrating a database whose figures count duplicates and pranks takes them out, and back counts them again."""

from itertools import product

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from api.database import make_engine, transaction
from api.migrations.run import config, upgrade
from layers import rollups
from layers.case_batches import write_batch
from layers.cases import CaseValues
from tests.databases import empty_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_batch, make_source
from tests.properties.test_rollups import PLACES, PRECISIONS, areas_of
from tests.scopes import SYSTEM

STATUSES = (20, 90, 91)
ROLLUPS = """
SELECT (SELECT json_agg(to_jsonb(c) ORDER BY c)::text FROM case_count c WHERE cases <> 0 OR weight <> 0),
       (SELECT json_agg(to_jsonb(c) ORDER BY c)::text FROM case_count_by_group c WHERE cases <> 0 OR weight <> 0)"""
FORCED = """
SELECT count(*) FROM pg_class WHERE relforcerowsecurity AND relname IN ('case', 'case_count', 'case_count_by_group')"""
NO_CASES = """
SELECT coalesce(sum(cases), 0) FROM "case" WHERE status IN (90, 91)"""


def to_version(owner: str, version: str) -> None:
    engine = create_engine(owner, poolclass=NullPool)
    with engine.begin() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.downgrade(made, version)


def read(server: str, owner: str, sql: str) -> tuple[object, ...]:
    """Read as the server's superuser, whom no policy concerns."""
    address = make_url(server).set(database=make_url(owner).database)
    with create_engine(address, poolclass=NullPool).connect() as connection:
        return tuple(connection.execute(text(sql)).one())


def of_every_kind(session: Session) -> None:
    """Write cases of every precision, depth of place and problem, each counted and not."""
    kinds = product(PLACES, PRECISIONS.items(), (("P01.02", ("T01", "T07")), ("P08", ())), STATUSES)
    ones = [
        CaseValues(problem, day, precision, stated_code=place, target_groups=groups, cases=3, weight=1.5, status=status)  # type: ignore[arg-type]
        for place, (precision, day), (problem, groups), status in kinds
    ]
    batch = make_batch([(str(number), one, areas_of(one)) for number, one in enumerate(ones)])
    write_batch(session, make_source(session), [{**batch, "status": [one.status for one in ones]}])


def check(engine: Engine) -> list[rollups.Difference]:
    with transaction(engine, SYSTEM) as session:
        return rollups.check(session)


@pytest.mark.usefixtures("secrets")
def test_up_and_down_and_up_again(server: str) -> None:
    with empty_database(server) as (owner, url):
        upgrade(owner)
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            of_every_kind(session)
        assert check(engine) == []
        now = read(server, owner, ROLLUPS)
        to_version(owner, "0022")
        before = read(server, owner, ROLLUPS)
        with pytest.MonkeyPatch.context() as patch:  # as figures were counted then
            patch.setattr(rollups, "uncounted", lambda: {"uncounted": [-1]})
            assert check(engine) == []
        upgrade(owner)
        assert check(engine) == []
        assert read(server, owner, ROLLUPS) == now != before
        assert read(server, owner, NO_CASES)[0] == 2 * 3 * 2 * len(PLACES) * len(PRECISIONS)
        assert read(server, owner, FORCED) == (3,)
        with transaction(engine, SYSTEM) as session:
            rollups.rebuild(session)
        assert read(server, owner, ROLLUPS) == now
        to_version(owner, "0022")  # cells that a rebuilding left out are there again
        assert read(server, owner, ROLLUPS) == before
        engine.dispose()
