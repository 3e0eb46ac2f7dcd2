"""A database with the real boundaries, loaded once a run."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from api.database import make_engine, transaction
from boundaries.fetching import Obtained
from boundaries.loading import load
from boundaries.sources import provenance_of
from tests.databases import fresh_database
from tests.scopes import SYSTEM
from tests.shared import shared

FILE = "boundaries/tha_admin.gpkg"


@pytest.fixture(scope="session")
def thailand_engine(server: str) -> Iterator[Engine]:
    """Engine of the application role on a database with all Thailand active; tests roll back what they write."""
    path = shared(FILE)
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=5)
        with transaction(engine, SYSTEM) as session:
            load(session, Obtained(path, provenance_of(path, "default")))
        yield engine
        engine.dispose()
