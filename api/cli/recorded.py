"""What commands tell the audit: that they ran, and what they loaded, imported or released."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.scope import Scope

if TYPE_CHECKING:
    from boundaries.loading import LoadReport
    from layers.importing import ImportReport
    from layers.importing.runs import Undone
    from layers.releases import Made
    from mapping.plans import PlanRecord

TOLD = "socialmap.command_recorded"


def note_command(session: Session, reason: str) -> None:
    """Record the command that runs, once, where the database has an audit; call it last in its transaction."""
    from api.audit import record

    context = _running()
    if context is None or context.meta.get(TOLD) or not _has_audit(session):
        return
    name = ".".join(context.command_path.split()[1:])
    context.meta[TOLD] = True
    record(session, Scope.system(reason), "system_command", kind="command", details={"command": name or "socialmap"})


def note_release(session: Session, made: "Made | None") -> None:
    """Record what was published; nothing where nothing new was."""
    from api.audit import record

    if made is None:
        return
    hidden = sum(one.hidden + one.withheld for one in made.kept)
    details = {"state": "released", "tables": len(made.kept), "hidden": hidden}
    record(session, Scope.system("release"), "release", kind="release", object_id=str(made.id), details=details)


def note_load(session: Session, report: "LoadReport") -> None:
    """Record boundaries that were loaded or taken into use; nothing where they were there already."""
    if report.imported is None and report.activation is None:
        return
    count = sum(report.imported.counts.values()) if report.imported else None
    moved = getattr(report.activation.retagged, "moved", None) if report.activation else None
    note_boundaries(session, report.edition.id, "active" if report.activation else "draft", count, moved)


def note_boundaries(
    session: Session, edition: int, change: str, areas: int | None = None, cases: int | None = None
) -> None:
    """Record what became of an edition of the boundaries, with how many areas and moved cases."""
    from api.audit import record

    details = {"change": change, "areas": areas, "cases": cases}
    given = {name: value for name, value in details.items() if value is not None}
    by = Scope.system("boundaries")
    record(session, by, "boundary_change", kind="edition", object_id=str(edition), details=given)


def note_import(session: Session, source: str, target: str, report: "ImportReport") -> None:
    """Record a file that was brought in; nothing where nothing was written."""
    if report.written:
        kind = {"cases": "case", "figures": "observation", "assets": "asset"}[target]
        counts = {"new": report.new, "changed": report.changed, "rejected": report.refused_rows + report.waiting_rows}
        _import(session, kind, source, rows=report.rows, **counts)


def note_plan(session: Session, plan: "PlanRecord", change: str) -> None:
    """Record a plan that was made or approved."""
    from api.audit import record

    what = {"change": change, "area": plan.area_code, "problem": plan.problem_code, "number": plan.number, "count": 1}
    record(session, Scope.system("plan"), "plan_change", kind="plan", object_id=plan.id, details=what)


def note_undo(session: Session, run_id: int, undone: "Undone") -> None:
    """Record an import that was undone."""
    from api.audit import record

    details = {"removed": undone.removed, "restored": undone.restored}
    record(session, Scope.system("import"), "import", kind="undo", object_id=str(run_id), details=details)


def _import(session: Session, kind: str, source: str | None, **counts: int) -> None:
    from api.audit import DetailRefused, record

    by = Scope.system("import")
    try:
        record(session, by, "import", kind=kind, details={"source": source, **counts} if source else counts)
    except DetailRefused:  # a name that is no code could be somebody's: the counts are told without it
        record(session, by, "import", kind=kind, details=counts)


def _running() -> Any:
    for place in ("typer._click.globals", "click"):  # the copy that Typer may bring along keeps contexts of its own
        try:
            found = import_module(place).get_current_context(silent=True)
        except ImportError:
            continue
        if found is not None:
            return found
    return None


def _has_audit(session: Session) -> bool:
    return session.scalar(text("SELECT to_regclass('public.audit_entry') IS NOT NULL")) is True
