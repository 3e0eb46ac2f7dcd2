"""The web application on a real server of this machine, for tests that need one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    from api.cli.serve import Certificate

SECONDS = 20


@contextmanager
def serving(app: FastAPI, certificate: "Certificate | None" = None) -> Iterator[str]:
    """Give the address of an application served on a free port of loopback, over TLS with a certificate; it ends with
    the block."""
    from api.cli.serve import make_server  # here, so that tests of other commands do not load the web application

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = make_server(app, certificate)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        give_up = time.monotonic() + SECONDS
        while not running.started:
            assert thread.is_alive() and time.monotonic() < give_up, "the server did not start"  # noqa: PT018
            time.sleep(0.02)
        try:
            name = "https://localhost" if certificate else "http://127.0.0.1"
            yield f"{name}:{listening.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join(timeout=10)
