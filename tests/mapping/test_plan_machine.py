"""Several editors at random: no cycle, no second root, nothing lost, and the changes alone lead to the same plan."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.scope import Scope
from mapping.plan_asking import Operation, Step
from mapping.plan_changes import apply_operations, list_changes, tree_at
from mapping.plan_fields import FIELDS, PARENTS
from mapping.plan_making import create_from_template
from mapping.plan_operations import steps_of
from mapping.plan_restoring import TURNS, restore
from mapping.plan_tree import Change, Tree, fold, replay
from mapping.plans import PlanRecord, get_plan, get_tree
from tests.mapping.plan_trees import check_sound, same
from tests.scopes import SYSTEM

VERBS = ("add", "add", "set", "set", "set", "move", "move", "remove", "restore", "link", "unlink", "undo")


class Editors:
    """Three editors who each have seen the plan at some time, ask for anything, and send some of it twice."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.sent: list[Operation] = []

    def id(self) -> UUID:
        """Return an id that follows from the seed, so that what fails fails again."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def ask(self, tree: Tree) -> Operation:
        """Return an operation: mostly one that can be done, at times with an old base, now and then a wrong one."""
        chance = self.chance
        if self.sent and chance.random() < 0.1:
            return chance.choice(self.sent)
        part = chance.choice(list(tree.parts.values()))
        kind: Any = chance.choice(sorted(PARENTS))
        fitting = [each.id for each in tree.parts.values() if each.kind in PARENTS[kind]]
        parent, verb, to = chance.choice(fitting or [part.id]), chance.choice(VERBS), chance.choice(list(tree.parts))
        link: Any = chance.choice(["addresses", "relates"])
        if verb == "move":
            alike = [each.id for each in tree.parts.values() if each.kind in PARENTS[part.kind]]
            parent = chance.choice(alike or [part.id])
        if verb == "unlink" and tree.links:
            held = chance.choice(sorted(tree.links))
            part, to, link = tree.parts[held.from_id], held.to_id, held.kind
        near = [None, *tree.children.get(parent, ())]
        if chance.random() < 0.1:
            parent, to = self.id(), chance.choice(list(tree.parts))
            kind = chance.choice(sorted(PARENTS))
        made = Operation(
            id=self.id(),
            action=verb,  # type: ignore[arg-type]
            base=chance.choice([tree.number] * 8 + [chance.randint(0, tree.number)] * 7 + [tree.number + 1]),
            part=None if verb == "add" and chance.random() < 0.9 else part.id,
            kind=kind,
            parent=parent,
            before=chance.choice(near),
            after=chance.choice(near),
            field=chance.choice(["text", "text", "text", *FIELDS[part.kind], "budget"]),
            value=chance.choice(["ก", "ข", "ค", "ง", 3, None, "develop", "2026-01-31", "2026-02-28"]),
            fields={"text": chance.choice(["ก", "ข", "ค", ""])},
            to=to,
            link=link,
            number=chance.randint(0, tree.number),
        )
        self.sent.append(made)
        return made


def values_of(tree: Tree) -> set[tuple[UUID, str, Any]]:
    """Return every value that is shown or kept beside the shown one."""
    shown = {(part.id, name, str(value)) for part in tree.parts.values() for name, value in part.fields.items()}
    kept = {
        (part.id, name, str(one.value))
        for part in tree.parts.values()
        for name, held in part.kept.items()
        for one in held
        if one.value is not None
    }
    return shown | kept


class Room:
    """A plan in memory, as the database's lock lets its changes come: one operation after the other."""

    def __init__(self) -> None:
        self.tree, self.changes, self.done = Tree(), list[Change](), dict[UUID, int]()
        root = UUID(int=0)
        new = {"kind": "problem", "parent": None, "before": None, "fields": {"text": "ปัญหา"}}
        self.take(Step("add", root, new=new), uuid4())
        for place, kind in enumerate(("cause", "effect", "goal"), start=1):
            self.do(Operation(UUID(int=place), "add", self.tree.number, kind=kind, parent=root, fields={"text": kind}))  # type: ignore[arg-type]

    def do(self, asked: Operation) -> None:
        if asked.id in self.done:
            return
        own: set[int] = set()
        steps = [one for one in steps_of(self.tree, asked, own, self.find) if isinstance(one, Step)]
        for step in steps:
            self.take(step, asked.id)
        if steps:
            self.done[asked.id] = self.tree.number

    def take(self, step: Step, operation: UUID) -> None:
        number = self.tree.number + 1
        what = (step.action, step.part_id, step.field, step.old, step.new)
        self.changes.append(Change(number, operation, *what, min(step.base, number - 1), step.clashed))
        fold(self.tree, self.changes[-1])

    def find(self, number: int) -> Change | None:
        return self.changes[number - 1] if 1 <= number <= len(self.changes) else None


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_whatever_editors_ask_in_whatever_order_the_plan_stays_a_tree(seed: int) -> None:
    from boundaries.errors import SocialMapError

    editors, room = Editors(seed), Room()
    for _ in range(40):
        asked, before = editors.ask(room.tree), values_of(room.tree)
        parts, number = set(room.tree.parts), room.tree.number
        try:
            room.do(asked)
        except SocialMapError:
            assert room.tree.number == number
        check_sound(room.tree)
        assert parts <= set(room.tree.parts)
        lost = before - values_of(room.tree)
        # A value goes only by the hand of somebody who had seen it: of the field that was set, never of another.
        assert not lost or (asked.action in ("set", "undo") and len({(one[0], one[1]) for one in lost}) == 1)
    assert same(replay(room.changes), room.tree)


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_a_value_that_somebody_had_not_seen_is_kept(seed: int) -> None:
    """Set a field with an old base: what stood there is kept until a set that has seen both."""
    editors, room = Editors(seed), Room()
    (cause,) = room.tree.under(room.tree.root.id, "cause")
    told: list[str] = []
    for turn in range(8):
        value, stale = f"ค่า {turn}", editors.chance.random() < 0.5
        version = room.tree.parts[cause.id].versions["text"]
        base = editors.chance.randint(0, version - 1) if stale else room.tree.number
        told = [*told, room.tree.parts[cause.id].text] if stale else []
        room.do(Operation(uuid4(), "set", base, cause.id, field="text", value=value))
        part = room.tree.parts[cause.id]
        assert (part.text, [one.value for one in part.kept.get("text", ())]) == (value, told)


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_a_plan_comes_back_to_what_it_was_at_any_number(seed: int) -> None:
    from boundaries.errors import SocialMapError

    editors, room = Editors(seed), Room()
    while len(room.changes) < 30:
        with suppress(SocialMapError):
            room.do(editors.ask(room.tree))
    before = replay(room.changes[: editors.chance.randint(1, 30)])
    for turn in TURNS:
        for asked in list(turn(room.tree, before)):
            room.do(replace(asked, base=room.tree.number))
    check_sound(room.tree)
    assert outlined(room.tree) == outlined(before)


