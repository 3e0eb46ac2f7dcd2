"""The application with province 99, two units, and people who own phones; nobody is ever there twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.auth.units import create_unit
from api.database import transaction
from api.settings import Settings
from tests.access.world import load_places, make_person, new_client
from tests.auth.conftest import Person, signed_in
from tests.databases import fresh_database
from tests.field.phone import Phone
from tests.scopes import SYSTEM

_numbers = count(1)


@dataclass
class Owner:
    """Somebody who is signed in and owns a phone."""

    person: Person
    browser: TestClient
    csrf: str
    phone: Phone
    device_id: UUID


@pytest.fixture(scope="module")
def app(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application on a database with provinces 98 and 99 and two units."""
    from api.app import create_app

    with fresh_database(server) as url:
        made = create_app(Settings(database_url=url))
        with transaction(made.state.engine, SYSTEM) as session:
            load_places(session, tmp_path_factory.mktemp("places"))
            create_unit(session, "office-99", "office", "สำนักงานสมมติ", "Invented office", ["99"])
            create_unit(session, "home-99", "home", "บ้านพักสมมติ", "Invented home", ["9901"])
        yield made
        made.state.engine.dispose()


@pytest.fixture
def someone(app: FastAPI) -> Callable[..., Owner]:
    """Make somebody of a role with a phone in their areas."""

    def make(role: str = "volunteer", units: tuple[str, ...] = (), areas: tuple[str, ...] = ("990101",)) -> Owner:
        return _owner(app, role, units, areas)

    return make


def _owner(app: FastAPI, role: str, units: tuple[str, ...], areas: tuple[str, ...]) -> Owner:
    person = make_person(app, f"{role.replace('_', '-')}-{next(_numbers)}", role, units, areas)
    browser = new_client(app)
    csrf = signed_in(browser, person)
    told = browser.post("/api/v1/field/phones", json={"name": "เครื่องสมมติ"}, headers={"X-CSRF-Token": csrf})
    assert told.status_code == 201, told.text
    phone = Phone(new_client(app), told.json()["send_key"], told.json()["token"])
    phone.learn_key()
    return Owner(person, browser, csrf, phone, UUID(told.json()["id"]))


@pytest.fixture(scope="module")
def someone_once(app: FastAPI) -> Owner:
    """One volunteer for all tests of a module that change nothing of theirs."""
    return _owner(app, "volunteer", (), ("990101",))
