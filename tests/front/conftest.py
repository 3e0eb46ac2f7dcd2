"""The application as the public meets it: on nothing, on boundaries alone, and on texts that are meant to do harm."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.database import make_engine, transaction
from api.settings import Settings
from tests.api.conftest import served_database, settings
from tests.browser.conftest import browser, new_page
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.scopes import SYSTEM
from tests.serving import serving

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
    with ExitStack() as running:
        yield lambda app: running.enter_context(serving(app))
