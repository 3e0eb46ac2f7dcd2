"""The attacker finds what can be found, and finds nothing in what was protected."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.attack_systems import Printed, whole_system
from layers.disclosure_attack import Contradiction, Narrowed, System, attack
from layers.labels import HIDDEN, LEFT_OUT, SMALL, WITHHELD, Rule, intervals, kept, label_counts
from layers.protection import find_narrowed, first_labels, protect
from layers.published import ALL, sensitivity_of
from layers.release_tables import READERS, Key, Table
from layers.taxonomy import categories, secret_categories
from tests.layers.made import make_source, many
from tests.releases import publish

OPEN = [code for code in categories() if code not in secret_categories()]
FIVE = Rule(5)


def test_labels_say_what_they_should_and_intervals_hold_the_truth() -> None:
    counts = np.arange(0, 60, dtype=np.float64)
    for wanted in (Rule(5), Rule(10), Rule(5, zero_shown=False), Rule(10, zero_shown=False)):
        labels = label_counts(counts, wanted)
        low, high = intervals(labels, wanted)
        assert ((low <= counts) & (counts <= high)).all()
        assert (labels[counts >= wanted.hidden_below] % 5 == 0).all()
        assert (labels[(counts > 0) & (counts < wanted.hidden_below)] < 0).all()
    assert label_counts(np.array([0.0]), Rule(5, zero_shown=False))[0] == SMALL


def test_a_total_that_gives_a_hidden_cell_away_is_found() -> None:
    """Three cells below five that add up to three must be one each."""
    system = System()
    cells = [system.cell(("cell", str(number)), 1, 4, hidden=True) for number in range(3)]
    system.total(("total",), cells, 3, 3)
    found = attack(system)
    assert [(one.least, one.greatest, one.recovered) for one in found] == [(1, 1, True)] * 3
    assert {one.totals for one in found} == {(("total",),)}


def test_the_attacker_bounds_as_tightly_as_counting_all_tables_does() -> None:
    """A small table, with every possibility tried: the program's bounds are those of the integers."""
    system = System()
    table = {
        (row, column): system.cell((str(row), str(column)), 1, 4, hidden=True) for row in (0, 1) for column in (0, 1)
    }
    limits = {("row", 0): (5, 7), ("row", 1): (2, 2), ("column", 0): (5, 7), ("column", 1): (2, 4)}
    for (kind, number), (low, high) in limits.items():
        parts = [place for (row, column), place in table.items() if (row if kind == "row" else column) == number]
        system.total((kind, str(number)), parts, low, high)
    fits = [
        (a, b, c, d)
        for a, b, c, d in itertools.product(range(1, 5), repeat=4)
        if 5 <= a + b <= 7 and c + d == 2 and 5 <= a + c <= 7 and 2 <= b + d <= 4
    ]
    found = {one.cell: (one.least, one.greatest) for one in attack(system)}
    for place, name in enumerate([("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")]):
        values = [one[place] for one in fits]
        assert found.get(name, (1, 4)) == (min(values), max(values))


def test_labels_that_contradict_each_other_are_told() -> None:
    system = System()
    system.total(("total",), [system.cell(("cell",), 1, 4, hidden=True)], 9, 9)
    with pytest.raises(Contradiction):
        attack(system)


def year(counts: np.ndarray) -> dict[Key, Table]:
    """Make the tables of two provinces with districts × open problems; the last row of each is of unknown districts."""
    districts = counts.shape[1] - 1
    areas = sorted(f"9{p}" + f"{d:02d}" * (d > 0) for p in range(2) for d in range(districts + 1))
    made: dict[Key, Table] = {}
    for place, key in enumerate([*OPEN, ALL]):
        cells = counts.sum(axis=2) if key == ALL else counts[:, :, place]
        by_area = {
            f"9{p}" + (f"{d + 1:02d}" if d < districts else ""): cells[p, d]
            for p in range(2)
            for d in range(districts + 1)
        }
        made["district", key] = Table("district", key, tuple(areas), np.array([by_area[a] for a in areas], dtype=float))
        whole = [*cells.sum(axis=1), cells.sum()]
        made["province", key] = Table("province", key, ("00", "90", "91", "TH"), np.array([0, *whole], dtype=float))
    return made


def safe(tables: dict[Key, Table]) -> list[Printed]:
    """Protect the tables for both readers."""
    made: list[Printed] = []
    for reader in READERS:
        printed = first_labels(reader, tables, [], made[-1].labels if made else {})
        protect(printed)
        made.append(printed)
    return made


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), mean=st.floats(0.3, 30), districts=st.integers(1, 6))
def test_what_is_protected_survives_whatever_the_numbers(seed: int, mean: float, districts: int) -> None:
    """Random tables, sparse and full: nothing hidden is narrowed, and no label is untrue."""
    random = np.random.default_rng(seed)
    tables = year(random.poisson(random.gamma(0.7, mean / 0.7, (2, districts + 1, len(OPEN)))))
    for printed in safe(tables):
        assert find_narrowed(printed) == []
        for key, labels in printed.labels.items():
            _check_true(tables[key], labels, printed.tables[key].rule(printed.reader))


def _check_true(table: Table, labels: np.ndarray, wanted: Rule) -> None:
    low, high = intervals(labels, wanted)
    assert ((low <= table.counts) & (table.counts <= high)).all()
    small = (table.counts > 0) & (table.counts < wanted.hidden_below)
    assert (labels[small] < 0).all()
    assert set(labels[labels < 0]) <= {HIDDEN, WITHHELD, SMALL, LEFT_OUT}


