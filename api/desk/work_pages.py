"""Work on a case by the forms of its sheet: steps, closing by two, assignment, referral, visits, help, merges."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import case_doubts
from api.auth.asking import Caller
from api.auth.forms import Form, Sent
from api.auth.signing_in import AUTH
from api.auth.web.pages import PageRoute
from api.dependencies import known_parameters
from api.desk import working
from api.desk.asked import Writer
from api.desk.case_pages import done
from layers.scope import Scope

Do = Callable[[Session, Scope, UUID, Form], str]
router = APIRouter(
    prefix="/desk/cases", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)


@router.post("/{case_id}/step")
def post_step(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Take a case one step further."""
    return _work(request, writer, case_id, form, working.step)


@router.post("/{case_id}/closing")
def post_closing(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Propose to close a case, confirm or decline what somebody else proposed."""
    return _work(request, writer, case_id, form, working.close)


@router.post("/{case_id}/assignment")
def post_assignment(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Give a case to a unit and a team."""
    return done(request, writer, case_id, form, lambda own: working.assign(own, writer.scope, case_id, form), AUTH)


@router.post("/{case_id}/referrals")
def post_referral(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Refer a case to an agency."""
    return _work(request, writer, case_id, form, working.refer)


@router.post("/{case_id}/referrals/{referral_id}")
def post_answer(request: Request, writer: Writer, case_id: UUID, referral_id: UUID, form: Sent) -> Response:
    """Note what an agency answered by other means."""

    def do(session: Session) -> str:
        return working.note_answer(session, writer.scope, case_id, referral_id, form)

    return done(request, writer, case_id, form, do, writer.scope)


@router.post("/{case_id}/visits")
def post_visit(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Plan a follow-up visit."""
    return _work(request, writer, case_id, form, working.plan_visit)


@router.post("/{case_id}/visits/{visit_id}")
def post_made_visit(request: Request, writer: Writer, case_id: UUID, visit_id: UUID, form: Sent) -> Response:
    """Note that a visit was made."""

    def do(session: Session) -> str:
        return working.note_visit(session, writer.scope, case_id, visit_id, form)

    return done(request, writer, case_id, form, do, writer.scope)


@router.post("/{case_id}/assistance")
def post_assistance(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Note help that was given."""
    return _work(request, writer, case_id, form, working.give)


@router.post("/{case_id}/assistance/{assistance_id}")
def post_correction(request: Request, writer: Writer, case_id: UUID, assistance_id: UUID, form: Sent) -> Response:
    """Correct what was noted of help."""

    def do(session: Session) -> str:
        return working.correct(session, writer.scope, case_id, assistance_id, form)

    return done(request, writer, case_id, form, do, writer.scope)


@router.post("/{case_id}/unmerge")
def post_unmerge(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Make a merged case one of its own again."""

    def do(session: Session) -> str:
        case_doubts.unmerge(session, writer.scope, case_id)
        return "unmerged"

    return done(request, writer, case_id, form, do, writer.scope)


def _work(request: Request, writer: Caller, case_id: UUID, form: Form, do: Do) -> Response:
    """Do what a form says in one transaction of the caller's own scope, so that the database checks it again."""
    scope: Scope = writer.scope
    return done(request, writer, case_id, form, lambda session: do(session, scope, case_id, form), scope)
