"""Requests that somebody's browser is made to send, sessions handed to it, and doors beside the door."""

import re
from urllib.parse import quote

import pyotp
import pytest
from sqlalchemy import text

from api.auth.sessions import start_session
from api.database import transaction
from tests.access.attacks import CHANGING, READING, address, asker, send, unchanged
from tests.access.matrix import Row, routes
from tests.access.world import COOKIE, World, make_person, new_client, with_token
from tests.auth.conftest import PASSWORD, Person, signed_in
from tests.scopes import SYSTEM

RIDING = [row for row in CHANGING if row.path not in ("/signin", "/api/v1/session")]
"""Routes that change something on the strength of a cookie; signing in has a test of its own."""
NAMES = [f"{row.method} {row.path}".replace("/", ".") for row in RIDING]


@pytest.mark.parametrize("row", RIDING, ids=NAMES)
def test_a_cookie_alone_changes_nothing(world: World, row: Row) -> None:
    """No word, a wrong one, one of another session, one in the address; and every sign of another site."""
    with world.again(asker(row)) as client, world.again(asker(row)) as other, unchanged(world):
        word = client.headers.pop("X-CSRF-Token")
        foreign = other.headers["X-CSRF-Token"]
        for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": foreign}):
            assert send(client, world, row, headers=headers).status_code == 403
        for sign in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://localhost"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            assert send(client, world, row, headers={"X-CSRF-Token": word, **sign}).status_code == 403
        assert client.request(row.method, f"{address(world, row)}?csrf={word}").status_code in (400, 403)


@pytest.mark.parametrize("row", [row for row in RIDING if row.json is not None], ids=lambda row: row.ask[:40])
def test_a_form_is_no_json(world: World, row: Row) -> None:
    """What a form of another site can send without asking the browser: three kinds of body, no header of its own."""
    with world.again(asker(row)) as client, unchanged(world):
        word = client.headers.pop("X-CSRF-Token")
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
            body = b'{"login": "forged-one", "name": "x", "role": "admin", "reason": "forged", "code": "1"}'
            answer = client.request(row.method, address(world, row), content=body, headers={"Content-Type": kind})
            assert answer.status_code in (400, 403), kind
            given = {"Content-Type": kind, "X-CSRF-Token": word}
            assert client.request(row.method, address(world, row), content=body, headers=given).status_code == 400


def test_nobody_is_signed_in_by_another_site_and_no_session_is_handed_over(world: World) -> None:
    """Fixation: the token that a browser came with is never the one it is signed in with, and is of no use after."""
    someone = make_person(world.app, "fixed-one", "oversight", (), ())
    planted = "A" * 43
    client = new_client(world.app)
    client.cookies.set(COOKIE, planted, domain="localhost.local")
    foreign = client.post("/api/v1/session", json={"login": "fixed-one", "password": PASSWORD}, headers=EVIL)
    assert foreign.status_code == 403
    signed_in(client, someone)
    tokens = [one.value for one in client.cookies.jar if one.name == COOKIE]
    assert planted not in tokens[-1:]
    assert with_token(world.app, planted).get("/api/v1/sessions").status_code == 401
    before = tokens[-1]
    client.cookies.clear()
    client.cookies.set(COOKIE, before, domain="localhost.local")
    signed_in(client, someone)
    assert with_token(world.app, before).get("/api/v1/sessions").status_code == 401
    world.put_back()


EVIL = {"Origin": "https://evil.example"}


def test_a_session_that_lacks_the_second_factor_is_nobody(world: World) -> None:
    with transaction(world.app.state.engine, SYSTEM) as session:
        half = start_session(session, world.people["officer"].id, "code", "half")
    client = with_token(world.app, half)
    for row in READING:
        if row.path.startswith(("/api/v1/cases", "/api/v1/points", "/api/v1/accounts", "/api/v1/sessions")):
            assert client.get(address(world, row)).status_code == 401, row.ask
    assert client.get("/api/v1/session").json()["audience"] == "public"


def test_the_cookie_and_device_of_a_disabled_account_are_of_no_use(world: World) -> None:
    someone = make_person(world.app, "leaving-one", "officer", ("office-99",), ())
    admin, account = world.clients["admin"], f"/api/v1/accounts/{someone.id}"
    with transaction(world.app.state.engine, SYSTEM) as session:
        token = start_session(session, someone.id, "full", "leaving")
    client = with_token(world.app, token)
    device = client.post("/api/v1/devices", json={"name": "แท็บเล็ต", "areas": ["99"]}).json()["token"]
    bearer = {"Authorization": f"Bearer {device}"}
    assert client.get("/api/v1/cases").json()["cases"]
    assert world.stranger().get("/api/v1/cases", headers=bearer).status_code == 200
    assert admin.post(f"{account}/disable").status_code == 204
    assert client.get("/api/v1/cases").status_code == 401
    assert world.stranger().get("/api/v1/cases", headers=bearer).status_code == 401
    assert admin.post(f"{account}/enable").status_code == 204
    assert with_token(world.app, token).get("/api/v1/cases").status_code == 401
    assert world.stranger().get("/api/v1/cases", headers=bearer).status_code == 401
    world.put_back()


