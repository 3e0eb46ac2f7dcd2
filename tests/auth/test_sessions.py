"""Sessions that end: by themselves, by signing out, by hand, and with their account."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.auth.accounts import disable_account
from api.auth.cookies import COOKIE
from api.database import transaction
from tests.auth.conftest import Person, signed_in
from tests.auth.test_signing_in import run
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]


@pytest.mark.parametrize("column", ["expires_at", "last_seen_at"])
def test_a_session_ends_by_itself(auth_app: FastAPI, browser: Browser, person: People, column: str) -> None:
    """After twelve hours, and after thirty minutes without a request; the cookie is taken away."""
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    past = "now() - interval '1 second'" if column == "expires_at" else "now() - interval '31 minutes'"
    run(auth_app, f"UPDATE account_session SET {column} = {past}")
    answer = client.get("/api/v1/session")
    assert answer.json()["signed_in"] is False
    assert f'{COOKIE}=""; Max-Age=0' in answer.headers["set-cookie"]
    assert not client.cookies


def test_a_request_keeps_a_session_alive(auth_app: FastAPI, browser: Browser, person: People) -> None:
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    run(auth_app, "UPDATE account_session SET last_seen_at = now() - interval '20 minutes'")
    assert client.get("/api/v1/session").json()["signed_in"] is True
    assert run(auth_app, "SELECT last_seen_at > now() - interval '1 minute' FROM account_session") == [(True,)]


def test_signing_out_ends_the_session_itself(browser: Browser, person: People) -> None:
    client, someone = browser(), person("oversight", factor=False)
    csrf, token = signed_in(client, someone), client.cookies[COOKIE]
    assert client.delete("/api/v1/session", headers={"X-CSRF-Token": csrf}).status_code == 204
    assert not client.cookies
    assert client.get("/api/v1/sessions", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


def test_a_disabled_account_loses_its_sessions_at_once(auth_app: FastAPI, browser: Browser, person: People) -> None:
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    assert client.get("/api/v1/sessions").status_code == 200
    with transaction(auth_app.state.engine, SYSTEM) as session:
        disable_account(session, SYSTEM, someone.id)
    assert client.get("/api/v1/sessions").status_code == 401


def test_own_sessions_are_listed_and_ended_and_nobody_elses(browser: Browser, person: People) -> None:
    first, second, other = browser(), browser(), browser()
    someone, else_ = person("oversight", factor=False), person("oversight", "malee", factor=False)
    csrf = {"X-CSRF-Token": signed_in(first, someone)}
    signed_in(second, someone)
    signed_in(other, else_)
    [foreign] = [one["id"] for one in other.get("/api/v1/sessions").json()["sessions"]]
    mine = first.get("/api/v1/sessions").json()["sessions"]
    assert sorted(one["this"] for one in mine) == [False, True]
    assert first.delete(f"/api/v1/sessions/{foreign}", headers=csrf).status_code == 204
    assert other.get("/api/v1/sessions").status_code == 200  # left alone
    assert first.delete("/api/v1/sessions", headers=csrf).status_code == 204
    assert second.get("/api/v1/sessions").status_code == 401
    assert len(first.get("/api/v1/sessions").json()["sessions"]) == 1
