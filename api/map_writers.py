"""Standalone maps written by processes of their own, while this one serves."""

import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from api import output_folder
from api.cli.maps import list_map_codes, write_map
from api.database import make_engine, reading
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.scope import Scope
from mapping.offline import Library
from mapping.social_map import file_name

MOST_PROCESSES = 4
PR_SET_PDEATHSIG = 1
"""Linux: the signal a process gets when its parent dies, however that dies."""

Ended = Callable[[int, float, list[Text]], None]
"""Told at the end: how many maps were written, in how many seconds, and what failed."""


@dataclass(frozen=True)
class MapWork:
    """Where maps come from and go to; `made_from` is the fingerprint of data and code."""

    app_url: str
    folder: Path
    library: Path
    made_from: str


def write_maps(work: MapWork, codes: Sequence[str], done: Callable[[str], None] = lambda name: None) -> None:
    """Write the maps of `codes` one after the other and note them in the folder's manifest."""
    for name in _written(work, codes):
        output_folder.note(work.folder, work.made_from, [name])
        done(name)


def _written(work: MapWork, codes: Sequence[str]) -> Iterator[str]:
    engine, library = make_engine(work.app_url, pool_size=1), Library(work.library)
    with reading(engine, Scope.committee()) as session:
        siblings = frozenset(list_map_codes(session))
        for code in codes:
            write_map(session, library, code, work.folder / file_name(code), siblings=siblings)
            yield file_name(code)
    engine.dispose()


@contextmanager
def writing(work: MapWork, codes: Sequence[str], ended: Ended) -> Iterator[Callable[[], None]]:
    """Write maps in other processes during the block; what is given waits for their end.

    Leaving the block before that stops them; files are whole or absent, and the next run goes on.
    """
    count = min(MOST_PROCESSES, os.cpu_count() or 1, len(codes))
    writers, receivers = _start([(work, codes[part::count]) for part in range(count)])
    listener = threading.Thread(target=_listen, args=(work, receivers, ended), daemon=True)
    if codes:
        listener.start()
    try:
        yield lambda: listener.join() if codes else None
    finally:
        for writer in writers:
            writer.terminate()
        for writer in writers:
            writer.join()
        if codes:
            listener.join()


def _start(parts: Sequence[tuple[MapWork, Sequence[str]]]) -> tuple[list[SpawnProcess], list[Connection]]:
    # Fresh processes: a forked one would share database connections. They inherit that Ctrl-C is not for them.
    fresh = multiprocessing.get_context("spawn")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    writers, receivers = [], []
    try:
        for work, codes in parts:
            receiver, sender = fresh.Pipe(duplex=False)
            writer = fresh.Process(target=_write_part, args=(work, codes, sender), daemon=True)
            writer.start()
            sender.close()
            writers.append(writer)
            receivers.append(receiver)
    finally:
        signal.signal(signal.SIGINT, before)
    return writers, receivers


def _write_part(work: MapWork, codes: Sequence[str], sender: Connection) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.nice(10)  # who looks at a map comes first
    try:
        for name in _written(work, codes):
            sender.send(name)
    except SocialMapError as error:
        sender.send(error.text)
    except Exception as error:  # a process of its own: whatever it was, its parent must hear of it
        sender.send(text("demo.writer_failed", reason=f"{type(error).__name__}: {error}"))
    sender.close()


def _listen(work: MapWork, receivers: list[Connection], ended: Ended) -> None:
    """Note each map as it comes; the one process that writes the manifest is this one."""
    began, count, failures = time.monotonic(), 0, []
    while receivers:
        for ready in wait(receivers):
            assert isinstance(ready, Connection)
            try:
                came = ready.recv()
            except EOFError:
                receivers.remove(ready)
                continue
            if isinstance(came, Text):
                failures.append(came)
            else:
                output_folder.note(work.folder, work.made_from, [came])
                count += 1
    ended(count, time.monotonic() - began, failures)
