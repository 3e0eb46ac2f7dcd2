"""The pages of plans: the list with the form of a new draft, which needs no script, and the page of one plan."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth.asking import Caller
from api.auth.depends import Anybody, SignedIn
from api.auth.errors import NotSignedIn
from api.auth.forms import Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import Asking, ReadSession, known_parameters
from api.errors import ParameterBad, shortened, status_of
from api.planning.assets import editor_files
from api.planning.drafting import FROM_DATA, areas_to_draft, draft_plan, problem_choices, year_choices
from api.planning.given import page_value, rights
from api.planning.listing import Chosen, chosen, names_of, plans_chosen
from api.planning.noting import note_plan_change
from api.routers.maps import WebLibrary
from api.schemas.plans import to_whole_plan
from boundaries.areas import get_area
from boundaries.codes import COUNTRY
from boundaries.dates import BANGKOK
from boundaries.errors import SocialMapError
from layers.dates import fiscal_year
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.plan_fields import FIRST_YEAR, LAST_YEAR
from mapping.plan_tree import Part, Tree
from mapping.plans import PlanNotFound, get_plan, get_tree

router = APIRouter(
    prefix="/plans", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)

SHOWN = 200
"""Plans of one list."""


@router.get("")
def get_list(
    request: Request,
    session: ReadSession,
    scope: Asking,
    caller: Anybody,
    asked: Annotated[Chosen, Depends(chosen)],
) -> Response:
    """List plans and offer a new draft to whoever may make one."""
    return _list(request, session, scope, caller, asked)


@router.post("")
def post_draft(request: Request, scope: Asking, caller: SignedIn, form: Sent) -> Response:
    """Make a draft and lead to it; where it is refused the list says why."""
    try:
        with transaction(request.app.state.engine, scope) as session:
            year = _year(form.get("fiscal_year"))
            plan = draft_plan(session, scope, form.get("area"), form.get("problem"), year)
            note_plan_change(session, scope, plan, "template", 1)
    except SocialMapError as error:
        kept = Chosen(None, None, None, None)
        with reading(request.app.state.engine, scope) as session:
            return _list(request, session, scope, caller, kept, error, form.get("area"), form.get("problem"))
    return back_to(f"/plans/{plan.id}")


@router.get("/{plan_id:uuid}")
def get_plan_page(
    request: Request, session: ReadSession, scope: Asking, caller: Anybody, library: WebLibrary, plan_id: UUID
) -> Response:
    """Show a plan, to be worked on by whoever may; strangers who may not read it are led to sign in."""
    try:
        plan = get_plan(session, scope, plan_id)
    except PlanNotFound:
        if caller is None:
            raise NotSignedIn from None
        raise
    tree = get_tree(session, plan)
    may = rights(scope, plan)
    whole = to_whole_plan(plan, tree, work=may["history"])
    value = page_value(request, session, scope, caller, plan, whole)
    shown: dict[str, Any] = {
        "plan": plan,
        "may": may,
        "area": get_area(session, plan.area_code),
        "problem": get_problem(plan.problem_code),
        "year": fiscal_year(plan.fiscal_year),
        "tree": tree,
        "lines": _lines(tree, tree.root),
        "files": editor_files(library),
        "given": _script_json(value),
    }
    return page(request, "plan", caller, connects=True, **shown)


def _list(
    request: Request,
    session: Session,
    scope: Scope,
    caller: Caller | None,
    asked: Chosen,
    error: SocialMapError | None = None,
    area: str = "",
    problem: str = FROM_DATA,
) -> Response:
    found = plans_chosen(session, scope, asked)
    shown: dict[str, Any] = {
        "plans": [(plan, get_problem(plan.problem_code)) for plan in found[:SHOWN]],
        "names": names_of(session, request.app.state.areas, found[:SHOWN]),
        "more": len(found) > SHOWN,
        "has_own": bool(scope.areas),
        "everywhere": COUNTRY,
        "asked": asked,
        "years": year_choices(datetime.now(BANGKOK).date()),
        "problems": problem_choices(),
        "areas": areas_to_draft(session, scope),
        "may_draft": scope.may("plan.write"),
        "new_area": area,
        "new_problem": problem,
        "from_data": FROM_DATA,
        "shown_most": SHOWN,
        "year_of": lambda plan: fiscal_year(plan.fiscal_year),
    }
    return page(request, "plans", caller, status_of(error) if error else 200, error.text if error else None, **shown)


def _year(words: str) -> int:
    if not words.isdecimal() or not FIRST_YEAR <= int(words[:5]) <= LAST_YEAR:
        raise ParameterBad(name="fiscal_year", value=shortened(words), allowed=f"{FIRST_YEAR}–{LAST_YEAR}")
    return int(words)


def _lines(tree: Tree, part: Part) -> dict[str, Any]:
    """Return a part and those under it as they are read without scripts."""
    return {"part": part, "under": [_lines(tree, each) for each in tree.under(part.id)]}


def _script_json(value: Any) -> Markup:
    """Write JSON that cannot end the element it stands in."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
