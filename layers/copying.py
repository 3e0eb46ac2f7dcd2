"""COPY: many rows into a (temporary) table in one stream."""

from collections.abc import Iterable, Sequence
from io import StringIO

from sqlalchemy.orm import Session


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    r"""Write rows of ready cells, where `\N` is NULL and `cell` has made texts safe."""
    buffer = StringIO("\n".join(map("\t".join, rows)) + "\n")
    cursor = session.connection().connection.cursor()
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", buffer)
    cursor.close()


def cell(value: object) -> str:
    """Write one value for COPY."""
    if value is None or value != value:  # NaN is no value either
        return r"\N"
    if isinstance(value, str):
        return value if value.isalnum() else _escaped(value)  # most cells are codes and words
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return _escaped(str(value))


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
