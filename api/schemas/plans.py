"""Plans as they are asked for and answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.common import Schema, Words, to_words, to_words_or_none
from boundaries.messages import text
from layers.dates import fiscal_year
from mapping.plan_asking import Notice, Operation, Verb
from mapping.plan_changes import MOST_OPERATIONS, Applied, Result, State
from mapping.plan_fields import FIRST_YEAR, LAST_YEAR, Kind, LinkKind
from mapping.plan_tree import Action, Change, Kept, Part, Tree
from mapping.plans import PlanRecord, StoredState

FARTHEST = 2**53
"""The largest number that every client can hold."""
Number = Annotated[int, Field(ge=0, le=FARTHEST)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Code = Annotated[str, Field(max_length=16)]


class Asked(BaseModel):
    """Base of all bodies: nothing that is not declared."""

    model_config = ConfigDict(extra="forbid")


class NewPlan(Asked):
    """A new draft: of a problem's template, or a copy of another plan. The fiscal year is in พ.ศ."""

    origin: Literal["template", "copy"]
    area: Code
    fiscal_year: Year
    problem: Code | None = None
    plan: UUID | None = None


class AskedOperation(Asked):
    """One operation on one part; `id` is made by the client, `base` the number of the plan that it had last seen."""

    id: UUID
    action: Verb
    base: Number
    part: UUID | None = None
    kind: Kind | None = None
    parent: UUID | None = None
    before: UUID | None = None
    after: UUID | None = None
    field: Annotated[str, Field(max_length=40)] | None = None
    value: Any = None
    fields: Annotated[dict[str, Any], Field(max_length=40)] = {}
    to: UUID | None = None
    link: LinkKind = "addresses"
    number: Number | None = None

    def to_operation(self) -> Operation:
        """Return it as the rules know it."""
        return Operation(**{name: getattr(self, name) for name in AskedOperation.model_fields})


class AskedChanges(Asked):
    """Operations in their order."""

    operations: Annotated[list[AskedOperation], Field(min_length=1, max_length=MOST_OPERATIONS)]


class Approval(Asked):
    """Which meeting approved a plan, and when."""

    meeting: Annotated[str, Field(max_length=1000)]
    day: date


class Restoring(Asked):
    """The number of the change whose state is wanted back."""

    number: Number


class Branch(Asked):
    """A part of another plan with all under it, to be copied under a part of this one; `id` is made by the client."""

    id: UUID | None = None
    plan: UUID
    part: UUID
    parent: UUID


class PlanLine(Schema):
    """A plan without its parts; `fiscal_year` in พ.ศ."""

    id: UUID
    area: str
    problem: str
    fiscal_year: int
    state: StoredState
    approved_by: str | None
    approved_on: date | None
    origin: str
    number: int


class Plans(Schema):
    """Plans that you may read, newest fiscal year first; `more` where the list ends before they do: ask for fewer."""

    plans: list[PlanLine]
    more: bool


class KeptValue(Schema):
    """A value that lost a race for its field, and the number of the change that had set it."""

    value: Any
    number: int


class PlanPart(Schema):
    """One part. To those who do not work on the plan, `versions` and `kept` are empty and nothing is `removed`."""

    id: UUID
    kind: Kind
    parent: UUID | None
    fields: dict[str, Any]
    versions: dict[str, int]
    kept: dict[str, list[KeptValue]]
    removed: int | None
    origin: str | None


class PlanLink(Schema):
    """A link across the tree."""

    part: UUID
    to: UUID
    kind: LinkKind


class WholePlan(PlanLine):
    """A plan with its parts from the top down, those under one parent in their order, and its links."""

    parts: list[PlanPart]
    links: list[PlanLink]


class PlanNotice(Schema):
    """What an editor is told of a part beside the result."""

    code: str
    part: UUID
    words: Words


class OperationResult(Schema):
    """What came of an operation; `number` is that of its change, `error` says why it was refused."""

    id: UUID
    state: State
    number: int | None
    notices: list[PlanNotice]
    code: str | None
    error: Words | None


class PlanApplied(Schema):
    """The results in the order of the operations, and the number of the plan's newest change."""

    number: int
    results: list[OperationResult]


