"""What databases with secrets of their own share: the file of secrets, an engine, and one that no policy holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from api.audit_anchor import tell_waiting
from api.database import make_engine
from tests.databases import fresh_database


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Secrets of the test's own."""
    path = tmp_path / "secrets.json"
    monkeypatch.setenv("SOCIALMAP_SECRETS", str(path))
    return path


@contextmanager
def application(server: str, pool_size: int) -> Iterator[Engine]:
    """Give an engine of the application role on an empty database, made with the secrets of the moment."""
    with fresh_database(server) as url:
        made = make_engine(url, pool_size=pool_size)
        yield made
        made.dispose()
        tell_waiting()


@contextmanager
def owning(server: str, application: Engine) -> Iterator[Engine]:
    """Give an engine that no policy holds: whoever owns the machine of the database."""
    made = create_engine(make_url(server).set(database=application.url.database), poolclass=NullPool)
    yield made
    made.dispose()
