"""`socialmap users`: the first administrator, accounts, links and units."""

import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner, Result

from api.auth.keys import Keys
from api.auth.links import use_link
from api.cli.users import app as users
from tests.auth.conftest import PASSWORD

Run = Callable[..., Result]


@pytest.fixture
def run(auth_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the test's database."""
    url = auth_app.state.settings.database_url
    monkeypatch.setenv("DATABASE_URL", url)
    return lambda *words: CliRunner().invoke(users, list(words))


def test_the_first_administrator_sets_an_own_password(auth_app: FastAPI, run: Run, keys: Keys) -> None:
    done = run("admin", "--json")
    assert done.exit_code == 0, done.output
    address, _, code = json.loads(done.stdout)["link"].partition("#")
    assert address == "http://127.0.0.1:8000/reset"
    use_link(auth_app.state.engine, keys, code, PASSWORD, PASSWORD, "192.0.2.1")
    refused = run("admin", "second", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (2, "error.admin_exists")
    assert run("admin", "second", "--another").exit_code == 0


def test_accounts_are_made_listed_disabled_and_reset(run: Run) -> None:
    made = run("create", "somying", "--role", "officer", "--name", "สมหญิง", "--unit", "office-99", "--area", "9901")
    assert made.exit_code == 0, made.output
    assert "/reset#" in made.output
    assert "Made the account somying (officer)." in made.output
    [listed] = json.loads(run("list", "--json").stdout)
    assert (listed["login"], listed["state"], listed["units"], listed["areas"]) == (
        "somying", "waiting", ["office-99"], ["9901"],
    )  # fmt: skip
    assert run("disable", "somying").exit_code == 0
    assert "disabled" in run("list").output
    assert run("disable", "somying", "--undo").exit_code == 0
    assert "/reset#" in run("reset", "somying").output
    assert run("reset", "nobody").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("create", "x", "--role", "officer"),
        ("create", "somying", "--role", "king"),
        ("create", "somying", "--role", "officer", "--unit", "nowhere"),
        ("create", "somying", "--role", "volunteer", "--area", "99"),
        ("units", "--create", "Bad Key", "--name-th", "x", "--name-en", "x"),
        ("units", "--create", "office-99", "--name-th", "x", "--name-en", "x"),
        ("units", "--create", "new", "--kind", "castle", "--name-th", "x", "--name-en", "x"),
        ("units", "--change", "nowhere", "--area", "99"),
    ],
)
def test_what_cannot_be_done_says_why(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit)
    assert json.loads(run("list", "--json").stdout) == []


def test_units_are_data(run: Run) -> None:
    """Which office hosts Bangkok, too."""
    made = run("units", "--create", "host-10", "--name-th", "หน่วยงานของกรุงเทพฯ", "--name-en", "Host", "--area", "10")
    assert made.exit_code == 0, made.output
    assert run("units", "--change", "host-10", "--area", "10", "--area", "TH").exit_code == 0
    listed = {one["key"]: one["areas"] for one in json.loads(run("units", "--json").stdout)}
    assert sorted(listed["host-10"]) == ["10", "TH"]
    assert "host-10" in run("units").output


def test_no_command_takes_a_password() -> None:
    for name in ("admin", "create", "reset"):
        assert "--password" not in CliRunner().invoke(users, [name, "--help"]).output.lower()
