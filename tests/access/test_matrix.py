"""Every route by every role: status and what comes back, within and beyond one's own units and areas."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.database import transaction
from tests.access.matrix import ASKING, Outcome, Row, documented, outcome, routes, rows
from tests.access.world import World
from tests.scopes import SYSTEM

ROWS = rows()


@pytest.mark.parametrize("who", ASKING)
@pytest.mark.parametrize("row", ROWS, ids=[row.ask.replace("/", ".") for row in ROWS])
def test_each_route_answers_each_role_as_the_matrix_says(world: World, row: Row, who: str) -> None:
    """Within the run every answer is also searched for cases and persons that are not the asker's."""
    found = outcome(world, row, who)
    assert found == row.expected(who)
    if row.method != "GET" and not was_refused(row, found):
        world.put_back()


def was_refused(row: Row, found: Outcome) -> bool:
    """Say whether a request changed nothing: refused to who asked, and no try to sign in, which is counted."""
    statuses = found if isinstance(found, dict) else found[:1] if isinstance(found, list) else [found]
    counted = any(word in row.path for word in ("session", "sign", "factor", "password"))
    return not counted and set(statuses) <= {401, 403, 404, 405}


def test_every_route_has_a_row_and_every_row_a_route(access_app: FastAPI) -> None:
    """A new route fails here until somebody has said who may ask it."""
    held = {(row.method, row.path) for row in ROWS}
    assert routes(access_app) - held == set()
    assert held - routes(access_app) == set()
    assert documented(access_app) - held == set()


def test_every_row_says_what_everybody_is_answered() -> None:
    for row in ROWS:
        named = [who for names in row.expect for who in names.split()]
        assert len(named) == len(set(named)), row.ask
        assert set(named) <= {*ASKING, "everybody"}, row.ask
        assert "everybody" in named or set(named) == set(ASKING), row.ask


def counted(world: World, level: str, within: str) -> dict[str, float]:
    """Count the cases of a fiscal year as they are."""
    with transaction(world.app.state.engine, SYSTEM) as session:
        asked = (
            "SELECT area_code, sum(cases) FROM case_count WHERE level = :level AND grain = 'fy'"
            " AND period = '2025-10-01' AND length(problem_code) = 3 AND area_code LIKE :within || '__' GROUP BY 1"
        )
        rows = session.execute(text(asked), {"level": level, "within": within})
        return {code: float(cases) for code, cases in rows}


def shown(world: World, who: str, level: str, within: str) -> dict[str, float]:
    """Read the figures that somebody is shown."""
    asked = {"level": level, "within": within, "period": "fy2569", "measure": "count"}
    told = world.clients[who].get("/api/v1/figures", params=asked).json()
    return {one["code"]: one["value"] for one in told["rows"]}


@pytest.mark.parametrize("who", ASKING)
def test_figures_are_exact_for_the_office_in_its_own_areas_and_nowhere_else(world: World, who: str) -> None:
    exact = {"officer": {"9901"}, "case_team": {"9901"}, "head": {"9901", "99"}, "officer_98": {"98"}}.get(who, set())
    for level, within in (("subdistrict", "9901"), ("district", "99"), ("district", "98")):
        truth, found = counted(world, level, within), shown(world, who, level, within)
        assert set(found) == set(truth)
        if within in exact:
            assert found == truth
        else:
            assert found != truth
            assert all(value is None or value % 5 == 0 for value in found.values())


def test_what_is_not_ones_own_is_not_taken_for_nothing(world: World) -> None:
    """Rollups beyond one's own areas read as empty; zero would say that there are no cases."""
    for who, beyond in (("officer", "98"), ("officer_98", "99")):
        told = world.clients[who].get(f"/api/v1/figures?within={beyond}&level=district&period=fy2569&measure=count")
        assert {row["state"] for row in told.json()["rows"]} == {"ok"}
