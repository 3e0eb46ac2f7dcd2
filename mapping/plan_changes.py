"""Changing a plan: operations one after the other under its lock, each told what came of it, all kept for good."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers.cases import new_id
from layers.scope import Scope
from mapping.models import PlanChange, PlanLink, PlanPart
from mapping.plan_asking import ChangeNotFound, Notice, Operation, Step
from mapping.plan_fields import MOST_LINKS
from mapping.plan_operations import steps_of
from mapping.plan_tree import Change, Part, Tree, fold, replay
from mapping.plans import PlanRecord, get_tree, lock_draft, set_number
from mapping.policies import TAGS, check_tags

MOST_OPERATIONS = 200
"""Operations of one request."""
MOST_LISTED = 1_000
"""Changes of one answer."""
State = Literal["done", "same", "repeated", "refused"]


@dataclass(frozen=True)
class Result:
    """What came of an operation: the number of its change, what its editor is told, why it was refused."""

    id: UUID
    state: State
    number: int | None = None
    notices: tuple[Notice, ...] = ()
    error: str | None = None
    words: Text | None = None


@dataclass(frozen=True)
class Applied:
    """What came of all operations of one request, and the plan as it now is."""

    results: tuple[Result, ...]
    plan: PlanRecord
    tree: Tree


def apply_operations(
    session: Session, scope: Scope, plan_id: UUID, operations: Sequence[Operation], at: datetime | None = None
) -> Applied:
    """Do operations one after the other; one that is refused leaves the others as they are.

    The plan's row is locked first: two writers never see the same number. Raises PlanNotFound, PlanReadOnly,
    PlanNotDraft; what else is wrong with an operation stands in its result.
    """
    return apply_to(session, scope, lock_draft(session, scope, plan_id), operations, at)


def apply_to(
    session: Session, scope: Scope, plan: PlanRecord, operations: Sequence[Operation], at: datetime | None = None
) -> Applied:
    """Do operations on a plan that the caller has locked and may change, as `apply_operations` does."""
    tree = get_tree(session, plan)
    done = _done_before(session, plan, [each.id for each in operations])
    own: set[int] = set(done.values())
    results = []
    for each in operations:
        if each.id in done:
            results.append(Result(each.id, "repeated", done[each.id]))
            continue
        result = _apply(session, scope, plan, tree, each, own, at or datetime.now(UTC))
        results.append(result)
        if result.number is not None:
            done[each.id] = result.number
    set_number(session, plan, tree.number)
    return Applied(tuple(results), replace(plan, number=tree.number), tree)


def _apply(
    session: Session, scope: Scope, plan: PlanRecord, tree: Tree, asked: Operation, own: set[int], at: datetime
) -> Result:
    find = lambda number: find_change(session, plan, number)  # noqa: E731
    try:
        told = list(steps_of(tree, asked, own, find))
        check_tags(session, [tag for each in told if isinstance(each, Step) for tag in _tags_of(each)])
    except SocialMapError as error:
        return Result(asked.id, "refused", error=error.key, words=error.text)
    steps = [each for each in told if isinstance(each, Step)]
    for place, step in enumerate(steps):
        last = place == len(steps) - 1
        # What an operation brings along has an id that nobody could have used before.
        name = asked.id if last else new_id()
        change = _change(step, tree.number + 1, name, scope, at)
        before = dict(tree.parts), {key: list(value) for key, value in tree.children.items()}, set(tree.links)
        fold(tree, change)
        write_difference(session, plan, tree, *before)
        note_changes(session, plan, [change])
        own.add(change.number)
    notices = tuple(each for each in told if isinstance(each, Notice))
    return Result(asked.id, "done" if steps else "same", tree.number if steps else None, notices)


def _tags_of(step: Step) -> Iterator[str]:
    """Yield the policies that a change names."""
    if step.action == "add":
        yield from step.new["fields"].get(TAGS, ())
    elif step.action == "set" and step.field == TAGS:
        yield from step.new or ()


def _change(step: Step, number: int, operation: UUID, scope: Scope, at: datetime) -> Change:
    what = (step.action, step.part_id, step.field, step.old, step.new)
    return Change(number, operation, *what, min(step.base, number - 1), step.clashed, scope.actor_id, at)


def write_difference(
    session: Session,
    plan: PlanRecord,
    tree: Tree,
    parts: dict[UUID, Part],
    children: dict[UUID, list[UUID]],
    links: set[Any],
) -> None:
    """Write what one change made of a tree: new and changed parts, places that shifted, links."""
    key = {"province_code": plan.province_code, "plan_id": plan.id}
    changed = {each for each, part in tree.parts.items() if parts.get(each) is not part}
    _write_places(session, plan, dict(_shifted(tree, children, changed)))
    for each in changed & parts.keys():
        mine = (PlanPart.province_code == plan.province_code, PlanPart.plan_id == plan.id, PlanPart.id == each)
        session.execute(update(PlanPart).where(*mine).values(_row(tree, tree.parts[each])))
    for each in changed - parts.keys():
        session.execute(insert(PlanPart).values(key | {"id": each} | _row(tree, tree.parts[each])))
    for link in tree.links - links:
        row = key | {"from_id": link.from_id, "to_id": link.to_id, "kind": link.kind, "place": _free_place(plan)}
        session.execute(upsert(PlanLink).values(row).on_conflict_do_nothing(constraint="pk_plan_link"))
    for link in links - tree.links:
        own = (PlanLink.province_code == plan.province_code, PlanLink.plan_id == plan.id)
        ends = (PlanLink.from_id == link.from_id, PlanLink.to_id == link.to_id, PlanLink.kind == link.kind)
        session.execute(delete(PlanLink).where(*own, *ends))


def _free_place(plan: PlanRecord) -> ScalarSelect[int]:
    """Ask for the lowest place that no link of a plan has; none where all are taken."""
    places = func.generate_series(0, MOST_LINKS - 1).table_valued("place", name="free").render_derived()
    own = (PlanLink.province_code == plan.province_code, PlanLink.plan_id == plan.id)
    taken = select(PlanLink.place).where(*own, PlanLink.place == places.c.place)
    return select(func.min(places.c.place)).where(~taken.exists()).scalar_subquery()


def _shifted(tree: Tree, children: dict[UUID, list[UUID]], changed: set[UUID]) -> Iterator[tuple[UUID, int]]:
    for parent, order in tree.children.items():
        before = children.get(parent, [])
        for place, each in enumerate(order):
            if each not in changed and (place >= len(before) or before[place] != each):
                yield each, place


def _write_places(session: Session, plan: PlanRecord, places: dict[UUID, int]) -> None:
    if places:
        asked = (
            "UPDATE plan_part SET position = moved.position"
            " FROM unnest(CAST(:ids AS uuid[]), CAST(:places AS int[])) AS moved (id, position)"
            " WHERE plan_part.province_code = :province AND plan_part.plan_id = :plan AND plan_part.id = moved.id"
        )
        key = {"province": plan.province_code, "plan": plan.id}
        session.execute(text(asked), key | {"ids": list(map(str, places)), "places": list(places.values())})


def write_tree(session: Session, scope: Scope, plan: PlanRecord, operations: Iterable[tuple[UUID, Step]]) -> Tree:
    """Fill an empty plan with parts and links, all at once, each as a change of its own; return the tree."""
    tree, at, changes = Tree(), datetime.now(UTC), []
    operations = list(operations)
    check_tags(session, {tag for _, step in operations for tag in _tags_of(step)})
    for part_id, step in operations:
        changes.append(_change(replace(step, part_id=part_id), tree.number + 1, new_id(), scope, at))
        fold(tree, changes[-1])
    key = {"province_code": plan.province_code, "plan_id": plan.id}
    # One statement: what a part hangs on may stand behind it, and is looked for at the statement's end.
    rows = [key | {"id": part.id} | _row(tree, part) for part in tree.parts.values()]
    session.execute(insert(PlanPart).values(rows))
    links = [
        key | {"from_id": each.from_id, "to_id": each.to_id, "kind": each.kind, "place": place}
        for place, each in enumerate(sorted(tree.links))
    ]
    if links:
        session.execute(insert(PlanLink).values(links))
    note_changes(session, plan, changes)
    set_number(session, plan, tree.number)
    return tree


def note_changes(session: Session, plan: PlanRecord, changes: Sequence[Change]) -> None:
    """Add changes to a plan's history."""
    key = {"province_code": plan.province_code, "plan_id": plan.id}
    names = PlanChange.__table__.columns.keys()
    rows = [key | {name: getattr(each, name) for name in names if name not in key} for each in changes]
    session.execute(insert(PlanChange), rows)


