"""The tables of one fiscal year as a release makes them: counts from the rollups, and the label of every cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import list_codes
from boundaries.codes import COUNTRY, Level
from layers import taxonomy
from layers.figures import Floats
from layers.labels import LEFT_OUT, SMALL, WITHHELD, Labels, Rule, label_counts, rule
from layers.periods import Period
from layers.published import ALL, published, sensitivity_of

Reader = Literal["committee", "public"]
READERS: tuple[Reader, ...] = ("committee", "public")
"""Partners read the tables of the public."""

UNKNOWN = "00"
"""Area of cases whose place is not known; those whose province alone is known stand there under its code."""

Key = tuple[Level, str]


@dataclass(frozen=True)
class Table:
    """Counts of one level and key, in the order of `areas`: those of the level, of unknown parts, and the country."""

    level: Level
    key: str
    areas: tuple[str, ...]
    counts: Floats
    year_only: frozenset[str] = frozenset()

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where each area stands."""
        return {area: number for number, area in enumerate(self.areas)}

    def rule(self, reader: Reader) -> Rule:
        """Return the rule of this table for a reader."""
        wanted = rule(reader, sensitivity_of(self.key))
        assert wanted is not None
        return wanted

    def labels(self, reader: Reader) -> Labels:
        """Label the counts.

        Of a province's cases without a district nothing is told, of those without a place only when they are not few.
        """
        made = label_counts(self.counts, self.rule(reader))
        made = np.where(self._early & (made == 0), LEFT_OUT, made)
        made = np.where(self._nowhere & (made <= 0), SMALL, made)
        return np.where(self._parts, WITHHELD, made)

    @cached_property
    def _early(self) -> NDArray[np.bool_]:
        return np.array([area in self.year_only for area in self.areas])

    @cached_property
    def _nowhere(self) -> NDArray[np.bool_]:
        return np.array([area == UNKNOWN for area in self.areas])

    @cached_property
    def _parts(self) -> NDArray[np.bool_]:
        return np.array([self.level == "district" and len(area) == 2 for area in self.areas])


@dataclass
class YearTables:
    """All tables of a fiscal year, and what is printed of them for one reader."""

    tables: dict[Key, Table]
    labels: dict[Key, Labels] = field(default_factory=dict)

    def of(self, level: Level, *, groups: bool = False) -> Iterator[Table]:
        """List the tables of a level by problem, or by target group."""
        for (at, key), table in self.tables.items():
            if at == level and (key[0] == "T") == groups:
                yield table


def read_tables(session: Session, period: Period, year_complete: bool) -> dict[Key, Table]:
    """Read the true counts of every table that is published of a fiscal year."""
    made: dict[Key, Table] = {}
    for one in published():
        keys = one.keys(year_complete)
        if not keys:
            continue
        rows = _read(session, one.level, period, one.by)
        early = _read_early(session, one.level, period, one.by)
        areas = _areas(session, one.level, rows)
        for key in keys:
            counts = _counts(rows, one.level, key, areas)
            made[one.level, key] = Table(one.level, key, areas, counts, frozenset(early.get(key, ())))
    return made


_SQL = {
    "problem": """
SELECT area_code, problem_code AS key, sum(cases) AS cases FROM case_count
WHERE level = :level AND grain = :grain AND period = ANY(:periods) AND length(problem_code) = 3 AND cases > 0
GROUP BY area_code, problem_code""",
    "target_group": """
SELECT area_code, target_group AS key, sum(cases) AS cases FROM case_count_by_group
WHERE level = :level AND grain = :grain AND period = ANY(:periods) AND length(problem_code) = 3 AND cases > 0
      AND problem_code <> ALL(:secret)
GROUP BY area_code, target_group""",
}
"""Target groups leave the secret problems out: subtraction must not tell of them."""


def _read(session: Session, level: Level, period: Period, by: str, grain: str = "fy") -> dict[tuple[str, str], float]:
    periods = [period.first] if grain == "fy" else list(period.calendar_years())
    params = {"level": level, "grain": grain, "periods": periods, "secret": list(taxonomy.secret_categories())}
    rows = session.execute(text(_SQL[by]), params)
    return {(row.area_code, row.key): float(row.cases) for row in rows}


def _read_early(session: Session, level: Level, period: Period, by: str) -> dict[str, set[str]]:
    """Return the areas that have cases of which only the year is known, by key."""
    found: dict[str, set[str]] = {}
    secret = taxonomy.secret_categories()
    for area, key in _read(session, level, period, by, "year_only"):
        found.setdefault(key, set()).add(area)
        if by == "problem" and key not in secret:
            found.setdefault(ALL, set()).add(area)
    return found


def _areas(session: Session, level: Level, rows: Mapping[tuple[str, str], float]) -> tuple[str, ...]:
    known = set(list_codes(session, level).tolist()) | {area for area, _ in rows}
    if level == "province":
        return (*sorted(known | {UNKNOWN}), COUNTRY)
    known |= {area[:2] for area in known}
    return tuple(sorted(known - {UNKNOWN}))


def _counts(rows: Mapping[tuple[str, str], float], level: Level, key: str, areas: tuple[str, ...]) -> Floats:
    parts = (
        [code for code in taxonomy.categories() if code not in taxonomy.secret_categories()] if key == ALL else [key]
    )
    made = np.array([sum(rows.get((area, part), 0.0) for part in parts) for area in areas])
    if level == "province":
        made[-1] = made[[number for number, area in enumerate(areas) if area not in (UNKNOWN, COUNTRY)]].sum()
    return made
