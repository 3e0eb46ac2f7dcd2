"""Ids of others in every route that takes one: the same answer as for an id that nobody has, and no effect."""

import json
import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from api.database import transaction
from tests.access.attacks import ROWS, held
from tests.access.matrix import Row, filled
from tests.access.world import REACH, World
from tests.scopes import SYSTEM

ASKED = tuple({(row.method, row.path): row for row in ROWS if "{" in row.path}.values())
GIVEN = {"secret", "nobodys", "sent", "sent_by_other"}
OPEN = (
    "/maps/",
    "/api/v1/sheets/",
    "/api/v1/exports/",
    "/api/v1/work.",
    "/print/",
    "/prints/all/",
    "/plans/assets/",
    "/api/v1/areas/",
    "/api/v1/mindmaps/",
    "/errors/",
    "/assets/",
    "/field/",
)
"""Addresses of what is published: there is no owner."""


def told(world: World, who: str, row: Row, given: str) -> tuple[int, str]:
    """Ask a route with an id and return what is told, without the id and the request's own number."""
    path = re.sub(r"\{\w+\}", given, row.path.replace("{name}", "assets"))
    client = world.clients[who]
    body = (
        {"data": row.form} if row.form is not None else {"json": json.loads(filled(json.dumps(row.json), world.named))}
    )
    answer = client.request(row.method, path, **body)  # type: ignore[arg-type]
    shown = answer.text.replace(given, "…")
    return answer.status_code, re.sub(r'"request_id":\s*"\w+"', "", re.sub(r'nonce[-=]"?[\w-]+', "", shown))


@pytest.mark.parametrize(
    "row", [row for row in ASKED if "case_id" in row.path], ids=lambda row: f"{row.method} {row.path}"
)
@pytest.mark.parametrize("who", ["officer", "case_team", "head", "officer_98", "lao_officer", "volunteer"])
def test_a_case_of_others_is_answered_as_one_that_does_not_exist(world: World, row: Row, who: str) -> None:
    nobody = told(world, who, row, str(uuid4()))
    # Who assigns cases says who works on a secret one of the own unit, and does not read it.
    own = REACH[who] | ({"secret"} if who == "head" and "/team" in row.path else set())
    # … and to which unit it goes, also of one that is nobody's yet.
    own |= GIVEN if who == "head" and "/assignment" in row.path else set()
    for name, case in world.cases.items():
        if name not in own:
            assert told(world, who, row, str(case)) == nobody, name


def test_sessions_and_devices_of_others_stay_as_they_are(world: World) -> None:
    """The answer is that of a random id, and neither ends."""
    for kind in ("session", "device"):
        (row,) = [row for row in ASKED if f"{kind}_id" in row.path]
        for who in ("officer", "admin", "oversight"):
            for form in ("/account/sessions", "/account/devices/revoke"):
                other, random = world.ids[f"{kind}_officer_98"], str(uuid4())
                assert told(world, who, row, other) == told(world, who, row, random)
                answers = [world.clients[who].post(form, data={"id": one}) for one in (other, random)]
                assert answers[0].status_code == answers[1].status_code == 303
                assert answers[0].headers["location"] == answers[1].headers["location"]
    assert world.clients["officer_98"].get("/api/v1/sessions").json()["sessions"]
    assert world.ids["device_officer_98"] in world.clients["officer_98"].get("/api/v1/devices").text


@pytest.mark.parametrize(
    "row", [row for row in ASKED if "account_id" in row.path], ids=lambda row: f"{row.method} {row.path}"
)
def test_an_account_is_the_administrators_alone_whether_it_exists_or_not(world: World, row: Row) -> None:
    before = held(world)
    for who in ("officer", "head", "auditor", "oversight"):
        mine, other, nobody = str(world.people[who].id), str(world.people["spare"].id), str(uuid4())
        assert len({told(world, who, row, one) for one in (mine, other, nobody)}) == 1
        assert told(world, who, row, nobody)[0] == 403
    assert told(world, "admin", row, str(uuid4()))[0] == 404
    assert held(world) == before


def test_units_editions_sources_and_releases_have_no_address(world: World) -> None:
    """What is not published one by one is not found by counting either."""
    for place in ("units", "editions", "releases", "release", "sources", "persons", "users", "members", "case_events"):
        for number in ("1", "2", str(world.cases["own"])):
            answer = world.clients["admin"].get(f"/api/v1/{place}/{number}")
            assert answer.status_code == 404, (place, number)


def test_collections_hold_published_things_only(world: World) -> None:
    """An id of a case, an account or a session is no item of any collection."""
    private = [str(world.cases["own"]), str(world.people["officer"].id), world.ids["session_officer"]]
    for name in ("assets", "provinces", "districts", "subdistricts"):
        for one in private:
            for who in ("anonymous", "officer"):
                assert world.clients[who].get(f"/ogc/collections/{name}/items/{one}").status_code == 404


