"""The product served by a process of its own, as in use; it may be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

PROGRAM = "from api.cli import main; main()"


@contextmanager
def served(app: FastAPI) -> Iterator[tuple[Any, str]]:
    """Give a server process of its own and its address; it is killed at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"DATABASE_URL": app.state.engine.url.render_as_string(hide_password=False)}
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + 60
        while not _answers(port):
            assert process.poll() is None and time.monotonic() < give_up, "the server did not start"  # noqa: PT018
            time.sleep(0.05)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx2.HTTPError:
        return False
