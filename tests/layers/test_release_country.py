"""Releases of real provinces: nothing hidden can be found out, and enough is shown to be of use."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY
from layers.attack_systems import Printed, whole_system
from layers.demo import load_demo
from layers.disclosure_attack import attack
from layers.periods import parse_period
from layers.protection import find_narrowed, first_labels, protect
from layers.release_tables import READERS, UNKNOWN, Key, Table, read_tables
from tests.scopes import SYSTEM

pytestmark = pytest.mark.shared

YEAR = parse_period("fy2569")
THREE = ("10", "70", "94")
"""Fifty districts, ten, and twelve."""


@contextmanager
def cases(engine: Engine, per_year: int) -> Iterator[Session]:
    """A session with invented cases of one year in all Thailand, rolled back at the end."""
    with engine.execution_options(scope=SYSTEM).connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            load_demo(session, per_year=per_year, years=1)
            yield session
        outer.rollback()


def only(tables: dict[Key, Table], provinces: tuple[str, ...]) -> dict[Key, Table]:
    """Cut tables down to some provinces, which are the country then."""
    made = {}
    for key, table in tables.items():
        kept = [area for area in table.areas if area[:2] in provinces or area in (UNKNOWN, COUNTRY)]
        counts = np.array([table.counts[table.place[area]] for area in kept])
        if table.level == "province":
            counts[-1] = counts[[area in provinces for area in kept]].sum()
        made[key] = Table(table.level, table.key, tuple(kept), counts, table.year_only)
    return made


def protected(tables: dict[Key, Table]) -> Iterator[tuple[Printed, int]]:
    """Protect tables for each reader; say how many hidden cells were narrowed before."""
    withheld: dict = {}
    for reader in READERS:
        printed = first_labels(reader, tables, [], withheld)
        before = len(find_narrowed(printed))
        protect(printed)
        withheld = printed.labels
        yield printed, before


def share(printed: Printed, level: str) -> float:
    """Return the share of a level's cells by problem whose number is printed, of those above zero."""
    seen = whole = 0
    for (at, key), labels in printed.labels.items():
        table = printed.tables[at, key]
        if at == level and key.startswith("P"):
            own = np.array([len(area) == (2 if level == "province" else 4) and area != UNKNOWN for area in table.areas])
            own &= table.counts > 0
            whole += int(own.sum())
            seen += int((own & (labels >= 0)).sum())
    return seen / whole


def say(printed: Printed, before: int) -> None:
    """Print a line of the attacker's table."""
    kept = f"provinces {share(printed, 'province'):.1%}, districts {share(printed, 'district'):.1%}"
    print(f"\n{printed.reader}: narrowed before {before}, recovered after 0, shown: {kept}")


def test_three_provinces_survive_the_attack(thailand_engine: Engine) -> None:
    """Sparse numbers, of which much is narrowed at first: by the quick systems and by the one that holds everything."""
    with cases(thailand_engine, 20_000) as session:
        tables = only(read_tables(session, YEAR, year_complete=True), THREE)
    for printed, before in protected(tables):
        assert before > 0
        assert find_narrowed(printed) == []
        assert attack(whole_system(printed, None)) == []
        say(printed, before)


@pytest.mark.proof
def test_the_whole_country_survives_the_attack_and_keeps_its_use(thailand_engine: Engine) -> None:
    """150,000 cases a year: what the committee is shown at least, and nothing recovered by one system of everything."""
    with cases(thailand_engine, 150_000) as session:
        tables = read_tables(session, YEAR, year_complete=True)
    floors = {"committee": (0.9, 0.35), "public": (0.75, 0.25)}
    for printed, before in protected(tables):
        say(printed, before)
        assert attack(whole_system(printed, None)) == []
        provinces, districts = floors[printed.reader]
        assert share(printed, "province") >= provinces
        assert share(printed, "district") >= districts


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(12))
def test_random_tables_survive_the_attack(seed: int) -> None:
    """Tables of every density, by the one system that holds everything."""
    from tests.layers.test_disclosure_attack import OPEN, year

    random = np.random.default_rng(seed)
    for mean in (0.3, 1, 3, 10, 40):
        tables = year(random.poisson(random.gamma(0.5, mean / 0.5, (2, int(random.integers(2, 12)), len(OPEN)))))
        for printed, _ in protected(tables):
            assert attack(whole_system(printed, None)) == []
