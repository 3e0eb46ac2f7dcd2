"""COPY: many rows into a (temporary) table in one stream."""

import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from sqlalchemy.orm import Session


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    r"""Write rows of ready cells, where `\N` is NULL and `cell` has made texts safe."""
    buffer = StringIO("\n".join(map("\t".join, rows)) + "\n")
    cursor = session.connection().connection.cursor()
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", buffer)
    cursor.close()


SPECIAL = re.compile(r"[\\\t\n\r]")
FEW = 4
"""A column whose values stand so many times each, on average, is written value by value and not cell by cell."""


def cell(value: object) -> str:
    """Write one value for COPY."""
    if value is None or value != value:  # NaN is no value either
        return r"\N"
    if isinstance(value, str):
        return _escaped(value) if SPECIAL.search(value) else value
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value)  # a number, a day, an id: none of them holds a mark


def cells(values: Sequence[Any]) -> list[str]:
    """Write a column for COPY: most are texts without a mark, numbers, or few values many times over."""
    kinds = set(map(type, values))
    if kinds == {str} and not SPECIAL.search("".join(values)):
        return list(values)
    if kinds == {float}:
        return [r"\N" if one != one else repr(one) for one in values]
    different = set(values) if list not in kinds else set()
    if not different or len(different) * FEW > len(values):
        return list(map(cell, values))
    known = {one: cell(one) for one in different}
    return [known[one] for one in values]


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
