"""The action plan of one plan as a table in which its work is noted, and as a timeline. Both work without scripts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.auth.asking import Caller
from api.auth.depends import Anybody, SignedIn
from api.auth.forms import Sent
from api.auth.web.pages import HEADERS, PageRoute, page
from api.database import reading
from api.dependencies import Asking, TextQuery, known_parameters
from api.errors import status_of
from api.plan_work.asked import today_in_bangkok
from api.plan_work.form_operations import id_of, progress_operations, session_of
from api.routers.plan_work import noted
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.dates import fiscal_year
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.mindmaps import PlanState
from mapping.plan_asking import Operation
from mapping.plan_changes import Result
from mapping.plan_fields import STATUSES
from mapping.plan_places import area_or_code
from mapping.plan_progress import may_note
from mapping.plan_table import all_rows, solution_rows, stated_budget
from mapping.plan_timeline import timeline
from mapping.plans import get_plan, get_tree, sees_work

router = APIRouter(
    prefix="/plans/{plan_id}",
    route_class=PageRoute,
    include_in_schema=False,
    dependencies=[Depends(known_parameters)],
)
TOLD = {"noted": "plan.work.told.noted", "same": "plan.work.told.same", "clashed": "plan.told.clashed"}


@router.get("/table")
def get_table(request: Request, caller: Anybody, scope: Asking, plan_id: UUID, told: TextQuery = None) -> Response:
    """Show the activities of a plan; who works on it may note how far they are."""
    return _table(request, caller, scope, plan_id, done=text(TOLD[told]) if told in TOLD else None)


@router.post("/table")
def post_progress(request: Request, caller: SignedIn, plan_id: UUID, form: Sent) -> Response:
    """Note the status of an activity and what its indicators reached; only what was changed is sent on."""
    try:
        part, asked = id_of(form, "part"), progress_operations(form, session_of(caller))
        applied = _note(request, caller, plan_id, asked)
    except SocialMapError as error:
        return _table(request, caller, caller.scope, plan_id, error=error)
    refused = [each.words for each in applied if each.state == "refused"]
    if refused:
        return _table(request, caller, caller.scope, plan_id, refused=refused[0])
    return RedirectResponse(f"/plans/{plan_id}/table?told={told_of(applied)}#part-{part}", 303, HEADERS)


@router.get("/timeline")
def get_timeline(request: Request, caller: Anybody, scope: Asking, plan_id: UUID) -> Response:
    """Show the activities of a plan along its fiscal year."""
    with reading(request.app.state.engine, scope) as session:
        shown = plan_shown(session, scope, plan_id)
    line = timeline(all_rows(shown["groups"]), shown["plan"].fiscal_year, shown["today"])
    return page(request, "plan_timeline", caller, line=line, **shown)


def _note(request: Request, caller: Caller, plan_id: UUID, operations: list[Operation]) -> tuple[Result, ...]:
    return noted(request, caller.scope, plan_id, operations).results if operations else ()


def told_of(applied: Sequence[Result]) -> str:
    """Return the word of TOLD for what came of operations."""
    if any(one.key == "plan.told.clashed" for each in applied for one in each.notices):
        return "clashed"
    return "noted" if any(each.state == "done" for each in applied) else "same"


def _table(
    request: Request,
    caller: Caller | None,
    scope: Scope,
    plan_id: UUID,
    error: SocialMapError | None = None,
    refused: Text | None = None,
    done: Text | None = None,
) -> Response:
    with reading(request.app.state.engine, scope) as session:
        shown = plan_shown(session, scope, plan_id)
    status = status_of(error) if error else 400 if refused else 200
    more = {
        "noting": may_note(scope, shown["plan"]) and caller is not None and caller.session_id is not None,
        "statuses": STATUSES,
        "sum": stated_budget(shown["groups"]),
    }
    return page(request, "plan_table", caller, status, error.text if error else refused, done=done, **shown, **more)


def plan_shown(session: Session, scope: Scope, plan_id: UUID) -> dict[str, Any]:
    """Read a plan with its activities as rows. Raises PlanNotFound."""
    plan = get_plan(session, scope, plan_id)
    tree, today = get_tree(session, plan), today_in_bangkok()
    groups = solution_rows(tree, today)
    state: PlanState = "draft" if plan.state == "draft" else "approved"
    late = any(row.status == "late" for row in all_rows(groups))
    return {
        "plan": plan,
        "year": fiscal_year(plan.fiscal_year),
        "area": area_or_code(session, plan.area_code),
        "problem": get_problem(plan.problem_code),
        "root": tree.root,
        "groups": groups,
        "today": today,
        "badge": "overdue" if state == "approved" and late else state,
        "works": sees_work(scope, plan),
    }
