"""Invented cases and an invented population for trying the product out; nothing in them is real (ตัวอย่างสมมติ).

The same boundaries and numbers give the same cases every time. Data go up to 30 September 2569, so that the newest
fiscal year is whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import AreaIndex, load_index
from boundaries.codes import COUNTRY, Level
from boundaries.dates import BE
from boundaries.messages import Text
from layers import places, rollups, taxonomy
from layers.case_batches import Batch, Progress, delete_cases_of, write_batch
from layers.dates import fiscal_year_start
from layers.indicators import ObservationValues, save_observations
from layers.sources import save_source

AS_OF = date(2026, 9, 30)
LAST_YEAR = 2569
SEED = 2569
CASES = "demo.cases"
POPULATION = "demo.population"
WITHOUT_POPULATION = "7010"
"""A district that the demonstration gives no population, so that a map shows what no data looks like."""

SENSITIVE_SHARE = 0.02
NAMES = {
    CASES: Text("ตัวอย่างสมมติ (เรื่องที่แต่งขึ้นทั้งหมด)", "invented example (all cases are made up)"),
    POPULATION: Text("ตัวอย่างสมมติ (ประชากรที่แต่งขึ้น)", "invented example (made-up population)"),
}
PRECISIONS = (("day", 0.88), ("month", 0.105), ("year", 0.015))
URGENCIES = (("U1", 0.2), ("U2", 0.55), ("U3", 0.2), ("U4", 0.05))
RECENT = ((10, 0.1), (20, 0.12), (30, 0.16), (40, 0.1), (50, 0.2), (55, 0.05), (60, 0.09), (70, 0.1), (80, 0.08))
LONG_AGO = ((80, 0.86), (70, 0.06), (60, 0.02), (90, 0.03), (92, 0.03))

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class DemoReport:
    """What the demonstration holds, and whether this call loaded it or found it there."""

    cases: int
    loaded: bool
    cells: int


@dataclass(frozen=True)
class _World:
    """The invented country: people of each lowest area, and how problems are shared out in each unit."""

    index: AreaIndex
    people: NDArray[np.float64]
    units: list[str]
    unit_of: Ints
    codes: list[str]
    shares: NDArray[np.float64]
    """One row per unit: cumulative shares of the problems that are not L3."""
    sensitive: list[str]
    sensitive_shares: NDArray[np.float64]
    attraction: NDArray[np.float64]


def load_demo(
    session: Session, per_year: int = 150_000, years: int = 5, progress: Progress | None = None
) -> DemoReport:
    """Load invented cases of the last fiscal years and an invented population; do nothing when they are there.

    Years that are there already stay, so that the newest may be loaded and shown first; each year's cases are the same
    whichever years come with it. Another `per_year` than that of the years at hand begins anew.
    """
    cases = save_source(session, CASES, NAMES[CASES], AS_OF, invented=True)
    present = _present(session, cases)
    if any(size != per_year for size in present.values()):
        delete_cases_of(session, cases)
        present = {}
    missing = [year for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1) if year not in present]
    if not missing:
        return DemoReport(per_year * len(present), False, 0)
    world = _world(np.random.default_rng(SEED), load_index(session))
    batches = [_batch(np.random.default_rng([SEED, year]), world, year, per_year) for year in missing]
    write_batch(session, cases, batches, count=False, progress=progress)
    cells = rollups.rebuild(session)
    _load_population(session, np.random.default_rng([SEED, 0]), world, min(missing))
    return DemoReport(per_year * (len(present) + len(missing)), True, cells)


def _present(session: Session, source_id: int) -> dict[int, int]:
    """Count the cases that are there by the fiscal year that their number begins with."""
    counted = text('SELECT left(external_id, 4) AS year, count(*) AS size FROM "case" WHERE source_id = :id GROUP BY 1')
    return {int(row.year): row.size for row in session.execute(counted, {"id": source_id})}


@cache
def _shares() -> dict[str, tuple[int, tuple[str, ...]]]:
    rows = yaml.safe_load((Path(__file__).parent / "demo_shares.yaml").read_text("utf-8"))["shares"]
    return {code: (share, tuple(groups)) for code, (share, groups) in rows.items()}


def _world(rng: np.random.Generator, index: AreaIndex) -> _World:
    """Invent where people live and what troubles each district more than others."""
    lowest = list(index.codes)
    chief = np.array([code[2:4] == "01" for code in lowest])
    capital = np.array([code[:2] == "10" for code in lowest])
    people = rng.lognormal(8.9, 0.45, len(lowest)) * np.where(capital, 3.5, np.where(chief, 1.8, 1.0))
    people *= 66_000_000 / people.sum() if len(lowest) > 20 else 1
    units = sorted({code[:4] for code in lowest})
    place = {unit: number for number, unit in enumerate(units)}
    unit_of = np.array([place[code[:4]] for code in lowest])
    problems = taxonomy.problems()
    codes = [code for code in _shares() if problems[code].sensitivity != "L3"]
    sensitive = [code for code in _shares() if problems[code].sensitivity == "L3"]
    base = np.array([_shares()[code][0] for code in codes], dtype=np.float64)
    shares = base * _troubles(rng, codes, len(units))
    sensitive_base = np.array([_shares()[code][0] for code in sensitive], dtype=np.float64)
    reporting = rng.lognormal(0, 0.25, len(units))
    return _World(
        index=index,
        people=people,
        units=units,
        unit_of=unit_of,
        codes=codes,
        shares=np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1),
        sensitive=sensitive,
        sensitive_shares=sensitive_base / sensitive_base.sum(),
        attraction=people * reporting[unit_of],
    )


def _troubles(rng: np.random.Generator, codes: Sequence[str], size: int) -> NDArray[np.float64]:
    """Return a factor per unit and problem: two categories stand out in each unit, the rest varies a little."""
    categories = sorted({code[:3] for code in codes} - {"P16"})
    column = np.array([categories.index(code[:3]) if code[:3] in categories else -1 for code in codes])
    factor = rng.lognormal(0, 0.15, (size, len(categories)))
    first, second = rng.integers(len(categories), size=size), rng.integers(len(categories), size=size)
    rows = np.arange(size)
    factor[rows, first] *= rng.uniform(2.5, 5, size)
    factor[rows, second] *= rng.uniform(1.5, 2.5, size)
    return np.where(column >= 0, factor[:, column], 1.0)


def _batch(rng: np.random.Generator, world: _World, year: int, size: int) -> Batch:
    """Invent one fiscal year's cases."""
    area = rng.choice(len(world.people), size=size, p=world.attraction / world.attraction.sum())
    problem = _problems(rng, world, area)
    days, precision = _days(rng, year, size)
    status = np.where(
        days < np.datetime64(AS_OF - timedelta(days=300)), _draw(rng, LONG_AGO, size), _draw(rng, RECENT, size)
    )
    reasons = rng.choice(list(taxonomy.close_reasons()), size)
    accident = np.array([code == "P15.03" for code in problem])
    batch: dict[str, Any] = {
        "id": _ids(rng, days),
        "external_id": [f"{year}-{number:06d}" for number in range(1, size + 1)],
        "problem_code": problem,
        "urgency": _draw(rng, URGENCIES, size),
        "status": status,
        "close_reason": np.where(status == "80", reasons, np.array(None, dtype=object)),
        "reported_on": days.astype(str),
        "date_precision": precision,
        "weight": np.where(accident, rng.choice(["0", "1", "2"], size, p=[0.2, 0.75, 0.05]), "1"),
        "counted": np.where(accident, "person", "case"),
        "village_code": [None] * size,
        "secondary_problems": _secondary(rng, problem),
    }
    batch |= _groups(rng, problem)
    return batch | _places(rng, world, area)


