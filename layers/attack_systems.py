"""Everything that one reader can fetch of a fiscal year, as the linear systems that the attacker solves.

The whole system holds the country, its provinces and their districts, by problem; target groups have one of their own.
The country with its provinces, and each province with its districts, are parts of the first that are quick to solve.

Several releases make one system. A cell whose label did not change is presumed to be the same number, which is more
than anybody knows; its later labels are attacked without that presumption as well.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from boundaries.codes import COUNTRY, Level
from layers.disclosure_attack import Name, System
from layers.figures import Floats
from layers.labels import HIDDEN, SMALL, WITHHELD, Labels, intervals, shown, widened
from layers.published import ALL
from layers.release_tables import UNKNOWN, Key, Reader, Table
from layers.taxonomy import secret_categories


@dataclass
class Report:
    """What the attack found before protection, and what protection kept back."""

    narrowed: int = 0
    recovered: int = 0
    withheld: int = 0
    unchanged: int = 0
    rounds: int = 0
    left: int = 0
    """Narrowed cells that the last attacks found: zero, or what is repeated from a release that survived as it was."""
    left_recovered: int = 0


@dataclass
class Printed:
    """What one reader is to be shown of a year's tables, and what was printed of them before, oldest first."""

    reader: Reader
    tables: Mapping[Key, Table]
    labels: dict[Key, Labels]
    before: Sequence[Mapping[Key, Labels]] = ()
    public_before: Sequence[Mapping[Key, Labels]] = ()
    """What the public was shown in the same releases, which a committee can read too."""
    report: Report = field(default_factory=Report)

    def states(self, key: Key) -> list[Labels]:
        """Return the labels of a table in every release, this one last."""
        return [*(one[key] for one in self.before if key in one), self.labels[key]]


def country_system(printed: Printed, number: int | None) -> System:
    """Set up provinces and the country, by problem."""
    made = System()
    for view in _views(printed, "province", number):
        keys = [key for key in _keys(printed, "province") if key in view.labels]
        areas = [area for area in view.areas if area not in (UNKNOWN, COUNTRY)]
        for key in keys:
            for area in areas:
                view.add_cell(made, area, key)
            view.add_total(made, COUNTRY, key, [(area, key) for area in areas])
        for area in areas:
            view.add_total(made, area, ALL, [(area, key) for key in _open(keys)])
        view.add_total(made, COUNTRY, ALL, [(area, key) for area in areas for key in _open(keys)])
    return made


def district_system(printed: Printed, number: int | None, only: Collection[str] | None = None) -> System:
    """Set up each province with its districts, by problem.

    No total ties two provinces here: each can be attacked alone (`only` some of them).
    """
    made = System()
    keys = _open(_keys(printed, "district"))
    if not keys:
        return made
    above = list(_views(printed, "province", number, as_totals=True))
    views = list(_views(printed, "district", number))
    for view, whole in zip(views, above[-len(views) :], strict=True):
        by_province: dict[str, list[str]] = {}
        for area in view.areas:
            if only is None or area[:2] in only:
                by_province.setdefault(area[:2], []).append(area)
        for province, areas in by_province.items():
            _add_province(made, view, whole, province, areas, keys)
    return made


def _add_province(
    made: System,
    view: "_View",
    whole: "_View",
    province: str,
    areas: Sequence[str],
    keys: Sequence[str],
) -> None:
    for key in keys:
        for area in areas:
            view.add_cell(made, area, key)
        parts, bounds = [(area, key) for area in areas], whole.bounds(province, key)
        view.add_total(made, province, key, parts, bounds, whole.name(province, key))
    for area in areas:
        view.add_total(made, area, ALL, [(area, key) for key in keys])
    every = [(area, key) for area in areas for key in keys]
    view.add_total(made, province, ALL, every, whole.bounds(province, ALL), whole.name(province, ALL))


def whole_system(printed: Printed, number: int | None) -> System:
    """Set up the country, its provinces and their districts as the one system that they are.

    Nothing is handed from level to level here, so that nothing is missed; it is the slowest to solve.
    """
    made = System()
    districts, provinces = list(_views(printed, "district", number)), list(_views(printed, "province", number))
    if not districts:
        return made
    for view, country in zip(districts, provinces[-len(districts) :], strict=True):
        every = [key for key in _keys(printed, "province") if key in country.labels]
        _add_country(made, view, country, _open(_keys(printed, "district")), every)
    return made


def _add_country(made: System, view: "_View", country: "_View", keys: Sequence[str], every: Sequence[str]) -> None:
    parts: dict[tuple[str, str], list[int]] = {}
    for area in view.areas:
        for key in keys:
            view.add_cell(made, area, key)
            parts.setdefault((area[:2], key), []).append(made.cells[view.name(area, key)])
        view.add_total(made, area, ALL, [(area, key) for key in keys])
    areas = [area for area in country.areas if area not in (UNKNOWN, COUNTRY)]
    for area in areas:
        for key in every:
            if key in keys:
                made.total(country.name(area, key), parts.get((area, key), []), *country.bounds(area, key))
            else:
                country.add_cell(made, area, key)
                parts[area, key] = [made.cells[country.name(area, key)]]
        made.total(country.name(area, ALL), _joined(parts, [area], keys), *country.bounds(area, ALL))
    for key in every:
        made.total(country.name(COUNTRY, key), _joined(parts, areas, [key]), *country.bounds(COUNTRY, key))
    made.total(country.name(COUNTRY, ALL), _joined(parts, areas, keys), *country.bounds(COUNTRY, ALL))


def _joined(parts: Mapping[tuple[str, str], list[int]], areas: Iterable[str], keys: Sequence[str]) -> list[int]:
    return [place for area in areas for key in keys for place in parts.get((area, key), [])]


