"""One process that prints: started with its order, heard line by line, ended when it is asked to."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

COMMAND: tuple[str, ...] = (sys.executable, "-m", "api.prints.worker")
GRACE = 3.0
"""Seconds that a process has to end when it is asked to."""


class PrintProcess:
    """A process of our own command. It holds the handle it is given until it ends, however it ends."""

    def __init__(self, handle: int) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(  # noqa: S603  (our own command)
            COMMAND, stdin=pipe, stdout=pipe, pass_fds=(handle,), text=True, encoding="utf-8", start_new_session=True
        )

    @property
    def id(self) -> int:
        """Return the number that the operating system knows it by."""
        return self._process.pid

    def run(self, order: Mapping[str, Any], progress: Callable[[int], None]) -> Mapping[str, Any]:
        """Hand over the order and hear the process to its end; return what it told of it, empty when it was killed."""
        last: Mapping[str, Any] = {}
        with self._process as process:
            assert process.stdin
            assert process.stdout
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(order) + "\n")
                process.stdin.flush()
            for line in process.stdout:
                last = _read(line)
                if "done" in last:
                    progress(int(last["done"]))
        return last if "printed" in last or "failure" in last else {}

    def end(self) -> None:
        """Ask the process to end, and end it when it does not within GRACE; return at once."""
        self._process.terminate()
        threading.Thread(target=self._kill_late, name="print-end", daemon=True).start()

    def _kill_late(self) -> None:
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()


def _read(line: str) -> Mapping[str, Any]:
    """Read a line; a part of one is what a killed process leaves."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