class BranchCopied(PlanApplied):
    """What came of copying a branch; `part` is the copy of its first part."""

    part: UUID


class PlanChangeLine(Schema):
    """One change: who did what to which part, when; `clashed` where another value was set in between."""

    number: int
    operation: UUID
    actor: UUID | None
    who: str | None
    at: datetime | None
    action: Action
    part: UUID | None
    field: str | None
    old: Any
    new: Any
    base: int
    clashed: bool


class PlanChanges(Schema):
    """Changes in the order of their numbers, or newest first in the history; `more` where further ones follow."""

    number: int
    changes: list[PlanChangeLine]
    more: bool


def to_plan_line(plan: PlanRecord) -> PlanLine:
    """Turn a plan into a line of a list."""
    return PlanLine(**_line(plan))


def to_whole_plan(plan: PlanRecord, tree: Tree, *, work: bool) -> WholePlan:
    """Turn a plan with its parts into its public form; `work` says whether the reader sees how it came about."""
    ids = _ordered(tree)
    shown = ids if work else [each for each in ids if tree.shown(each)]
    parts = [_part(tree.parts[each], work=work) for each in shown]
    held = set(shown)
    links = [PlanLink(part=one.from_id, to=one.to_id, kind=one.kind) for one in sorted(tree.links)]
    return WholePlan(**_line(plan), parts=parts, links=[one for one in links if {one.part, one.to} <= held])


def to_plan_applied(applied: Applied) -> PlanApplied:
    """Turn the results of operations into their public form."""
    return PlanApplied(number=applied.plan.number, results=[_result(each) for each in applied.results])


def to_branch_copied(applied: Applied, part: UUID) -> BranchCopied:
    """Turn what came of copying a branch into its public form."""
    return BranchCopied(**to_plan_applied(applied).model_dump(), part=part)


def to_plan_changes(plan: PlanRecord, found: list[Change], names: Mapping[UUID, str], limit: int) -> PlanChanges:
    """Turn changes into their public form, with the names of who made them; there are `limit` where more may follow."""
    lines = [_change(each, names) for each in found]
    return PlanChanges(number=plan.number, changes=lines, more=len(found) == limit)


def _line(plan: PlanRecord) -> dict[str, Any]:
    same = ("id", "state", "approved_by", "approved_on", "origin", "number")
    more = {"area": plan.area_code, "problem": plan.problem_code, "fiscal_year": fiscal_year(plan.fiscal_year)}
    return {name: getattr(plan, name) for name in same} | more


def _ordered(tree: Tree) -> list[UUID]:
    found, level = [], [tree.root.id]
    while level:
        found += level
        level = [child for each in level for child in tree.children.get(each, ())]
    return found


def _part(part: Part, *, work: bool) -> PlanPart:
    return PlanPart(
        id=part.id,
        kind=part.kind,
        parent=part.parent_id,
        fields=dict(part.fields),
        versions=dict(part.versions) if work else {},
        kept={name: _kept(held) for name, held in part.kept.items()} if work else {},
        removed=part.removed if work else None,
        origin=part.origin if work else None,
    )


def _kept(held: tuple[Kept, ...]) -> list[KeptValue]:
    return [KeptValue(value=each.value, number=each.number) for each in held]


def _result(result: Result) -> OperationResult:
    return OperationResult(
        id=result.id,
        state=result.state,
        number=result.number,
        notices=[_notice(each) for each in result.notices],
        code=result.error,
        error=to_words_or_none(result.words),
    )


def _notice(notice: Notice) -> PlanNotice:
    return PlanNotice(code=notice.key, part=notice.part_id, words=to_words(text(notice.key)))


def _change(change: Change, names: Mapping[UUID, str]) -> PlanChangeLine:
    return PlanChangeLine(
        number=change.number,
        operation=change.operation_id,
        actor=change.actor_id,
        who=names.get(change.actor_id) if change.actor_id else None,
        at=change.made_at,
        action=change.action,
        part=change.part_id,
        field=change.field,
        old=change.old,
        new=change.new,
        base=change.base,
        clashed=change.clashed,
    )
