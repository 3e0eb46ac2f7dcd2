"""How the work goes was noted on an approved plan while its revision was drafted: the revision takes it over.

A revision is a copy of the plan that it is to replace; each of its parts says of which part it is the copy.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from layers.cases import new_id
from layers.scope import Scope
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_to, find_change
from mapping.plan_progress import NOTED
from mapping.plan_tree import Part, Tree
from mapping.plans import COPY, PlanRecord, get_tree


def carry_work(session: Session, scope: Scope, draft: PlanRecord, before: PlanRecord) -> PlanRecord:
    """Bring what was noted on a plan into its revision; return the revision with the number that it then has.

    Both are locked by the caller. Of a field that the revision's team has set since they copied it, the later value
    stays. Parts that the revision took away stay away.
    """
    if draft.origin != f"{COPY}{before.id}":
        return draft
    tree, source = get_tree(session, draft), get_tree(session, before)
    asked = [
        Operation(new_id(), "set", draft.number, part.id, field=name, value=origin.fields.get(name))
        for part, origin in _pairs(tree, source, before.id)
        for name in sorted(NOTED & {*origin.fields, *origin.versions})
        if part.fields.get(name) != origin.fields.get(name) and _newer(session, (before, origin), (draft, part), name)
    ]
    return apply_to(session, scope, draft, asked).plan if asked else draft


def _pairs(tree: Tree, source: Tree, source_id: UUID) -> Iterator[tuple[Part, Part]]:
    """Yield each part that is shown with the one that it was copied from; of several copies of one, the first."""
    begins, taken = f"{COPY}{source_id}/", set()
    for part in [tree.root, *tree.walk(tree.root.id)]:
        name = (part.origin or "").removeprefix(begins) if (part.origin or "").startswith(begins) else ""
        origin = source.parts.get(UUID(name)) if name else None
        if origin is not None and origin.id not in taken:
            taken.add(origin.id)
            yield part, origin


def _newer(session: Session, noted: tuple[PlanRecord, Part], held: tuple[PlanRecord, Part], name: str) -> bool:
    """Say whether a field was noted after the revision's team set it, or they have not set it at all."""
    plan, part = held
    own = find_change(session, plan, part.versions[name]) if name in part.versions else None
    if own is None or own.action != "set":
        return True
    before, origin = noted
    last = find_change(session, before, origin.versions[name]) if name in origin.versions else None
    return last is not None and last.made_at is not None and own.made_at is not None and last.made_at > own.made_at
