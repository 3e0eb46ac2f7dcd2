"""One throw-away database a run; each test in a transaction that is rolled back."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakSet

import hypothesis
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from api.auth import passwords, signing_in
from api.database import make_engine
from tests.databases import drop_migrated, fresh_database
from tests.demo.fixtures import demo_session
from tests.scopes import SYSTEM
from tests.thailand import thailand_engine

# Secrets of the run's own: databases under test are made with them, by commands in other processes too.
_FOLDER = tempfile.TemporaryDirectory(prefix="socialmap-secrets-")
os.environ["SOCIALMAP_SECRETS"] = str(Path(_FOLDER.name) / "secrets.json")

# `make test` tries the same examples each time, so that a change is judged by what it changed; `make proof` searches
# for new ones in all property tests.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("searching", deadline=None, print_blob=True, max_examples=500)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

__all__ = ["demo_session", "thailand_engine"]


_engines: WeakSet[Engine] = WeakSet()


@event.listens_for(Engine, "engine_connect")
def _note(connection: Connection) -> None:
    _engines.add(connection.engine)


@pytest.fixture(scope="module", autouse=True)
def idle_connections() -> Iterator[None]:
    """Close after each module what pools keep open: all databases of a run share the hundred places of one server."""
    yield
    for engine in list(_engines):
        engine.dispose()


FULL_COST = dict(passwords.COST)


@pytest.fixture(scope="session", autouse=True)
def light_passwords() -> Iterator[None]:
    """Little work and little waiting for each password: hundreds of sign-ins show what is counted."""
    with pytest.MonkeyPatch.context() as patch:
        for name, least in (("time_cost", 1), ("memory_cost", 1024), ("parallelism", 1)):
            patch.setitem(passwords.COST, name, least)
        patch.setattr(signing_in, "GRID", 0.01)
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Superuser URL of the server under test: TEST_DATABASE_URL, else the project's private cluster."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        drop_migrated(given)
        return
    from api.cluster import running
    from api.settings import Settings

    with running(Settings().socialmap_home) as cluster:
        yield cluster.admin_url
        drop_migrated(cluster.admin_url)


@pytest.fixture(scope="session")
def migrated(server: str) -> Iterator[str]:
    """Application URL of a migrated, empty database, dropped at the end."""
    with fresh_database(server) as address:
        yield address


@pytest.fixture(scope="session")
def engine(migrated: str) -> Iterator[Engine]:
    """Engine of the application role, for tests that need several connections; they clean up after themselves."""
    made = make_engine(migrated, pool_size=5)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Session of the application role whose work, commits included, is rolled back after the test."""
    with engine.execution_options(scope=SYSTEM).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            yield made
        outer.rollback()
