"""A real server whose clients go away: what was made for them is closed, and the server goes on."""

import os
import socket
import time
import urllib.request
from urllib.parse import urlsplit

from fastapi import FastAPI

from tests.serving import serving

ASKED = "/api/v1/exports/areas.geojson?level=subdistrict"


def made_files() -> list[str]:
    """Name the files without a name that this process holds open."""
    found = []
    for each in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{each}"))
        except FileNotFoundError:  # the one that listed them
            continue
    return [name for name in found if name.endswith("(deleted)") and "/.socialmap/" in name]


def test_clients_that_go_away_leave_nothing_open(app: FastAPI) -> None:
    with serving(app) as address:
        where = urlsplit(address)
        for wanted in (0, 1, 1000):
            for _ in range(3):
                with socket.create_connection((str(where.hostname), int(where.port or 0))) as client:
                    client.sendall(f"GET {ASKED} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                    if wanted:
                        client.recv(wanted)
        with urllib.request.urlopen(address + ASKED) as answer:
            content = answer.read()
            assert len(content) == int(answer.headers["content-length"])
        for _ in range(100):
            if not made_files():
                break
            time.sleep(0.05)
        assert made_files() == []
