"""Files that are written whole or not at all."""

import errno
import fcntl
import glob
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from boundaries.errors import SocialMapError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class FileFull(SocialMapError):
    """The disk is full; nothing half-written was left."""

    key = "error.file_full"


def is_full(error: OSError) -> bool:
    """Say whether an error means that there is no room, on the disk or by a limit."""
    return error.errno in _FULL


def write_whole(path: Path, content: bytes) -> int:
    """Write a file so that readers see the old one or the new one, never a part; return its size in bytes.

    A target that is no ordinary file (a device, a pipe) is written directly: it must not be replaced.
    Raises FileFull when the disk or quota is full, and OSError for any other reason.
    """

    def put(file: BinaryIO) -> None:
        file.write(content)

    write_by(path, put)
    return len(content)


def write_by(path: Path, write: Callable[[BinaryIO], object]) -> int:
    """Do the same with what `write` puts into the file that it is given; return its size, 0 for a device.

    What a killed write of the same file left is cleared away.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("wb", buffering=0) as device:
                write(device)
            return 0
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        return _replace(target, write)
    except OSError as error:
        if is_full(error):
            raise FileFull(path=str(path)) from error
        raise


def _replace(target: Path, write: Callable[[BinaryIO], object]) -> int:
    part, file = _part(target)
    try:
        with file:
            write(file)
            file.flush()
            size = file.seek(0, os.SEEK_END)
            os.fsync(file.fileno())
            part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name survives a power cut too
    finally:
        os.close(folder)
    return size


def _part(target: Path) -> tuple[Path, BinaryIO]:
    """Open a new file beside the target, locked as long as it is written: a sweep takes it for nobody's else."""
    while True:
        part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        file = part.open("x+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        if part.exists():  # not swept between its making and its lock
            return part, file
        file.close()


def _sweep(target: Path) -> None:
    """Take away what killed writes of the same file left: the lock went with their process."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
