"""`socialmap serve`: maps and API on this machine, and for others over TLS."""

import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from api import logging
from api.app import create_app
from api.cli.common import database_url, errors, told
from api.live.hub import Hub
from api.security import HERE, Exposure, ServeOptions, exposure, loopback
from api.settings import Settings
from boundaries.errors import SocialMapError
from boundaries.messages import text

KEEP_ALIVE = 75
"""Seconds after which an idle connection is closed."""
LEAVING = 30
"""Seconds that requests in work are given when the server ends; what then still goes on is broken off."""


class PortRefused(SocialMapError):
    """The port cannot be listened on."""

    key = "error.port_refused"


class StrangersShown(SocialMapError):
    """Strangers would be shown what is for a meeting, and others than this machine are served."""

    key = "error.strangers_shown"


@dataclass(frozen=True)
class Certificate:
    """Files of the server's certificate with its chain, and of the key."""

    chain: Path
    key: Path


def listen(host: str, port: int, exposed: Exposure = HERE) -> socket.socket:
    """Open the listening socket; on this machine alone unless exposed. Raises HostRefused or PortRefused."""
    address = host.strip("[]") if exposed.beyond else loopback(host)
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
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    ready: Callable[[str], None] | None = None,
    exposed: Exposure = HERE,
    certificate: Certificate | None = None,
) -> None:
    """Serve until interrupted; `settings.database_url` must be set. `ready` is given the address once it is open."""
    opened = listen(host or settings.socialmap_host, settings.socialmap_port if port is None else port, exposed)
    name, number = opened.getsockname()[:2]
    scheme, name = "https" if certificate else "http", f"[{name}]" if ":" in name else name
    with opened:
        served = create_app(settings, exposed)
        opened.listen()
        if ready:
            ready(f"{scheme}://{name}:{number}")
        make_server(served, certificate).run(sockets=[opened])


class Server(uvicorn.Server):
    """A server that ends the streams which wait for changes before it waits for all requests to be done."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self.hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the rest."""
        self.hub.close()
        await super().shutdown(sockets)


def make_server(served: FastAPI, certificate: Certificate | None = None) -> uvicorn.Server:
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
        timeout_graceful_shutdown=LEAVING,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    return Server(config, served.state.hub)


def serve(
    host: Annotated[str | None, typer.Option(help="ที่อยู่ ปกติเครื่องนี้เท่านั้น / Address; this machine only unless TLS")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="ช่องทาง 0 คือช่องที่ว่าง / Port; 0 takes a free one")
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="ชื่อที่ผู้ใช้พิมพ์ ใช้ซ้ำได้ / Name that users type, repeatable")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", help="ใบรับรองพร้อมสายโซ่ / Certificate and chain")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="กุญแจของใบรับรอง / Key of the certificate")] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option("--trusted-proxy", help="เลขที่อยู่ของเครื่องด้านหน้าที่ทำ TLS / Address of a proxy that speaks TLS"),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="บันทึกทุกคำขอ / Log every request")] = False,
) -> None:
    """เปิดแผนที่และ API จนกด Ctrl-C / Serve maps and API until Ctrl-C: this machine, and others over TLS only."""
    logging.configure("INFO" if verbose else "WARNING")
    settings = Settings()
    with told():
        certificate = read_certificate(tls_cert, tls_key)
        exposed = exposure(name or (), trusted_proxy or (), tls=certificate is not None)
        if exposed.beyond and settings.socialmap_anonymous != "public":
            raise StrangersShown(value=settings.socialmap_anonymous)
        if not exposed.beyond:
            loopback(host or settings.socialmap_host)
        with database_url(settings) as url:
            opened = settings.model_copy(update={"database_url": url})
            run_server(opened, host, port, _say_ready, exposed, certificate)


def read_certificate(chain: Path | None, key: Path | None) -> Certificate | None:
    """Check that a certificate and its key can be used, before anything else is begun. Raises ServeOptions."""
    if chain is None and key is None:
        return None
    if chain is None or key is None:
        raise ServeOptions(reason="--tls-cert, --tls-key")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(chain, key, password="")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise ServeOptions(reason=f"--tls-cert, --tls-key ({error})") from error
    return Certificate(chain, key)


def _say_ready(address: str) -> None:
    words = text("cli.serve.ready", address=address)
    errors.print(words.th)
    errors.print(words.en)
