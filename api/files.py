"""Files that are written whole or not at all."""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from boundaries.errors import SocialMapError


class FileFull(SocialMapError):
    """The disk is full; nothing half-written was left."""

    key = "error.file_full"


def write_whole(path: Path, content: bytes) -> int:
    """Write a file so that readers see the old one or the new one, never a part; return its size in bytes.

    A target that is no ordinary file (a device, a pipe) is written directly: it must not be replaced.
    Raises FileFull when the disk or quota is full, and OSError for any other reason.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("wb", buffering=0) as device:
                device.write(content)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            _replace(target, content)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise FileFull(path=str(path)) from error
        raise
    return len(content)


def _replace(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
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
