"""Several editors at random: no cycle, no second root, nothing lost, and the changes alone lead to the same plan."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from layers.scope import Scope
from mapping.plan_asking import Operation, Step
from mapping.plan_changes import apply_operations, list_changes, restore, tree_at
from mapping.plan_fields import FIELDS, PARENTS
from mapping.plan_making import create_from_template
from mapping.plan_operations import steps_of
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

    def ask(self, tree: Tree) -> Operation:
        """Return an operation, right or wrong, new or sent before."""
        if self.sent and self.chance.random() < 0.1:
            return self.chance.choice(self.sent)
        ids = sorted(tree.parts)
        pick = lambda: self.chance.choice([*ids, *ids, *ids, uuid4()])  # noqa: E731
        kind = self.chance.choice(sorted(PARENTS))
        field = self.chance.choice(["text", "text", "note", *FIELDS[kind]])
        base = self.chance.choice([tree.number, self.chance.randint(0, tree.number), tree.number + 1])
        made = Operation(
            id=uuid4(),
            action=self.chance.choice(VERBS),
            base=base,
            part=pick(),
            kind=kind,  # type: ignore[arg-type]
            parent=pick(),
            before=self.chance.choice([None, pick()]),
            after=self.chance.choice([None, pick()]),
            field=field,
            value=self.chance.choice(["ก", "ข", "ค", 3, None, "develop", "2026-01-31"]),
            fields={"text": self.chance.choice(["ก", "ข", ""])},
            to=pick(),
            link=self.chance.choice(["addresses", "relates"]),
            number=self.chance.randint(0, tree.number),
        )
        if made.action == "add" and self.chance.random() < 0.9:
            made = Operation(**{**vars(made), "part": None})
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
        root = uuid4()
        new = {"kind": "problem", "parent": None, "before": None, "fields": {"text": "ปัญหา"}}
        self.take(Step("add", root, new=new), uuid4())
        for kind in ("cause", "effect", "goal"):
            self.do(Operation(uuid4(), "add", self.tree.number, kind=kind, parent=root, fields={"text": kind}))  # type: ignore[arg-type]

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


def outlined(tree: Tree) -> object:
    """Return what a plan shows: parts in their order with their fields, and links between shown ones."""
    shown = [tree.root, *tree.walk(tree.root.id)]
    ids = {part.id for part in shown}
    links = {link for link in tree.links if {link.from_id, link.to_id} <= ids}
    return [(part.id, part.parent_id, dict(part.fields)) for part in shown], links
