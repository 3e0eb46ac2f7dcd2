"""Two invented provinces with cases and a release, plans, a head, an officer and others who ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.auth.units import create_unit
from api.database import transaction
from api.settings import Settings
from layers.demo import load_demo
from layers.scope import Scope
from mapping.plan_examples import load_example
from mapping.plan_making import create_from_template
from mapping.plans import PlanRecord
from tests.access.world import load_places, make_person, new_client
from tests.auth.conftest import signed_in
from tests.databases import fresh_database
from tests.releases import publish
from tests.scopes import SYSTEM

PEOPLE = {
    "head": ("head", ("office-99",), ()),
    "officer": ("officer", ("office-99",), ()),
    "district": ("officer", ("office-99",), ("9901",)),
    "member": ("oversight", ("office-99",), ()),
    "partner": ("partner", ("office-99",), ()),
    "far": ("head", ("office-98",), ()),
}
COMMITTEE = "คณะกรรมการพัฒนาสังคมจังหวัดสมมติบุรี"
DAY = date(2026, 11, 20)
TODAY = date(2026, 11, 22)
YEAR = date(2025, 10, 1)
"""Fiscal year 2569, of which there are invented cases."""


@dataclass(frozen=True)
class Office:
    """The application with everybody signed in, and two plans: one approved, one draft."""

    app: FastAPI
    clients: dict[str, TestClient]
    approved: PlanRecord
    draft: PlanRecord

    def change(self, statement: str, **given: Any) -> None:
        """Run a statement as the product itself."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            session.execute(text(statement), given)

    def audited(self, kind: str) -> list[str]:
        """Return the actions on record about a kind of thing, with their change or format."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            asked = "SELECT action, details FROM audit_entry WHERE kind = :kind ORDER BY number"
            rows = session.execute(text(asked), {"kind": kind})
            return [f"{row.action} {row.details.get('change') or row.details.get('format')}" for row in rows]


def scope(role: str, *areas: str, audience: str = "internal", actor: UUID | None = None) -> Scope:
    """Return the scope of somebody of a role in areas, as accounts have it."""
    from api.auth.permissions import PERMISSIONS

    held = frozenset(areas) or None
    return Scope(role, audience, held, actor_id=actor, permissions=PERMISSIONS[role])  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def office(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The application on a database of its own; tests leave its first two plans as they are."""
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
            load_demo(session, 3000, 1)
            for province in ("99", "98"):
                create_unit(session, f"office-{province}", "office", f"หน่วยงานสมมติ {province}", "Invented", [province])
            publish(session)
            approved = load_example(session, SYSTEM, "a", "9901", TODAY)
            draft = create_from_template(session, SYSTEM, "99", "P02", YEAR)
        people = {who: make_person(app, f"{who}-one", *place) for who, place in PEOPLE.items()}
        clients = {who: new_client(app) for who in people}
        for who, client in clients.items():
            client.headers["X-CSRF-Token"] = signed_in(client, people[who])
        yield Office(app, clients, approved, draft)
        app.state.engine.dispose()


@pytest.fixture(autouse=True)
def tidy(office: Office, server: str) -> Iterator[None]:
    """Take away the meetings that a test committed; plans stay."""
    yield
    owner = create_engine(make_url(server).set(database=office.app.state.engine.url.database), poolclass=NullPool)
    with owner.begin() as connection:
        connection.execute(text("TRUNCATE resolution, meeting_stop, meeting, committee"))
    owner.dispose()
