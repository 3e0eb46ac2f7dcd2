"""Databases with an audit of their own, and an anchor file beside secrets of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from api.audit import record
from api.audit_anchor import tell_waiting
from api.database import make_engine, transaction
from layers.scope import Scope
from tests.databases import fresh_database
from tests.scopes import SYSTEM


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Secrets of the test's own."""
    path = tmp_path / "secrets.json"
    monkeypatch.setenv("SOCIALMAP_SECRETS", str(path))
    return path


@pytest.fixture
def app(server: str, secrets: Path) -> Iterator[Engine]:
    """Engine of the application role on an empty database."""
    with fresh_database(server) as url:
        made = make_engine(url, pool_size=8)
        yield made
        made.dispose()
        tell_waiting()


@pytest.fixture
def owner(app: Engine, server: str) -> Iterator[Engine]:
    """Engine that no policy holds: whoever owns the machine of the database."""
    made = create_engine(make_url(server).set(database=app.url.database), poolclass=NullPool)
    yield made
    made.dispose()


def write(engine: Engine, count: int, scope: Scope = SYSTEM) -> None:
    """Record some actions, each in a transaction of its own."""
    for number in range(count):
        with transaction(engine, scope) as session:
            record(session, scope, "import", kind="case", details={"rows": number})
