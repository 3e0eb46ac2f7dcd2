"""A branch of one plan copied under a part of another; each part keeps where it comes from."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.plan_asking import Operation, PartNotFound
from mapping.plan_changes import Applied, apply_operations
from mapping.plan_fields import OF_ONE_AREA
from mapping.plan_tree import Tree
from mapping.plans import COPY, PlanRecord, get_plan, get_tree, lock_draft

MOST_BRANCH = 400
"""Parts of a branch."""


class BranchLarge(SocialMapError):
    """A branch of more parts than are copied at once."""

    key = "plan.branch_large"


class BranchSecret(SocialMapError):
    """What is said of a secret problem (L3) does not go where everybody may come to read it."""

    key = "plan.branch_secret"


class BranchRefused(SocialMapError):
    """A part of the branch cannot stand where it was to stand; then none of it is copied."""

    key = "plan.branch_refused"


def copy_branch(
    session: Session, scope: Scope, plan_id: UUID, source_id: UUID, part_id: UUID, parent_id: UUID, asked: UUID
) -> tuple[Applied, UUID]:
    """Copy a part of a plan with all that is shown under it; return what came of it and the id of the copy.

    Links within the branch come along; fields of one area and year only where both plans are of the same. `asked` is
    made by whoever asks: asking twice copies once. Raises as lock_draft, PartNotFound, BranchLarge, BranchSecret,
    BranchRefused; the caller then keeps nothing of it.
    """
    plan, source = lock_draft(session, scope, plan_id), get_plan(session, scope, source_id)
    _check_secret(plan, source)
    tree = get_tree(session, source)
    if part_id not in tree.parts or not tree.shown(part_id):
        raise PartNotFound(id=part_id)
    same = (plan.area_code, plan.fiscal_year) == (source.area_code, source.fiscal_year)
    operations = list(
        _operations(tree, source, part_id, parent_id, asked, plan.number, frozenset() if same else OF_ONE_AREA)
    )
    applied = apply_operations(session, scope, plan_id, operations)
    for result in applied.results:
        if result.words is not None:
            raise BranchRefused(reason_th=result.words.th, reason_en=result.words.en)
    return applied, uuid5(asked, str(part_id))


def _check_secret(plan: PlanRecord, source: PlanRecord) -> None:
    secret = [get_problem(each.problem_code).sensitivity == "L3" for each in (source, plan)]
    if secret == [True, False]:
        raise BranchSecret


def _operations(
    tree: Tree, source: PlanRecord, part_id: UUID, parent_id: UUID, asked: UUID, base: int, without: frozenset[str]
) -> Iterator[Operation]:
    parts = [tree.parts[part_id], *tree.walk(part_id)]
    if len(parts) > MOST_BRANCH:
        raise BranchLarge(limit=MOST_BRANCH)
    ids = {part.id: uuid5(asked, str(part.id)) for part in parts}
    for part in parts:
        yield Operation(
            id=ids[part.id],
            action="add",
            base=base,
            part=ids[part.id],
            kind=part.kind,
            parent=parent_id if part.id == part_id else ids[part.parent_id],  # type: ignore[index]
            fields={name: value for name, value in part.fields.items() if name not in without},
            origin=f"{COPY}{source.id}/{part.id}",
        )
    for link in sorted(tree.links):
        if link.from_id in ids and link.to_id in ids:
            name = uuid5(asked, f"{link.from_id} {link.to_id} {link.kind}")
            copy, to = ids[link.from_id], ids[link.to_id]
            yield Operation(id=name, action="link", base=base, part=copy, to=to, link=link.kind)
