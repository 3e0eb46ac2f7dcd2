"""Who uses the private cluster at this moment, told between processes by file locks.

The kernel drops the locks of a killed process, so nothing has to be cleaned up.
"""

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType


@contextmanager
def gate(home: Path) -> Iterator[None]:
    """Let one process at a time start or stop the cluster."""
    with _opened(home / "cluster.gate") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def use_lock(home: Path) -> Iterator[int]:
    """Open the lock that every user of the cluster shares; it is dropped at the end of the block."""
    with _opened(home / "cluster.use") as lock:
        yield lock


def share(lock: int) -> None:
    """Say that this process uses the cluster. Call it inside the gate."""
    fcntl.flock(lock, fcntl.LOCK_SH)


def is_last(lock: int) -> bool:
    """Tell whether nobody else uses the cluster. Call it inside the gate."""
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    # Reading is enough for a lock, and then a file made by root serves an ordinary user too.
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield lock
    finally:
        os.close(lock)


@contextmanager
def leaving_in_order() -> Iterator[None]:
    """Turn `kill` and a closed terminal into an ordinary exit, so that what was started is stopped."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
