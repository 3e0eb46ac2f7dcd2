"""Long work of the page in the background: one piece at a time for each person, told while it runs, ended on demand.

How far a piece of work is stands in a small file beside a lock that its process holds. The system lets go of the lock
when the process ends in any way, so everybody can tell work that was interrupted from work that runs.
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from api.database_errors import database_key
from api.imports.doing import Doing
from api.imports.errors import ImportBusy
from api.imports.faults import unsaid
from api.imports.uploads import DAY, full_told, open_private
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text

FOLDER = "works"
PAGE = "/imports/work"
AT_ONCE = 4
"""Pieces of work of one process at the same time."""
PATIENCE = 2.0
"""Seconds that a request waits for its work: what is quicker needs no page of its own."""
TOLD_EVERY = 0.4
"""Seconds between two looks at whether somebody wants the work to end, and two notes of how far it is."""

Kind = Literal["read", "preview", "commit", "undo"]
Standing = Literal["running", "done", "failed", "stopped", "interrupted"]


@dataclass(frozen=True)
class Work:
    """What is told of a piece of work: what it is about, how far it is, and where it leads once it is over."""

    kind: Kind
    subject: str
    """The upload's id, or the number of the import that is undone."""
    name: str
    back: str
    """Page to go to when it came to nothing."""
    began: float
    form: str = ""
    """What the person sent, hashed: the same form twice is one piece of work."""
    phase: str = "begin"
    rows: int = 0
    expected: int = 0
    """About how many rows there are; 0 where nobody knows."""
    standing: Standing = "running"
    goal: str = ""
    th: str = ""
    en: str = ""
    ended: float = 0.0

    def is_like(self, other: "Work") -> bool:
        """Say whether two pieces of work were asked for by the same form."""
        return (self.kind, self.subject, self.form) == (other.kind, other.subject, other.form)

    @property
    def why(self) -> Text | None:
        """What went wrong."""
        return Text(self.th, self.en) if self.th else None


class _Running:
    """A piece of work of this process."""

    def __init__(self, account: UUID, work: Work, handle: int) -> None:
        self.account, self.work, self.handle = account, work, handle
        self.doing, self.over, self.noting = Doing(), Event(), Lock()
        self.error: Exception | None = None


