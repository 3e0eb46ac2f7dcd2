"""Teams of cases: reading a secret case takes two persons, and every change is on record."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from api.auth.permissions import PERMISSIONS
from api.database import transaction
from layers.scope import Scope
from tests.access.world import World
from tests.scopes import SYSTEM

READ = {"reason": "ติดตามผลตามแผน"}


@pytest.fixture(autouse=True)
def restored(world: World) -> Iterator[None]:
    """Put the teams back."""
    yield
    world.put_back()


def put(world: World, who: str, case: str, login: str) -> Response:
    return world.clients[who].put(f"/api/v1/cases/{world.cases[case]}/team/{login}")


def entries(world: World, case: str) -> list[tuple[object, ...]]:
    with transaction(world.app.state.engine, SYSTEM) as session:
        asked = "SELECT role, actor_id, details FROM audit_entry WHERE action = 'team_change' AND object_id = :id"
        found = session.execute(text(f"{asked} ORDER BY number"), {"id": str(world.cases[case])})
        return [tuple(row) for row in found]


def test_a_head_does_not_open_a_secret_case_alone(world: World) -> None:
    head, secret = world.clients["head"], f"/api/v1/cases/{world.cases['secret']}/read"
    answer = put(world, "head", "secret", "head-one")
    assert (answer.status_code, answer.json()["code"]) == (403, "team_self")
    assert "อีกคน" in answer.json()["detail"]
    assert head.post(secret, json=READ).status_code == 404
    assert put(world, "head", "own", "head-one").status_code == 403  # not secret today; it may be tomorrow


def test_who_was_put_in_by_somebody_else_reads_it_until_taken_out(world: World) -> None:
    """The one whom another head added; changes that change nothing leave no entry."""
    team, path = world.clients["head"], f"/api/v1/cases/{world.cases['secret']}/team"
    secret = f"/api/v1/cases/{world.cases['secret']}/read"
    boss, member = world.people["head"].id, str(world.people["case_team"].id)
    before = len(entries(world, "secret"))
    assert [one["login"] for one in team.get(path).json()["members"]] == ["case-team-one"]
    assert world.clients["case_team"].post(secret, json=READ).status_code == 200
    for _ in range(2):
        assert team.delete(f"{path}/case-team-one").status_code == 204
    assert world.clients["case_team"].post(secret, json=READ).status_code == 404
    for _ in range(2):
        assert put(world, "head", "secret", "case-team-one").status_code == 204
    assert world.clients["case_team"].post(secret, json=READ).status_code == 200
    assert entries(world, "secret")[before:] == [
        ("head", boss, {"change": "leave", "member": member}),
        ("head", boss, {"change": "join", "member": member}),
    ]


@pytest.mark.parametrize("login", ["officer-one", "officer-98-one", "auditor-one"])
def test_a_member_is_of_the_unit_and_of_a_role_that_works_in_teams(world: World, login: str) -> None:
    answer = put(world, "head", "secret", login)
    assert (answer.status_code, answer.json()["code"]) == (400, "team_member")


def test_injected_sql_of_a_head_joins_no_team(world: World) -> None:
    """Not even with the head's own signed scope: the product alone writes teams."""
    head: UUID = world.people["head"].id
    engine = world.app.state.engine
    with transaction(engine, SYSTEM) as session:
        unit = session.scalar(text("SELECT id FROM unit WHERE key = 'office-99'"))
    scope = Scope("head", "internal", frozenset({"99"}), units=frozenset({unit}), actor_id=head,
                  permissions=PERMISSIONS["head"])  # fmt: skip
    row = {"case": world.cases["secret"], "me": head, "unit": unit}
    insert = "INSERT INTO case_member (province_code, case_id, actor_id, unit_id) VALUES ('99', :case, :me, :unit)"
    with pytest.raises(ProgrammingError, match="row-level security"), transaction(engine, scope) as session:
        session.execute(text(insert), row)
    with transaction(engine, scope) as session:
        seen = session.scalars(text("SELECT actor_id FROM case_member")).all()
        changed = session.execute(text("UPDATE case_member SET actor_id = :me"), row).rowcount  # type: ignore[attr-defined]
    assert seen == [world.people["case_team"].id]
    assert changed == 0
