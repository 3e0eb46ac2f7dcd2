"""A plan as it was right after an earlier change, made again by new changes: the history only ever grows."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from layers.cases import new_id
from layers.scope import Scope
from mapping.plan_asking import Operation
from mapping.plan_changes import MOST_OPERATIONS, Applied, Result, apply_to, tree_at
from mapping.plan_tree import Part, Tree
from mapping.plans import PlanRecord, get_tree, lock_draft


def restore(session: Session, scope: Scope, plan_id: UUID, number: int) -> Applied:
    """Make a draft what it was right after a change, by new changes; nothing is taken out of the history.

    Raises as apply_operations, and ChangeNotFound. Parts that came later are taken away, not deleted.
    """
    plan = lock_draft(session, scope, plan_id)
    return reach(session, scope, plan, tree_at(session, plan, number))[0]


def reach(session: Session, scope: Scope, plan: PlanRecord, wanted: Tree) -> tuple[Applied, list[Operation]]:
    """Make a locked draft what a tree shows, by new changes; return what came of them, and what was asked for it."""
    results: list[Result] = []
    asked: list[Operation] = []
    applied = Applied((), plan, get_tree(session, plan))
    for turn in TURNS:
        operations = list(turn(applied.tree, wanted))
        for first in range(0, len(operations), MOST_OPERATIONS):
            some = [replace(each, base=applied.plan.number) for each in operations[first : first + MOST_OPERATIONS]]
            applied = apply_to(session, scope, applied.plan, some)
            results += applied.results
            asked += some
    return replace(applied, results=tuple(results)), asked


def _adding(tree: Tree, wanted: Tree) -> Iterator[Operation]:
    """Yield what adds the parts that are new, each after the one above it."""
    for part in wanted.walk(wanted.root.id):
        if part.id not in tree.parts:
            fields, origin = part.fields, part.origin
            yield Operation(
                new_id(), "add", 0, part.id, kind=part.kind, parent=part.parent_id, fields=fields, origin=origin
            )


def _standing(tree: Tree, before: Tree) -> Iterator[Operation]:
    """Yield what brings parts back, then what takes others away: bringing one back brings back those above it."""
    wanted = {part_id for part_id in before.parts if before.shown(part_id)}
    for part in tree.parts.values():
        if part.removed is not None and part.id in wanted:
            yield Operation(new_id(), "restore", 0, part.id)
    for part in tree.parts.values():
        # What stands under a part that goes is gone with it.
        if part.removed is None and part.id not in wanted and part.parent_id in wanted:
            yield Operation(new_id(), "remove", 0, part.id)


def _placing(tree: Tree, wanted: Tree) -> Iterator[Operation]:
    """Yield moves from the top down, last sibling first, so that each finds the one it stands before.

    Of those under one parent as many stay as stand in the right order already.
    """
    level = [wanted.root.id]
    while level:
        below = []
        for parent in level:
            order = [part.id for part in wanted.under(parent)]
            below += order
            stay = _in_order([part.id for part in tree.under(parent)], order) if parent in tree.parts else set()
            for place, each in reversed(list(enumerate(order, start=1))):
                if each not in stay:
                    following = order[place] if place < len(order) else None
                    yield Operation(new_id(), "move", 0, each, parent=parent, before=following)
        level = below


def _in_order(now: list[UUID], order: list[UUID]) -> set[UUID]:
    """Return the most of what stands under a parent that need not move to come into an order."""
    rank = {each: place for place, each in enumerate(order)}
    ends: list[int] = []
    last: list[UUID] = []
    before: dict[UUID, UUID | None] = {}
    for each in now:
        if each in rank:
            at = bisect_left(ends, rank[each])
            ends[at:], last[at:] = [rank[each], *ends[at + 1 :]], [each, *last[at + 1 :]]
            before[each] = last[at - 1] if at else None
    found, one = set(), last[-1] if last else None
    while one is not None:
        found.add(one)
        one = before[one]
    return found


def _filling(tree: Tree, before: Tree) -> Iterator[Operation]:
    for then in before.parts.values():
        if before.shown(then.id):
            now = tree.parts[then.id]
            for name in _in_turn(then, now):
                if then.fields.get(name) != now.fields.get(name):
                    yield Operation(new_id(), "set", 0, then.id, field=name, value=then.fields.get(name))


def _in_turn(then: Part, now: Part) -> list[str]:
    """Return the names of fields: a first day moves before the last one where it moves back, so that neither passes."""
    last, first = then.fields.get("ends_on"), now.fields.get("starts_on")
    back = last is not None and first is not None and last < first
    names = sorted({*then.fields, *now.fields})
    return sorted(names, key=lambda name: (name == "ends_on") == back)


def _linking(tree: Tree, before: Tree) -> Iterator[Operation]:
    for link in sorted(before.links - tree.links):
        if before.shown(link.from_id) and before.shown(link.to_id):
            yield Operation(new_id(), "link", 0, link.from_id, to=link.to_id, link=link.kind)
    for link in sorted(tree.links - before.links):
        yield Operation(new_id(), "unlink", 0, link.from_id, to=link.to_id, link=link.kind)


TURNS = (_adding, _standing, _placing, _standing, _filling, _linking)
"""In turns, because what one turn brings back the next one places, fills and links; what came back only because
something wanted stood under it goes again once that stands elsewhere."""
