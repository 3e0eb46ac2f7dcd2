"""Columns for COPY are written as their cells are, however they are written quickly."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.copying import cell, cells, copy_rows
from layers.importing.tally import POINTS, Tally

HARD = ["ก", "a\tb", "c\\N", "d\ne", "\r", "", " ", "\\", "NULL", "{a,b}"]
COLUMNS: dict[str, list[Any]] = {
    "plain": ["70", "7001", "ก-001"],
    "hard": HARD,
    "repeated": HARD * 9,
    "none": [None, "a", None] * 9,
    "floats": [1.5, float("nan"), 100.000001, 1e-7, float("nan")],
    "numbers": [1, None, 3.25, float("nan")],
    "days": [date(2025, 1, 2)] * 20,
    "ids": [UUID(int=number) for number in range(5)],
    "groups": [("T01", "T02"), ()] * 9,
    "lists": [["T01"], [], None],
    "nothing": [],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_written_as_its_cells_are(name: str) -> None:
    assert cells(COLUMNS[name]) == [cell(one) for one in COLUMNS[name]]


def test_what_is_written_arrives(session: Session) -> None:
    session.execute(text("CREATE TEMPORARY TABLE arrived (number int, word text, groups text[], weight float8)"))
    weights = [1e-7, float("nan"), *range(len(HARD) - 2)]
    columns = (range(len(HARD)), HARD, [("T01", "T02")] * len(HARD), weights)
    copy_rows(session, "arrived", ("number", "word", "groups", "weight"), zip(*map(cells, columns), strict=True))
    found = session.execute(text("SELECT word, groups, weight FROM arrived ORDER BY number")).all()
    assert [row.word for row in found] == HARD
    assert all(row.groups == ["T01", "T02"] for row in found)
    assert [row.weight for row in found] == [1e-7, None, *range(len(HARD) - 2)]


@pytest.mark.parametrize("size", [1, 7, 999, 100_000])
def test_points_of_a_preview_are_spread_alike_in_chunks_of_any_size(size: int) -> None:
    count = 3 * POINTS + 17
    lats = [float("nan") if number % 10 == 3 else number / 1000 for number in range(count)]
    tally = Tally()
    for start in range(0, count, size):
        part = slice(start, start + size)
        numbers = range(count)[part]
        tally.see(numbers, lats[part], lats[part], ["inside"] * len(numbers))
    rows = [one.row for one in tally.points]
    pointed = [number for number in range(count) if number % 10 != 3]
    assert rows == pointed[::4]
    assert POINTS / 2 < len(rows) <= POINTS
