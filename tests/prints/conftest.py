"""Two invented provinces with released figures, and those who print them."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.auth.units import create_unit
from api.database import transaction
from api.settings import Settings
from layers.demo import load_demo
from tests.access.world import load_places, make_person, new_client
from tests.auth.conftest import Person, signed_in
from tests.databases import fresh_database
from tests.releases import publish
from tests.scopes import SYSTEM

PEOPLE = {
    "head": ("head", ("office-99",), ()),
    "officer": ("officer", ("office-99",), ("9901",)),
    "far": ("officer", ("office-98",), ()),
    "oversight": ("oversight", ("office-99",), ()),
    "partner": ("partner", ("office-99",), ("9901",)),
}
STATES_THAT_END = ("done", "failed", "cancelled")
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")


@dataclass(frozen=True)
class Place:
    """The application, its private folder, and who is signed in; `anybody` is nobody."""

    app: FastAPI
    home: Path
    people: dict[str, Person]
    clients: dict[str, TestClient]

    def rows(self, sql: str, **given: Any) -> list[Any]:
        """Read from the database as the product."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            return list(session.execute(text(sql), given).all())

    def printed(self, who: str) -> list[Any]:
        """Return what is on record of somebody's printing, the newest first."""
        asked = "SELECT object_id, kind, reason, details FROM audit_entry WHERE action = 'print' AND actor_id = :who"
        return self.rows(f"{asked} ORDER BY number DESC", who=self.people[who].id)

    def begin(self, who: str = "head", code: str = "99", form: str = "pdf", query: str = "paper=A4") -> str:
        """Begin a job and return its id."""
        answer = self.clients[who].post(f"/prints/all/{code}?{query}", data={"form": form})
        assert answer.status_code == 303, answer.text
        found = self.rows(
            "SELECT id FROM print_job WHERE actor_id = :who ORDER BY made_at DESC", who=self.people[who].id
        )
        return str(found[0].id)

    def job(self, job_id: str) -> Any:
        """Return a job's row."""
        return self.rows("SELECT * FROM print_job WHERE id = :id", id=job_id)[0]

    def ended(self, job_id: str, seconds: float = 60) -> Any:
        """Wait until a job is over and return its row."""
        give_up = time.monotonic() + seconds
        while (row := self.job(job_id)).state not in STATES_THAT_END:
            assert time.monotonic() < give_up, row
            time.sleep(0.05)
        return row

    def settled(self, job_id: str) -> list[str]:
        """Wait until the workshop has let go of a job, and list what lies in its folder."""
        give_up = time.monotonic() + 10
        while any(str(one) == job_id for one in self.app.state.workshop._mine):
            assert time.monotonic() < give_up
            time.sleep(0.02)
        folder = self.home / "prints" / job_id
        return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture(scope="session")
def place(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The application on a database of its own, everybody signed in; strangers are the public."""
    from api.app import create_app

    home = tmp_path_factory.mktemp("home")
    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url, socialmap_home=home))
        with transaction(app.state.engine, SYSTEM) as session:
            load_places(session, home)
            load_demo(session, 3000, 1)
            for key, areas in (("office-99", ["99"]), ("office-98", ["98"])):
                create_unit(session, key, "office", f"หน่วยงานสมมติ {key}", f"Invented {key}", areas)
            publish(session)
        people = {who: make_person(app, f"{who}-one", *standing) for who, standing in PEOPLE.items()}
        clients = {who: new_client(app) for who in people}
        for who, client in clients.items():
            client.headers["X-CSRF-Token"] = signed_in(client, people[who])
        yield Place(app, home, people, clients | {"anybody": new_client(app)})
        app.state.workshop.close()
        app.state.engine.dispose()


def words_of(content: bytes) -> str:
    """Return the text of a PDF, as its readers search it."""
    asked = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(asked, input=content, capture_output=True, check=True).stdout.decode()


def picture(width: int = 40, height: int = 30) -> bytes:
    """Return a small PNG."""
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (width, height), (28, 92, 151)).save(made, "PNG")
    return made.getvalue()
