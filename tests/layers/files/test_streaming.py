"""Text files of any size are read in bounded memory, anew at every call."""

import tracemalloc
from itertools import islice
from pathlib import Path

import pytest

from layers.files.opening import open_table

ROWS = 12_000
MEMO = "ผู้สูงอายุอยู่คนเดียว (สมมติ) " * 50
MEGABYTES = 8
"""Far below the 19 MB of the file: a piece of a megabyte, a sample, and one row at a time."""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="cp874", newline="") as handle:
        handle.write("เลขที่,ปัญหา,อำเภอ,lat,lon\n")
        handle.writelines(f"C{number:07d},{MEMO},จอมบึง,13.{number:06d},99.{number:06d}\n" for number in range(ROWS))
    return path


def test_memory_does_not_grow_with_the_file(large: Path) -> None:
    assert large.stat().st_size > 2 * MEGABYTES << 20
    tracemalloc.start()
    try:
        table = open_table(large)
        count = sum(1 for row in table.rows() if row.kind == "data")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == ROWS
    assert peak < MEGABYTES << 20, f"{peak >> 20} MB"


def test_rows_begin_anew_and_may_be_left_early(large: Path) -> None:
    table = open_table(large)
    first = list(islice(table.rows(), 3))
    assert [row.number for row in first] == [2, 3, 4]
    assert list(islice(table.rows(), 3)) == first
    one, other = table.rows(), table.rows()
    next(one)
    assert next(other) == first[0]
    assert next(one) == first[1]
