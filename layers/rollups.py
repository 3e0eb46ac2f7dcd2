"""The rollups that figures read: which cells exist, how they are kept, checked and built anew.

A cell is area × main problem × period × source × unit of count. Grains are those that figures ask for; a rollup of
subdistrict × month × status would be as sparse as the cases. A case whose year alone is known stands in the grains
`year` and `year_only`, never in a month or fiscal year; one whose fiscal year alone is known in `fy` and `fy_only`,
never in a month or calendar year. A row counts as many cases as it stands for; one whose status is no case
(`taxonomy.uncounted`) counts none.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache

from sqlalchemy import text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.prepared import prepared
from layers import taxonomy
from layers.statements import FOLDER

CATEGORY, SUBTYPE = 3, 6
"""Lengths of problem codes: P01, P01.01."""

GRAINS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("province", "month", (CATEGORY,)),
    ("province", "fy", (CATEGORY, SUBTYPE)),
    ("province", "year", (CATEGORY, SUBTYPE)),
    ("province", "year_only", (CATEGORY, SUBTYPE)),
    ("province", "fy_only", (CATEGORY, SUBTYPE)),
    ("district", "month", (CATEGORY,)),
    ("district", "fy", (CATEGORY, SUBTYPE)),
    ("district", "year", (CATEGORY, SUBTYPE)),
    ("district", "year_only", (CATEGORY, SUBTYPE)),
    ("district", "fy_only", (CATEGORY, SUBTYPE)),
    ("subdistrict", "fy", (CATEGORY,)),
    ("subdistrict", "year_only", (CATEGORY,)),
)
GROUP_GRAINS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("province", "fy", (CATEGORY,)),
    ("province", "year", (CATEGORY,)),
    ("province", "year_only", (CATEGORY,)),
    ("province", "fy_only", (CATEGORY,)),
    ("district", "fy", (CATEGORY,)),
    ("district", "year_only", (CATEGORY,)),
)

KEY = "level, grain, period, problem_code, province_code, area_code, source_id, counted"
GROUP_KEY = "level, grain, period, target_group, problem_code, province_code, area_code, source_id, counted"

FROM_CASES = """
SELECT 1 AS sign, province_code, district_code, subdistrict_code, problem_code, reported_on, date_precision,
       source_id, counted, cases, weight
FROM "case" WHERE status <> ALL (:uncounted)
"""
FROM_GROUPS = """
SELECT 1 AS sign, province_code, district_code, subdistrict_code, problem_code, reported_on, date_precision,
       source_id, counted, cases, weight, target_group
FROM "case" one, unnest(one.target_groups) AS target_group WHERE status <> ALL (:uncounted)
"""


def uncounted() -> dict[str, object]:
    """Return the parameter of SQL that leaves out what is no case."""
    return {"uncounted": list(taxonomy.uncounted())}


def kept(level: str, grain: str, subtype: bool, by_group: bool) -> bool:
    """Say whether figures of this level and grain are kept, for subtypes or target groups."""
    grains = GROUP_GRAINS if by_group else GRAINS
    wanted = SUBTYPE if subtype else CATEGORY
    return any((level, grain) == (at_level, at_grain) and wanted in depths for at_level, at_grain, depths in grains)


def cells(changes: str, by_group: bool = False) -> str:
    """Return the SQL of the cells that `changes` (SQL giving signed cases) add up to."""
    template = (FOLDER / ("cells_by_group.sql" if by_group else "cells.sql")).read_text("utf-8")
    return template.format(changes=changes)


class TooManyCases(SocialMapError):
    """Rows that together stand for more cases than a cell can hold."""

    key = "error.too_many_cases"


@contextmanager
def _told() -> Iterator[None]:
    """Turn a number that does not fit into TooManyCases."""
    try:
        yield
    except DataError as error:
        if getattr(error.orig, "pgcode", None) != OUT_OF_RANGE:
            raise
        raise TooManyCases from error


OUT_OF_RANGE = "22003"
"""What PostgreSQL calls a number that its column cannot hold."""


def add(session: Session, changes: str, group_changes: str, params: Mapping[str, object] | None = None) -> None:
    """Add signed cases to both rollups, inside the caller's transaction.

    Rows are written in the order of their keys, first one table and then the other, so that writers who add once a
    transaction wait for each other but never in a ring. Cells that fall to zero stay as zeros: deleting them would
    lock rows in another order. Raises TooManyCases.
    """
    with _told():
        session.execute(text(_added("case_count", KEY, cells(changes))), params)
        by_group = cells(group_changes, by_group=True)
        session.execute(text(_added("case_count_by_group", GROUP_KEY, by_group)), params)
    session.execute(text(_HAVE_CASES))


def _added(table: str, key: str, sql: str) -> str:
    """Return the statement that adds cells to a rollup."""
    return f"""