def test_without_protection_something_would_be_found() -> None:
    """Else the test above could pass on an attacker that finds nothing."""
    random = np.random.default_rng(4)
    found: list[Narrowed] = []
    for _ in range(5):
        tables = year(random.poisson(random.gamma(0.7, 1, (2, 7, len(OPEN)))))
        found += find_narrowed(first_labels("committee", tables, [], {}))
    assert len(found) > 5
    assert any(one.recovered for one in found)


def test_a_late_case_does_not_show() -> None:
    """One more case in a closed year, wherever it falls: the next release prints the same."""
    random = np.random.default_rng(7)
    counts = random.poisson(6, (2, 4, len(OPEN)))
    first = safe(year(counts))
    for place in [(0, 0, 0), (1, 2, 5), (0, 3, 2)]:
        later = counts.copy()
        later[place] += 1
        for printed in first:
            again = first_labels(printed.reader, year(later), [printed.labels], {}, [first[1].labels])
            assert all((again.labels[key] == printed.labels[key]).all() for key in printed.labels)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_corrections_survive_the_attack_over_all_releases(seed: int) -> None:
    """Some cells move a lot: what is printed then and what was printed before give nothing away together."""
    random = np.random.default_rng(seed)
    counts = random.poisson(random.gamma(0.7, 8, (2, 4, len(OPEN))))
    history = [{printed.reader: printed.labels for printed in safe(year(counts))}]
    for _ in range(2):
        moved = random.random(counts.shape) < 0.1
        counts = np.where(moved, counts + random.poisson(12, counts.shape), counts)
        made: dict = {}
        for reader in READERS:
            before = [one[reader] for one in history]
            public = [one["public"] for one in history]
            printed = first_labels(reader, year(counts), before, made.get("committee", {}), public)
            protect(printed)
            assert find_narrowed(printed) == []
            made[reader] = printed.labels
        history.append(made)


def test_a_label_moves_by_two_steps_or_not_at_all() -> None:
    before = np.array([HIDDEN, HIDDEN, 10, 10, 0, WITHHELD, 20])
    after = np.array([5, 10, 15, 20, 5, 40, HIDDEN])
    assert kept(before, after, FIVE).tolist() == [HIDDEN, 10, 10, 20, 0, WITHHELD, HIDDEN]


def test_a_release_cannot_be_changed(demo_session: Session) -> None:
    """Not by the product itself."""
    source = make_source(demo_session)
    many(demo_session, source, 37, "9901")
    made = publish(demo_session)
    assert made is not None
    assert all(one["left"] == one["left_recovered"] == 0 for one in made.attacks.values())
    for statement in ("UPDATE release SET state = 'draft', released_at = NULL", "DELETE FROM release"):
        assert demo_session.execute(text(statement)).rowcount == 0  # type: ignore[attr-defined]
    assert demo_session.execute(text("UPDATE release_table SET labels = labels")).rowcount == 0  # type: ignore[attr-defined]
    assert demo_session.execute(text("DELETE FROM release_table")).rowcount == 0  # type: ignore[attr-defined]
    assert publish(demo_session) is None
    many(demo_session, source, 1, "9902")
    assert publish(demo_session) is None


def test_the_sensitivity_of_keys() -> None:
    assert (sensitivity_of("P04"), sensitivity_of(ALL)) == ("L3", "L1")


def test_tables_that_come_once_the_year_is_complete_join_those_before() -> None:
    """Provinces are printed while the year is open; districts and secret problems follow."""
    random = np.random.default_rng(3)
    tables = year(random.poisson(random.gamma(0.7, 8, (2, 4, len(OPEN)))))
    provinces = {key: table for key, table in tables.items() if key[0] == "province"}
    first = first_labels("committee", provinces, [], {})
    protect(first)
    whole = first_labels("committee", tables, [first.labels], {}, [{}])
    protect(whole)
    assert find_narrowed(whole) == []
    assert any(key[0] == "district" and (labels > 0).any() for key, labels in whole.labels.items())


def test_a_country_turned_upside_down_prints_what_it_printed() -> None:
    """Everything moved to another area at once: no correction may tell of what was hidden."""
    random = np.random.default_rng(11)
    counts = random.poisson(random.gamma(0.7, 6, (2, 4, len(OPEN))))
    first = first_labels("committee", year(counts), [], {})
    protect(first)
    again = first_labels("committee", year(counts[:, ::-1]), [first.labels], {}, [{}])
    protect(again)
    assert find_narrowed(again) == []


def test_what_was_printed_once_is_known_though_it_is_withheld_later() -> None:
    """Its number stays in the attack: else keeping it back would seem to protect others."""
    random = np.random.default_rng(5)
    tables = year(random.poisson(20, (2, 4, len(OPEN))))
    first = first_labels("committee", tables, [], {})
    again = first_labels("committee", tables, [first.labels], {}, [{}])
    key = ("district", OPEN[0])
    place = int(np.argmax(first.labels[key]))
    printed = int(first.labels[key][place])
    again.labels[key] = again.labels[key].copy()
    again.labels[key][place] = WITHHELD
    system = whole_system(again, None)
    cells = [name for name in system.cells if name[:3] == ("district", tables[key].areas[place], OPEN[0])]
    assert len(cells) == 1
    at = system.cells[cells[0]]
    assert printed - 2 <= system.low[at] <= system.high[at] <= printed + 2
