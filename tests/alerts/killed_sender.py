"""A sender that is killed with SIGKILL at a chosen boundary: before or after each statement, at each begin and commit.

Run as a program of its own: `python -m tests.alerts.killed_sender` with its order as JSON on its input. It forks one
child for each order line, so that what Python loads is loaded once; each child has an engine of its own.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from api.alerts.sealing import load_alert_keys
from api.alerts.sending import send_waiting
from api.alerts.ways import Mail, Ways
from api.database import make_engine

BEFORE, AFTER = ("before_cursor_execute", "commit"), ("begin", "after_cursor_execute")
"""Before each statement and each commit: what lies between two is what was done. After them too: the long sweep."""


class Killer:
    """Counts boundaries and kills its own process at the one it was told; 0 is never."""

    def __init__(self, at: int, after: bool) -> None:
        self.at, self.passed = at, 0
        self.boundaries = (*BEFORE, *AFTER) if after else BEFORE

    def watch(self, engine: Engine) -> None:
        """Stand at every boundary of an engine."""
        for name in self.boundaries:
            event.listen(engine, name, self._pass)

    def _pass(self, *_: Any) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Read orders line by line; answer each with how its child ended and how many boundaries it passed."""
    for line in sys.stdin:
        order = json.loads(line)
        Ways("", authorities=Path(order["authorities"])).context()  # once, for all children
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _send(order, writing)
        os.close(writing)
        with os.fdopen(reading) as told:
            passed = told.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"killed": os.WIFSIGNALED(status), "passed": int(passed or 0)}), flush=True)


def _send(order: dict[str, Any], writing: int) -> None:
    engine = make_engine(order["url"], pool_size=1)
    killer = Killer(order["at"], order["after"])
    killer.watch(engine)
    mail = Mail("127.0.0.1", order["mail"], "none", "alerts@map.example.org")
    ways = Ways("https://map.example.org", mail, private=True, authorities=Path(order["authorities"]))
    send_waiting(engine, ways, load_alert_keys())
    os.write(writing, str(killer.passed).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