WITH cell AS ({sql}),
net AS MATERIALIZED (SELECT * FROM cell {_SOME}),
written AS (
    INSERT INTO {table} ({key}, cases, weight)
    SELECT {key}, cases, weight FROM net ORDER BY {key}
    ON CONFLICT ({key}) DO UPDATE
    SET cases = {table}.cases + excluded.cases, weight = {table}.weight + excluded.weight
    RETURNING 1
)
SELECT count(*) FROM written"""  # noqa: S608


_SOME = "WHERE cases <> 0 OR weight <> 0"
_HAVE_CASES = """
UPDATE source SET has_cases = true
WHERE NOT has_cases AND (SELECT true FROM "case" WHERE source_id = source.id ORDER BY external_id LIMIT 1)
"""
"""The order makes it a look into the index; EXISTS reads all cases for a source that has none."""


@dataclass(frozen=True)
class Change:
    """One row added (sign 1) to or taken (sign -1) from the count, with the cases that it stands for."""

    sign: int
    province_code: str
    district_code: str | None
    subdistrict_code: str | None
    problem_code: str
    reported_on: date
    date_precision: str
    source_id: int
    counted: str
    cases: int
    weight: float
    target_groups: tuple[str, ...]


_CHANGES = """
SELECT * FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS change (
    sign int, province_code text COLLATE "C", district_code text COLLATE "C", subdistrict_code text COLLATE "C",
    problem_code text COLLATE "C", reported_on date, date_precision text, source_id int, counted text COLLATE "C",
    cases int, weight numeric(14, 3), target_groups jsonb)
"""
"""The weight is rounded as the table of cases rounds it, or the two would differ."""
_GROUP_CHANGES = f"""
SELECT change.*, target_group COLLATE "C" AS target_group
FROM ({_CHANGES}) change, jsonb_array_elements_text(change.target_groups) AS target_group
"""  # noqa: S608


def add_rows(session: Session, changes: Sequence[Change]) -> None:
    """Count a few changes, inside the caller's transaction. Raises TooManyCases."""
    if not changes:
        return
    params = {"changes": json.dumps([asdict(change) for change in changes], default=str)}
    plain, by_group = _few_added()
    with _told():
        prepared(session, plain, params)
        if any(change.target_groups for change in changes):
            prepared(session, by_group, params)
    prepared(session, _HAVE_CASES, {})


@cache
def _few_added() -> tuple[str, str]:
    by_group = cells(_GROUP_CHANGES, by_group=True)
    return _added("case_count", KEY, cells(_CHANGES)), _added("case_count_by_group", GROUP_KEY, by_group)


def rebuild(session: Session) -> int:
    """Build both rollups anew from the cases and return the number of cells; writers of cases wait meanwhile."""
    session.execute(text('LOCK TABLE "case" IN SHARE ROW EXCLUSIVE MODE'))
    session.execute(text("SET LOCAL work_mem = '256MB'"))
    made = 0
    for table, key, sql in (
        ("case_count", KEY, cells(FROM_CASES)),
        ("case_count_by_group", GROUP_KEY, cells(FROM_GROUPS, by_group=True)),
    ):
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        filled = f"SELECT {key}, cases, weight FROM ({sql}) AS cell {_SOME}"  # noqa: S608
        inserted = session.execute(text(f"INSERT INTO {table} ({key}, cases, weight) {filled}"), uncounted())
        made += inserted.rowcount  # type: ignore[attr-defined]
    session.execute(text(_HAVE_CASES))
    return made


@dataclass(frozen=True)
class Difference:
    """A cell whose kept numbers are not those counted from the cases."""

    table: str
    cell: dict[str, object]
    kept: int | None
    counted: int | None


def check(session: Session, limit: int = 20) -> list[Difference]:
    """Compare both rollups with a count of the cases; return at most `limit` differing cells, none if all is well."""
    found: list[Difference] = []
    for table, key, sql in (
        ("case_count", KEY, cells(FROM_CASES)),
        ("case_count_by_group", GROUP_KEY, cells(FROM_GROUPS, by_group=True)),
    ):
        rows = session.execute(
            text(
                f"""
SELECT {key}, kept.cases AS kept_cases, truth.cases AS true_cases
FROM {table} kept FULL JOIN ({sql}) truth USING ({key})
WHERE coalesce(kept.cases, 0) <> coalesce(truth.cases, 0)
   OR coalesce(kept.weight, 0) <> coalesce(truth.weight, 0)
ORDER BY {key} LIMIT :limit"""  # noqa: S608
            ),
            {"limit": limit} | uncounted(),
        ).mappings()
        for row in rows:
            cell = {name: value for name, value in row.items() if not name.endswith("_cases")}
            found.append(Difference(table, cell, row["kept_cases"], row["true_cases"]))
    return found
