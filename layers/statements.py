"""Named queries of the ring, kept in `sql/`."""

from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text

FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> TextClause:
    """Return the statement of `sql/<name>.sql`."""
    return text((FOLDER / f"{name}.sql").read_text("utf-8"))
