"""What an editor asks of a plan, what they are told, and the names of what is refused."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from boundaries.errors import SocialMapError
from mapping.plan_fields import Kind, LinkKind, Value
from mapping.plan_tree import Action

Verb = Literal["add", "set", "move", "remove", "restore", "link", "unlink", "undo"]


class PartNotFound(SocialMapError):
    """No part of the plan has this id."""

    key = "plan.part_not_found"


class PartTaken(SocialMapError):
    """A part of the plan has this id already."""

    key = "plan.part_taken"


class BadParent(SocialMapError):
    """A part may not stand under a part of that kind; names the kinds allowed."""

    key = "plan.bad_parent"


class PlanCycle(SocialMapError):
    """A part would come under itself."""

    key = "plan.cycle"


class RootStays(SocialMapError):
    """The problem is the root: it is neither moved nor taken away, and there is no second one."""

    key = "plan.root_stays"


class GoalTaken(SocialMapError):
    """A plan has one goal; one that was taken away is restored."""

    key = "plan.goal_taken"


class PlanFull(SocialMapError):
    """A limit is reached: parts, parts under one, steps from the problem, or links."""

    key = "plan.full"


class BadLink(SocialMapError):
    """A link of this kind does not go between these parts."""

    key = "plan.bad_link"


class BadBase(SocialMapError):
    """A number that the plan has not reached yet."""

    key = "plan.bad_base"


class ChangeNotFound(SocialMapError):
    """The plan has no change of this number, or none that can be undone."""

    key = "plan.change_not_found"


@dataclasses.dataclass(frozen=True)
class Operation:
    """What an editor asks; `id` is made by the editor's program, so that asking twice does nothing the second time."""

    id: UUID
    action: Verb
    base: int
    part: UUID | None = None
    kind: Kind | None = None
    parent: UUID | None = None
    before: UUID | None = None
    after: UUID | None = None
    field: str | None = None
    value: Value = None
    fields: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    to: UUID | None = None
    link: LinkKind = "addresses"
    number: int | None = None
    origin: str | None = None


@dataclasses.dataclass(frozen=True)
class Step:
    """A change without its number."""

    action: Action
    part_id: UUID
    field: str | None = None
    old: Any = None
    new: Any = None
    base: int = 0
    clashed: bool = False


@dataclasses.dataclass(frozen=True)
class Notice:
    """Something the editor is told beside the result, by its key in the catalogue, and the part it is about."""

    key: str
    part_id: UUID
