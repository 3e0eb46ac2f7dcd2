"""Cases over HTTP: who reads which, that every look is on record, and that nothing of others shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.auth.permissions import ROLES
from api.database import transaction
from layers.cases import CaseValues, create_case
from layers.points import METRES_PER_DEGREE
from tests.auth.conftest import Person, signed_in
from tests.demo import INSIDE
from tests.layers.made import make_source
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]
REASON = "ติดตามผลตามแผน"


@dataclass(frozen=True)
class Made:
    """Cases by name: of the own office, of another district, secret, of another unit."""

    ids: dict[str, UUID]

    def name(self, case: str) -> str:
        return next(name for name, one in self.ids.items() if str(one) == case)


@pytest.fixture(scope="module")
def made(auth_app: FastAPI) -> Iterator[Made]:
    """Cases of two units and districts."""
    lat, lon = INSIDE
    with transaction(auth_app.state.engine, SYSTEM) as session:
        source = make_source(session)
        units = dict(tuple(row) for row in session.execute(text("SELECT key, id FROM unit")))
        ids = {}
        for name, code, problem, unit in (
            ("own", None, "P02.01", "office-99"),
            ("elsewhere", "990201", "P02.01", "office-99"),
            ("secret", "990101", "P04.01", "office-99"),
            ("local", "990101", "P02.02", "lao-9901"),
        ):
            point = {"lat": lat, "lon": lon} if code is None else {"stated_code": code}
            ids[name] = create_case(session, source, CaseValues(problem, date(2026, 1, 3), **point))  # type: ignore[arg-type]
            told = {"unit": units[unit], "id": ids[name]}
            session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), told)
    yield Made(ids)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text('DELETE FROM "case"'))


def entries(app: FastAPI, someone: Person) -> list[tuple[str, str | None, str | None]]:
    with transaction(app.state.engine, SYSTEM) as session:
        asked = "SELECT action, object_id, reason FROM audit_entry WHERE actor_id = :id ORDER BY number"
        return [tuple(row) for row in session.execute(text(asked), {"id": someone.id})]


def join_team(app: FastAPI, someone: Person, case: UUID) -> None:
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(
            text(
                "INSERT INTO case_member (province_code, case_id, actor_id, unit_id)"
                " SELECT '99', :case, :actor, id FROM unit WHERE key = 'office-99'"
            ),
            {"case": case, "actor": someone.id},
        )


def test_an_officer_lists_and_opens_own_cases_and_every_look_is_on_record(
    auth_app: FastAPI, made: Made, browser: Browser, person: People
) -> None:
    someone, client = person("officer", units=("office-99",), areas=("9901",)), browser()
    signed_in(client, someone)
    listed = client.get("/api/v1/cases").json()
    assert [made.name(one["id"]) for one in listed["cases"]] == ["own"]
    assert client.get("/api/v1/cases", params={"within": "9902"}).json()["cases"] == []
    detail = client.get(f"/api/v1/cases/{made.ids['own']}").json()
    assert (detail["area"], detail["lat"], detail["lon"]) == ("990101", *INSIDE)
    looked = [(action, object_id) for action, object_id, _ in entries(auth_app, someone)]
    assert looked[-3:] == [("list", None), ("list", None), ("case_read", str(made.ids["own"]))]


@pytest.mark.parametrize("name", ["elsewhere", "secret", "local"])
def test_ids_of_others_are_not_found(made: Made, browser: Browser, person: People, name: str) -> None:
    """The same answer as for an id that nobody has: that a case exists is not told."""
    client = browser()
    word = signed_in(client, person("officer", units=("office-99",), areas=("9901",)))
    nobody = client.get(f"/api/v1/cases/{uuid4()}").json()
    for path, body in ((f"/api/v1/cases/{made.ids[name]}", None), (f"/api/v1/cases/{made.ids[name]}/read", REASON)):
        answer = client.post(path, json={"reason": body}, headers={"X-CSRF-Token": word}) if body else client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, nobody["code"])
    identity = f"/api/v1/cases/{made.ids[name]}/identity"
    assert client.post(identity, json={"reason": REASON}, headers={"X-CSRF-Token": word}).status_code == 404


def test_a_secret_case_is_for_its_team_and_asks_for_a_reason(
    auth_app: FastAPI, made: Made, browser: Browser, person: People
) -> None:
    someone, client = person("case_team", units=("office-99",), areas=("99",)), browser()
    word = signed_in(client, someone)
    path = f"/api/v1/cases/{made.ids['secret']}"
    assert client.get(path).status_code == 404
    join_team(auth_app, someone, made.ids["secret"])
    refused = client.get(path)
    assert (refused.status_code, refused.json()["code"]) == (400, "audit_reason")
    opened = client.post(f"{path}/read", json={"reason": REASON}, headers={"X-CSRF-Token": word})
    assert (opened.status_code, opened.json()["sensitivity"]) == (200, "L3")
    assert entries(auth_app, someone)[-1] == ("case_read", str(made.ids["secret"]), REASON)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"officer", "case_team", "head", "lao_officer", "volunteer"}))
def test_other_roles_have_no_cases_at_all(made: Made, browser: Browser, person: People, role: str) -> None:
    client = browser()
    signed_in(client, person(role, units=("office-99",)))
    assert client.get("/api/v1/cases").status_code == 403
    assert client.get(f"/api/v1/cases/{made.ids['own']}").status_code == 403


def test_strangers_are_asked_to_sign_in(made: Made, browser: Browser) -> None:
    for path in ("/api/v1/cases", f"/api/v1/cases/{made.ids['own']}", "/api/v1/points"):
        assert browser().get(path).status_code == 401


def test_partners_see_moved_places_of_their_own_open_cases(
    auth_app: FastAPI, made: Made, browser: Browser, person: People
) -> None:
    client = browser()
    signed_in(client, person("partner", units=("office-99",)))
    reads = [client.get("/api/v1/points", params={"within": "99"}).json()["features"] for _ in range(3)]
    assert reads[0] == reads[1] == reads[2]
    (feature,) = reads[0]
    lon, lat = feature["geometry"]["coordinates"]
    moved = ((lon - INSIDE[1]) ** 2 + (lat - INSIDE[0]) ** 2) ** 0.5 * METRES_PER_DEGREE
    assert moved > 190
    assert feature["properties"]["id"] is None
    assert str(made.ids["own"]) not in str(reads[0])


def test_an_officer_sees_exact_places(made: Made, browser: Browser, person: People) -> None:
    client = browser()
    signed_in(client, person("officer", units=("office-99",)))
    (feature,) = client.get("/api/v1/points", params={"within": "9901"}).json()["features"]
    assert feature["geometry"]["coordinates"] == [INSIDE[1], INSIDE[0]]
    assert feature["properties"]["place"] == "exact"


def test_pages_follow_each_other_to_the_end(auth_app: FastAPI, made: Made, browser: Browser, person: People) -> None:
    client = browser()
    signed_in(client, person("officer", units=("office-99",)))
    seen, path = [], "/api/v1/cases?limit=1"
    while path:
        page = client.get(path).json()
        seen += [made.name(one["id"]) for one in page["cases"]]
        path = page["next"]
    assert sorted(seen) == ["elsewhere", "own"]
    assert client.get("/api/v1/cases?cursor=YWZ0ZXI6eA").status_code == 400
