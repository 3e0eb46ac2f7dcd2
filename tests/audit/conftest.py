"""Databases with an audit of their own, and an anchor file beside secrets of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.audit import record
from api.database import transaction
from layers.scope import Scope
from tests.guarded import application, owning, secrets
from tests.scopes import SYSTEM

__all__ = ["secrets"]


@pytest.fixture
def app(server: str, secrets: Path) -> Iterator[Engine]:
    """Engine of the application role on an empty database."""
    with application(server, pool_size=8) as made:
        yield made


@pytest.fixture
def owner(app: Engine, server: str) -> Iterator[Engine]:
    """Engine that no policy holds."""
    with owning(server, app) as made:
        yield made


def write(engine: Engine, count: int, scope: Scope = SYSTEM) -> None:
    """Record some actions, each in a transaction of its own."""
    for number in range(count):
        with transaction(engine, scope) as session:
            record(session, scope, "import", kind="case", details={"rows": number})
