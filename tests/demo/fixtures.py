"""Fixtures with the invented province loaded."""

import pytest
from sqlalchemy.orm import Session

from tests.demo import load_demo_boundaries


@pytest.fixture
def demo_session(session: Session) -> Session:
    """Session of the application role with province 99 active; rolled back after the test."""
    load_demo_boundaries(session)
    return session
