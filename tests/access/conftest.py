"""The world of these tests, made once: what one of them changes it puts back."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.settings import Settings
from tests.access.world import World, build
from tests.databases import fresh_database


@pytest.fixture(scope="session")
def access_app(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application on a database of its own; strangers are the public, as beyond this machine."""
    from api.app import create_app

    with fresh_database(server) as url:
        made = create_app(Settings(database_url=url, socialmap_home=tmp_path_factory.mktemp("home")))
        yield made
        made.state.engine.dispose()


@pytest.fixture(scope="session")
def world(access_app: FastAPI, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Everybody signed in, every case made."""
    return build(access_app, tmp_path_factory.mktemp("two"))
