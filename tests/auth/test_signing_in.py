"""Signing in: passwords, second factor, lock-out, sessions that end."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.auth import passwords
from api.auth.accounts import disable_account
from api.auth.attempts import FREE, NAME_FREE, lock_seconds, neighbourhood
from api.auth.cookies import COOKIE
from api.auth.keys import token_hash
from api.database import transaction
from tests.auth.conftest import BASE, PASSWORD, Person, signed_in
from tests.conftest import FULL_COST
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]


def run(app: FastAPI, sql: str, **params: object) -> list[tuple[object, ...]]:
    with transaction(app.state.engine, SYSTEM) as session:
        found = session.execute(text(sql), params)
        return [tuple(row) for row in found] if found.returns_rows else []


def test_the_cookie_is_as_strict_as_browsers_allow(browser: Browser, person: People) -> None:
    client, someone = browser(), person("oversight", factor=False)
    answer = client.post("/api/v1/session", json={"login": "Somchai ", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
    state = client.get("/api/v1/session").json()
    assert (state["signed_in"], state["login"], state["audience"]) == (True, someone.login, "committee")


def test_a_guess_costs_as_much_as_it_should() -> None:
    """Outside the tests, which lower the cost for themselves: RFC 9106's second recommendation."""
    told = "from api.auth.passwords import hash_password; print(hash_password('กขคงจฉชซฌญฎฏ'))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_tokens_and_passwords_are_kept_as_hashes(auth_app: FastAPI, browser: Browser, person: People) -> None:
    client, someone = browser(), person("officer")
    signed_in(client, someone)
    token = client.cookies[COOKIE]
    [(kept,)] = run(auth_app, "SELECT token_hash FROM account_session")
    assert bytes(kept) == token_hash(token)  # type: ignore[arg-type]
    [(password, secret)] = run(auth_app, "SELECT password_hash, totp_secret FROM account")
    assert str(password).startswith("$argon2id$")
    assert someone.secret
    assert someone.secret.encode() not in bytes(secret)  # type: ignore[arg-type]


def test_every_failure_says_the_same(auth_app: FastAPI, browser: Browser, person: People) -> None:
    """Unknown name, wrong password, disabled, locked: nobody learns which accounts there are."""
    client = browser()
    person("oversight", "wrong", factor=False)
    gone, locked = person("oversight", "gone", factor=False), person("oversight", "locked", factor=False)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        disable_account(session, SYSTEM, gone.id)
    run(auth_app, "UPDATE account SET locked_until = now() + interval '1 hour' WHERE id = :id", id=locked.id)
    tried = {"nobody": PASSWORD, "wrong": "not the password", "gone": PASSWORD, "locked": PASSWORD, "\x00'": PASSWORD}
    answers = [client.post("/api/v1/session", json={"login": name, "password": word}) for name, word in tried.items()]
    told = {(each.status_code, each.json()["code"], each.json()["detail"]) for each in answers}
    assert len(told) == 1
    assert next(iter(told))[:2] == (401, "sign_in_failed")
    assert not client.cookies


