"""The web application on a database of its own that holds the invented province; tests only read it."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.database import make_engine, transaction
from api.settings import Settings
from tests.api.content import load_content
from tests.databases import fresh_database
from tests.scopes import SYSTEM
from tests.serving import serving


@pytest.fixture(scope="session")
def served_database(server: str) -> Iterator[str]:
    """Application URL of a database with province 99, its cases and assets committed; dropped at the end."""
    with fresh_database(server) as app:
        engine = make_engine(app, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_content(session)
        engine.dispose()
        yield app


@pytest.fixture(scope="session")
def settings(served_database: str) -> Settings:
    """Settings of the application under test: whoever asks without an account sees what a committee sees."""
    return Settings(database_url=served_database, socialmap_anonymous="committee")


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[FastAPI]:
    """The application under test."""
    from api.app import create_app  # here, so that tests of other commands do not load the web application

    made = create_app(settings)
    yield made
    made.state.engine.dispose()


@pytest.fixture(scope="session")
def client(app: FastAPI) -> TestClient:
    """A client of the application, without a network."""
    return TestClient(app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def address(app: FastAPI) -> Iterator[str]:
    """Address of the application on a real server, on a free port of this machine."""
    with serving(app) as given:
        yield given
