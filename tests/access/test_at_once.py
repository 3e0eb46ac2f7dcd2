"""Many askers at once, on one connection and on many: nobody is answered with another's scope."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Client

from api.database import make_engine
from api.settings import Settings
from tests.access.matrix import ROWS_AT_ONCE, outcome
from tests.access.world import ASKING, COOKIE, World, new_client
from tests.serving import serving


@pytest.fixture
def narrow(world: World) -> Iterator[World]:
    """The same world through an application that has one connection to the database and no more."""
    from api.app import create_app

    url = world.app.state.engine.url.render_as_string(hide_password=False)
    app: FastAPI = create_app(Settings(database_url=url))
    app.state.engine.dispose()
    app.state.engine = make_engine(url, pool_size=1)
    app.state.engine.pool._max_overflow = 0
    clients = {who: new_client(app) for who in ASKING}
    for who, client in clients.items():
        token = token_of(world.clients[who])
        if token:
            client.cookies.set(COOKIE, token, domain="localhost.local")
            client.headers["X-CSRF-Token"] = world.clients[who].headers["X-CSRF-Token"]
    yield World(app, world.cases, world.people, clients, world.ids, world.sessions)
    app.state.engine.dispose()


def test_requests_in_turns_on_one_connection_leak_nothing(narrow: World) -> None:
    """Two hundred in an order that is mixed anew, failures among them: each answer is that of the matrix."""
    mixed = random.Random(2569)
    asked = [(row, who) for row in ROWS_AT_ONCE for who in ASKING]
    for row, who in mixed.choices(asked, k=200):
        assert outcome(narrow, row, who) == row.expected(who), (row.ask, who)


def token_of(client: TestClient) -> str | None:
    """Return the token of a browser's session."""
    return next((one.value for one in client.cookies.jar if one.name == COOKIE), None)


def test_requests_at_once_on_one_connection_wait_for_each_other(narrow: World) -> None:
    asked = [(row, who) for row in ROWS_AT_ONCE[:3] for who in ("officer", "officer_98", "case_team", "anonymous")]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: outcome(narrow, *one), asked))
    assert found == [row.expected(who) for row, who in asked]


@pytest.fixture
def served(world: World) -> Iterator[World]:
    """The same world through a real server on this machine; a browser would not send the cookie without TLS."""
    with serving(world.app) as address:
        clients = {}
        for who, one in world.clients.items():
            cookie = {"Cookie": f"{COOKIE}={token_of(one)}"} if token_of(one) else {}
            clients[who] = Client(base_url=address, headers=cookie, timeout=60)
        yield World(world.app, world.cases, world.people, clients, world.ids, world.sessions)  # type: ignore[arg-type]
        for one in clients.values():
            one.close()


def test_forty_requests_at_once_are_answered_each_for_its_asker(served: World) -> None:
    mixed = random.Random(40)
    asked = [(row, who) for row in ROWS_AT_ONCE for who in ASKING]
    mixed.shuffle(asked)
    with ThreadPoolExecutor(40) as pool:
        found = list(pool.map(lambda one: outcome(served, *one), asked[:120]))
    wrong = [(row.ask, who, got) for (row, who), got in zip(asked, found, strict=False) if got != row.expected(who)]
    assert wrong == []
