"""Accounts in the hands of administrators, and what the scope of an account reaches in the database."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from api.app import create_app
from api.auth.permissions import ROLES
from api.database import transaction
from api.dependencies import require
from layers.scope import Scope
from tests.auth.conftest import BASE, Person, signed_in

Browser = Callable[[], TestClient]
People = Callable[..., Person]
NOBODY = "00000000-0000-0000-0000-000000000000"
TABLES = (
    "account", "account_unit", "account_area", "account_session", "device_token", "recovery_code", "reset_link",
    "address_attempt", "sign_in_attempt", "factor_request",
)  # fmt: skip


@pytest.fixture
def admin(browser: Browser, person: People) -> TestClient:
    """A client signed in as an administrator."""
    client, someone = browser(), person("admin", "ad-min")
    client.headers["X-CSRF-Token"] = signed_in(client, someone)
    return client


def test_an_account_from_its_making_to_its_end(admin: TestClient, browser: Browser) -> None:
    given = {
        "login": "Somying", "name": "  สมหญิง   ใจสมมติ ", "role": "officer", "units": ["office-99"], "areas": ["9901"],
    }  # fmt: skip
    made = admin.post("/api/v1/accounts", json=given)
    assert made.status_code == 201, made.text
    account = f"/api/v1/accounts/{made.json()['account']}"
    state = admin.get(account).json()
    assert (state["login"], state["name"], state["units"]) == ("somying", "สมหญิง ใจสมมติ", ["office-99"])
    assert not {"password_hash", "totp_secret"} & state.keys()
    changed = admin.patch(account, json={"role": "lao_officer", "areas": ["990101"]})
    assert (changed.json()["role"], changed.json()["areas"]) == ("lao_officer", ["990101"])
    assert admin.post(f"{account}/disable").status_code == 204
    assert admin.get(account).json()["disabled_at"]
    assert admin.post(f"{account}/enable").status_code == 204
    link = admin.post(f"{account}/link")
    assert link.json()["path"] == "/reset"


BAD = (
    ({"login": "a"}, 400, "login_bad"),
    ({"login": "a b c"}, 400, "login_bad"),
    ({"login": "ad-min"}, 409, "login_taken"),
    ({"name": " "}, 400, "name_bad"),
    ({"name": "x\x00y"}, 400, "name_bad"),
    ({"role": "public"}, 400, "role_unknown"),
    ({"role": "system"}, 400, "role_unknown"),
    ({"units": ["nowhere"]}, 404, "unit_not_found"),
    ({"areas": ["9"]}, 400, "areas_bad"),
    ({"areas": ["๙๙"]}, 400, "areas_bad"),
    ({"role": "lao_officer", "areas": ["9901"]}, 400, "areas_not_explicit"),
    ({"password": "x"}, 400, "parameter_bad"),
)


@pytest.mark.parametrize(("other", "status", "code"), BAD)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    admin: TestClient, other: dict[str, object], status: int, code: str
) -> None:
    answer = admin.post("/api/v1/accounts", json={"login": "newcomer", "name": "x", "role": "officer", **other})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert len(admin.get("/api/v1/accounts").json()["accounts"]) == 1


def test_the_list_comes_in_pages(admin: TestClient, person: People) -> None:
    for number in range(4):
        person("oversight", f"somchai-{number}", factor=False)
    first = admin.get("/api/v1/accounts?limit=3").json()
    assert [one["login"] for one in first["accounts"]] == ["ad-min", "somchai-0", "somchai-1"]
    second = admin.get("/api/v1/accounts", params={"limit": 3, "after": first["next"]}).json()
    assert ([one["login"] for one in second["accounts"]], second["next"]) == (["somchai-2", "somchai-3"], None)
    assert admin.get("/api/v1/accounts?limit=101").status_code == 400
    assert admin.get("/api/v1/accounts?after=%00").status_code == 400


def test_the_last_administrator_stays(admin: TestClient, person: People) -> None:
    [me] = admin.get("/api/v1/accounts").json()["accounts"]
    account = f"/api/v1/accounts/{me['id']}"
    assert admin.post(f"{account}/disable").json()["code"] == "last_admin"
    assert admin.patch(account, json={"role": "officer"}).status_code == 409
    person("admin", "another")
    assert admin.post(f"{account}/disable").status_code == 204
    assert admin.get("/api/v1/accounts").status_code == 401


def test_another_role_ends_the_sessions(admin: TestClient, browser: Browser, person: People) -> None:
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    admin.patch(f"/api/v1/accounts/{someone.id}", json={"role": "auditor"})
    assert client.get("/api/v1/sessions").status_code == 401


MANAGED = (
    ("GET", "/api/v1/accounts"),
    ("POST", "/api/v1/accounts"),
    ("GET", f"/api/v1/accounts/{NOBODY}"),
    ("PATCH", f"/api/v1/accounts/{NOBODY}"),
    ("POST", f"/api/v1/accounts/{NOBODY}/disable"),
    ("POST", f"/api/v1/accounts/{NOBODY}/enable"),
    ("POST", f"/api/v1/accounts/{NOBODY}/link"),
    ("GET", "/api/v1/units"),
)
BODIES = {"/api/v1/accounts": {"login": "newcomer", "name": "x", "role": "officer"}}


@pytest.mark.parametrize("role", [None, *(role for role in ROLES if role != "admin")])
def test_nobody_else_manages_accounts(browser: Browser, person: People, role: str | None) -> None:
    client = browser()
    if role:
        client.headers["X-CSRF-Token"] = signed_in(client, person(role))
    for method, path in MANAGED:
        answer = client.request(method, path, json=BODIES.get(path, {}) if method != "GET" else None)
        assert answer.status_code == (403 if role else 401), (method, path, answer.text)
        assert answer.json()["title"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_signs_in_and_is_told_its_scope(browser: Browser, person: People, role: str) -> None:
    client = browser()
    signed_in(client, person(role, units=("office-99",), areas=("990101",)))
    state = client.get("/api/v1/session").json()
    assert (state["role"], state["areas"]) == (role, ["990101"])
    assert client.get("/api/v1/areas").status_code == 200


@pytest.mark.parametrize("role", [None, *ROLES])
def test_an_endpoint_may_require_a_permission(
    auth_app: FastAPI, browser: Browser, person: People, role: str | None
) -> None:
    """401 for strangers, 403 for others, in both languages; whoever holds it gets in."""
    made = create_app(auth_app.state.settings)
    made.add_api_route("/x", lambda: "in", dependencies=[Depends(require("audit.read"))])
    client = TestClient(made, base_url=BASE, raise_server_exceptions=False)
    if role:
        signed_in(client, person(role))
    answer = client.get("/x")
    assert answer.status_code == (401 if role is None else 200 if role == "auditor" else 403)
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] != answer.json()["detail_en"]
    made.state.engine.dispose()


def test_no_account_has_the_units_or_areas_of_another(admin: TestClient, browser: Browser, person: People) -> None:
    """Several accounts at once: what each is told is its own."""
    wanted = {
        "one": (("office-99",), (), ["99"]),
        "two": (("lao-9901",), (), ["990101", "990102"]),
        "three": ((), (), []),
        "four": (("office-99", "lao-9901"), ("9902",), ["9902"]),
    }
    people = {login: person("officer", login, units, areas) for login, (units, areas, _) in wanted.items()}
    listed = {each["login"]: each for each in admin.get("/api/v1/accounts").json()["accounts"]}
    for login, (units, areas, scope) in wanted.items():
        client = browser()
        signed_in(client, people[login])
        assert client.get("/api/v1/session").json()["areas"] == scope
        assert (listed[login]["units"], listed[login]["areas"]) == (sorted(units), list(areas))
        assert admin.get(f"/api/v1/accounts/{people[login].id}").json() == listed[login]


def test_an_account_reads_its_own_rows_alone_and_writes_none(auth_app: FastAPI, person: People) -> None:
    """In plain SQL, with the scope of one of two accounts; hashes of codes nobody reads."""
    me, _ = person("officer", units=("office-99",), areas=("9901",)), person("officer", "malee", units=("office-99",))
    scope = Scope("officer", "internal", actor_id=me.id, permissions=frozenset({"case.read", "account.manage"}))
    with transaction(auth_app.state.engine, scope) as session:
        assert session.execute(text("SELECT login FROM account")).scalars().all() == ["somchai"]
        assert session.execute(text("SELECT account_id FROM account_unit")).scalars().all() == [me.id]
        for table in ("recovery_code", "reset_link", "address_attempt"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
        assert session.execute(text("UPDATE account SET role = 'admin'")).rowcount == 0  # type: ignore[attr-defined]
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(text("INSERT INTO account_area VALUES (:id, 'TH')"), {"id": me.id})
        session.rollback()


@pytest.mark.parametrize("scope", [Scope.public(), Scope.committee(), Scope("admin", "committee", actor_id=uuid4())])
def test_others_read_nothing_of_accounts(auth_app: FastAPI, person: People, scope: Scope) -> None:
    person("officer", units=("office-99",), areas=("9901",))
    with transaction(auth_app.state.engine, scope) as session:
        for table in TABLES:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
