"""Reading single cells, many at once: of areas, problems and fiscal years, each with the year before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import nan
from typing import Any, Literal

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from boundaries.codes import Level, digits_of
from layers.dates import fiscal_year
from layers.disclosure import UNPRINTED
from layers.periods import Period
from layers.release_tables import Reader
from layers.taxonomy import get_problem

LEVELS: tuple[Level, ...] = ("province", "district", "subdistrict")
BACK = (0, 1)
"""The year that is asked for, and the one before it."""


@dataclass(frozen=True)
class Wanted:
    """Which figure: of an area, a problem and a fiscal year, named by its 1 October."""

    area_code: str
    problem: str
    measure: Literal["count", "rate"]
    year: date

    @property
    def level(self) -> Level | None:
        """The area's level; None for villages, of which nothing is counted."""
        return next((level for level in LEVELS if digits_of(level) == len(self.area_code)), None)

    def period(self, back: int = 0) -> Period:
        """Return the fiscal year, or one before it."""
        first = self.year.replace(year=self.year.year - back)
        return Period(first, date(first.year + 1, 9, 30), "fy", f"fy{fiscal_year(first)}")


@dataclass(frozen=True)
class Cell:
    """What is known of one figure in one fiscal year; `people` is NaN where there is no denominator.

    Of the rollups: cases, those of the months that have passed, and those of which the year alone is known. Of a
    release: the printed label and when it was released. `as_of` is how far the data reach.
    """

    people: float
    as_of: date | None
    cases: float = nan
    so_far: float = nan
    year_only: float = 0.0
    covered: bool = True
    label: int = UNPRINTED
    released_at: datetime | None = None


Cells = Mapping[tuple[Wanted, int], Cell]
"""Cells by what was wanted and how many years back, 0 or 1."""

_MINE = "problem_code = asked.problem AND province_code = asked.province AND area_code = asked.area"
_ANY = "grain = 'fy' AND period = asked.first AND cases > 0 ORDER BY level, grain, period LIMIT 1"
_ASKED = """unnest(CAST(:areas AS text[]), CAST(:provinces AS text[]), CAST(:levels AS text[]),
            CAST(:problems AS text[]),
            CAST(:firsts AS date[]), CAST(:januaries AS date[]), CAST(:backs AS int[]))
         AS asked (area, province, level, problem, first, january, back)"""

_COUNTED = text(f"""
SELECT asked.area, asked.problem, asked.first, asked.back, known.as_of,
       (SELECT sum(cases) FROM case_count
        WHERE level = asked.level AND grain = 'fy' AND period = asked.first AND {_MINE}) AS cases,
       (SELECT sum(cases) FROM unnest(CAST(:years AS date[])) AS year (day)
             JOIN case_count ON level = asked.level AND grain = 'year_only' AND period = year.day AND {_MINE}
        WHERE year.day IN (asked.january, asked.january + interval '1 year')) AS year_only,
       (SELECT sum(cases) FROM unnest(CAST(:months AS date[])) AS month (day)
             JOIN case_count ON level = asked.level AND grain = 'month' AND period = month.day AND {_MINE}
        WHERE month.day >= asked.first AND month.day < asked.first + interval '1 year'
              AND month.day < date_trunc('month', known.as_of + 1) - asked.back * interval '1 year') AS so_far,
       known.as_of >= asked.first AND coalesce(
           (SELECT true FROM case_count WHERE level = 'province' AND {_ANY}),
           (SELECT true FROM case_count WHERE level = asked.level AND {_ANY}), false) AS covered
FROM {_ASKED}, (SELECT max(as_of) AS as_of FROM source WHERE has_cases) AS known
""")  # noqa: S608  (own words)
# Each cell is looked up by its whole key. No function may stand between a key's column and what it is compared with:
# where rows are guarded, one that could leak is called after the guard, and whole tables would be searched.
# A year counts as covered by the same rule as in `counts`; its order looks one row up where EXISTS would search.

_PRINTED = text(f"""
SELECT asked.area, asked.problem, asked.first, asked.back, own.label, release.as_of, release.released_at
FROM {_ASKED}
     LEFT JOIN LATERAL (
         SELECT release_id, labels[array_position(areas, asked.area)] AS label FROM release_table
         WHERE audience = :reader AND level = asked.level AND period = asked.first AND key = asked.problem
               AND (CAST(:newest AS int) IS NULL OR release_id <= :newest)
         ORDER BY release_id DESC LIMIT 1) AS own ON true
     LEFT JOIN release ON release.id = own.release_id
""")  # noqa: S608  (own words)

