"""Where print jobs are worked on: one after the other, each in a process of its own, until done or cancelled."""

import logging
import os
import queue
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.audit import record
from api.database import transaction
from api.prints import jobs
from api.prints.errors import Interrupted, WorkerFault, WorkerKilled
from api.prints.folder import JobFolder, full_told, job_folders
from api.prints.process import PrintProcess
from api.prints.wanted import Wanted
from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers.scope import Scope

logger = logging.getLogger("socialmap.print")


@dataclass(frozen=True)
class Order:
    """A job as it is handed to a process: what, as whom it reads, and who asked for it."""

    id: UUID
    caller: Scope
    scope: Scope
    form: str
    wanted: Wanted
    codes: tuple[str, ...]
    printed_at: datetime
    logo: Path | None = None


@dataclass
class _Work:
    """An order, and what holds its folder until its process does."""

    order: Order
    folder: JobFolder
    lock: int
    process: PrintProcess | None = None
    interrupted: bool = False

    def release(self) -> None:
        """Let go of the folder's lock."""
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1


class Workshop:
    """The jobs of one running server."""

    def __init__(self, engine: Engine, home: Path, library: Path) -> None:
        self.id = uuid4()
        self._engine, self._home, self._library = engine, home, library
        self._waiting: queue.SimpleQueue[_Work] = queue.SimpleQueue()
        self._mine: dict[UUID, _Work] = {}
        self._untold: dict[UUID, Text] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, order: Order) -> None:
        """Take an order: its folder and its row are made, and it is worked on when its turn comes.

        Raises JobsMany, JobsFull.
        """
        folder = JobFolder(self._home, order.id)
        work = _Work(order, folder, folder.make())
        try:
            with transaction(self._engine, _product(order)) as session:
                jobs.create_job(session, self._row(order))
        except BaseException:
            work.release()
            folder.remove()
            raise
        with self._lock:
            self._mine[order.id] = work
            if self._thread is None:
                self._thread = threading.Thread(target=self._work_on, name="prints", daemon=True)
                self._thread.start()
        self._waiting.put(work)

    def cancel(self, job_id: UUID) -> None:
        """End a job within seconds and take its files away; a finished one loses its file."""
        with transaction(self._engine, jobs.product(None)) as session:
            had_file = jobs.cancel(session, job_id)
        work = self._mine.get(job_id)
        if work is not None and work.process is not None:
            work.process.end()
        if had_file or work is None:
            JobFolder(self._home, job_id).remove()

    def settle(self) -> None:
        """Tell of jobs that nobody works on any more, and take away what is too old."""
        with transaction(self._engine, jobs.product(None)) as session:
            told = []
            for row in jobs.list_open(session):
                why = self._why_over(row)
                if why is not None and jobs.fail(session, row.id, why):
                    JobFolder(self._home, row.id).remove()
                    told.append(row.id)
            jobs.forget_old(session)
            for job_id in job_folders(self._home):
                if job_id not in self._mine and not jobs.keeps(session, job_id):
                    JobFolder(self._home, job_id).remove()
        for job_id in told:
            self._untold.pop(job_id, None)

    def close(self) -> None:
        """End what is being worked on, and what waits: the server ends."""
        for work in list(self._mine.values()):
            work.interrupted = True
            if work.process is not None:
                work.process.end()

    def _why_over(self, row: Any) -> Text | None:
        """Return why an open job is over; None while somebody works on it, here or in another place of work."""
        if row.id in self._untold:
            return self._untold[row.id]
        folder = JobFolder(self._home, row.id)
        if row.id in self._mine or folder.is_held():
            return None
        if not folder.is_here() and row.server != self.id and row.made_at > datetime.now(UTC) - jobs.KEPT_FOR:
            return None
        return (WorkerKilled if row.server == self.id else Interrupted)().text

    def _row(self, order: Order) -> dict[str, Any]:
        scope = order.scope
        return {
            "id": order.id,
            "actor_id": order.caller.actor_id,
            "state": "waiting",
            "area_code": order.wanted.code,
            "form": order.form,
            "audience": scope.audience,
            "reason": scope.reason if scope.audience == "internal" else None,
            "wanted": asdict(order.wanted),
            "server": self.id,
            "total": len(order.codes),
        }

    def _work_on(self) -> None:
        while True:
            work = self._waiting.get()
            try:
                why = self._why_failed(work)
            except Exception:
                logger.exception("print job")
                why = WorkerFault().text
            if why is not None:
                self._fail(work, why)
            work.release()
            self._mine.pop(work.order.id, None)

    def _why_failed(self, work: _Work) -> Text | None:
        """Work on a job to its end; return why it failed, None when it did not."""
        with transaction(self._engine, _product(work.order)) as session:
            if work.interrupted or not jobs.move(session, work.order.id, "working"):
                work.folder.remove()
                return Interrupted().text if work.interrupted else None
        try:
            with full_told():
                last = self._run(work)
                if "printed" in last:
                    self._finish(work, last["printed"])
                    return None
        except SocialMapError as error:
            return error.text
        if "failure" in last:
            return Text(**last["failure"])
        return (Interrupted if work.interrupted else WorkerKilled)().text

    def _run(self, work: _Work) -> Mapping[str, Any]:
        work.process = PrintProcess(work.lock)
        work.release()  # now the process alone holds it
        return work.process.run(self._told(work), lambda done: self._progress(work, done))

    def _told(self, work: _Work) -> dict[str, Any]:
        order, scope = work.order, work.order.scope
        return {
            "database_url": self._engine.url.render_as_string(hide_password=False),
            "library": str(self._library),
            "scope": {
                "role": scope.role,
                "audience": scope.audience,
                "areas": None if scope.areas is None else sorted(scope.areas),
                "units": sorted(scope.units),
                "permissions": sorted(scope.permissions),
            },
            "codes": order.codes,
            "wanted": asdict(order.wanted),
            "printed_at": order.printed_at.isoformat(),
            "logo": str(order.logo) if order.logo else None,
            "form": order.form,
            "out": str(work.folder.part),
        }

    def _progress(self, work: _Work, done: int) -> None:
        """Tell how far a job is; one that was cancelled while its process began is ended."""
        with suppress(SQLAlchemyError), transaction(self._engine, _product(work.order)) as session:
            if not jobs.move(session, work.order.id, "working", done=done) and work.process is not None:
                work.process.end()

    def _finish(self, work: _Work, printed: Mapping[str, Any]) -> None:
        """Put it on record, give the file its name and say that it is done: all of it or nothing."""
        size = work.folder.part.stat().st_size
        with transaction(self._engine, _product(work.order)) as session:
            done = {"done": len(work.order.codes), "pages": printed["pages"], "size": size}
            if not jobs.move(session, work.order.id, "done", **done):
                work.folder.remove()
                return
            _note(session, work.order, printed)
            work.folder.finish()

    def _fail(self, work: _Work, why: Text) -> None:
        """Tell that a job failed; where the database is gone too, when somebody asks for it again."""
        work.folder.remove()
        try:
            with transaction(self._engine, _product(work.order)) as session:
                jobs.fail(session, work.order.id, why)
        except SQLAlchemyError:
            self._untold[work.order.id] = why


def _product(order: Order) -> Scope:
    return jobs.product(order.caller.actor_id)


def _note(session: Session, order: Order, printed: Mapping[str, Any]) -> None:
    """Record that somebody had many sheets printed."""
    details = {
        "area": order.wanted.code,
        "problem": order.wanted.problem,
        "count": len(order.codes),
        "format": order.form,
        **{name: printed[name] for name in ("level", "period", "audience", "pages")},
    }
    given = {name: value for name, value in details.items() if value is not None}
    by = order.caller.with_reason(order.scope.reason) if order.scope.reason else order.caller
    record(session, by, "print", kind="sheets", object_id=str(order.id), details=given)
