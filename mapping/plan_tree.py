"""A plan's parts in memory and what a change does to them: pure, so that the same changes always make the same plan."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from mapping.plan_fields import Kind, LinkKind, Value

MOST_KEPT = 20
"""Values of one field that are kept beside the shown one; older ones are in the history."""
PLACE = "place"
"""The name under which `versions` holds the change that last moved a part."""

Action = Literal["add", "set", "move", "remove", "restore", "link", "unlink", "approve", "supersede"]


@dataclass(frozen=True)
class Kept:
    """A value that lost a race for its field, and the change that had set it."""

    value: Value
    number: int


@dataclass(frozen=True)
class Part:
    """One part: `versions` names the change that last set each field, `removed` the one that took the part away."""

    id: UUID
    kind: Kind
    parent_id: UUID | None
    ordinal: int
    fields: Mapping[str, Value]
    versions: Mapping[str, int]
    kept: Mapping[str, tuple[Kept, ...]] = field(default_factory=dict)
    removed: int | None = None
    origin: str | None = None

    @property
    def text(self) -> str:
        """What the part says."""
        return str(self.fields["text"])


@dataclass(frozen=True, order=True)
class Link:
    """A link across the tree: a solution addresses a cause, or one part relates to another."""

    from_id: UUID
    to_id: UUID
    kind: LinkKind


@dataclass(frozen=True)
class Change:
    """What one operation did, as it is kept for good; `base` is the number that whoever made it had last seen."""

    number: int
    operation_id: UUID
    action: Action
    part_id: UUID | None
    field: str | None
    old: Any
    new: Any
    base: int
    clashed: bool = False
    actor_id: UUID | None = None
    made_at: datetime | None = None


@dataclass
class Tree:
    """The parts of one plan by id, the order of the parts under each, and the links across."""

    parts: dict[UUID, Part] = field(default_factory=dict)
    children: dict[UUID, list[UUID]] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    number: int = 0

    @property
    def root(self) -> Part:
        """The problem."""
        return next(part for part in self.parts.values() if part.parent_id is None)

    def above(self, part_id: UUID) -> Iterator[Part]:
        """Yield the parts above a part, nearest first."""
        parent = self.parts[part_id].parent_id
        while parent is not None:
            yield self.parts[parent]
            parent = self.parts[parent].parent_id

    def depth(self, part_id: UUID) -> int:
        """Return the steps from the problem to a part."""
        return sum(1 for _ in self.above(part_id))

    def height(self, part_id: UUID) -> int:
        """Return the steps from a part to the deepest one under it, those taken away too."""
        deepest, level = -1, [part_id]
        while level:
            deepest += 1
            level = [child for one in level for child in self.children.get(one, ())]
        return deepest

    def shown(self, part_id: UUID) -> bool:
        """Say whether neither a part nor one above it was taken away."""
        return self.parts[part_id].removed is None and all(each.removed is None for each in self.above(part_id))

    def under(self, part_id: UUID, *kinds: Kind) -> list[Part]:
        """List what stands under a part in its order, without what was taken away; of some kinds, or of all."""
        found = (self.parts[child] for child in self.children.get(part_id, ()))
        return [part for part in found if part.removed is None and (not kinds or part.kind in kinds)]

    def walk(self, part_id: UUID, *kinds: Kind) -> Iterator[Part]:
        """Yield all that stands under a part, deep parts after those above them; without what was taken away."""
        for part in self.under(part_id, *kinds):
            yield part
            yield from self.walk(part.id, *kinds)


def fold(tree: Tree, change: Change) -> None:
    """Do to a tree what a change did; changes that it has seen come in the order of their numbers."""
    part = tree.parts.get(change.part_id) if change.part_id else None
    if change.action == "add":
        _add(tree, change)
    elif part is not None and change.action in ("link", "unlink"):
        link = Link(part.id, UUID(change.new["to"]), change.new["kind"])
        (tree.links.add if change.action == "link" else tree.links.discard)(link)
    elif part is not None and change.action == "move":
        moved = replace(part, versions={**part.versions, PLACE: change.number})
        _place(tree, moved, UUID(change.new["parent"]), _uuid(change.new["before"]))
    elif part is not None and change.action == "set":
        tree.parts[part.id] = _set(part, change)
    elif part is not None and change.action in ("remove", "restore"):
        tree.parts[part.id] = replace(part, removed=change.number if change.action == "remove" else None)
    tree.number = change.number


def replay(changes: Iterable[Change]) -> Tree:
    """Make the tree that changes from the first one on lead to."""
    tree = Tree()
    for change in changes:
        fold(tree, change)
    return tree


def _add(tree: Tree, change: Change) -> None:
    assert change.part_id is not None
    given = change.new
    parent = _uuid(given["parent"])
    versions = dict.fromkeys(given["fields"], change.number)
    origin = given.get("origin")
    part = Part(change.part_id, given["kind"], None, len(tree.parts), given["fields"], versions, origin=origin)
    tree.parts[part.id] = part
    if parent is not None:
        _place(tree, part, parent, _uuid(given["before"]))


def _place(tree: Tree, part: Part, parent: UUID, before: UUID | None) -> None:
    if part.parent_id is not None:
        tree.children[part.parent_id].remove(part.id)
    siblings = tree.children.setdefault(parent, [])
    siblings.insert(siblings.index(before) if before in siblings else len(siblings), part.id)
    tree.parts[part.id] = replace(part, parent_id=parent)


def _set(part: Part, change: Change) -> Part:
    assert change.field is not None
    name, kept = change.field, dict(part.kept)
    if change.clashed:
        lost = Kept(part.fields.get(name), part.versions.get(name, 0))
        kept[name] = (*kept.get(name, ()), lost)[-MOST_KEPT:]
    else:
        kept.pop(name, None)
    fields = {key: value for key, value in part.fields.items() if key != name}
    if change.new is not None:
        fields[name] = change.new
    return replace(part, fields=fields, versions={**part.versions, name: change.number}, kept=kept)


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None