def group_system(printed: Printed, number: int | None) -> System:
    """Set up target groups, which overlap: none is larger than all cases, and where every case names one they are at
    least all cases together."""
    made = System()
    groups = [key for level, key in printed.tables if level == "province" and key[0] == "T"]
    if not groups:
        return made
    for view in _views(printed, "province", number, groups):
        areas = [area for area in view.areas if area not in (UNKNOWN, COUNTRY)]
        printed_groups = [key for key in groups if key in view.labels]
        for area in areas:
            least, most = view.bounds(area, ALL)
            for key in printed_groups:
                view.add_cell(made, area, key, most)
            if printed_groups == groups and _all_grouped(printed, area, groups):
                parts = [made.cells[view.name(area, key)] for key in groups]
                made.total(("group", area, ALL), parts, least, np.inf)
        for key in printed_groups:
            view.add_total(made, COUNTRY, key, [(area, key) for area in areas])
    return made


def _all_grouped(printed: Printed, area: str, groups: Iterable[str]) -> bool:
    """Say whether an attacker could take it for true that each case names a group."""
    together = printed.tables["province", ALL]
    place = together.place[area]
    return bool(sum(printed.tables["province", key].counts[place] for key in groups) >= together.counts[place])


def _keys(printed: Printed, level: Level) -> list[str]:
    return [key for at, key in printed.tables if at == level and key[0] == "P"]


def _open(keys: Iterable[str]) -> list[str]:
    secret = secret_categories()
    return [key for key in keys if key not in secret]


@dataclass
class _View:
    """What one release prints of a level: names with the version of each label, and its bounds."""

    printed: Printed
    level: Level
    areas: tuple[str, ...]
    labels: Mapping[str, Labels]
    versions: Mapping[str, Labels]
    low: Mapping[str, Floats]
    high: Mapping[str, Floats]
    place: Mapping[str, int]

    def name(self, area: str, key: str) -> Name:
        return (self.level, area, key, str(self.versions[key][self.place[area]]))

    def bounds(self, area: str, key: str) -> tuple[float, float]:
        place = self.place[area]
        return float(self.low[key][place]), float(self.high[key][place])

    def add_cell(self, system: System, area: str, key: str, most: float = np.inf) -> None:
        label = self.labels[key][self.place[area]]
        low, high = self.bounds(area, key)
        hidden = label in (HIDDEN, SMALL)
        system.cell(self.name(area, key), low, high if hidden else min(high, max(most, low)), hidden=hidden)

    def add_total(
        self,
        system: System,
        area: str,
        key: str,
        parts: Sequence[tuple[str, str]],
        bounds: tuple[float, float] | None = None,
        name: Name | None = None,
    ) -> None:
        if bounds is None and key not in self.labels:
            return
        low, high = bounds or self.bounds(area, key)
        places = [system.cells[self.name(*part)] for part in parts]
        system.total(name or self.name(area, key), places, low, high)


def _views(
    printed: Printed, level: Level, number: int | None, more: Sequence[str] = (), *, as_totals: bool = False
) -> Iterator[_View]:
    """Give the releases so far, or the one with `number` alone: there repeated labels are wide, nothing is presumed.

    `as_totals` says that labels stand for sums here, of which nobody presumes that they did not move.
    """
    wide = as_totals or number is not None
    keys = [key for key in (*_keys(printed, level), *more) if (level, key) in printed.tables]
    keys += [ALL] if (level, ALL) in printed.tables else []
    keys = list(dict.fromkeys(keys))
    states = {key: printed.states((level, key)) for key in keys}
    count = max((len(one) for one in states.values()), default=0)
    for release in range(count) if number is None else [count - 1]:
        # A table may have come later than others: a year's districts and secret problems once it was complete.
        ages = {key: release + 1 - count + len(one) for key, one in states.items()}
        known = {key: states[key][:age] for key, age in ages.items() if age > 0}
        yield _view(printed, level, known, wide, count - 1 - release)


def _view(printed: Printed, level: Level, states: Mapping[str, list[Labels]], wide: bool, ago: int) -> _View:
    labels, versions, low, high = {}, {}, {}, {}
    table = None
    for key, history in states.items():
        table = printed.tables[level, key]
        labels[key] = history[-1]
        # What was printed once and is withheld later is still known.
        pairs = itertools.pairwise(history)
        steps = np.array([(later != earlier) & (later != WITHHELD) for earlier, later in pairs])
        versions[key] = steps.sum(axis=0) if len(steps) else np.zeros(len(table.areas), dtype=np.int64)
        low[key], high[key] = _bounds(printed, table, history, wide, ago)
    assert table is not None
    return _View(printed, level, table.areas, labels, versions, low, high, table.place)


def _bounds(printed: Printed, table: Table, history: Sequence[Labels], wide: bool, ago: int) -> tuple[Floats, Floats]:
    """Bound the numbers behind the labels printed `ago` releases ago; a committee reads what the public gets too."""
    labels, wanted = history[-1], table.rule(printed.reader)
    repeated = labels == history[-2] if len(history) > 1 else np.zeros(labels.shape, dtype=bool)
    low, high = intervals(labels, wanted)
    if printed.reader == "committee":
        public = printed.public_before[-ago].get((table.level, table.key)) if ago else table.labels("public")
        if public is not None:
            least, most = intervals(public, table.rule("public"))
            fresh = shown(labels) & ~repeated
            low, high = np.where(fresh, np.maximum(low, least), low), np.where(fresh, np.minimum(high, most), high)
    # Of a sum whose label is only repeated nobody presumes that it did not move.
    sums = np.array([area == COUNTRY or wide for area in table.areas]) | (table.key == ALL)
    least, most = widened(labels, wanted)
    return np.where(repeated & sums, least, low), np.where(repeated & sums, most, high)