def _draw(rng: np.random.Generator, shares: Sequence[tuple[object, float]], size: int) -> NDArray[np.str_]:
    values, weights = zip(*shares, strict=True)
    return rng.choice(np.array([str(value) for value in values]), size, p=weights)


def _problems(rng: np.random.Generator, world: _World, area: Ints) -> list[str]:
    drawn = rng.random(len(area))
    column = (world.shares[world.unit_of[area]] < drawn[:, None]).sum(axis=1).clip(max=len(world.codes) - 1)
    ordinary = np.array(world.codes)[column]
    sensitive = rng.choice(world.sensitive, len(area), p=world.sensitive_shares)
    chosen: list[str] = np.where(rng.random(len(area)) < SENSITIVE_SHARE, sensitive, ordinary).tolist()
    return chosen


def _days(rng: np.random.Generator, year: int, size: int) -> tuple[NDArray[np.datetime64], NDArray[np.str_]]:
    first = np.datetime64(fiscal_year_start(year))
    length = (np.datetime64(fiscal_year_start(year + 1)) - first).astype(int)
    days = first + rng.integers(length, size=size)
    precision = _draw(rng, PRECISIONS, size)
    months, years = days.astype("datetime64[M]"), days.astype("datetime64[Y]")
    days = np.where(precision == "month", months.astype("datetime64[D]"), days)
    return np.where(precision == "year", years.astype("datetime64[D]"), days), precision


def _ids(rng: np.random.Generator, days: NDArray[np.datetime64]) -> list[str]:
    """Make UUIDv7 of the reported day from the seeded generator, so that they too are the same every time."""
    moments = days.astype("datetime64[ms]").astype(np.int64)
    low, high = rng.integers(1 << 12, size=len(days)), rng.integers(1 << 62, size=len(days))
    return [
        f"{moment >> 16:08x}-{moment & 0xFFFF:04x}-7{one:03x}-{0x8000 | two >> 48:04x}-{two & 0xFFFFFFFFFFFF:012x}"
        for moment, one, two in zip(moments.tolist(), low.tolist(), high.tolist(), strict=True)
    ]


