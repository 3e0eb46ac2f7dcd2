"""The policies that one plan serves: a form for its problem and one for each solution. Works without scripts."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.auth.asking import Caller
from api.auth.depends import Anybody, SignedIn
from api.auth.forms import Sent
from api.auth.web.pages import HEADERS, PageRoute, page
from api.database import reading
from api.dependencies import Asking, TextQuery, known_parameters
from api.errors import status_of
from api.plan_work.form_operations import session_of, tag_operations
from api.plan_work.plan_pages import TOLD, plan_shown, told_of
from api.routers.plan_work import noted
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.scope import Scope
from mapping.plan_progress import may_note
from mapping.policies import TAGS, THEME_KINDS, dimensions, list_themes, tag_titles, welfare_systems

router = APIRouter(
    prefix="/plans/{plan_id}/tags",
    route_class=PageRoute,
    include_in_schema=False,
    dependencies=[Depends(known_parameters)],
)


@router.get("")
def get_tags(request: Request, caller: Anybody, scope: Asking, plan_id: UUID, told: TextQuery = None) -> Response:
    """Show which policies a plan's problem and solutions serve."""
    return _page(request, caller, scope, plan_id, done=text(TOLD[told]) if told in TOLD else None)


@router.post("")
def post_tags(request: Request, caller: SignedIn, plan_id: UUID, form: Sent) -> Response:
    """Say which policies the problem or a solution serves."""
    try:
        operations = tag_operations(form, session_of(caller))
        applied = noted(request, caller.scope, plan_id, operations).results if operations else ()
    except SocialMapError as error:
        return _page(request, caller, caller.scope, plan_id, error=error)
    refused = [each.words for each in applied if each.state == "refused"]
    if refused:
        return _page(request, caller, caller.scope, plan_id, refused=refused[0])
    return RedirectResponse(f"/plans/{plan_id}/tags?told={told_of(applied)}", 303, HEADERS)


def _page(
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
        themes, titles = list_themes(session), tag_titles(session)
    parts = [shown["root"], *(group.part for group in shown["groups"])]
    groups: list[tuple[Text, list[tuple[str, Text]]]] = []
    for kind in THEME_KINDS:
        held = [(one.code, one.title) for one in themes if one.kind == kind]
        groups.append((text(f"policy.kind.{kind}"), held))
    groups.append((text("policy.dimensions"), list(dimensions().items())))
    groups.append((text("policy.systems"), list(welfare_systems().items())))
    more: dict[str, Any] = {
        "noting": may_note(scope, shown["plan"]) and caller is not None and caller.session_id is not None,
        "parts_held": [(part, list(part.fields.get(TAGS, ()))) for part in parts],
        "choices": groups,
        "titles": titles,
    }
    status = status_of(error) if error else 400 if refused else 200
    return page(request, "plan_tags", caller, status, error.text if error else refused, done=done, **shown, **more)
