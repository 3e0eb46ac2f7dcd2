"""A file brought into a draft that is there already: by changes as an editor makes them, so that its history tells all.

Parts are known again by their ids; those without one that the draft knows, by their place, kind and words. What the
file says of a part takes the place of what the draft said; a field that it does not state stays as it is. Parts that
the file does not have stay, unless they are to be taken away.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.names import clean
from layers.cases import new_id
from layers.scope import Scope
from mapping.plan_asking import Operation
from mapping.plan_files.bringing_in import FILE, Brought, fitting, own_id
from mapping.plan_files.errors import PlanFileRefused
from mapping.plan_files.formats import FORMATS, Format
from mapping.plan_files.values import FilePart, PlanFile
from mapping.plan_restoring import reach
from mapping.plan_tree import Link, Part, Tree
from mapping.plans import get_tree, lock_draft

CHANGES = ("add", "set", "move", "remove", "restore", "link", "unlink")
"""What is counted of an update."""


def update_from_file(
    session: Session,
    scope: Scope,
    plan_id: UUID,
    file: PlanFile,
    format: Format,
    *,
    take_away: bool = False,
    keep: bool = True,
) -> Brought:
    """Change a draft to what a file says, all of it or nothing; not to `keep` it tells what would be changed.

    `take_away` takes away parts that the file does not have, and links between its parts that it could hold and does
    not. Raises as lock_draft, and PlanFileRefused.
    """
    plan = lock_draft(session, scope, plan_id)
    fit, notes = fitting(file, plan.area_code, plan.problem_code, plan.fiscal_year)
    tree = get_tree(session, plan)
    wanted = _wanted(tree, fit, format, take_away)
    with session.begin_nested() as held:
        applied, asked = reach(session, scope, plan, wanted)
        for result in applied.results:
            if result.words is not None:
                raise PlanFileRefused(reason_th=result.words.th, reason_en=result.words.en)
        if not keep:
            held.rollback()
    done = {result.id for result in applied.results if result.state == "done"}
    changes = _counted([each for each in asked if each.id in done])
    return Brought(applied.plan, len(fit.parts), (*file.notes, *notes), changes)


def _counted(done: list[Operation]) -> dict[str, int]:
    """Count parts by what was done to them, each once for each; one that is new is not counted as moved too."""
    new = {each.part for each in done if each.action == "add"}
    parts = {(each.action, each.part) for each in done if each.action in CHANGES[:5]}
    links = [each.action for each in done if each.action in CHANGES[5:]]
    counts: Counter[str] = Counter([action for action, part in parts if action == "add" or part not in new])
    counts.update(links)
    return {name: counts[name] for name in CHANGES}


def _wanted(tree: Tree, file: PlanFile, format: Format, take_away: bool) -> Tree:
    """Return the tree that the draft is to show."""
    lacks = FORMATS[format].lacks
    ids = dict(_known(tree, file))
    wanted = Tree(dict(tree.parts), {}, set(tree.links), tree.number)
    for part in file.parts:
        parent = ids[part.parent] if part.parent is not None else None
        known = tree.parts.get(ids[part.id])
        if known is not None:
            fields = {**known.fields, **part.fields}
            wanted.parts[known.id] = replace(known, fields=fields, removed=None, parent_id=parent)
        else:
            origin = part.origin or (None if format == "json" else f"{FILE}{format}")
            made = Part(ids[part.id], part.kind, parent, 0, part.fields, {}, origin=origin)
            wanted.parts[made.id] = made
    held = set(ids.values())
    for part_id in tree.parts.keys() - held:
        if take_away and tree.shown(part_id):
            wanted.parts[part_id] = replace(tree.parts[part_id], removed=tree.number + 1)
    _order(wanted, tree, [(ids[part.id], ids[part.parent]) for part in file.parts if part.parent is not None], held)
    _link(wanted, file, ids, {"addresses"} if "relates" in lacks else {"addresses", "relates"}, take_away)
    return wanted


def _known(tree: Tree, file: PlanFile) -> Iterator[tuple[str, UUID]]:
    """Yield each name of the file with the id of the part of the draft that it is, or with a new one."""
    taken: dict[UUID, str] = {}
    ids: dict[str, UUID] = {}
    own = {part.id: own_id(part.id) for part in file.parts}
    same = {own[part.id] for part in file.parts if _is(tree, own[part.id], part)}
    for part in file.parts:
        if part.parent is None:
            found: UUID | None = tree.root.id
        elif own[part.id] in same:
            found = own[part.id]
        else:
            found = _alike(tree, part, ids[part.parent], {*taken, *same})
        chosen = found or (own[part.id] if own[part.id] not in tree.parts else new_id())
        ids[part.id], taken[chosen] = chosen, part.id
        yield part.id, chosen


def _is(tree: Tree, part_id: UUID, part: FilePart) -> bool:
    known = tree.parts.get(part_id)
    return known is not None and known.kind == part.kind


def _alike(tree: Tree, part: FilePart, parent: UUID, taken: set[UUID]) -> UUID | None:
    """Return the part that one without a known id is: the one goal, else that of the same words under the same part."""
    if part.kind == "goal":
        return next((each.id for each in tree.parts.values() if each.kind == "goal" and each.id not in taken), None)
    if parent not in tree.parts:
        return None
    there = [each for each in tree.under(parent, part.kind) if each.id not in taken]
    return next((each.id for each in there if clean(each.text) == clean(part.text)), None)


def _order(wanted: Tree, tree: Tree, placed: list[tuple[UUID, UUID]], held: set[UUID]) -> None:
    """Put parts in the order of the file; those that it does not have stay behind the one that they stood behind."""
    for part_id, parent in placed:
        wanted.children.setdefault(parent, []).append(part_id)
    for parent, order in tree.children.items():
        mine = wanted.children.setdefault(parent, [])
        for before, part_id in zip(chain([None], order), order, strict=False):
            if part_id not in held:
                mine.insert(mine.index(before) + 1 if before in mine else 0 if before is None else len(mine), part_id)


def _link(wanted: Tree, file: PlanFile, ids: Mapping[str, UUID], kinds: set[str], take_away: bool) -> None:
    said = {Link(ids[link.part], ids[link.to], link.kind) for link in file.links}
    held = set(ids.values())
    if take_away:
        wanted.links -= {link for link in wanted.links if {link.from_id, link.to_id} <= held and link.kind in kinds}
    wanted.links |= said
