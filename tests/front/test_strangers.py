"""What somebody sees who has not signed in: the public's figures, or a committee's on the laptop of a meeting."""

import time
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as command
from api.cli.demo import _say_open
from api.settings import Settings
from boundaries.areas import AreaRecord

Stranger = Callable[[Settings], TestClient]
FIGURES = "/api/v1/figures?within=99&level=district&problem=P08"


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    """Make clients that show no cookie, each of an application with the settings that are given."""
    made = []

    def make(settings: Settings) -> TestClient:
        made.append(create_app(settings))
        return TestClient(made[-1], base_url="http://localhost", follow_redirects=False)

    yield make
    for each in made:
        each.state.engine.dispose()


def test_nobody_has_to_set_anything_for_the_public_to_see_public_figures(
    stranger: Stranger,
    served_database: str,
) -> None:
    client = stranger(Settings(database_url=served_database))
    state, figures = client.get("/api/v1/session").json(), client.get(FIGURES).json()
    assert (state["audience"], figures["audience"], figures["hidden_below"]) == ("public", "public", 10)
    assert state["permissions"] == []


def test_the_laptop_of_a_meeting_shows_what_a_committee_sees(stranger: Stranger, settings: Settings) -> None:
    client = stranger(settings)
    state, figures = client.get("/api/v1/session").json(), client.get(FIGURES).json()
    assert (state["audience"], figures["audience"], figures["hidden_below"]) == ("committee", "committee", 5)


def test_strangers_are_shown_no_other_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALMAP_ANONYMOUS", "internal")
    with pytest.raises(ValidationError):
        Settings()


def test_a_committee_s_figures_are_served_to_no_other_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALMAP_ANONYMOUS", "committee")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://nobody@127.0.0.1:1/none")
    done = CliRunner().invoke(command, ["serve", "--name", "map.example.test", "--trusted-proxy", "127.0.0.1"])
    assert done.exit_code != 0
    assert "SOCIALMAP_ANONYMOUS=committee" in done.stderr
    assert "public" in done.stderr


def test_the_demonstration_says_whose_figures_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    area = AreaRecord("99", "province", "TH", "สมมติบุรี", "Sommut Buri", "province", 100.5, 11.0)
    _say_open("http://127.0.0.1:8000", Settings(), time.monotonic(), area)
    told = capsys.readouterr().err
    assert "ตัวเลขสำหรับคณะกรรมการ" in told
    assert "the committee's figures" in told
