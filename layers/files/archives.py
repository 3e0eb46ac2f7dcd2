"""Zips opened with care: nothing is unpacked to disk, no name leads out, no member unpacks beyond its limit."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from layers.files.errors import Locked, NotATable, TooLarge, UnsafePath
from layers.files.limits import MOST_MEMBERS, WHOLE

PIECE = 1 << 20
MEGABYTE = 1 << 20
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
    ValueError,
)  # fmt: skip
"""What zipfile lets through from a zip that is damaged or packed in a way it does not know."""
LOCKED = 0x1
IN_UTF8 = 0x800


@contextmanager
def opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip; raise NotATable where it is damaged, also later while it is read."""
    try:
        with path.open("rb") as handle, zipfile.ZipFile(handle) as archive:
            yield archive
    except DAMAGED as error:
        raise NotATable(name=name) from error


def members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """List the files in a zip; raise UnsafePath, Locked, TooLarge. Folders and what macOS adds are left out."""
    if len(archive.infolist()) > MOST_MEMBERS:
        raise TooLarge(name=name, limit=WHOLE // MEGABYTE)
    for member in archive.infolist():
        inside = real_name(member).replace("\\", "/")
        if inside.startswith("/") or ".." in PurePosixPath(inside).parts or inside[1:2] == ":":
            raise UnsafePath(name=name, inside=inside[:100])
        if member.flag_bits & LOCKED:
            raise Locked(name=name)
    return [
        member for member in archive.infolist() if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]


def real_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; names without the mark of UTF-8 are bytes, in Thailand UTF-8 or CP874."""
    if member.flag_bits & IN_UTF8:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp874", "replace")


def pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limit: int = WHOLE) -> Iterator[bytes]:
    """Unpack a member piece by piece; raise TooLarge beyond `limit` bytes, whatever the zip says of its size."""
    if member.file_size > limit:
        raise TooLarge(name=name, limit=limit // MEGABYTE)
    total = 0
    with archive.open(member) as handle:
        while piece := handle.read(PIECE):
            total += len(piece)
            if total > limit:
                raise TooLarge(name=name, limit=limit // MEGABYTE)
            yield piece


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limit: int = WHOLE) -> bytes:
    """Unpack a member whole."""
    return b"".join(pieces(archive, member, name, limit))