def play(session: Session, plan: PlanRecord, seed: int, turns: int) -> Iterator[PlanRecord]:
    """Let editors send small batches to a plan in the database; yield the plan after each."""
    editors = Editors(seed)
    for _ in range(turns):
        tree = get_tree(session, get_plan(session, SYSTEM, plan.id))
        asked = [editors.ask(tree) for _ in range(editors.chance.randint(1, 4))]
        who = Scope("officer", "internal", actor_id=UUID(int=editors.chance.randint(1, 3)))
        before = get_plan(session, SYSTEM, plan.id).number
        applied = apply_operations(session, Scope.system(who.role), plan.id, asked)
        assert [each.id for each in applied.results] == [each.id for each in asked]
        again = apply_operations(session, SYSTEM, plan.id, asked)
        sent = {each.id for each in applied.results if each.state == "done"}
        assert {each.id for each in again.results if each.state == "repeated"} >= sent
        assert before <= applied.plan.number <= again.plan.number
        yield again.plan


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_holds_what_the_changes_lead_to(demo_session: Session, seed: int) -> None:
    played(demo_session, seed, turns=12)


@pytest.mark.proof
@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_holds_what_any_changes_lead_to(demo_session: Session, seed: int) -> None:
    with demo_session.begin_nested() as inside:
        played(demo_session, seed, turns=25)
        inside.rollback()


def played(session: Session, seed: int, turns: int) -> None:
    plan = create_from_template(session, SYSTEM, "9901", "P01", date(2025, 10, 1))
    middle: tuple[int, Tree] | None = None
    for turn, now in enumerate(play(session, plan, seed, turns)):
        held = get_tree(session, now)
        check_sound(held)
        assert same(held, replay(list_changes(session, now)))
        if turn == turns // 2:
            middle = now.number, held
    assert middle is not None
    assert same(tree_at(session, get_plan(session, SYSTEM, plan.id), middle[0]), middle[1])
    done = restore(session, SYSTEM, plan.id, middle[0])
    assert {each.state for each in done.results} <= {"done", "same"}
    assert outlined(get_tree(session, done.plan)) == outlined(middle[1])
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # fails where two parts hold one place
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def outlined(tree: Tree) -> object:
    """Return what a plan shows: parts in their order with their fields, and links between shown ones."""
    shown = [tree.root, *tree.walk(tree.root.id)]
    ids = {part.id for part in shown}
    links = {link for link in tree.links if {link.from_id, link.to_id} <= ids}
    return [(part.id, part.parent_id, dict(part.fields)) for part in shown], links