def _groups(rng: np.random.Generator, problem: Sequence[str]) -> dict[str, Any]:
    """Draw one or two target groups of each case, and the sensitivity that follows."""
    drawn, both = rng.random(len(problem)).tolist(), (rng.random(len(problem)) < 0.25).tolist()
    groups: list[tuple[str, ...]] = []
    for code, one, two in zip(problem, drawn, both, strict=True):
        allowed = _shares()[code][1]
        first = int(one * len(allowed))
        groups.append((allowed[first], allowed[first - 1]) if two and len(allowed) > 1 else (allowed[first],))
    levels = {code: taxonomy.problems()[code].sensitivity for code in _shares()}
    group_levels = {code: group.sensitivity for code, group in taxonomy.target_groups().items()}
    sensitivity = [
        max(levels[code], *(group_levels[group] for group in chosen), "L1")
        for code, chosen in zip(problem, groups, strict=True)
    ]
    return {"target_groups": groups, "sensitivity": sensitivity}


def _secondary(rng: np.random.Generator, problem: Sequence[str]) -> list[tuple[str, ...]]:
    drawn = rng.choice(["", "P01.01", "P02.01", "P12.01", "P03.03"], len(problem), p=[0.88, 0.05, 0.03, 0.02, 0.02])
    return [(further,) if further and further != code else () for further, code in zip(drawn, problem, strict=True)]


def _places(rng: np.random.Generator, world: _World, area: Ints) -> dict[str, Any]:
    """Give most cases a point, some a code only, few nothing at all."""
    size = len(area)
    how = rng.choice(5, size, p=[0.9, 0.06, 0.02, 0.017, 0.003])
    lon, lat = _points(rng, world.index.shapes, area)
    pointed = how == 0
    lon, lat = np.where(pointed, lon, np.nan), np.where(pointed, lat, np.nan)
    length = np.array([0, 6, 4, 2, 0])[how]
    stated = [
        world.index.codes[one][:kept] if kept else None
        for one, kept in zip(area.tolist(), length.tolist(), strict=True)
    ]
    found = places.resolve(world.index, lat, lon, stated)
    return {
        "lon": lon.tolist(),
        "lat": lat.tolist(),
        "accuracy_m": np.where(pointed, rng.choice([5.0, 10.0, 25.0, 50.0], size), np.nan).tolist(),
        "stated_code": stated,
        "province_code": found.province_code,
        "district_code": found.district_code,
        "subdistrict_code": found.subdistrict_code,
        "area_match": found.area_match,
    }


def _points(
    rng: np.random.Generator, shapes: NDArray[np.object_], area: Ints
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw a point inside each area's shape: again and again inside its box, until it falls into the shape."""
    shapely.prepare(shapes)
    west, south, east, north = shapely.bounds(shapes).T
    lon, lat = np.full(len(area), np.nan), np.full(len(area), np.nan)
    left = np.arange(len(area))
    while len(left):
        one = area[left]
        x = np.round(west[one] + rng.random(len(left)) * (east - west)[one], 6)
        y = np.round(south[one] + rng.random(len(left)) * (north - south)[one], 6)
        hit = shapely.contains_xy(shapes[one], x, y)
        lon[left[hit]], lat[left[hit]] = x[hit], y[hit]
        left = left[~hit]
    return lon, lat


def _load_population(session: Session, rng: np.random.Generator, world: _World, first: int) -> None:
    """Invent the population of the fiscal years from `first`, and of the five newest in any case."""
    years = range(min(first, LAST_YEAR - 4), LAST_YEAR + 1)
    source = save_source(session, POPULATION, NAMES[POPULATION], AS_OF, invented=True)
    rows = list(_population(rng, world, years))
    save_observations(session, source, rows)


def _population(rng: np.random.Generator, world: _World, years: range) -> Iterator[ObservationValues]:
    """Invent the people of each unit at the end of each year that a fiscal year begins in, and sum them upward."""
    now = np.bincount(world.unit_of, weights=world.people)
    older = rng.normal(0.2, 0.03, len(world.units)).clip(0.1, 0.35)
    size = rng.normal(2.6, 0.2, len(world.units)).clip(2, 3.4)
    young = rng.normal(0.21, 0.02, len(world.units)).clip(0.1, 0.35)
    for year in years:
        day = date(year - BE - 1, 12, 31)
        people = np.rint(now * 1.002 ** (year - LAST_YEAR))
        values = {
            "population": people,
            "population_60plus": np.rint(people * (older + 0.004 * (year - LAST_YEAR))),
            "population_under20": np.rint(people * young),
            "households": np.rint(people / size),
        }
        for name, numbers in values.items():
            for code, value in _summed(world.units, numbers).items():
                if code != WITHOUT_POPULATION:
                    yield ObservationValues(name, _level(code), code, day, day, value)


def _summed(units: Sequence[str], numbers: NDArray[np.float64]) -> dict[str, float]:
    """Return the numbers by code, with their sums by province and for the country."""
    made: dict[str, float] = {}
    for unit, number in zip(units, numbers.tolist(), strict=True):
        for code in dict.fromkeys((unit, unit[:2], COUNTRY)):
            made[code] = made.get(code, 0.0) + number
    return made


def _level(code: str) -> Level:
    if code == COUNTRY:
        return "country"
    return "province" if len(code) == 2 else "district"
