"""Requests that another site makes a browser send, and addresses that lead away."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.auth.forgery import own_path
from tests.auth.conftest import PASSWORD, Person, signed_in

Browser = Callable[[], TestClient]
People = Callable[..., Person]

FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://localhost.evil.example"},
    {"Origin": "http://localhost"},
    {"Origin": "https://localhost:444"},
    {"Origin": "null"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://"},
    {"Origin": ""},
    {"Origin": "https://localhost@evil.example"},
    {"Origin": "https://[::1"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "https://localhost"},
    {"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
)


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_changes_nothing_even_with_the_right_word(
    browser: Browser, person: People, headers: dict[str, str]
) -> None:
    client, someone = browser(), person("oversight", factor=False)
    csrf = signed_in(client, someone)
    answer = client.delete("/api/v1/sessions", headers={**headers, "X-CSRF-Token": csrf})
    assert (answer.status_code, answer.json()["code"]) == (403, "forgery")


@pytest.mark.parametrize("headers", OWN)
def test_our_own_pages_do(browser: Browser, person: People, headers: dict[str, str]) -> None:
    client, someone = browser(), person("oversight", factor=False)
    csrf = signed_in(client, someone)
    assert client.delete("/api/v1/sessions", headers={**headers, "X-CSRF-Token": csrf}).status_code == 204


@pytest.mark.parametrize("word", ["", "0" * 64, "ก", None])
def test_without_the_sessions_word_nothing_changes(browser: Browser, person: People, word: str | None) -> None:
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    headers = {} if word is None else {"X-CSRF-Token": word.encode()}
    assert client.delete("/api/v1/sessions", headers=headers).status_code == 403
    assert client.get("/api/v1/sessions").status_code == 200


def test_the_word_of_another_session_is_of_no_use(browser: Browser, person: People) -> None:
    first, second = browser(), browser()
    someone = person("oversight", factor=False)
    signed_in(first, someone)
    foreign = signed_in(second, someone)
    assert first.delete("/api/v1/sessions", headers={"X-CSRF-Token": foreign}).status_code == 403


def test_nobody_is_signed_in_by_another_site(browser: Browser, person: People) -> None:
    """Else somebody could be made to work in an attacker's account."""
    person("oversight", factor=False)
    client = browser()
    given = {"login": "somchai", "password": PASSWORD}
    answer = client.post("/api/v1/session", json=given, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert not client.cookies


def test_every_changing_route_is_guarded(auth_app: FastAPI, browser: Browser, person: People) -> None:
    """A new route is in this test without being named."""
    client = browser()
    signed_in(client, person("oversight", factor=False))
    routes = list(changing(auth_app))
    assert len(routes) > 20
    for method, path in routes:
        answer = client.request(method, path, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403, (method, path, answer.text)


def changing(app: FastAPI) -> list[tuple[str, str]]:
    """List method and address of each route that changes something, with an id of nobody in it."""
    found = []
    for route in routes_of(app):
        for method in (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            address = "/".join(
                "00000000-0000-0000-0000-000000000000" if part.startswith("{") else part
                for part in route.path.split("/")
            )
            found.append((method, address))
    return found


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Return all routes, those of included routers too."""
    from api.auth.web import account, admin, signing_in
    from api.routers import accounts, sessions

    routers = [app.router, *(each.router for each in (accounts, sessions, account, admin, signing_in))]
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "",
        " /maps/TH",
        "/" + "x" * 600,
        "///evil.example",
        "http:/evil.example",
        "/\x00",
    ],
)
def test_signing_in_leads_nowhere_else(asked: str) -> None:
    assert own_path(asked) == "/account"


@pytest.mark.parametrize("asked", ["/maps/70?period=fy2569", "/account", "/maps/TH#x", "/a:b"])
def test_signing_in_leads_to_own_pages(asked: str) -> None:
    assert own_path(asked) == asked


def test_a_token_in_the_address_is_refused(browser: Browser, person: People) -> None:
    """Addresses stand in logs and histories: no token is read from one."""
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    token = client.cookies["__Host-socialmap"]
    stranger = browser()
    for name in ("token", "access_token", "session", "__Host-socialmap", "csrf"):
        answer = stranger.get("/api/v1/sessions", params={name: token})
        assert answer.status_code in (400, 401)
        assert token not in answer.text
    assert stranger.get(f"/api/v1/sessions/{token}").status_code in (404, 405)
