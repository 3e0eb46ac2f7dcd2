"""What the scope of a real account reaches in the database, what the audit tells of it, and values of all kinds."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from api.auth.permissions import ROLES
from api.auth.scopes import scope_of
from api.auth.sessions import find_session, standing
from api.database import transaction
from layers.cases import CaseValues, create_case
from layers.scope import Scope
from tests.auth.conftest import PASSWORD, Person, signed_in
from tests.layers.made import make_source
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]

CASES = (
    # name, subdistrict, problem (P04 is secret), unit
    ("own", "990101", "P02.01", "office-99"),
    ("elsewhere", "990201", "P02.01", "office-99"),
    ("secret", "990101", "P04.01", "office-99"),
    ("local", "990101", "P02.02", "lao-9901"),
    ("nobodys", "990101", "P02.02", None),
)
REACH: dict[str, set[str]] = {
    "partner": set(),
    "lao_officer": {"own"},
    "volunteer": set(),
    "officer": {"own"},
    "case_team": {"own", "secret"},
    "head": {"own", "secret"},
    "oversight": set(),
    "admin": set(),
    "auditor": set(),
}
"""Which cases each role reads as one of `office-99` in 990101 whom the secret case's team names."""


@pytest.fixture(scope="module")
def cases(auth_app: FastAPI) -> Iterator[dict[str, str]]:
    """Cases by name, taken away at the end."""
    with transaction(auth_app.state.engine, SYSTEM) as session:
        source = make_source(session)
        units = dict(tuple(row) for row in session.execute(text("SELECT key, id FROM unit")))
        made = {}
        for name, code, problem, unit in CASES:
            case = create_case(session, source, CaseValues(problem, date(2026, 1, 3), stated_code=code))
            told = {"unit": units.get(unit), "id": case}
            session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), told)
            made[str(case)] = name
    yield made
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text('DELETE FROM "case"'))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_its_own_cases_in_plain_sql(
    auth_app: FastAPI, cases: dict[str, str], browser: Browser, person: People, role: str
) -> None:
    someone, client = person(role, units=("office-99",), areas=("990101",)), browser()
    signed_in(client, someone)
    engine = auth_app.state.engine
    with transaction(engine, SYSTEM) as session:
        secret = next(case for case, name in cases.items() if name == "secret")
        session.execute(
            text(
                "INSERT INTO case_member (province_code, case_id, actor_id, unit_id)"
                " SELECT '99', :case, :actor, id FROM unit WHERE key = 'office-99'"
            ),
            {"case": secret, "actor": someone.id},
        )
        row = find_session(session, client.cookies["__Host-socialmap"])
        assert row is not None
        scope = scope_of(standing(row))
    with transaction(engine, scope) as session:
        found = {cases[str(case)] for case in session.scalars(text('SELECT id FROM "case"'))}
    assert found == REACH[role]


def audited(app: FastAPI, someone: Person) -> list[tuple[object, ...]]:
    with transaction(app.state.engine, SYSTEM) as session:
        found = session.execute(
            text(
                "SELECT action, role, actor_id IS NOT NULL, details FROM audit_entry"
                " WHERE object_id = :id ORDER BY number"
            ),
            {"id": str(someone.id)},
        )
        return [tuple(row) for row in found]


def test_signing_in_and_out_and_changes_are_on_record(auth_app: FastAPI, browser: Browser, person: People) -> None:
    boss, someone = person("admin", "ad-min"), person("officer", units=("office-99",))
    admin, client = browser(), browser()
    admin.headers["X-CSRF-Token"] = signed_in(admin, boss)
    client.post("/api/v1/session", json={"login": someone.login, "password": "not the password"})
    client.headers["X-CSRF-Token"] = signed_in(client, someone)
    client.delete("/api/v1/session")
    account = f"/api/v1/accounts/{someone.id}"
    admin.patch(account, json={"role": "lao_officer", "areas": ["990101"]})
    admin.post(f"{account}/link")
    admin.post(f"{account}/disable")
    assert audited(auth_app, someone)[-7:] == [
        ("sign_in_failed", "public", False, {"cause": "password", "tries": 1}),
        ("sign_in", "officer", True, {"method": "second-factor"}),
        ("sign_out", "officer", True, {"cause": "own"}),
        ("role_change", "admin", True, {"before": "officer", "after": "lao_officer"}),
        ("account_change", "admin", True, {"change": "areas", "areas": ["990101"]}),
        ("account_change", "admin", True, {"change": "link"}),
        ("account_change", "admin", True, {"change": "disabled"}),
    ]


def test_unknown_names_make_nothing_grow(auth_app: FastAPI, browser: Browser) -> None:
    with transaction(auth_app.state.engine, SYSTEM) as session:
        before = session.scalar(text("SELECT count(*) FROM audit_entry"))
    browser().post("/api/v1/session", json={"login": "nobody", "password": PASSWORD})
    with transaction(auth_app.state.engine, Scope.system("test")) as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entry")) == before


def test_half_letters_are_wrong_and_no_fault(browser: Browser, person: People) -> None:
    person("oversight", factor=False)
    for login in ("somchai", "nobody", r"\ud800"):
        body = f'{{"login": "{login}", "password": "\\ud800\\udfff\\udc00"}}'.encode()
        answer = browser().post("/api/v1/session", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == (400 if "ud800" in login else 401), answer.text


ANY = st.text(max_size=30) | st.sampled_from(["\x00", "\ud800", "' OR 1=1--", "x" * 500, "../..", "99", "\u202e", ""])
SENT = (
    ("POST", "/api/v1/session", ("login", "password")),
    ("POST", "/api/v1/session/code", ("code",)),
    ("POST", "/api/v1/devices", ("name", "areas")),
    ("POST", "/api/v1/accounts", ("login", "name", "role", "units", "areas")),
    ("POST", "/admin/accounts", ("login", "name", "role", "unit", "areas", "csrf")),
    ("POST", "/account/devices", ("name", "areas")),
    ("POST", "/account/sessions", ("id",)),
    ("POST", "/account/password", ("present", "password", "again")),
    ("POST", "/reset", ("code", "password", "again")),
    ("POST", "/signin", ("login", "password", "next")),
    ("GET", "/signin", ("next",)),
    ("GET", "/admin/accounts", ("after", "said")),
    ("GET", "/api/v1/accounts", ("after", "limit")),
)


def test_no_value_breaks_an_address(auth_app: FastAPI, browser: Browser, person: People) -> None:
    """Whatever is sent as JSON, form or parameter, by an administrator or anybody: never a fault."""
    client, stranger = browser(), browser()
    word = signed_in(client, person("admin", "ad-min"))

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(sent=st.sampled_from(SENT), data=st.data(), known=st.booleans())
    def ask(sent: tuple[str, str, tuple[str, ...]], data: st.DataObject, known: bool) -> None:
        method, path, names = sent
        values = {name: data.draw(ANY) for name in names}
        asking = client if known and path not in ("/signin", "/reset", "/api/v1/session") else stranger
        headers = {"X-CSRF-Token": word}
        lists = {name: [value] if name in ("units", "areas") else value for name, value in values.items()}
        if method == "GET":
            plain = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
            answer = asking.get(path, params=plain)
        elif path.startswith("/api"):
            import json

            body = json.dumps(lists).encode()
            answer = asking.post(path, content=body, headers={**headers, "Content-Type": "application/json"})
        else:
            plain = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
            answer = asking.post(path, data=plain, headers=headers)
        assert answer.status_code < 500, (path, values, answer.text)

    ask()
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM address_attempt"))