def test_a_code_works_once(world: World) -> None:
    someone = make_person(world.app, "codes-one", "officer", ("office-99",), ())
    assert someone.secret
    # Good for the step before and after its own too: a new step may begin between the two.
    code = pyotp.TOTP(someone.secret).now()
    answers = [_second(world, someone, code) for _ in range(2)]
    assert answers == [200, 401]
    world.put_back()


def _second(world: World, someone: Person, code: str) -> int:
    client = world.stranger()
    begun = client.post("/api/v1/session", json={"login": someone.login, "password": PASSWORD}).json()
    assert begun["stage"] == "code"
    return client.post("/api/v1/session/code", json={"code": code}, headers={"X-CSRF-Token": begun["csrf"]}).status_code


def test_guessing_is_locked_out_with_the_right_password_too_and_says_nothing(world: World) -> None:
    """The answer to a wrong password, an unknown name and a locked account is one and the same."""
    make_person(world.app, "guessed-one", "oversight", (), ())
    told = set()
    for password in ["wrong-password-0"] * 6 + [PASSWORD]:
        answer = world.stranger().post("/api/v1/session", json={"login": "guessed-one", "password": password})
        told.add((answer.status_code, answer.json()["code"], answer.json()["detail"]))
    nobody = world.stranger().post("/api/v1/session", json={"login": "nobody-at-all", "password": PASSWORD})
    told.add((nobody.status_code, nobody.json()["code"], nobody.json()["detail"]))
    assert len(told) == 1
    assert next(iter(told))[0] == 401
    with transaction(world.app.state.engine, SYSTEM) as session:
        waits = session.scalar(
            text(
                "SELECT one.locked_until > now() FROM sign_in_attempt AS one"
                " JOIN account ON account.id = one.account_id WHERE account.login = 'guessed-one'"
            )
        )
    assert waits is True
    world.put_back()


def test_an_address_that_guesses_has_to_wait_whatever_names_it_tries(world: World) -> None:
    someone = make_person(world.app, "waiting-one", "oversight", (), ())
    with transaction(world.app.state.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM address_attempt"))
    world.stranger().post("/api/v1/session", json={"login": "nobody-1", "password": "x"})
    with transaction(world.app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE address_attempt SET failed_count = 30, locked_until = now() + interval '60 s'"))
    refused = world.stranger().post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
    assert refused.status_code == 401
    with transaction(world.app.state.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM address_attempt"))
    signed_in(world.stranger(), someone)
    world.put_back()


@pytest.mark.parametrize(
    "goal", ["https://evil.example", "//evil.example", "/\\evil.example", "/ /evil.example", "javascript:alert(1)"]
)
def test_no_page_leads_away(world: World, goal: str) -> None:
    """Asked for at every address of pages that takes where to go next."""
    for path in ("/signin", "/signin/code", "/signin/setup"):
        for client in (world.stranger(), world.clients["oversight"], world.clients["officer"]):
            for told in (client.get(path, params={"next": goal}), client.get(f"{path}?next={quote(goal)}")):
                place = told.headers.get("location", "/")
                assert re.match(r"/(?![/\\\s])", place), (path, place)
                assert f'value="{goal}"' not in told.text
                assert f'href="{goal}"' not in told.text
    someone = make_person(world.app, "led-one", "oversight", (), ())
    answer = world.stranger().post("/signin", data={"login": someone.login, "password": PASSWORD, "next": goal})
    assert answer.headers["location"] == "/account"
    world.put_back()


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"])
def test_no_header_makes_another_method_of_a_request(world: World, name: str) -> None:
    client, account = world.clients["admin"], f"/api/v1/accounts/{world.people['spare'].id}"
    with unchanged(world):
        assert client.get(f"{account}", headers={name: "PATCH"}).status_code == 200
        assert client.post(account, headers={name: "PATCH"}, json={"name": "x"}).status_code == 405
        assert client.get("/api/v1/sessions", headers={name: "DELETE"}).json()["sessions"]
        assert client.get("/api/v1/sessions").status_code == 200


def test_other_methods_do_nothing(world: World) -> None:
    """HEAD and OPTIONS tell nothing of what lies at an address, and no method is taken for another."""
    for row in {(row.path): row for row in (*CHANGING, *READING)}.values():
        for method in ("HEAD", "OPTIONS", "TRACE", "PUT", "CONNECT", "PROPFIND", "GETT"):
            if (method, row.path) in routes(world.app):
                continue
            told = world.clients[asker(row)].request(method, address(world, row))
            described = (method, row.path) == ("HEAD", "/api/v1/openapi.json")
            assert told.status_code == (200 if described else 405), (method, row.ask)
            assert not [name for name in told.headers if name.startswith("access-control")]
