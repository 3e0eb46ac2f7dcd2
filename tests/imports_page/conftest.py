"""Two invented provinces, three officers and a head, and files of invented cases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.auth.units import create_unit
from api.database import transaction
from api.settings import Settings
from tests.access.world import load_places, make_person, new_client
from tests.auth.conftest import Person, signed_in
from tests.databases import fresh_database
from tests.demo import INSIDE
from tests.scopes import SYSTEM

PEOPLE = {
    "officer": ("officer", ("office-99",), ("9901",)),
    "colleague": ("officer", ("office-99",), ()),
    "far": ("officer", ("office-98",), ()),
    "both": ("head", ("office-99", "office-98"), ()),
    "whole": ("head", ("office-th",), ()),
    "nowhere": ("officer", (), ()),
    "auditor": ("auditor", (), ()),
}
LAT, LON = INSIDE
HEADER = "เลขที่,ปัญหา,วันที่รับแจ้ง,ละติจูด,ลองจิจูด,รหัสพื้นที่"


def rows(many: int = 3, first: int = 1, area: str = "", lat: float = LAT, lon: float = LON) -> str:
    """Write a file of invented cases as CSV."""
    lines = [
        f"น-{n:04},P08.01,{n % 28 + 1}/11/2568,{lat + n / 10000:.5f},{lon:.5f},{area}"
        for n in range(first, first + many)
    ]
    return "\n".join([HEADER, *lines]) + "\n"


@dataclass(frozen=True)
class Place:
    """The application, its private folder, and who is signed in."""

    app: FastAPI
    home: Path
    people: dict[str, Person]
    clients: dict[str, TestClient]

    def count(self, table: str = '"case"', where: str = "true") -> int:
        """Count rows of the database."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            return int(session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")) or 0)

    def kept(self) -> list[Path]:
        """List what lies in the private folder."""
        return sorted(one for one in (self.home / "uploads").rglob("*") if one.is_file())

    def send(self, who: str, content: str | bytes, name: str = "แฟ้มทดสอบ.csv", **more: str) -> Response:
        """Send a file as somebody, by the form of the page."""
        client = self.clients[who]
        held = content if isinstance(content, bytes) else content.encode()
        files: list[Any] = [(key, ("r.yaml" if key == "recipe_file" else None, value)) for key, value in more.items()]
        word = client.headers.pop("X-CSRF-Token")
        try:
            return client.post("/imports", files=[("csrf", (None, word)), *files, ("file", (name, held))])
        finally:
            client.headers["X-CSRF-Token"] = word

    def sent(self, who: str, content: str | bytes, name: str = "แฟ้มทดสอบ.csv", **more: str) -> str:
        """Send a file that can be read; return its address."""
        answer = self.send(who, content, name, **more)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def send_recipe(self, who: str, content: str, **more: str) -> str:
        """Send a file with a recipe or the number of an import that it is to be read like."""
        return self.sent(who, content, "รุ่นใหม่.csv", **more)

    def checked(self, who: str, at: str, **more: str) -> str:
        """Take the columns as they are proposed, and return the page of the preview."""
        page = self.clients[who].get(at).text
        answer = self.clients[who].post(f"{at}/columns", data={**fields(page), **more})
        assert answer.status_code == 303, answer.text
        return self.clients[who].get(f"{at}/preview").text

    def commit(self, who: str, at: str, **more: str) -> Response:
        """Press the button of the preview."""
        page = self.clients[who].get(f"{at}/preview").text
        found = re.search(r'name="of" value="(\d+)"', page)
        assert found, page
        return self.clients[who].post(f"{at}/commit", data={"of": found[1], **more})

    def brought(self, who: str, content: str | bytes, **more: str) -> str:
        """Bring a file in whole; return the address of the import."""
        at = self.sent(who, content)
        self.checked(who, at, **more)
        answer = self.commit(who, at)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).partition("?")[0]


def fields(page: str) -> dict[str, str]:
    """Return what the form of the columns would send as it stands."""
    found: dict[str, str] = {}
    form = page[page.index('/columns"') :]
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<input id="[^"]*" name="([^"]+)" value="([^"]*)"', form):
        found[name] = value.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
    return found


TABLES = 'import_change, "case", case_count, case_count_by_group, observation, asset, import_run, area_alias'


@pytest.fixture(scope="session")
def built(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The application on a database of its own, everybody signed in."""
    from api.app import create_app

    home = tmp_path_factory.mktemp("home")
    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url, socialmap_home=home, socialmap_import_mb=2))
        app.state.works.patience = 60  # a slow machine shows the same pages as a quick one
        with transaction(app.state.engine, SYSTEM) as session:
            load_places(session, home)
            for key, areas in (("office-99", ["99"]), ("office-98", ["98"]), ("office-th", ["TH"])):
                create_unit(session, key, "office", f"หน่วยงานสมมติ {key}", f"Invented {key}", areas)
        people = {who: make_person(app, f"{who}-one", *place) for who, place in PEOPLE.items()}
        clients = {who: new_client(app) for who in people}
        for who, client in clients.items():
            client.headers["X-CSRF-Token"] = signed_in(client, people[who])
        yield Place(app, home, people, clients)
        app.state.engine.dispose()


@pytest.fixture
def place(built: Place, server: str) -> Iterator[Place]:
    """The same, empty of cases, imports and files."""
    yield built
    owner = create_engine(make_url(server).set(database=built.app.state.engine.url.database), poolclass=NullPool)
    with owner.begin() as connection:
        connection.execute(text(f"TRUNCATE {TABLES} CASCADE"))
    owner.dispose()
    for one in (*built.kept(), *(built.home / "works").glob("*.json")):
        one.unlink()
