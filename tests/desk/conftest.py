"""Two offices with their cases, an officer, a team, a head and others who ask, each signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page
from sqlalchemy import text

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.auth.units import create_unit
from api.database import transaction
from api.identity_use import write_identity
from api.settings import Settings
from layers.cases import CaseValues, create_case
from layers.identity import IdentityValues
from tests.access.world import CLAIMING, join, load_places, make_person, new_client
from tests.auth.conftest import Person, signed_in
from tests.databases import fresh_database
from tests.demo import INSIDE
from tests.guarded import owning
from tests.layers.made import make_source
from tests.scopes import SYSTEM
from tests.serving import serving

PEOPLE = {
    "officer": ("officer", ("office-99",), ()),
    "district": ("officer", ("office-99",), ("9902",)),
    "team": ("case_team", ("office-99",), ()),
    "head": ("head", ("office-99",), ()),
    "lao": ("lao_officer", ("lao-9901",), ("990101",)),
    "volunteer": ("volunteer", (), ("990102",)),
    "oversight": ("oversight", ("office-99",), ()),
    "auditor": ("auditor", (), ()),
    "far": ("officer", ("office-98",), ()),
}
DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Office:
    """The application with everybody signed in."""

    app: FastAPI
    people: dict[str, Person]
    clients: dict[str, TestClient]
    source: int
    units: dict[str, int] = field(default_factory=dict)

    def case(
        self,
        problem: str = "P02.01",
        code: str = "990101",
        *,
        unit: str | None = "office-99",
        lat: float | None = None,
        lon: float | None = None,
        days: int = 0,
        person: IdentityValues | None = None,
        **values: Any,
    ) -> UUID:
        """Make a case of a unit, reported `days` after DAY."""
        stated = {"stated_code": code or None, "lat": lat, "lon": lon, **values}
        with transaction(self.app.state.engine, CLAIMING) as session:
            one = CaseValues(problem, DAY + timedelta(days=days), **stated)
            made = create_case(session, self.source, one)
            told = {"unit": self.units[unit] if unit else None, "id": made}
            session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), told)
            if person:
                write_identity(session, CLAIMING, made, person)
        return made

    def join(self, case: UUID, who: str) -> None:
        """Put somebody into a case's team."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            join(session, case, self.people[who].id)

    def row(self, case: UUID) -> Any:
        """Return a case's row as it is stored."""
        asked = 'SELECT *, ST_X(point) AS lon, ST_Y(point) AS lat FROM "case" WHERE id = :id'
        with transaction(self.app.state.engine, SYSTEM) as session:
            return session.execute(text(asked), {"id": case}).one()

    def audited(self, case: UUID | None = None) -> list[tuple[str, str, str | None, dict[str, Any]]]:
        """Return action, kind, reason and details of what is on record, of one case or of all."""
        asked = "SELECT action, kind, reason, details, object_id FROM audit_entry ORDER BY number"
        with transaction(self.app.state.engine, SYSTEM) as session:
            rows = session.execute(text(asked)).all()
        return [tuple(row[:4]) for row in rows if case is None or row.object_id == str(case)]

    def sign_in(self, page: Page, address: str, who: str) -> None:
        """Give a browser somebody's session."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            token = start_session(session, self.people[who].id, "full", "browser")
        told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
        page.context.add_cookies([told])  # type: ignore[list-item]


@pytest.fixture(scope="session")
def place(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The application on a database of its own."""
    with opened(server, tmp_path_factory.mktemp("home")) as made:
        yield made


@contextmanager
def opened(server: str, home: Path) -> Iterator[Office]:
    """Make everything and sign everybody in."""
    from api.app import create_app

    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url, socialmap_home=home))
        with transaction(app.state.engine, SYSTEM) as session:
            load_places(session, home)
            for key, kind, areas in (
                ("office-99", "office", ["99"]),
                ("lao-9901", "lao", ["990101"]),
                ("office-98", "office", ["98"]),
            ):
                create_unit(session, key, kind, f"หน่วยงานสมมติ {key}", f"Invented {key}", areas)
            source = make_source(session)
            units = dict(tuple(row) for row in session.execute(text("SELECT key, id FROM unit")))
        people = {who: make_person(app, f"{who}-one", *place) for who, place in PEOPLE.items()}
        clients = {who: new_client(app) for who in people}
        for who, client in clients.items():
            client.headers["X-CSRF-Token"] = signed_in(client, people[who])
        yield Office(app, people, clients, source, units)
        app.state.engine.dispose()


@pytest.fixture
def office(place: Office, server: str) -> Iterator[Office]:
    """The same; the cases of a test are taken away after it."""
    yield place
    with owning(server, place.app.state.engine) as owner, owner.begin() as connection:
        for table in ("field_envelope", '"case"', "case_count", "case_count_by_group", "device_token"):
            connection.execute(text(f"DELETE FROM {table}"))


@pytest.fixture(scope="module")
def address(place: Office) -> Iterator[str]:
    """Address of the application on a real server."""
    with serving(place.app) as given:
        yield given


LAT, LON = INSIDE
