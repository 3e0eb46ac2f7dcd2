"""Rows that were not taken, as a table with the reason beside each, to be mended and brought in again."""

import csv
import io
from collections.abc import Collection

from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.files.table import FileTable
from layers.importing.tally import Fault, UndecidedName
from layers.template import harmless

KEPT = 100_000
"""So many rows are written at most."""


class RefusedFile:
    """Hears which rows were not taken and writes them as CSV (UTF-8 with its mark): the file's own columns and why.

    Columns that are left out of the import, such as personal ones, are left out here too.
    """

    def __init__(self, table: FileTable, left_out: Collection[str] = ()) -> None:
        self._table = table
        self._places = [place for place, heading in enumerate(table.header) if heading not in left_out]
        self._reasons: dict[int, str] = {}

    def tell(self, row: int, fault: Fault) -> None:
        """Keep why a row was not taken."""
        if len(self._reasons) < KEPT:
            self._reasons[row] = reason_of(fault)

    @property
    def content(self) -> bytes:
        """The table, the rows read anew from the file."""
        made = io.StringIO()
        writer = csv.writer(made)
        header = self._table.header
        writer.writerow([harmless(header[place]) for place in self._places] + ["เหตุที่ไม่รับ / reason"])
        for row in self._table.rows():
            if row.number in self._reasons:
                kept = [harmless(row.cells[place]) for place in self._places]
                writer.writerow([*kept, self._reasons[row.number]])
        return made.getvalue().encode("utf-8-sig")


def reason_of(fault: Fault) -> str:
    """Say in both languages why a row was not taken."""
    if isinstance(fault, SocialMapError):
        return f"{fault.text.th} / {fault.text.en}"
    key = "import.undecided_name" if isinstance(fault, UndecidedName) else "import.undecided_word"
    words = text(key)
    return f"{words.th} / {words.en}"
