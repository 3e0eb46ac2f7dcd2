"""What the database itself says of plans: one root, no cycle, kinds in their places, and whose plans a session sees."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from api.auth.permissions import PERMISSIONS
from api.database import make_engine, transaction
from layers.scope import Audience, Scope
from mapping.plan_approving import approve
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations, list_changes
from mapping.plan_examples import example, load_example, steps_of_example
from mapping.plan_making import create_from_steps, create_from_template
from mapping.plan_tree import replay
from mapping.plans import PlanRecord, get_plan, get_tree, list_plans
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.mapping.plan_trees import same
from tests.scopes import SYSTEM

YEAR, TODAY = date(2025, 10, 1), date(2026, 1, 15)
Plans = dict[str, PlanRecord]


def scope(role: str, audience: Audience, *areas: str) -> Scope:
    return Scope(role, audience, frozenset(areas), actor_id=UUID(int=7), permissions=PERMISSIONS[role])


OFFICER = scope("officer", "internal", "9901")
HEAD = scope("head", "internal", "99")
OF_ANOTHER = scope("head", "internal", "98")


@pytest.fixture(scope="module")
def own_engine(server: str) -> Iterator[Engine]:
    """Engine of the application role on a database of this file's own, with province 99."""
    with fresh_database(server) as url:
        made = make_engine(url, pool_size=6)
        with transaction(made, SYSTEM) as session:
            load_demo_boundaries(session)
        yield made
        made.dispose()


@pytest.fixture(scope="module")
def plans(own_engine: Engine) -> Plans:
    """Drafts of a province, two districts and a subdistrict; an approved plan, and one of a secret problem."""
    with transaction(own_engine, SYSTEM) as session:
        areas = {"province": "99", "district": "9901", "subdistrict": "990101", "other": "9902"}
        made = {name: create_from_template(session, SYSTEM, code, "P02", YEAR) for name, code in areas.items()}
        made["approved"] = load_example(session, SYSTEM, "b", "9901", TODAY)
        steps = steps_of_example(example("b"), "example:b")
        secret = create_from_steps(session, SYSTEM, "9901", "P04", YEAR, steps, "example:b")
        made["secret"] = approve(session, SYSTEM, secret.id, "การประชุมสมมติ", TODAY, TODAY)
    return made


READERS: tuple[tuple[Scope, str], ...] = (
    (OFFICER, "province district subdistrict approved secret"),
    (HEAD, "province district subdistrict other approved secret"),
    (scope("officer", "internal", "990102"), "province district approved secret"),
    (OF_ANOTHER, "approved"),
    (scope("oversight", "committee", "99"), "approved secret"),
    (scope("oversight", "committee", "98"), "approved"),
    (scope("partner", "partner", "99"), "approved"),
    (scope("lao_officer", "partner", "990101"), "approved"),
    (replace(HEAD, permissions=frozenset()), "approved secret"),
    (Scope.committee(), "approved secret"),
    (Scope.public(), "approved"),
)


@pytest.mark.parametrize(("who", "expected"), READERS)
def test_the_database_and_the_statement_agree_on_who_sees_which_plan(
    own_engine: Engine, plans: Plans, who: Scope, expected: str
) -> None:
    names = {plan.id: name for name, plan in plans.items()}

    def seen(session: Session, table: str, column: str) -> set[str]:
        return {names[one] for one in session.execute(text(f"SELECT DISTINCT {column} FROM {table}")).scalars()}

    with transaction(own_engine, who) as session:
        tables = [seen(session, "plan", "id"), *(seen(session, f"plan_{name}", "plan_id") for name in ("part", "link"))]
        history = seen(session, "plan_change", "plan_id")
    with transaction(own_engine, SYSTEM) as session:
        by_statement = {names[one.id] for one in list_plans(session, who)}
    assert [*tables, by_statement] == [set(expected.split())] * 4
    works = who.audience == "internal" and who.may("plan.read") and who is not OF_ANOTHER
    assert history == (set(expected.split()) if works else set())


WRITERS: tuple[tuple[Scope, str], ...] = (
    (OFFICER, "district subdistrict"),
    (HEAD, "province district subdistrict other"),
    (OF_ANOTHER, ""),
    (scope("oversight", "committee", "99"), ""),
    (Scope.public(), ""),
)
WRITES = (
    "UPDATE plan_part SET position = 5 WHERE plan_id = :plan",
    "UPDATE plan SET number = number + 1 WHERE id = :plan",
    "DELETE FROM plan_link WHERE plan_id = :plan",
)


