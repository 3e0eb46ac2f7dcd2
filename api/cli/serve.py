"""`socialmap serve`: maps and API on this machine."""

import os
import socket
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from api import logging
from api.app import create_app
from api.cli.common import database_url, errors, told
from api.security import loopback
from api.settings import Settings
from boundaries.errors import SocialMapError
from boundaries.messages import text

KEEP_ALIVE = 75
"""Seconds after which an idle connection is closed."""


class PortRefused(SocialMapError):
    """The port cannot be listened on."""

    key = "error.port_refused"


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket, on this machine alone. Raises HostRefused or PortRefused."""
    address = loopback(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # Without the protocol's name asyncio leaves Nagle's algorithm on: 40 ms more for each small answer.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((address, port))
    except (OSError, OverflowError) as refused:
        opened.close()
        number = getattr(refused, "errno", None)
        raise PortRefused(port=port, reason=os.strerror(number) if number else str(refused)) from refused
    return opened


def run_server(
    settings: Settings, host: str | None = None, port: int | None = None, ready: Callable[[str], None] | None = None
) -> None:
    """Serve until interrupted; `settings.database_url` must be set. `ready` is given the address once it is open."""
    opened = listen(host or settings.socialmap_host, settings.socialmap_port if port is None else port)
    name, number = opened.getsockname()[:2]
    address = f"http://[{name}]:{number}" if ":" in name else f"http://{name}:{number}"
    with opened:
        served = create_app(settings)
        opened.listen()
        if ready:
            ready(address)
        make_server(served).run(sockets=[opened])


def make_server(served: FastAPI) -> uvicorn.Server:
    """Make the server of an application.

    Connections are kept for longer than a reader or a proxy pauses: one that is closed just when the next request is
    on its way fails that request.
    """
    config = uvicorn.Config(
        served,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE,
    )
    return uvicorn.Server(config)


def serve(
    host: Annotated[str | None, typer.Option(help="ที่อยู่ ในเครื่องนี้เท่านั้น / Address, this machine only")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="ช่องทาง 0 คือช่องที่ว่าง / Port; 0 takes a free one")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="บันทึกทุกคำขอ / Log every request")] = False,
) -> None:
    """เปิดแผนที่และ API ในเครื่องนี้ จนกด Ctrl-C / Serve maps and API on this machine until Ctrl-C."""
    logging.configure("INFO" if verbose else "WARNING")
    settings = Settings()
    with told():
        loopback(host or settings.socialmap_host)
        with database_url(settings) as url:
            run_server(settings.model_copy(update={"database_url": url}), host, port, _say_ready)


def _say_ready(address: str) -> None:
    words = text("cli.serve.ready", address=address)
    errors.print(words.th)
    errors.print(words.en)
