"""The application as the public meets it: on nothing, on boundaries alone, and on texts that are meant to do harm."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli.serve import make_server
from api.database import make_engine, transaction
from api.settings import Settings
from tests.api.conftest import served_database, settings
from tests.browser.conftest import browser, new_page
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.scopes import SYSTEM

__all__ = ["browser", "new_page", "served_database", "settings"]


def client_of(app: FastAPI) -> TestClient:
    """Return a client that shows no cookie."""
    return TestClient(app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def public_app(served_database: str) -> Iterator[FastAPI]:
    """The application as it is without any setting, on the invented province whose texts are hostile."""
    made = create_app(Settings(database_url=served_database))
    yield made
    made.state.engine.dispose()


@pytest.fixture(scope="session")
def public(public_app: FastAPI) -> TestClient:
    """Anybody."""
    return client_of(public_app)


@pytest.fixture(scope="module")
def bare_app(server: str) -> Iterator[FastAPI]:
    """The application on tables without anything in them."""
    with fresh_database(server) as url:
        made = create_app(Settings(database_url=url))
        yield made
        made.state.engine.dispose()


@pytest.fixture(scope="module")
def quiet_app(server: str) -> Iterator[FastAPI]:
    """The application with boundaries and nothing else."""
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
        engine.dispose()
        made = create_app(Settings(database_url=url))
        yield made
        made.state.engine.dispose()


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[FastAPI], str]]:
    """Serve applications on free ports of this machine; give their addresses."""
    running = []

    def start(app: FastAPI) -> str:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        server = make_server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        running.append((server, thread, listening))
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for server, thread, listening in running:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