# The source of a level's denominators is the one that has most of its areas, as for a whole map.
_PEOPLE = text("""
SELECT asked.indicator, asked.level, asked.last, o.area_code, o.value
FROM unnest(CAST(:indicators AS text[]), CAST(:levels AS text[]), CAST(:lasts AS date[]))
         AS asked (indicator, level, last)
     CROSS JOIN LATERAL (
         SELECT o.source_id, o.last_day FROM observation o JOIN source s ON s.id = o.source_id
         WHERE o.indicator_id = asked.indicator AND o.level = asked.level AND o.value > 0
               AND o.last_day BETWEEN CAST(asked.last - interval '1 year' AS date) AND asked.last
         GROUP BY o.source_id, o.last_day
         ORDER BY count(*) DESC, bool_or(s.invented), o.last_day DESC, o.source_id LIMIT 1) AS best
     JOIN observation o ON o.indicator_id = asked.indicator AND o.level = asked.level
          AND o.source_id = best.source_id AND o.last_day = best.last_day
WHERE o.area_code = ANY(:areas) AND o.value > 0
""")


def read_counted(session: Session, wanted: Sequence[Wanted]) -> Cells:
    """Read the rollups, within what the session may read."""
    found, people = _rows(session, _COUNTED, wanted, {}), _people(session, wanted)
    made = {}
    for one in wanted:
        for back in BACK:
            row = found[one.area_code, one.problem, one.period(back).first, back]
            numbers = (float(row.cases or 0), float(row.so_far or 0), float(row.year_only or 0))
            made[one, back] = Cell(_base(people, one, back), row.as_of, *numbers, covered=bool(row.covered))
    return made


def read_printed(session: Session, reader: Reader, wanted: Sequence[Wanted], newest: int | None = None) -> Cells:
    """Read the newest labels that are released to a reader, of releases up to `newest`."""
    asked = {"reader": reader, "newest": newest}
    found, people = _rows(session, _PRINTED, wanted, asked), _people(session, wanted)
    made = {}
    for one in wanted:
        for back in BACK:
            row = found[one.area_code, one.problem, one.period(back).first, back]
            label = UNPRINTED if row.label is None else row.label
            made[one, back] = Cell(_base(people, one, back), row.as_of, label=label, released_at=row.released_at)
    return made


def _rows(
    session: Session, statement: TextClause, wanted: Sequence[Wanted], more: Mapping[str, Any]
) -> dict[tuple[str, str, date, int], Row[Any]]:
    asked = dict.fromkeys(_key(one, back) for one in wanted for back in BACK)
    names = ("areas", "provinces", "levels", "problems", "firsts", "januaries", "backs")
    params: dict[str, Any] = dict(zip(names, map(list, zip(*asked, strict=True)), strict=True))
    years = sorted({each.year for each in params["firsts"]})
    params["months"] = [date(year + (month < 10), month, 1) for year in years for month in range(1, 13)]
    params["years"] = [date(year, 1, 1) for year in sorted({*years, *(year + 1 for year in years)})]
    found = session.execute(statement, params | dict(more))
    return {(row.area, row.problem, row.first, row.back): row for row in found}


def _key(one: Wanted, back: int) -> tuple[str, str, str, str, date, date, int]:
    first = one.period(back).first
    return one.area_code, one.area_code[:2], one.level or "", one.problem, first, first.replace(month=1), back


def _people(session: Session, wanted: Sequence[Wanted]) -> Mapping[tuple[str, date, str], float]:
    """Read denominators by indicator, last day of the fiscal year, and area."""
    rates = [one for one in wanted if one.measure == "rate" and one.level is not None]
    if not rates:
        return {}
    asked = dict.fromkeys((_indicator(one), one.level, one.period(back).last) for one in rates for back in BACK)
    params = dict(zip(("indicators", "levels", "lasts"), map(list, zip(*asked, strict=True)), strict=True))
    rows = session.execute(_PEOPLE, params | {"areas": sorted({one.area_code for one in rates})})
    return {(row.indicator, row.last, row.area_code): float(row.value) for row in rows}


def _base(people: Mapping[tuple[str, date, str], float], one: Wanted, back: int) -> float:
    if one.measure != "rate":
        return nan
    return people.get((_indicator(one), one.period(back).last, one.area_code), nan)


def _indicator(one: Wanted) -> str:
    return get_problem(one.problem).denominator
