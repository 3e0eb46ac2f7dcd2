"""The changes that come of what an editor asks: pure rules over the plan's tree.

Whoever edits says which number of the plan they had last seen (`base`). Operations on different parts or fields merge.
A field that somebody else has set since shows the newer value, keeps the other, and both are told so.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from mapping.plan_asking import (
    BadBase,
    BadLink,
    BadParent,
    ChangeNotFound,
    GoalTaken,
    Notice,
    Operation,
    PartNotFound,
    PartTaken,
    PlanCycle,
    PlanFull,
    RootStays,
    Step,
    Verb,
)
from mapping.plan_fields import (
    DEEPEST,
    MOST_LINKS,
    MOST_PARTS,
    MOST_SIBLINGS,
    PARENTS,
    Kind,
    check_period,
    checked,
    checked_fields,
    is_missing_solution,
    kind_words,
)
from mapping.plan_tree import PLACE, Change, Link, Part, Tree

Told = Step | Notice
Find = Callable[[int], Change | None]


def steps_of(tree: Tree, asked: Operation, own: Collection[int], find: Find) -> Iterator[Told]:
    """Yield the changes and notices that an operation leads to; nothing where all is so already.

    `own` are the numbers of changes that were asked for together with this one: they are not another's. `find` gives
    a change by its number. Raises the errors of `plan_asking` and those of `checked`.
    """
    if not 0 <= asked.base <= tree.number:
        raise BadBase(base=asked.base, number=tree.number)
    if asked.action == "undo":
        asked = _undoing(asked, find)
    yield from _RULES[asked.action](tree, asked, own)


def _add(tree: Tree, asked: Operation, own: Collection[int]) -> Iterator[Told]:
    part_id = asked.part or asked.id
    if asked.kind is None or asked.kind == "problem":
        raise RootStays
    if part_id in tree.parts:
        raise PartTaken(id=part_id)
    parent = _part(tree, asked.parent)
    _check_parent(tree, asked.kind, parent, height=0)
    if asked.kind == "goal" and any(part.kind == "goal" for part in tree.parts.values()):
        raise GoalTaken
    if len(tree.parts) >= MOST_PARTS:
        raise PlanFull(limit=MOST_PARTS)
    fields = checked_fields(asked.kind, asked.fields)
    yield from _restored(tree, parent.id)
    before = _before(tree, parent.id, asked)
    new = {"kind": asked.kind, "parent": str(parent.id), "before": before, "fields": fields, "origin": asked.origin}
    yield Step("add", part_id, new=new, base=asked.base)
    yield from _hints(asked.kind, part_id, fields.get("text"))


def _set(tree: Tree, asked: Operation, own: Collection[int]) -> Iterator[Told]:
    part = _part(tree, asked.part)
    name = asked.field or ""
    value = checked(part.kind, name, asked.value)
    if name in ("starts_on", "ends_on"):
        check_period({**part.fields, name: value})
    held, version = part.fields.get(name), part.versions.get(name, 0)
    stale = asked.base < version and version not in own
    if value == held and (stale or name not in part.kept):
        return
    yield from _restored(tree, part.id)
    clashed = stale and value != held
    base = asked.base if stale else max(asked.base, version)
    yield Step("set", part.id, name, held, value, base, clashed)
    if clashed:
        yield Notice("plan.told.clashed", part.id)
    yield from _hints(part.kind, part.id, value if name == "text" else None)


def _move(tree: Tree, asked: Operation, own: Collection[int]) -> Iterator[Told]:
    part, parent = _part(tree, asked.part), _part(tree, asked.parent)
    if part.parent_id is None:
        raise RootStays
    if part.id in (parent.id, *(each.id for each in tree.above(parent.id))):
        raise PlanCycle(part=part.text, parent=parent.text)
    _check_parent(tree, part.kind, parent, height=tree.height(part.id), moving=part)
    before, siblings = _before(tree, parent.id, asked, moving=part.id), tree.children[part.parent_id]
    place = siblings.index(part.id)
    following = str(siblings[place + 1]) if place + 1 < len(siblings) else None
    if parent.id == part.parent_id and before == following:
        return
    yield from _restored(tree, parent.id)
    if part.removed is not None:
        yield from _restored_one(part)
    version = part.versions.get(PLACE, 0)
    clashed = asked.base < version and version not in own
    old = {"parent": str(part.parent_id), "before": following}
    yield Step(
        "move", part.id, old=old, new={"parent": str(parent.id), "before": before}, base=asked.base, clashed=clashed
    )
    if clashed:
        yield Notice("plan.told.moved_by_others", part.id)


def _remove(tree: Tree, asked: Operation, own: Collection[int]) -> Iterator[Told]:
    part = _part(tree, asked.part)
    if part.parent_id is None:
        raise RootStays
    if part.removed is not None:
        return
    yield Step("remove", part.id, base=asked.base)
    if any(number > asked.base and number not in own for number in part.versions.values()):
        yield Notice("plan.told.removed_newer", part.id)


def _restore(tree: Tree, asked: Operation, own: Collection[int]) -> Iterator[Told]:
    part = _part(tree, asked.part)
    yield from (step for step in _restored(tree, part.id) if isinstance(step, Step))


def _link(tree: Tree, asked: Operation, own: Collection[int]) -> Iterator[Told]:
    part, other = _part(tree, asked.part), _part(tree, asked.to)
    kinds = (part.kind, other.kind)
    if part.id == other.id or (asked.link == "addresses" and kinds != ("solution", "cause")):
        raise BadLink
    if Link(part.id, other.id, asked.link) in tree.links:
        return
    if len(tree.links) >= MOST_LINKS:
        raise PlanFull(limit=MOST_LINKS)
    yield from _restored(tree, part.id)
    already = {part.id, *(each.id for each in tree.above(part.id))}
    yield from (step for step in _restored(tree, other.id) if step.part_id not in already)
    yield Step("link", part.id, new={"to": str(other.id), "kind": asked.link}, base=asked.base)


def _unlink(tree: Tree, asked: Operation, own: Collection[int]) -> Iterator[Told]:
    part, other = _part(tree, asked.part), _part(tree, asked.to)
    if Link(part.id, other.id, asked.link) in tree.links:
        yield Step("unlink", part.id, new={"to": str(other.id), "kind": asked.link}, base=asked.base)


_RULES: Mapping[str, Callable[[Tree, Operation, Collection[int]], Iterator[Told]]] = {
    "add": _add,
    "set": _set,
    "move": _move,
    "remove": _remove,
    "restore": _restore,
    "link": _link,
    "unlink": _unlink,
}


def _undoing(asked: Operation, find: Find) -> Operation:
    """Return the operation that takes a change back, made from what the change found."""
    done = find(asked.number) if asked.number is not None else None
    if done is None or done.part_id is None:
        raise ChangeNotFound(number=asked.number)
    made: dict[str, Any] = {"id": asked.id, "base": asked.base, "part": done.part_id}
    turned: Mapping[str, Verb] = {"add": "remove", "remove": "restore", "restore": "remove"}
    if done.action in turned:
        return Operation(action=turned[done.action], **made)
    if done.action == "set":
        # As if seen right after that change: what others have set since is theirs, and is kept and told.
        return Operation(action="set", field=done.field, value=done.old, **{**made, "base": done.number})
    if done.action == "move":
        before = done.old["before"]
        return Operation(
            action="move", parent=UUID(done.old["parent"]), before=UUID(before) if before else None, **made
        )
    verb: Verb = "unlink" if done.action == "link" else "link"
    return Operation(action=verb, to=UUID(done.new["to"]), link=done.new["kind"], **made)


def _part(tree: Tree, part_id: UUID | None) -> Part:
    part = tree.parts.get(part_id) if part_id else None
    if part is None:
        raise PartNotFound(id=part_id or "–")
    return part


def _check_parent(tree: Tree, kind: Kind, parent: Part, *, height: int, moving: Part | None = None) -> None:
    if parent.kind not in PARENTS[kind]:
        words = [kind_words(each) for each in PARENTS[kind]]
        allowed = {
            "allowed_th": ", ".join(each.th for each in words),
            "allowed_en": ", ".join(each.en for each in words),
        }
        raise BadParent(kind_th=kind_words(kind).th, kind_en=kind_words(kind).en, **allowed)
    if tree.depth(parent.id) + 1 + height > DEEPEST:
        raise PlanFull(limit=DEEPEST)
    new_here = moving is None or moving.parent_id != parent.id
    if new_here and len(tree.children.get(parent.id, ())) >= MOST_SIBLINGS:
        raise PlanFull(limit=MOST_SIBLINGS)


def _before(tree: Tree, parent: UUID, asked: Operation, moving: UUID | None = None) -> str | None:
    """Return the sibling that follows; None for the last place, also where the one named has gone elsewhere."""
    siblings = [each for each in tree.children.get(parent, ()) if each != moving]
    if asked.before in siblings:
        return str(asked.before)
    if asked.after in siblings:
        place = siblings.index(asked.after) + 1
        return str(siblings[place]) if place < len(siblings) else None
    return None


def _restored(tree: Tree, part_id: UUID) -> Iterator[Told]:
    """Yield what brings a part and all above it back: who works on a part wants it to be there."""
    chain = [tree.parts[part_id], *tree.above(part_id)]
    for part in reversed(chain):
        if part.removed is not None:
            yield from _restored_one(part)


def _restored_one(part: Part) -> Iterator[Told]:
    yield Step("restore", part.id, base=part.removed or 0)
    yield Notice("plan.told.restored", part.id)


def _hints(kind: Kind, part_id: UUID, words: object) -> Iterator[Notice]:
    if kind == "cause" and isinstance(words, str) and is_missing_solution(words):
        yield Notice("plan.hint.missing_solution", part_id)
