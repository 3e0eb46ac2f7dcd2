"""The web application on a real server of this machine, for tests that need one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

SECONDS = 20


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Give the address of an application served on a free port of loopback; it ends with the block."""
    from api.cli.serve import make_server  # here, so that tests of other commands do not load the web application

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = make_server(app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        give_up = time.monotonic() + SECONDS
        while not running.started:
            assert thread.is_alive() and time.monotonic() < give_up, "the server did not start"  # noqa: PT018
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join(timeout=10)