@pytest.fixture
def full_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords that cost what they cost outside the tests."""
    made = (passwords._hasher, passwords._nobody)
    for name, value in FULL_COST.items():
        monkeypatch.setitem(passwords.COST, name, value)
    for each in made:
        each.cache_clear()
    yield
    for each in made:
        each.cache_clear()


@pytest.mark.usefixtures("full_cost")
def test_an_unknown_name_takes_as_long_as_a_known_one(browser: Browser, person: People) -> None:
    client = browser()
    person("oversight", factor=False)

    def spent(login: str) -> float:
        started = time.perf_counter()
        client.post("/api/v1/session", json={"login": login, "password": "not the password"})
        return time.perf_counter() - started

    spent("nobody")
    known, unknown = min(spent("somchai") for _ in range(3)), min(spent("nobody") for _ in range(3))
    assert 0.4 < unknown / known < 2.5


def from_address(app: FastAPI, address: str) -> TestClient:
    """Make a browser somewhere else in the network."""
    return TestClient(app, base_url=BASE, follow_redirects=False, client=(address, 50000))


def attempt(client: TestClient, word: str = "not the password") -> int:
    return client.post("/api/v1/session", json={"login": "somchai", "password": word}).status_code


def test_brute_force_locks_out_for_longer_and_longer(auth_app: FastAPI, browser: Browser, person: People) -> None:
    client = browser()
    person("oversight", factor=False)
    assert [attempt(client) for _ in range(FREE)] == [401] * FREE
    assert attempt(client, PASSWORD) == 401  # locked, so that the right one is refused too
    [(failed, waits)] = run(auth_app, "SELECT failed_count, locked_until > now() FROM sign_in_attempt")
    assert (failed, waits) == (FREE, True)  # what is refused unseen makes nobody wait longer
    run(auth_app, "UPDATE sign_in_attempt SET locked_until = now() - interval '1 second'")
    assert attempt(client) == 401
    [(failed, seconds)] = run(
        auth_app, "SELECT failed_count, extract(epoch FROM locked_until - now())::float FROM sign_in_attempt"
    )
    assert failed == FREE + 1
    assert 20 < float(str(seconds)) <= 30
    run(auth_app, "UPDATE sign_in_attempt SET locked_until = now() - interval '1 second'")
    assert attempt(client, PASSWORD) == 200
    assert run(auth_app, "SELECT failed_count, locked_until FROM sign_in_attempt") == [(0, None)]
    assert run(auth_app, "SELECT failed_count, locked_until FROM account") == [(0, None)]


def test_failures_of_others_elsewhere_lock_nobody_out(auth_app: FastAPI, person: People) -> None:
    """Who knows a name can shut its owner out neither at a known address nor, with few tries, at a new one."""
    person("oversight", factor=False)
    office = from_address(auth_app, "192.0.2.7")
    assert attempt(office, PASSWORD) == 200
    prank = from_address(auth_app, "198.51.100.9")
    assert [attempt(prank) for _ in range(FREE + 3)] == [401] * (FREE + 3)
    assert attempt(prank, PASSWORD) == 401
    assert attempt(from_address(auth_app, "203.0.113.5"), PASSWORD) == 200
    for number in range(NAME_FREE + 5):
        attempt(from_address(auth_app, f"198.51.100.{number}"))
    assert run(auth_app, "SELECT locked_until > now() FROM account") == [(True,)]
    assert attempt(office, PASSWORD) == 200
    run(auth_app, "UPDATE sign_in_attempt SET known_at = now() - interval '91 days'")
    for number in range(NAME_FREE + 5):
        attempt(from_address(auth_app, f"198.51.101.{number}"))
    assert attempt(office, PASSWORD) == 401  # known no more


def test_brute_force_from_many_addresses_is_bounded(auth_app: FastAPI, person: People) -> None:
    person("oversight", factor=False)
    for number in range(NAME_FREE + 10):
        assert attempt(from_address(auth_app, f"198.51.100.{number}")) == 401
    # What came after the bound was refused unseen: no guess at all.
    assert run(auth_app, "SELECT failed_count FROM account") == [(NAME_FREE,)]
    assert run(auth_app, "SELECT count(*), sum(failed_count)::int FROM sign_in_attempt") == [(NAME_FREE, NAME_FREE)]
    assert attempt(from_address(auth_app, "203.0.113.5"), PASSWORD) == 401
    for further in range(1, 3):
        run(auth_app, "UPDATE account SET locked_until = now() - interval '1 second'")
        assert attempt(from_address(auth_app, f"203.0.113.{further}")) == 401
        assert attempt(from_address(auth_app, f"203.0.113.{further + 100}")) == 401
        [(failed, seconds)] = run(
            auth_app, "SELECT failed_count, extract(epoch FROM locked_until - now())::float FROM account"
        )
        assert failed == NAME_FREE + further
        assert (
            lock_seconds(int(str(failed)), NAME_FREE) - 5
            < float(str(seconds))
            <= lock_seconds(int(str(failed)), NAME_FREE)
        )


def test_guessing_codes_from_many_addresses_is_bounded(auth_app: FastAPI, person: People) -> None:
    """By somebody who has the password: known addresses are those of whole sign-ins alone."""
    someone = person("officer")
    reached = 0
    for number in range(NAME_FREE + 5):
        client = from_address(auth_app, f"198.51.100.{number}")
        answer = client.post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
        if answer.status_code == 200:
            csrf = {"X-CSRF-Token": answer.json()["csrf"]}
            reached += 1
            assert client.post("/api/v1/session/code", json={"code": "000000"}, headers=csrf).status_code == 401
    assert reached == NAME_FREE
    assert run(auth_app, "SELECT count(*) FROM sign_in_attempt WHERE known_at IS NOT NULL") == [(0,)]


def test_many_guesses_at_once_are_no_more_than_one_by_one(auth_app: FastAPI, browser: Browser, person: People) -> None:
    person("oversight", factor=False)
    client = browser()

    def attempt(number: int) -> int:
        return client.post("/api/v1/session", json={"login": "somchai", "password": f"guess {number}"}).status_code

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(attempt, range(12))) == {401}
    assert run(auth_app, "SELECT failed_count FROM sign_in_attempt") == [(FREE,)]


def test_a_flood_of_sign_ins_leaves_threads_for_the_others(
    auth_app: FastAPI, browser: Browser, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever finds the queue full is refused before an attempt is counted."""
    person("oversight", factor=False)
    full = BoundedSemaphore(1)
    monkeypatch.setattr("api.auth.passwords._PLACES", full)
    given = {"login": "somchai", "password": PASSWORD}
    with full:
        answer = browser().post("/api/v1/session", json=given)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
        assert browser().get("/api/v1/areas").status_code == 200
    assert run(auth_app, "SELECT failed_count FROM account") == [(0,)]
    assert browser().post("/api/v1/session", json=given).status_code == 200


