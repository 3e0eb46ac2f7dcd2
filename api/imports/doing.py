"""What a piece of work tells while it runs, and how it is ended: between rows, or in the middle of a statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.orm import Session

from api.imports.errors import WorkStopped


class Doing:
    """How far a piece of work is. Its own thread writes here, and looks whether it is to end."""

    def __init__(self) -> None:
        self.phase, self.rows, self.expected = "begin", 0, 0
        self.stopping = False
        self._connection: object | None = None
        self._lock = Lock()

    def at(self, phase: str, expected: int = 0) -> None:
        """Begin a phase. Raises WorkStopped."""
        self.phase, self.expected = phase, expected or self.expected
        self.check()

    def see(self, rows: int) -> None:
        """Hear how many rows were read. Raises WorkStopped."""
        self.rows = rows
        self.check()

    def check(self) -> None:
        """Go on, unless somebody wants the work to end. Raises WorkStopped."""
        if self.stopping:
            raise WorkStopped

    def stop(self) -> None:
        """End the work: a statement that runs is cancelled, and said again until it is heard."""
        self.stopping = True
        with self._lock:
            if self._connection is not None:
                self._connection.cancel()  # type: ignore[attr-defined]

    @contextmanager
    def held(self, session: Session) -> Iterator[None]:
        """Let the statements of a session be ended, up to its commit. Raises WorkStopped.

        A connection on which one was cancelled is not used again: the word to cancel may arrive late.
        """
        connection = session.connection()
        with self._lock:
            self._connection = connection.connection.dbapi_connection
        try:
            yield
        finally:
            with self._lock:
                self._connection = None
            if self.stopping:
                connection.invalidate()
        self.check()


UNTOLD = Doing()
"""Work that nobody watches."""
