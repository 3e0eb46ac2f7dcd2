"""Files that are made for one answer: whole before the first byte is sent, in a file without a name.

A file without a name takes its room on the disk along when its process ends, however that ends.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.files import FileFull, is_full
from boundaries.errors import SocialMapError

AT_ONCE, WAITING = 2, 4
"""So many files are made at once, and so many more may wait; whoever comes then is asked to come again."""
CHUNK = 1 << 16
SECONDS = 30


class ExportBusy(SocialMapError):
    """As many files are being made as may be at once."""

    key = "error.export_busy"


class Turns:
    """A place in the short queue of those for whom files are made."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._places, self._turns = BoundedSemaphore(at_once + waiting), BoundedSemaphore(at_once)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a turn during the block. Raises ExportBusy."""
        if not self._places.acquire(blocking=False):
            raise ExportBusy
        try:
            if not self._turns.acquire(timeout=SECONDS):
                raise ExportBusy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


class FileAnswer(StreamingResponse):
    """Sends a file piece by piece and closes it, also when the other side has gone before the first one."""

    def __init__(self, made: BinaryIO, headers: dict[str, str], media_type: str) -> None:
        super().__init__(iter(partial(made.read, CHUNK), b""), headers=headers, media_type=media_type)
        self.made = made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.made.close()


def answer_file(
    folder: Path, name: str, media_type: str, write: Callable[[BinaryIO], None], headers: dict[str, str]
) -> FileAnswer:
    """Make a file in a private folder and answer it under a name. Raises FileFull, with nothing sent or left."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed when it has been sent)
        try:
            write(made)
            size = made.tell()
            made.seek(0)
        except BaseException:
            made.close()
            raise
    except OSError as error:
        if is_full(error):
            raise FileFull(path=name) from error
        raise
    held = {"Content-Length": str(size), "Content-Disposition": f'attachment; filename="{name}"', **headers}
    return FileAnswer(made, held, media_type)