def test_ids_in_bodies_reach_no_further(world: World) -> None:
    """Units and areas beyond one's own cannot be given to a device; an unknown unit is refused by name."""
    officer = world.clients["officer"]
    for areas in (["98"], ["TH"], ["9901", "98"], ["9902"], []):
        assert officer.post("/api/v1/devices", json={"name": "x", "areas": areas}).status_code == 400, areas
    for who in ("head", "officer", "auditor"):
        given = {"login": "grown-one", "name": "x", "role": "admin", "units": ["office-98"], "areas": ["TH"]}
        assert world.clients[who].post("/api/v1/accounts", json=given).status_code == 403
        mine = f"/api/v1/accounts/{world.people[who].id}"
        assert world.clients[who].patch(mine, json={"role": "admin"}).status_code == 403
    extra = {"name": "x", "id": str(uuid4()), "created_by": str(uuid4()), "password_hash": "x"}
    assert world.clients["admin"].patch(f"/api/v1/accounts/{world.people['spare'].id}", json=extra).status_code == 400


def test_a_case_that_is_looked_for_and_not_found_tells_nothing_by_the_audit(world: World) -> None:
    """Only looks that were answered are noted as looks; else the audit would confirm which ids exist."""
    engine, case = world.app.state.engine, str(world.cases["far_secret"])
    world.clients["officer"].get(f"/api/v1/cases/{case}")
    with transaction(engine, SYSTEM) as session:
        asked = "SELECT count(*) FROM audit_entry WHERE object_id = :id AND actor_id = :who"
        assert session.scalar(text(asked), {"id": case, "who": world.people["officer"].id}) == 0


@pytest.mark.parametrize(
    "row", [row for row in ASKED if "plan_id" in row.path], ids=lambda row: f"{row.method} {row.path}"
)
def test_a_plan_of_others_is_answered_as_one_that_does_not_exist(world: World, row: Row) -> None:
    """Drafts of other provinces and approved plans of secret problems; the database says so to a session by itself."""
    before = held(world)
    for who, others in (
        ("officer", ("plan_98",)),
        ("head", ("plan_98",)),
        ("officer_98", ("plan_draft", "plan_secret")),
    ):
        nobody = told(world, who, row, str(uuid4()))
        assert nobody[0] in (403, 404)
        for name in others:
            assert told(world, who, row, world.ids[name]) == nobody, (who, name)
    assert held(world) == before


@pytest.mark.parametrize(
    "row", [row for row in ASKED if "meeting_id" in row.path], ids=lambda row: f"{row.method} {row.path}"
)
def test_a_meeting_of_others_is_answered_as_one_that_does_not_exist(world: World, row: Row) -> None:
    """Meetings of the other province, by API and by pages."""
    before = held(world)
    for who, other in (("officer", "meeting_98"), ("head", "meeting_98"), ("officer_98", "meeting_99")):
        nobody = told(world, who, row, str(uuid4()))
        assert nobody[0] in (403, 404)
        assert told(world, who, row, world.ids[other]) == nobody, who
    assert held(world) == before


@pytest.mark.parametrize(
    "row", [row for row in ASKED if "alert_id" in row.path], ids=lambda row: f"{row.method} {row.path}"
)
def test_an_alert_of_others_is_answered_as_one_that_does_not_exist(world: World, row: Row) -> None:
    """Those of a colleague, of the head of one's own office, and of the other province."""
    before = held(world)
    for who, others in (
        ("officer", ("alert_head", "alert_officer_98")),
        ("head", ("alert_officer",)),
        ("officer_98", ("alert_head", "alert_officer")),
        ("admin", ("alert_head", "alert_officer")),
    ):
        nobody = told(world, who, row, str(uuid4()))
        assert nobody[0] == 404
        for other in others:
            assert told(world, who, row, world.ids[other]) == nobody, (who, other)
    assert held(world) == before


def test_a_webhook_is_the_administrators_alone(world: World) -> None:
    [row] = [row for row in ASKED if "hook_id" in row.path]
    before = held(world)
    for who in world.clients:
        if who not in ("admin", "anonymous"):
            nobody = told(world, who, row, str(uuid4()))
            assert nobody[0] == 403
            assert told(world, who, row, world.ids["webhook"]) == nobody, who
    assert told(world, "admin", row, str(uuid4()))[0] == 404
    assert held(world) == before


def test_the_rows_with_ids_are_all_attacked() -> None:
    """A new route with an id belongs to a test above, to those of imports, prints and referrals, or is open to all."""
    kinds = ("case", "account", "session", "device", "upload", "run", "job", "plan", "name", "meeting", "referral")
    kinds += ("envelope", "alert", "hook")
    rest = [row.path for row in ASKED if not any(f"{kind}_id" in row.path for kind in kinds)]
    assert [path for path in rest if not path.startswith((*OPEN, "/ogc/"))] == []
