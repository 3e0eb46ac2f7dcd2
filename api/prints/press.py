"""Setting sheets within bounds: a few at a time, each once however many ask, the last ones kept."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from api.prints.errors import PrintBusy

Content = TypeVar("Content")

AT_ONCE = 2
"""Sheets that are set at the same time: each takes a processor for seconds."""
WAITING = 6
"""Requests that wait for a turn; each holds a thread."""
PATIENCE = 20.0
"""Seconds that a request waits before it is told to come again."""
ROOM = 48_000_000
"""Bytes of finished sheets that are kept."""


@dataclass(frozen=True)
class Made:
    """A finished print: the files of each kind, how many pages it has, and what the audit is told of it."""

    files: Mapping[str, tuple[bytes, ...]]
    pages: int
    told: Mapping[str, str | int | None]
    tag: str

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(len(content) for files in self.files.values() for content in files)


class Press:
    """Sets one sheet for all who ask for the same at once, and keeps those made last, as far as there is room."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, room: int = ROOM) -> None:
        self._turns, self._line = threading.BoundedSemaphore(at_once), threading.BoundedSemaphore(at_once + waiting)
        self._room, self._lock = room, threading.Lock()
        self._kept: OrderedDict[str, Made] = OrderedDict()
        self._begun: dict[str, Future[Made]] = {}

    def get(self, key: str, make: Callable[[], Made]) -> Made:
        """Return what is kept under a key, else make it. The key says what is shown, and to whom. Raises PrintBusy."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            first = key not in self._begun
            future = self._begun.setdefault(key, Future())
        if not first:
            return self._others(future)
        try:
            made = self.alone(make)
        except BaseException as error:
            self._end(key, future)
            future.set_exception(error)
            raise
        self._end(key, future, made)
        future.set_result(made)
        return made

    def alone(self, make: Callable[[], Content]) -> Content:
        """Make something in a turn; it is not kept. Raises PrintBusy."""
        if not self._line.acquire(blocking=False):
            raise PrintBusy
        try:
            if not self._turns.acquire(timeout=PATIENCE):
                raise PrintBusy
            try:
                return make()
            finally:
                self._turns.release()
        finally:
            self._line.release()

    def _others(self, future: "Future[Made]") -> Made:
        try:
            return future.result(timeout=3 * PATIENCE)
        except TimeoutError:
            raise PrintBusy from None

    def _end(self, key: str, future: "Future[Made]", made: Made | None = None) -> None:
        with self._lock:
            self._begun.pop(key, None)
            if made is None or made.size > self._room:
                return
            self._kept[key] = made
            while sum(one.size for one in self._kept.values()) > self._room:
                self._kept.popitem(last=False)
