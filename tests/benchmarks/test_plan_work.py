"""How long it takes to add up the plans of the country, as readers ask for it: against the number of activities."""

import time
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from api.database import make_engine, reading, transaction
from layers.scope import Scope
from mapping.plan_country import country_plans
from mapping.plan_examples import load_example
from mapping.plan_work import list_overdue, roll_up
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.guarded import owning
from tests.scopes import SYSTEM

pytestmark = pytest.mark.bench

YEAR, DURING, AFTER = date(2025, 10, 1), date(2026, 1, 15), date(2026, 7, 15)
PROVINCES, EACH = 77, 13
MILLISECONDS = 3_000
OFFICER = Scope("officer", "internal", frozenset({"99"}), actor_id=UUID(int=7), permissions=frozenset({"plan.read"}))
COLUMNS = {
    "plan": "sensitivity, fiscal_year, state, approved_by, approved_on, origin, number",
    "plan_part": "kind, parent_kind, parent_depth, position, ordinal, fields, versions, kept, removed, origin",
}
TWIN = "md5(:twin || {column}::text)::uuid"


@pytest.fixture(scope="module")
def country(server: str) -> Iterator[Engine]:
    """A thousand approved plans over seventy-seven provinces, each the same example."""
    with fresh_database(server) as url:
        engine = make_engine(url)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            plan = load_example(session, SYSTEM, "a", "9901", DURING)
        with transaction(engine, SYSTEM) as session:
            id_, parent = TWIN.format(column="id"), TWIN.format(column="parent_id")
            plans = (
                f"INSERT INTO plan (province_code, id, area_code, problem_code, {COLUMNS['plan']})"
                f" SELECT :province, {id_}, :area, problem_code, {COLUMNS['plan']} FROM plan WHERE id = :plan"
            )
            parts = (
                f"INSERT INTO plan_part (province_code, plan_id, id, parent_id, {COLUMNS['plan_part']})"
                f" SELECT :province, {TWIN.format(column='plan_id')}, {id_}, {parent}, {COLUMNS['plan_part']}"
                " FROM plan_part WHERE plan_id = :plan"
            )
            for number in range(PROVINCES * EACH):
                province = f"{23 + number % PROVINCES}"
                told = {"province": province, "area": f"{province}{11 + number // PROVINCES}"}
                for asked in (plans, parts):
                    session.execute(text(asked), told | {"twin": str(number), "plan": plan.id})
        with owning(server, engine) as owner, owner.begin() as connection:
            connection.execute(text("ANALYZE"))
        yield engine
        engine.dispose()


@pytest.mark.parametrize("scope", [Scope.public(), OFFICER], ids=["public", "officer"])
def test_the_country_is_added_up_while_one_waits(country: Engine, scope: Scope) -> None:
    taken = {}
    for name, ask in {
        "roll_up": lambda session: roll_up(session, scope, "TH", YEAR, AFTER).whole["approved"].plans,
        "one province": lambda session: roll_up(session, scope, "99", YEAR, AFTER).whole["approved"].plans,
        "overdue": lambda session: len(list_overdue(session, scope, "TH", YEAR, AFTER, 100)),
        "country": lambda session: country_plans(session, scope, YEAR).plans,
    }.items():
        with reading(country, scope) as session:
            began = time.perf_counter()
            found = ask(session)  # type: ignore[no-untyped-call]
            taken[name] = (round((time.perf_counter() - began) * 1000), found)
    print(f"\n{scope.role}: " + ", ".join(f"{name} {ms} ms ({found})" for name, (ms, found) in taken.items()))
    assert taken["roll_up"][1] == taken["country"][1] == PROVINCES * EACH + 1
    assert max(ms for ms, _ in taken.values()) < MILLISECONDS