@pytest.mark.parametrize("written", WRITES)
@pytest.mark.parametrize(("who", "writes"), WRITERS)
def test_a_session_writes_drafts_of_its_own_areas_alone(
    own_engine: Engine, plans: Plans, who: Scope, writes: str, written: str
) -> None:
    """Who approves plans may change an approved plan's own row, so that it can be superseded; never its parts."""
    allowed = set(writes.split())
    if who is HEAD and written.startswith("UPDATE plan SET"):
        allowed |= {"approved", "secret"}
    for name, plan in plans.items():
        with undone(own_engine, who) as session:
            touched = session.execute(text(written), {"plan": plan.id}).rowcount  # type: ignore[attr-defined]
        assert (touched > 0) == (name in allowed), name


@pytest.mark.parametrize(
    "written",
    [
        "DELETE FROM plan",
        "DELETE FROM plan_part",
        "UPDATE plan_change SET actor_id = NULL",
        "DELETE FROM plan_change",
        "TRUNCATE plan CASCADE",
        "UPDATE plan_link SET kind = 'relates'",
    ],
)
def test_nobody_deletes_plans_or_rewrites_their_history(own_engine: Engine, plans: Plans, written: str) -> None:
    for who in (HEAD, SYSTEM):
        with pytest.raises(ProgrammingError, match="permission denied"), undone(own_engine, who) as session:
            session.execute(text(written))


def test_an_officer_does_not_approve_by_statement(own_engine: Engine, plans: Plans) -> None:
    asked = text("UPDATE plan SET state = 'approved', approved_by = 'x', approved_on = now() WHERE id = :plan")
    with pytest.raises(ProgrammingError, match="row-level security"), undone(own_engine, OFFICER) as session:
        session.execute(asked, {"plan": plans["district"].id})


@pytest.mark.parametrize(("province", "area"), [("99", "9902"), ("98", "98"), ("99", "98")])
def test_a_plan_is_not_added_beyond_ones_own_areas(own_engine: Engine, province: str, area: str) -> None:
    asked = text(
        "INSERT INTO plan (province_code, id, area_code, problem_code, sensitivity, fiscal_year, origin)"
        " VALUES (:province, gen_random_uuid(), :area, 'P03', 'L1', '2025-10-01', 'x')"
    )
    with pytest.raises(DBAPIError, match=r"row-level security|area_code"), undone(own_engine, OFFICER) as session:
        session.execute(asked, {"province": province, "area": area})


NO_PARENT = "parent_id = NULL, parent_kind = NULL, parent_depth = NULL"
ILLEGAL = {
    "a second root": f"UPDATE plan_part SET kind = 'problem', {NO_PARENT} WHERE id = :leaf",
    "a part that hangs on nothing": f"UPDATE plan_part SET {NO_PARENT} WHERE id = :leaf",
    "under itself": ("UPDATE plan_part SET parent_id = id, parent_kind = kind, parent_depth = depth WHERE id = :cause"),
    "under its descendant": (
        "UPDATE plan_part SET parent_id = :leaf, parent_kind = 'cause', parent_depth = 2 WHERE id = :cause"
    ),
    "two under each other at once": (
        "UPDATE plan_part SET parent_kind = 'cause', parent_id = CASE id WHEN :cause THEN CAST(:leaf AS uuid)"
        " ELSE CAST(:cause AS uuid) END, parent_depth = CASE id WHEN :cause THEN 2 ELSE 1 END"
        " WHERE id IN (:cause, :leaf)"
    ),
    "a parent of another kind than said": "UPDATE plan_part SET parent_kind = 'problem' WHERE id = :leaf",
    "an illegal pair": (
        "UPDATE plan_part SET parent_id = :goal, parent_kind = 'goal', parent_depth = 1 WHERE id = :leaf"
    ),
    "a depth that is not so": "UPDATE plan_part SET parent_depth = 7 WHERE id = :leaf",
    "a parent of another plan": "UPDATE plan_part SET parent_id = :elsewhere WHERE id = :leaf",
    "a second goal": "UPDATE plan_part SET kind = 'goal' WHERE id = :effect",
    "a text that is none": "UPDATE plan_part SET fields = '{\"text\": 3}' WHERE id = :leaf",
    "no text": "UPDATE plan_part SET fields = '{}' WHERE id = :leaf",
    "a budget that is no number": 'UPDATE plan_part SET fields = fields || \'{"budget": "x"}\' WHERE id = :leaf',
    "a day that is none": 'UPDATE plan_part SET fields = fields || \'{"ends_on": "2026-02-31"}\' WHERE id = :leaf',
    "more parts than are allowed": "UPDATE plan_part SET ordinal = 2000 WHERE id = :leaf",
    "more parts under one than are allowed": "UPDATE plan_part SET position = 200 WHERE id = :leaf",
    "two in one place": (
        "SET CONSTRAINTS ALL IMMEDIATE;"
        " UPDATE plan_part SET position = 0 WHERE parent_kind = 'problem' AND plan_id = :plan"
    ),
    "a period that ends before it begins": (
        'UPDATE plan_part SET fields = fields || \'{"starts_on": "2026-02-02", "ends_on": "2026-02-01"}\''
        " WHERE id = :leaf"
    ),
    "more links than are allowed": ("INSERT INTO plan_link VALUES ('99', :plan, :cause, :leaf, 'relates', 1000)"),
    "two links in one place": (
        "INSERT INTO plan_link VALUES ('99', :plan, :cause, :leaf, 'relates', 900),"
        " ('99', :plan, :leaf, :cause, 'relates', 900)"
    ),
    "a link to another plan": "INSERT INTO plan_link VALUES ('99', :plan, :cause, :elsewhere, 'relates', 900)",
    "a link to itself": "INSERT INTO plan_link VALUES ('99', :plan, :cause, :cause, 'relates', 900)",
}


