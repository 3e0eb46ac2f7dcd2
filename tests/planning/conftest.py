"""An office of the invented province with two colleagues and a head, a committee, and drafts of plans to work on."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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
from api.settings import Settings
from mapping.plan_making import create_from_template
from mapping.plan_tree import Part, Tree
from mapping.plans import PlanRecord, get_plan, get_tree
from tests.access.world import make_person, new_client
from tests.auth.conftest import Person, signed_in
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.scopes import SYSTEM
from tests.serving import serving

PEOPLE = {
    "officer": ("officer", ("office-99",), ("99",)),
    "colleague": ("officer", ("office-99",), ("99",)),
    "head": ("head", ("office-99",), ("99",)),
    "oversight": ("oversight", ("office-99",), ()),
    "auditor": ("auditor", (), ()),
}
YEARS = itertools.count(2030)
"""Plans are never deleted: there is one draft of an area, problem and fiscal year."""


@dataclass(frozen=True)
class Place:
    """The application and who is signed in."""

    app: FastAPI
    people: dict[str, Person]
    clients: dict[str, TestClient]

    def draft(self, area: str = "9901", problem: str = "P08") -> str:
        """Make a draft from a template, each for a fiscal year of its own; return its id."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            return str(create_from_template(session, SYSTEM, area, problem, date(next(YEARS), 10, 1)).id)

    def plan(self, plan_id: str) -> PlanRecord:
        """Read a plan as it is stored."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            return get_plan(session, SYSTEM, UUID(plan_id))

    def tree(self, plan_id: str) -> Tree:
        """Read the parts of a plan as they are stored."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            return get_tree(session, get_plan(session, SYSTEM, UUID(plan_id)))

    def first(self, plan_id: str, kind: str) -> Part:
        """Return the first part of a kind."""
        return next(part for part in self.tree(plan_id).parts.values() if part.kind == kind)

    def change(self, who: str, plan_id: str, *operations: dict[str, Any]) -> dict[str, Any]:
        """Change a plan over HTTP as somebody."""
        answer = self.clients[who].post(f"/api/v1/plans/{plan_id}/changes", json={"operations": list(operations)})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def sign_in(self, page: Page, address: str, who: str) -> None:
        """Give a browser somebody's session."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            token = start_session(session, self.people[who].id, "full", "browser")
        told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
        page.context.add_cookies([told])  # type: ignore[list-item]


@pytest.fixture(scope="session")
def place(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The application on a database of its own."""
    from api.app import create_app

    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url, socialmap_home=Path(tmp_path_factory.mktemp("home"))))
        with transaction(app.state.engine, SYSTEM) as session:
            load_demo_boundaries(session)
            create_unit(session, "office-99", "office", "สำนักงานสมมติ", "Invented office", ["99"])
        people = {who: make_person(app, f"{who}-one", *told) for who, told in PEOPLE.items()}
        with transaction(app.state.engine, SYSTEM) as session:
            for who, person in people.items():
                told = {"id": person.id, "name": NAMES[who]}
                session.execute(text("UPDATE account SET name = :name WHERE id = :id"), told)
        clients = {who: new_client(app) for who in people}
        for who, client in clients.items():
            client.headers["X-CSRF-Token"] = signed_in(client, people[who])
        yield Place(app, people, clients)
        app.state.engine.dispose()


NAMES = {
    "officer": "สมหญิง สมมติ",
    "colleague": "สมชาย สมมติ",
    "head": "หัวหน้า สมมติ",
    "oversight": "กรรมการ สมมติ",
    "auditor": "ผู้ตรวจ สมมติ",
}


@pytest.fixture(scope="module")
def address(place: Place) -> Iterator[str]:
    """Address of the application on a real server."""
    with serving(place.app) as given:
        yield given
