"""A plan's file as both doors make it: chosen, written, named and put on record."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from api.audit import record
from boundaries.areas import get_area
from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers.dates import fiscal_year
from layers.scope import Scope
from mapping.plan_files.formats import FORMATS, Format, lacking, write_plan_file
from mapping.plan_files.taking_out import to_plan_file
from mapping.plan_files.values import PlanFile
from mapping.plans import PlanRecord, get_tree, list_plans, sees_work


class NoSuchPlan(SocialMapError):
    """An area without a plan of this problem and fiscal year."""

    key = "plan_files.no_plan"


class ManyPlans(SocialMapError):
    """An area with plans of several problems, of which none was named."""

    key = "plan_files.many"


@dataclass(frozen=True)
class MadeFile:
    """A file with its name, media type, number of parts, and what it cannot hold."""

    format: Format
    name: str
    media_type: str
    content: bytes
    parts: int
    lacks: tuple[Text, ...]


def choose_plan(
    session: Session, scope: Scope, area: str, problem: str | None, year: date, *, draft: bool = False
) -> PlanRecord:
    """Return an area's approved plan, else its draft; the draft where it is asked for.

    Raises AreaNotFound, NoSuchPlan, ManyPlans.
    """
    get_area(session, area)
    held = list_plans(session, scope, area=area, problem=problem, fiscal_year=year)
    found = [plan for plan in held if plan.state == "draft" or (plan.state == "approved" and not draft)]
    problems = sorted({plan.problem_code for plan in found})
    if len(problems) > 1:
        raise ManyPlans(problems=", ".join(problems))
    if not found:
        raise NoSuchPlan
    return min(found, key=lambda plan: plan.state != "approved")


def read_out(session: Session, scope: Scope, plan: PlanRecord) -> PlanFile:
    """Return what a reader's files of a plan hold."""
    return to_plan_file(plan, get_tree(session, plan), work=sees_work(scope, plan))


def make_file(session: Session, scope: Scope, plan: PlanRecord, format: Format) -> MadeFile:
    """Write a plan as a file, as a reader may have it; whoever hands it out notes that."""
    held = read_out(session, scope, plan)
    return MadeFile(
        format,
        file_name(plan, format),
        FORMATS[format].media_type,
        write_plan_file(held, format),
        len(held.parts),
        tuple(lacking(held, format)),
    )


def note_file(session: Session, scope: Scope, plan: PlanRecord, made: MadeFile) -> None:
    """Put on record that a plan's file is handed out."""
    what = {"area": plan.area_code, "problem": plan.problem_code, "period": f"fy{fiscal_year(plan.fiscal_year)}"}
    about = {"format": made.format, "audience": scope.audience, "count": made.parts}
    record(session, scope, "export", kind="plan", object_id=plan.id, details=what | about)


def file_name(plan: PlanRecord, format: Format) -> str:
    """Name a plan's file by what is in it, in ASCII."""
    return f"plan-{plan.area_code}-{plan.problem_code}-fy{fiscal_year(plan.fiscal_year)}-{plan.state}.{format}"


def note_brought(session: Session, scope: Scope, plan: PlanRecord, parts: int) -> None:
    """Put on record that a file became a draft."""
    what = {"change": "file", "area": plan.area_code, "problem": plan.problem_code}
    details = what | {"number": plan.number, "count": parts}
    record(session, scope, "plan_change", kind="plan", object_id=plan.id, details=details)
