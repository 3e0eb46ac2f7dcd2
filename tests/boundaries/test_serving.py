"""From each of the four sources to a running application, by the commands that a stranger types."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli.boundaries import app as boundaries_app
from api.settings import Settings
from tests import demo
from tests.shared import SHARED, shared

NO_NPM = "/bin/false"
NOWHERE = "http://127.0.0.1:9"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder without writing to the error stream."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def release() -> Iterator[str]:
    """Address of a server with the copy of the light release."""
    folder = shared("boundaries/release-1.0.2")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def load(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Load boundaries by the command and return what it told."""
    monkeypatch.setenv("DATABASE_URL", own_database)
    monkeypatch.setenv("SOCIALMAP_HOME", str(tmp_path / "home"))

    def command(*words: object, boundaries: Path | None = None) -> dict[str, object]:
        monkeypatch.delenv("BOUNDARIES", raising=False)
        if boundaries:
            monkeypatch.setenv("BOUNDARIES", str(boundaries))
        told = CliRunner().invoke(boundaries_app, ["load", "--json", *(str(word) for word in words)])
        answer = json.loads(told.stdout)
        if answer.get("error") == "sources.none":
            pytest.skip(answer["en"])
        assert told.exit_code == 0, told.output
        return answer  # type: ignore[no-any-return]

    return command


@pytest.fixture
def client(own_database: str) -> Iterator[TestClient]:
    """The application on that database."""
    from api.app import create_app

    with TestClient(create_app(Settings(database_url=own_database)), base_url="http://127.0.0.1:8000") as made:
        yield made


def assert_served(client: TestClient, province: str, lat: float, lon: float, lowest: str) -> None:
    """Ask what the first page asks."""
    at = client.get("/api/v1/areas/at", params={"lat": lat, "lon": lon})
    assert at.status_code == 200, at.text
    assert at.json()["province"]["code"] == province
    assert at.json()[lowest] is not None
    assert province in client.get("/api/v1/areas", params={"level": "province"}).text


def test_1_file(load, client: TestClient) -> None:  # type: ignore[no-untyped-def]
    told = load("--file", demo.FILE)
    assert (told["edition"]["source_key"], told["missing"]) == ("file", None)
    assert_served(client, "99", *demo.INSIDE, "subdistrict")


def test_2_the_file_that_is_set(load, client: TestClient) -> None:  # type: ignore[no-untyped-def]
    told = load("--release-url", NOWHERE, "--npm", NO_NPM, boundaries=demo.FILE)
    assert told["edition"]["source_key"] == "default"
    assert_served(client, "99", *demo.INSIDE, "subdistrict")


@pytest.mark.shared
def test_3_release(load, client: TestClient, release: str) -> None:  # type: ignore[no-untyped-def]
    told = load("--release-url", release, "--npm", NO_NPM, boundaries=SHARED / "none.gpkg")
    assert (told["edition"]["source_key"], told["edition"]["detail"]) == ("release", "light")
    assert "subdistricts are missing" in told["missing"]["en"]
    assert_served(client, "70", 13.53, 99.81, "district")


def test_4_outlines(load, client: TestClient) -> None:  # type: ignore[no-untyped-def]
    told = load("--release-url", NOWHERE)
    assert (told["edition"]["source_key"], told["edition"]["detail"]) == ("outlines", "outline")
    assert "districts and subdistricts are missing" in told["missing"]["en"]
    assert_served(client, "70", 13.53, 99.81, "province")
    assert client.get("/maps/TH").status_code == 200
    shown = client.get("/maps/TH").text.replace("\u200b", "").replace("\u00a0", " ")
    assert "socialmap boundaries load --file" in shown
    told_why = client.get("/maps/70")
    assert told_why.status_code == 404
    assert "ไม่มีอำเภอและตำบล" in told_why.text