@pytest.mark.parametrize("what", ILLEGAL)
def test_no_statement_makes_what_a_plan_cannot_be(own_engine: Engine, plans: Plans, what: str) -> None:
    with undone(own_engine, SYSTEM) as session:
        tree, elsewhere = get_tree(session, plans["district"]), get_tree(session, plans["other"])
        root, cause = tree.root.id, tree.under(tree.root.id, "cause")[0]
        named = {"cause": cause.id, "leaf": tree.under(cause.id)[0].id, "goal": tree.under(root, "goal")[0].id}
        named |= {"effect": tree.under(root, "effect")[0].id, "plan": plans["district"].id}
        named["elsewhere"] = elsewhere.under(elsewhere.root.id, "cause")[0].id
        written = ILLEGAL[what]
        with pytest.raises(DBAPIError) as told:
            session.execute(text(written), {name: value for name, value in named.items() if f":{name}" in written})
        state = str(getattr(told.value.orig, "pgcode", ""))
        assert state.startswith(("23", "22")), told.value  # a rule of the tables, or a value that is none


def test_two_who_move_at_once_make_no_cycle(own_engine: Engine) -> None:
    """Each of the two moves would pass alone: the second one sees the first, because it waits for it."""
    with transaction(own_engine, SYSTEM) as session:
        plan = create_from_template(session, SYSTEM, "9903", "P08", YEAR)
        tree = get_tree(session, plan)
    root, (one, two) = tree.root.id, [part.id for part in tree.under(tree.root.id, "cause")[:2]]
    for _ in range(5):
        moves = (lambda session: moved(session, plan, one, two), lambda session: moved(session, plan, two, one))
        assert sorted(at_once(own_engine, *moves)) == ["done", "refused"]
        with transaction(own_engine, SYSTEM) as session:
            now = get_plan(session, SYSTEM, plan.id)
            held = get_tree(session, now)
            assert {held.root.id, *(part.id for part in held.walk(root))} == set(held.parts) == set(tree.parts)
            assert same(held, replay(list_changes(session, now)))
            for each in (one, two):
                moved(session, plan, each, root)


def test_two_who_type_at_once_lose_nothing(own_engine: Engine) -> None:
    with transaction(own_engine, SYSTEM) as session:
        plan = create_from_template(session, SYSTEM, "990301", "P08", YEAR)
        root = get_tree(session, plan).root

    def typing(words: str) -> Callable[[Session], str]:
        asked = Operation(uuid4(), "set", plan.number, root.id, field="note", value=words)
        return lambda session: apply_operations(session, SYSTEM, plan.id, [asked]).results[0].state

    assert at_once(own_engine, typing("ก"), typing("ข")) == ["done", "done"]
    with transaction(own_engine, SYSTEM) as session:
        part = get_tree(session, plan).root
    assert {part.fields["note"], *(one.value for one in part.kept["note"])} == {"ก", "ข"}


def moved(session: Session, plan: PlanRecord, part: UUID, parent: UUID) -> str:
    number = get_plan(session, SYSTEM, plan.id).number
    asked = Operation(uuid4(), "move", number, part, parent=parent)
    return apply_operations(session, SYSTEM, plan.id, [asked]).results[0].state


def at_once(engine: Engine, *jobs: Callable[[Session], str]) -> list[str]:
    """Run jobs in transactions that have all begun before the first one works."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[Session], str]) -> str:
        with transaction(engine, SYSTEM) as session:
            session.execute(text("SELECT 1"))
            gate.wait()
            return job(session)

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@contextmanager
def undone(engine: Engine, who: Scope) -> Iterator[Session]:
    """Give a session of somebody whose work is rolled back."""
    with engine.execution_options(scope=who).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
