"""Making a release from a page: in the background, one at a time; the page tells how it went.

The attack on a year of the whole country takes tens of seconds: longer than a request should be held.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock, Thread
from typing import Literal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.audit import record
from api.database import transaction
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.periods import Period
from layers.releases import Made, list_held, make_release
from layers.scope import Scope

logger = logging.getLogger("socialmap.release")

AT_WORK = Scope.system("release")
"""A release is made of all rollups, whoever asks for it."""


class ReleaseYear(SocialMapError):
    """A year that is not complete, or that holds no cases."""

    key = "error.release_year"


class ReleaseRunning(SocialMapError):
    """A release is being made already."""

    key = "error.release_running"


@dataclass(frozen=True)
class Run:
    """The newest attempt of this process: which year, since when, and what came of it."""

    period: Period
    began: datetime
    state: Literal["running", "made", "unchanged", "failed"] = "running"
    number: int | None = None
    why: Text | None = None


class Releasing:
    """Makes one release at a time; whoever looks is told of the newest one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.run: Run | None = None
        self.thread: Thread | None = None
        self._lock = Lock()

    def start(self, by: Scope, period: Period, today: date) -> None:
        """Begin to release a complete year. Raises ReleaseRunning."""
        with self._lock:
            if self.run is not None and self.run.state == "running":
                raise ReleaseRunning
            self.run = begun = Run(period, datetime.now(UTC))
            self.thread = Thread(target=self._work, args=(by, begun, today), name="release", daemon=True)
            self.thread.start()

    def _work(self, by: Scope, begun: Run, today: date) -> None:
        """Whatever happens is told on the page: nobody waits here for an exception."""
        try:
            with transaction(self.engine, AT_WORK) as session:
                made = make_release(session, today=today, periods=[begun.period], actor_id=by.actor_id)
                _note(session, by, made)
            state = "unchanged" if made is None else "made"
            self.run = Run(begun.period, begun.began, state, made.id if made else None)  # type: ignore[arg-type]
        except SocialMapError as error:
            self.run = Run(begun.period, begun.began, "failed", why=error.text)
        except Exception:
            logger.exception("release")
            self.run = Run(begun.period, begun.began, "failed", why=text("release.page.fault"))


def complete_years(session: Session, today: date) -> list[Period]:
    """Return the fiscal years that hold cases and are over, newest first."""
    return [one for one in list_held(session) if one.last < today]


def _note(session: Session, by: Scope, made: Made | None) -> None:
    """Record what was published; nothing where nothing new was."""
    if made is None:
        return
    hidden = sum(one.hidden + one.withheld for one in made.kept)
    details = {"state": "released", "tables": len(made.kept), "hidden": hidden}
    record(session, by, "release", kind="release", object_id=str(made.id), details=details)
