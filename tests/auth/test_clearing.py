"""Clearing a second factor: two administrators, or the server's command line; the owner is told."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from api.auth.accounts import disable_account
from api.cli.users import app as users
from api.database import transaction
from tests.auth.conftest import PASSWORD, Person, field, signed_in
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]


@pytest.fixture
def admins(browser: Browser, person: People) -> tuple[TestClient, TestClient]:
    """Two administrators, signed in."""
    made = []
    for login in ("first-admin", "second-admin"):
        client = browser()
        client.headers["X-CSRF-Token"] = signed_in(client, person("admin", login))
        made.append(client)
    return made[0], made[1]


def stage(browser: Browser, someone: Person) -> str:
    answer = browser().post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
    return str(answer.json()["stage"])


def changes(app: FastAPI, someone: Person) -> list[tuple[object, ...]]:
    with transaction(app.state.engine, SYSTEM) as session:
        asked = "SELECT role, details ->> 'change', reason FROM audit_entry WHERE object_id = :id ORDER BY number"
        found = session.execute(text(asked), {"id": str(someone.id)}).all()
    return [tuple(row) for row in found if row[1] and row[1].startswith("factor")]


def test_one_asks_and_another_confirms(
    auth_app: FastAPI, browser: Browser, person: People, admins: tuple[TestClient, TestClient]
) -> None:
    (one, two), someone = admins, person("officer", units=("office-99",))
    client = browser()
    csrf = {"X-CSRF-Token": signed_in(client, someone)}
    device = client.post("/api/v1/devices", json={"name": "x", "areas": ["9901"]}, headers=csrf).json()["token"]
    account = f"/api/v1/accounts/{someone.id}/factor"
    assert two.post(f"{account}/confirm").json()["code"] == "factor_not_asked"
    assert one.post(account).status_code == 204
    assert one.post(f"{account}/confirm").json()["code"] == "factor_same"
    assert client.get("/api/v1/sessions").status_code == 200  # nothing has happened yet
    assert stage(browser, someone) == "code"
    assert two.post(f"{account}/confirm").status_code == 204
    assert client.get("/api/v1/sessions").status_code == 401
    bearer = {"Authorization": f"Bearer {device}"}
    assert browser().get("/api/v1/session", headers=bearer).status_code == 401
    assert stage(browser, someone) == "enrol"
    assert two.post(f"{account}/confirm").status_code == 409  # of use once
    assert changes(auth_app, someone) == [("admin", "factor:asked", None), ("admin", "factor:cleared", None)]


def test_an_administrator_alone_clears_nothing_but_on_the_server(
    auth_app: FastAPI, browser: Browser, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone, boss = person("officer", units=("office-99",)), person("admin", "only-admin")
    client = browser()
    client.headers["X-CSRF-Token"] = signed_in(client, boss)
    answer = client.post(f"/api/v1/accounts/{someone.id}/factor")
    assert (answer.status_code, answer.json()["code"]) == (409, "factor_alone")
    assert "socialmap users clear-factor somchai" in answer.json()["detail"]
    monkeypatch.setenv("DATABASE_URL", auth_app.state.settings.database_url)
    assert CliRunner().invoke(users, ["clear-factor", "somchai"]).exit_code == 2  # without a reason
    done = CliRunner().invoke(users, ["clear-factor", "somchai", "--reason", "โทรศัพท์หาย"])
    assert done.exit_code == 0, done.output
    assert stage(browser, someone) == "enrol"
    assert changes(auth_app, someone) == [("system", "factor:cleared", "โทรศัพท์หาย")]


def test_nobody_clears_their_own(person: People, admins: tuple[TestClient, TestClient], browser: Browser) -> None:
    person("admin", "third-admin")
    one, two = admins
    me = next(a["id"] for a in one.get("/api/v1/accounts").json()["accounts"] if a["login"] == "first-admin")
    assert one.post(f"/api/v1/accounts/{me}/factor").json()["code"] == "factor_own"
    assert two.post(f"/api/v1/accounts/{me}/factor").status_code == 204
    assert one.post(f"/api/v1/accounts/{me}/factor/confirm").json()["code"] == "factor_own"


def test_a_request_ends_with_the_day_and_with_who_asked(
    auth_app: FastAPI, person: People, admins: tuple[TestClient, TestClient]
) -> None:
    (one, two), someone = admins, person("officer", units=("office-99",))
    account = f"/api/v1/accounts/{someone.id}/factor"
    one.post(account)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE factor_request SET asked_at = now() - interval '25 hours'"))
    assert two.post(f"{account}/confirm").json()["code"] == "factor_not_asked"
    one.post(account)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        first = session.scalar(text("SELECT asked_by FROM factor_request"))
        disable_account(session, SYSTEM, first)
    assert two.post(f"{account}/confirm").json()["code"] == "factor_not_asked"


def test_the_pages_lead_through_it_and_tell_the_owner(
    auth_app: FastAPI, browser: Browser, person: People, admins: tuple[TestClient, TestClient]
) -> None:
    (one, two), someone = admins, person("officer", units=("office-99",))
    page = f"/admin/accounts/{someone.id}"
    form = {"csrf": field(one.get(page).text, "csrf")}
    assert one.post(f"{page}/factor", data=form).headers["location"] == f"{page}?said=asked"
    assert "รอผู้ดูแลระบบอีกคนยืนยัน" in one.get(page).text
    assert "first-admin ขอไว้เมื่อ" in two.get(page).text
    assert two.post(f"{page}/factor/confirm", data={"csrf": field(two.get(page).text, "csrf")}).status_code == 303
    client = browser()
    client.post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
    assert "การยืนยันสองชั้นของบัญชีนี้ถูกล้าง" in client.get("/signin/setup").text
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE account_session SET stage = 'full'"))
        session.execute(text("UPDATE account_session SET expires_at = now() + interval '1 hour'"))
    assert "การยืนยันสองชั้นของบัญชีนี้ถูกล้าง" in client.get("/account").text
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE account SET factor_cleared_at = now() - interval '15 days'"))
    assert "การยืนยันสองชั้นของบัญชีนี้ถูกล้าง" not in client.get("/account").text
