"""Tables packed in a zip: one is read as if it lay beside it; which one, a person says where there are several.

What is unpacked lies in a file without a name, readable by nobody else, that is gone when the process ends in any way.
"""

import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from boundaries.errors import SocialMapError
from layers.files import archives
from layers.files.table import Asked, FileTable, Row

ENDS = (".csv", ".tsv", ".xlsx", ".xls", ".ods")
PLAIN = ".txt"
"""A table too where no other is: beside one it says how to read it."""
SHOWN = 20


class SeveralInside(SocialMapError):
    """A zip of several tables, of which nobody said which is meant; `names` are theirs, the largest first."""

    key = "error.several_inside"

    def __init__(self, name: str, names: tuple[str, ...]) -> None:
        self.names = names
        more = " …" if len(names) > SHOWN else ""
        super().__init__(name=name, inside=", ".join(names[:SHOWN]) + more)


def tables_in(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the tables among the members of a zip by name, the largest first; what programs leave behind is none."""
    named = {archives.real_name(one): one for one in sorted(members, key=lambda one: -one.file_size)}
    kept = {name: one for name, one in named.items() if not PurePosixPath(name).name.startswith((".", "~$"))}
    found = {name: one for name, one in kept.items() if name.lower().endswith(ENDS)}
    return found or {name: one for name, one in kept.items() if name.lower().endswith(PLAIN)}


def read_packed(path: Path, asked: Asked, name: str, read: Callable[[Path, Asked, str], FileTable]) -> FileTable:
    """Read the table of a zip, or that which was asked for.

    Raises SeveralInside, also for one that is not there, and what `read` and opening a zip raise.
    """
    with archives.opened(path, name) as archive:
        found = tables_in(archives.members(archive, name))
        chosen = _choose(tuple(found), asked.inside, name)
        file, failed = _unpack(archive, found[chosen], name)
    try:
        if failed is not None:  # a full disk is no damage of the zip
            raise failed
        place = Path(f"/proc/self/fd/{file.fileno()}")
        table = read(place if place.exists() else Path(file.name), replace(asked, kind=None), chosen)
    except BaseException:
        file.close()
        raise

    def rows() -> Iterable[Row]:
        return table.source()

    weakref.finalize(rows, file.close)  # the file lives for as long as somebody may read its rows
    several = tuple(found) if len(found) > 1 else ()
    told = f"{name}/{PurePosixPath(chosen).name}" if several else name
    detected = replace(table.detected, inside=chosen, insides=several)
    return replace(table, name=told, source=rows, detected=detected)


def _choose(names: tuple[str, ...], asked: str | None, name: str) -> str:
    if len(names) == 1:
        return names[0]
    if asked is None or asked not in names:
        raise SeveralInside(name, names)
    return asked


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> tuple[Any, OSError | None]:
    """Unpack a member into a file without a name; return it, and what went wrong with the disk."""
    nameless = Path("/proc/self/fd").exists()  # elsewhere it cannot be opened again without a name
    file: Any = tempfile.TemporaryFile() if nameless else tempfile.NamedTemporaryFile()  # noqa: SIM115
    try:
        for piece in archives.pieces(archive, member, name):
            if failed := _write(file, piece):
                return file, failed
    except BaseException:
        file.close()
        raise
    return file, None


def _write(file: Any, piece: bytes) -> OSError | None:
    try:
        file.write(piece)
        file.flush()
    except OSError as error:
        return error
    return None
