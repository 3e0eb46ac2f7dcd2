"""The sheet of one case. A secret one opens with a reason, whom it concerns always does; every look is on record."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import case_doubts, teams
from api.audit import LONGEST_REASON, ReasonNeeded
from api.auth.asking import Caller
from api.auth.errors import FormBad, NotAllowed
from api.auth.forms import Form, Sent
from api.auth.signing_in import AUTH
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import TextQuery, known_parameters
from api.desk.asked import Reader, Writer
from api.desk.content import Opened, case_content, person_rows
from api.desk.shown import known_words
from api.errors import status_of
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.area_choices import CHOICES
from layers.cases import CaseNotFound, get_case
from layers.desk import find_lines
from layers.scope import Scope

router = APIRouter(
    prefix="/desk/cases", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset(
    {"area", "area_back", "joined", "left", "unmerged", "step", "proposed", "confirmed", "declined", "assigned",
     "referred", "answered", "planned", "visited", "given", "corrected"}
)  # fmt: skip
SHORTEST_REASON = 5


@router.get("/{case_id}")
def get_one(request: Request, reader: Reader, case_id: UUID, said: TextQuery = None) -> Response:
    """Show a case, or ask for a reason where it is secret."""
    return case_page(request, reader, Opened(case_id, done=said))


@router.post("/{case_id}")
def post_reason(request: Request, reader: Reader, case_id: UUID, form: Sent) -> Response:
    """Show a case with a reason; with the person whom it concerns where that was asked for."""
    opened = Opened(case_id, said_reason(form), person=form.get("show") == "person")
    try:
        check_reason(opened.reason)
        if opened.person and not reader.scope.may("identity.read"):
            raise NotAllowed(permission="identity.read")
        return case_page(request, reader, opened)
    except CaseNotFound:
        raise
    except SocialMapError as error:
        return case_page(request, reader, Opened(case_id, error=error))


@router.post("/{case_id}/area")
def post_area(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Choose where a case is, or take the last choice back."""

    def do(session: Session) -> str:
        if form.get("do") == "back":
            case_doubts.take_back(session, writer.scope, case_id)
            return "area_back"
        settle(session, writer.scope, case_id, form)
        return "area"

    return done(request, writer, case_id, form, do, case_doubts.CHOOSING)


@router.post("/{case_id}/team")
def post_team(request: Request, writer: Writer, case_id: UUID, form: Sent) -> Response:
    """Put somebody into the team of a case, or take them out."""

    def do(session: Session) -> str:
        login = form.get("login")[:64]
        if form.get("do") == "leave":
            teams.remove_member(session, writer.scope, case_id, login)
            return "left"
        teams.add_member(session, writer.scope, case_id, login)
        return "joined"

    return done(request, writer, case_id, form, do, AUTH)


def check_reason(reason: str) -> None:
    """Raise ReasonNeeded for what is no reason."""
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded(limit=LONGEST_REASON)


def said_reason(form: Form) -> str:
    """Return the reason that a form gives."""
    return form.get("reason").strip()


def settle(session: Session, scope: Scope, case_id: UUID, form: Form) -> None:
    """Settle the area of a case as a form says it, on record. Raises FormBad and what choose_area raises."""
    chosen = form.get("choice")
    if not any(chosen in allowed for allowed in CHOICES.values()):
        raise FormBad
    area = form.get("area")[:16] or None if chosen == "area" else None
    case_doubts.choose(session, scope, case_id, chosen, area)  # type: ignore[arg-type]


def done(
    request: Request, caller: Caller, case_id: UUID, form: Form, do: Callable[[Session], str], by: Scope
) -> Response:
    """Do something with a case in one transaction and show it again; what was refused is told there.

    `by` is on whose behalf the database is asked; that the caller may read the case is seen before.
    """
    engine, reason = request.app.state.engine, said_reason(form)
    with reading(engine, caller.scope) as session:
        secret = get_case(session, case_id).sensitivity == "L3"
    try:
        if by is not AUTH:
            case_doubts.check_writable(engine, caller.scope, case_id)
        with transaction(engine, by) as session:
            said = do(session)
    except CaseNotFound:
        raise
    except SocialMapError as error:
        return case_page(request, caller, Opened(case_id, reason, error=error, form=dict(form.pairs)))
    with reading(engine, caller.scope) as session:
        if not find_lines(session, [case_id]):  # it is somebody else's now
            return back_to("/desk", said)
    # The reason that opened a secret case is good for what follows from it.
    held = Opened(case_id, reason, done=said)
    return case_page(request, caller, held) if secret else back_to(f"/desk/cases/{case_id}", said)


def case_page(request: Request, caller: Caller, opened: Opened) -> Response:
    """Make the page of a case, or that which asks for a reason. Raises CaseNotFound."""
    shown = case_content(request, caller, opened)
    error = opened.error
    status, words = status_of(error) if error else 200, error.text if error else None
    told = text(f"desk.said.{opened.done}") if opened.done in SAID and error is None else None
    name = "desk_reason" if shown["closed"] else "desk_case"
    given: dict[str, Any] = {"opened": opened, "rows_of": person_rows, **shown, **known_words()}
    return page(request, name, caller, status, words, done=told, **given)