def test_an_address_that_guesses_at_many_names_has_to_wait(auth_app: FastAPI, browser: Browser, person: People) -> None:
    person("oversight", factor=False)
    client = browser()
    client.post("/api/v1/session", json={"login": "nobody", "password": "x"})
    [(kept, failed)] = run(auth_app, "SELECT address_hash, failed_count FROM address_attempt WHERE failed_count > 0")
    assert failed == 1
    assert b"testclient" not in bytes(kept)  # type: ignore[arg-type]
    run(auth_app, "UPDATE address_attempt SET failed_count = 30, locked_until = now() + interval '1 minute'")
    assert client.post("/api/v1/session", json={"login": "somchai", "password": PASSWORD}).status_code == 401
    run(auth_app, "UPDATE address_attempt SET locked_until = now()")
    assert client.post("/api/v1/session", json={"login": "somchai", "password": PASSWORD}).status_code == 200
    assert run(auth_app, "SELECT max(failed_count) FROM address_attempt") == [
        (30,)
    ]  # its own account washes nothing off


def test_waiting_grows_to_a_limit_and_addresses_have_neighbours() -> None:
    assert [lock_seconds(count) for count in (0, 4, 5, 6, 7, 50)] == [0, 0, 15, 30, 60, 900]
    assert neighbourhood("2001:db8:1:2:3:4:5:6") == neighbourhood("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert neighbourhood("192.0.2.7") == "192.0.2.7"


def test_a_session_is_never_carried_over(auth_app: FastAPI, browser: Browser, person: People) -> None:
    """Fixation: a token planted before signing in, or seen before the second factor, is worth nothing after."""
    client, someone = browser(), person("officer")
    client.cookies.set(COOKIE, "planted-token-of-somebody-else-000000000000", domain="localhost.local")
    first = client.post(
        "/api/v1/session",
        json={"login": someone.login, "password": PASSWORD},
        headers={"Cookie": f"{COOKIE}=planted-token-of-somebody-else-000000000000"},
    )
    pending = first.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert first.json()["stage"] == "code"
    assert not pending.startswith("planted")
    ride = {"Cookie": f"{COOKIE}={pending}", "X-CSRF-Token": first.json()["csrf"]}
    assert client.get("/api/v1/sessions", headers=ride).status_code == 401  # half signed in is not signed in
    second = client.post("/api/v1/session/code", json={"code": someone.code()}, headers=ride)
    whole = second.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert whole != pending
    assert client.get("/api/v1/sessions", headers={"Cookie": f"{COOKIE}={whole}"}).status_code == 200
    for old in (pending, "planted-token-of-somebody-else-000000000000"):
        assert client.get("/api/v1/sessions", headers={"Cookie": f"{COOKIE}={old}"}).status_code == 401
    assert run(auth_app, "SELECT count(*) FROM account_session") == [(1,)]


def test_a_code_is_of_use_once(auth_app: FastAPI, browser: Browser, person: People) -> None:
    someone = person("officer")
    code = someone.code()

    def give(code: str) -> int:
        client = browser()
        answer = client.post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
        csrf = {"X-CSRF-Token": answer.json()["csrf"]}
        return client.post("/api/v1/session/code", json={"code": code}, headers=csrf).status_code

    assert give(code) == 200
    assert give(code) == 401
    earlier = pyotp.TOTP(str(someone.secret)).at(time.time() - 30)
    assert give(earlier) == 401  # older than the one that was used
    recovery = someone.recovery_codes[0]
    assert give(recovery.lower().replace("-", " ")) == 200
    assert give(recovery) == 401


def test_guessing_codes_locks_out_although_the_password_is_right(
    auth_app: FastAPI, browser: Browser, person: People
) -> None:
    someone = person("officer")
    stages = []
    for _ in range(FREE + 2):
        client = browser()
        answer = client.post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
        stages.append(answer.status_code)
        if answer.status_code == 200:
            csrf = {"X-CSRF-Token": answer.json()["csrf"]}
            assert client.post("/api/v1/session/code", json={"code": "000000"}, headers=csrf).status_code == 401
    assert stages == [200] * FREE + [401] * 2


def test_who_reads_cases_has_to_set_up_a_second_factor_first(browser: Browser, person: People) -> None:
    client = browser()
    person("officer", factor=False)
    answer = client.post("/api/v1/session", json={"login": "somchai", "password": PASSWORD})
    assert answer.json()["stage"] == "enrol"
    state = client.get("/api/v1/session").json()
    assert (state["signed_in"], state["permissions"]) == (False, [])
    assert client.get("/api/v1/sessions").status_code == 401
