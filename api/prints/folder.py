"""The private folder of prints: logos of accounts, and of each job its lock and its result; readable by nobody else."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from api.prints.errors import JobsFull

FOLDER, LOGOS, LOCK, PART, RESULT = "prints", "logos", "lock", "part", "result"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def full_told() -> Iterator[None]:
    """Say JobsFull instead of the operating system's error."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise JobsFull from error
        raise


def private(folder: Path) -> Path:
    """Make a folder that nobody else may read, and return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write_private(target: Path, content: bytes) -> None:
    """Write a file that nobody else may read, whole or not at all. Raises JobsFull."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with full_told(), os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


class JobFolder:
    """The folder of one job. Whoever works on the job holds its lock: a lock that is free is nobody's any more."""

    def __init__(self, home: Path, job_id: UUID) -> None:
        self.place = home / FOLDER / str(job_id)

    @property
    def result(self) -> Path:
        """Where the finished file lies."""
        return self.place / RESULT

    @property
    def part(self) -> Path:
        """Where a file lies while it is written."""
        return self.place / PART

    def make(self) -> int:
        """Make the folder and return the handle of its lock, held; it may be passed on. Raises JobsFull."""
        with full_told():
            private(self.place.parent)
            private(self.place)
            handle = os.open(self.place / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle

    def is_here(self) -> bool:
        """Say whether the job was begun in this place of work."""
        return self.place.is_dir()

    def is_held(self) -> bool:
        """Say whether somebody works on the job, or will."""
        try:
            handle = os.open(self.place / LOCK, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def finish(self) -> None:
        """Give the part its name."""
        with self.part.open("rb") as file:
            os.fsync(file.fileno())
        self.part.replace(self.result)

    def remove(self) -> None:
        """Take everything away."""
        shutil.rmtree(self.place, ignore_errors=True)


def job_folders(home: Path) -> Iterator[UUID]:
    """Give the jobs whose folders lie here."""
    with suppress(OSError):
        for one in (home / FOLDER).iterdir():
            with suppress(ValueError):
                yield UUID(one.name)