def list_changes(session: Session, plan: PlanRecord, since: int = 0, limit: int = MOST_LISTED) -> list[Change]:
    """List a plan's changes behind a number, oldest first."""
    asked = _changes(plan).where(PlanChange.number > since).order_by(PlanChange.number).limit(limit)
    return [Change(**row._mapping) for row in session.execute(asked)]


def list_history(session: Session, plan: PlanRecord, before: int | None = None, limit: int = 100) -> list[Change]:
    """List a plan's changes, newest first, from below a number on."""
    asked = _changes(plan).order_by(PlanChange.number.desc()).limit(limit)
    asked = asked if before is None else asked.where(PlanChange.number < before)
    return [Change(**row._mapping) for row in session.execute(asked)]


def find_change(session: Session, plan: PlanRecord, number: int) -> Change | None:
    """Return one change of a plan, or None."""
    row = session.execute(_changes(plan).where(PlanChange.number == number)).one_or_none()
    return Change(**row._mapping) if row else None


def tree_at(session: Session, plan: PlanRecord, number: int) -> Tree:
    """Return the plan as it was right after a change. Raises ChangeNotFound."""
    if not 1 <= number <= plan.number:
        raise ChangeNotFound(number=number)
    asked = _changes(plan).where(PlanChange.number <= number).order_by(PlanChange.number)
    return replay(Change(**row._mapping) for row in session.execute(asked))


def _changes(plan: PlanRecord) -> Select[Any]:
    columns = [getattr(PlanChange, name) for name in Change.__dataclass_fields__]
    return select(*columns).where(PlanChange.province_code == plan.province_code, PlanChange.plan_id == plan.id)


def _done_before(session: Session, plan: PlanRecord, ids: Sequence[UUID]) -> dict[UUID, int]:
    asked = select(PlanChange.operation_id, PlanChange.number).where(
        PlanChange.province_code == plan.province_code, PlanChange.plan_id == plan.id, PlanChange.operation_id.in_(ids)
    )
    return {row.operation_id: row.number for row in session.execute(asked)}


def _row(tree: Tree, part: Part) -> dict[str, Any]:
    parent = tree.parts[part.parent_id] if part.parent_id else None
    return {
        "kind": part.kind,
        "parent_id": part.parent_id,
        "parent_kind": parent.kind if parent else None,
        "parent_depth": tree.depth(parent.id) if parent else None,
        "position": tree.children[parent.id].index(part.id) if parent else 0,
        "ordinal": part.ordinal,
        "fields": dict(part.fields),
        "versions": dict(part.versions),
        "kept": {
            name: [{"value": each.value, "number": each.number} for each in held] for name, held in part.kept.items()
        },
        "removed": part.removed,
        "origin": part.origin,
    }