class Works:
    """All work of the pages of one machine."""

    def __init__(self, home: Path, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._folder = home / FOLDER
        self._running: dict[UUID, _Running] = {}
        self._lock = Lock()

    def begin(self, account: UUID, work: Work, do: Callable[[Doing], str]) -> str:
        """Do a piece of work, which returns where it leads, and return that, or the page that tells how far it is.

        Work that is over soon raises what it raised. Whoever asks for the same once more waits for the same; another
        piece of work of the same person is not begun. Raises ImportBusy.
        """
        with self._lock:
            one = self._running.get(account)
            if one is None or one.over.is_set():
                one = self._start(account, work, do)
        if one is None or not one.work.is_like(work):
            return f"{PAGE}?said=one_at_a_time"
        if not one.over.wait(self.patience) or one.work.standing == "stopped":
            return PAGE
        self.forget(account)
        if one.error is not None:
            raise one.error
        return one.work.goal

    def find(self, account: UUID) -> Work | None:
        """Return the newest work of somebody that was not yet seen to its end; None without."""
        found = self._read(account)
        if found is not None and found.standing == "running":
            handle = self._take(account)
            if handle is None:
                return found
            found = self._read(account)  # it may have ended just before its lock was free
            os.close(handle)
            if found is not None and found.standing == "running":
                return replace(found, standing="interrupted")
        return found if found is not None and found.ended > time.time() - DAY else None

    def is_busy(self, account: UUID, subject: str) -> bool:
        """Say whether somebody's file is being worked on right now."""
        found = self.find(account)
        return found is not None and found.standing == "running" and found.subject == subject

    def stop(self, account: UUID) -> None:
        """Ask somebody's work to end; wait a little for it to do so."""
        self._place(account, "stop").touch(mode=0o600)
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            found = self.find(account)
            if found is None or found.standing != "running":
                return
            time.sleep(0.1)

    def forget(self, account: UUID) -> None:
        """Take away what is told of work that is over."""
        with self._lock:
            handle = self._take(account)
            if handle is not None:
                self._place(account, "json").unlink(missing_ok=True)
                os.close(handle)

    def _start(self, account: UUID, work: Work, do: Callable[[Doing], str]) -> _Running | None:
        """Begin in a thread; None where another process does work of this person. Raises ImportBusy, DiskFull."""
        self._running = {key: one for key, one in self._running.items() if not one.over.is_set()}
        if len(self._running) >= AT_ONCE:
            raise ImportBusy
        handle = self._take(account)
        if handle is None:
            return None
        try:
            self._place(account, "stop").unlink(missing_ok=True)
            self._note(account, work)
            one = self._running[account] = _Running(account, work, handle)
            for name, task in (("import", self._do), ("import-told", self._tell)):
                Thread(target=copy_context().run, args=(task, one, do), name=name, daemon=True).start()
        except BaseException:
            self._running.pop(account, None)
            os.close(handle)
            raise
        return one

    def _do(self, one: _Running, do: Callable[[Doing], str]) -> None:
        """Whatever happens is told on the page."""
        try:
            goal = do(one.doing)
            over = replace(self._now(one), standing="done", goal=goal)
        except Exception as error:
            one.error = error
            over = self._failed(one, error)
        with one.noting:
            one.work = replace(over, ended=time.time())
            with suppress(Exception):  # a full disk: then it is told as interrupted
                self._note(one.account, one.work)
        os.close(one.handle)
        one.over.set()

    def _tell(self, one: _Running, _: object) -> None:
        """Note how far the work is, and hear whether it is to end, until it is over."""
        last = one.work
        while not one.over.wait(TOLD_EVERY):
            if self._place(one.account, "stop").exists():
                one.doing.stop()
            with one.noting:
                now = self._now(one)
                if now != last and one.work.standing == "running":
                    with suppress(Exception):
                        self._note(one.account, now)
            last = now
        self._place(one.account, "stop").unlink(missing_ok=True)

    def _now(self, one: _Running) -> Work:
        doing = one.doing
        return replace(one.work, phase=doing.phase, rows=doing.rows, expected=doing.expected)

    def _failed(self, one: _Running, error: Exception) -> Work:
        now = self._now(one)
        if one.doing.stopping:
            one.error = None
            return replace(now, standing="stopped", goal=now.back)
        if isinstance(error, SocialMapError):
            words = error.text
        elif isinstance(error, DBAPIError) and (key := database_key(error)):
            words = text(key)
        else:
            words = unsaid(error).text
        return replace(now, standing="failed", goal=now.back, th=words.th, en=words.en)

    def _place(self, account: UUID, end: str) -> Path:
        return self._folder / f"{account}.{end}"

    def _read(self, account: UUID) -> Work | None:
        try:
            return Work(**json.loads(self._place(account, "json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _note(self, account: UUID, work: Work) -> None:
        """Write what is told of work. Raises DiskFull."""
        part = self._place(account, f"{secrets.token_hex(4)}.part")
        try:
            with full_told(), open_private(part) as file:
                file.write(json.dumps(asdict(work), ensure_ascii=False).encode("utf-8", "replace"))
            part.replace(self._place(account, "json"))
        finally:
            part.unlink(missing_ok=True)

    def _take(self, account: UUID) -> int | None:
        """Take the lock of somebody's work; None while a process works. Whoever only looks holds it for a moment."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._place(account, "lock"), os.O_CREAT | os.O_RDWR, 0o600)
        for _ in range(5):
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return handle
            time.sleep(0.02)
        os.close(handle)
        return None
