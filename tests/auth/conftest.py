"""The web application with accounts on a database of its own; each test makes the accounts that it needs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.auth.accounts import create_account, set_areas, set_units
from api.auth.keys import Keys
from api.auth.links import create_link, use_link
from api.auth.second_factor import enrolment_secret, make_recovery_codes
from api.auth.units import create_unit
from api.database import transaction
from api.secrets import load_secrets
from api.settings import Settings
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.scopes import SYSTEM

PASSWORD = "ฝนตกที่บ้านสาธิต-2569"
BASE = "https://localhost"


@dataclass(frozen=True)
class Person:
    """An invented account of a test."""

    id: UUID
    login: str
    secret: str | None
    recovery_codes: tuple[str, ...] = ()

    def code(self) -> str:
        """Return the digits that the phone shows now."""
        assert self.secret
        return pyotp.TOTP(self.secret).now()


@pytest.fixture(scope="session")
def auth_app(server: str) -> Iterator[FastAPI]:
    """The application on a database with province 99 and two units."""
    from api.app import create_app

    with fresh_database(server) as url:
        made = create_app(Settings(database_url=url))
        with transaction(made.state.engine, SYSTEM) as session:
            load_demo_boundaries(session)
            create_unit(session, "office-99", "office", "สำนักงานสมมติ", "Invented office", ["99"])
            create_unit(session, "lao-9901", "lao", "อบต. สมมติ", "Invented authority", ["990101", "990102"])
        yield made
        made.state.engine.dispose()


@pytest.fixture
def keys() -> Keys:
    """Keys of the run's own secrets."""
    return Keys.of(load_secrets())


@pytest.fixture(autouse=True)
def clean(auth_app: FastAPI) -> Iterator[None]:
    """Take away what a test made, failures of the one address of all tests included."""
    yield
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM account"))  # with all that hangs on them
        session.execute(text("DELETE FROM address_attempt"))


@pytest.fixture
def browser(auth_app: FastAPI) -> Callable[[], TestClient]:
    """Make clients with cookie jars of their own, over TLS as the cookie asks for."""

    def make() -> TestClient:
        return TestClient(auth_app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)

    return make


@pytest.fixture
def person(auth_app: FastAPI, keys: Keys) -> Callable[..., Person]:
    """Make an account with a password and, unless told otherwise, a second factor."""

    def make(
        role: str, login: str = "somchai", units: tuple[str, ...] = (), areas: tuple[str, ...] = (), factor: bool = True
    ) -> Person:
        engine = auth_app.state.engine
        with transaction(engine, SYSTEM) as session:
            account = create_account(session, SYSTEM, login, "คนสมมติ", role)
            set_units(session, SYSTEM, account, units)
            set_areas(session, SYSTEM, account, areas)
            code = create_link(session, keys, SYSTEM, account)
        use_link(engine, keys, code, PASSWORD, PASSWORD, "192.0.2.1")
        if not factor:
            return Person(account, login, None)
        with transaction(engine, SYSTEM) as session:
            secret = enrolment_secret(session, keys, account)
            codes = make_recovery_codes(session, keys, account)
            session.execute(text("UPDATE account SET totp_confirmed_at = now() WHERE id = :id"), {"id": account})
        return Person(account, login, secret, tuple(codes))

    return make


def signed_in(client: TestClient, someone: Person) -> str:
    """Sign in wholly and return the word for changing requests."""
    answer = client.post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    csrf = answer.json()["csrf"]
    if answer.json()["stage"] == "code":
        answer = client.post("/api/v1/session/code", json={"code": someone.code()}, headers={"X-CSRF-Token": csrf})
        assert answer.status_code == 200, answer.text
    assert answer.json()["stage"] == "full"
    return str(answer.json()["csrf"])


def field(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]
