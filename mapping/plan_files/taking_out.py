"""A stored plan as its files hold it: what it shows, in its order; history, and what was taken away, stay behind."""

from layers.dates import fiscal_year
from mapping.plan_files.values import About, FileLink, FilePart, PlanFile
from mapping.plan_tree import Part, Tree
from mapping.plans import PlanRecord


def to_plan_file(plan: PlanRecord, tree: Tree, *, work: bool) -> PlanFile:
    """Return a plan for a file; `work` says whether the reader sees where its parts come from."""
    shown = [tree.root, *tree.walk(tree.root.id)]
    held = {part.id for part in shown}
    return PlanFile(
        about=About(
            area=plan.area_code,
            problem=plan.problem_code,
            fiscal_year=fiscal_year(plan.fiscal_year),
            state=plan.state,
            approved_by=plan.approved_by,
            approved_on=plan.approved_on.isoformat() if plan.approved_on else None,
            origin=plan.origin,
        ),
        parts=tuple(_part(part, work) for part in shown),
        links=tuple(
            FileLink(str(link.from_id), str(link.to_id), link.kind)
            for link in sorted(tree.links)
            if {link.from_id, link.to_id} <= held
        ),
    )


def _part(part: Part, work: bool) -> FilePart:
    parent = str(part.parent_id) if part.parent_id else None
    return FilePart(str(part.id), part.kind, parent, part.fields, part.origin if work else None)
