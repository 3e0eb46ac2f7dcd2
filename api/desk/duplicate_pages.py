"""Cases that may be one, side by side with the reasons: to merge, to keep apart, to compare. Works without scripts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import case_doubts
from api.audit import record
from api.auth.asking import Caller
from api.auth.errors import FormBad, NotAllowed
from api.auth.forms import Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import CodeQuery, TextQuery, known_parameters
from api.desk.asked import Reader, Writer, area_options
from api.desk.case_pages import check_reason, said_reason
from api.desk.drawing import draw_pair
from api.desk.shown import area_names, known_words
from api.errors import status_of
from api.identity_use import read_identity
from api.plan_work.asked import own_area
from boundaries.areas import get_area
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.cases import CaseNotFound
from layers.desk import QueueLine, find_lines
from layers.duplicates import NEWEST, WordsAlike, words_alike
from layers.identity import IdentityNotFound, IdentityValues
from layers.scope import Scope
from layers.taxonomy import MERGEABLE, uncounted

router = APIRouter(
    prefix="/desk/duplicates", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SHOWN = 30
SAID = frozenset({"merged", "apart"})


@router.get("")
def get_list(request: Request, reader: Reader, area: CodeQuery = None, said: TextQuery = None) -> Response:
    """List pairs of cases that may be one, the likeliest first."""
    return list_page(request, reader, area or own_area(reader.scope), said=said)


@router.post("/{case_id}/{other_id}")
def post_pair(request: Request, writer: Writer, case_id: UUID, other_id: UUID, form: Sent) -> Response:
    """Merge one of a pair into the other, or remember that they are not the same."""
    within = form.get("within")[:16] or own_area(writer.scope)
    try:
        with transaction(request.app.state.engine, writer.scope) as session:
            said = decide(session, writer.scope, (case_id, other_id), form.get("do"))
    except CaseNotFound:
        raise
    except SocialMapError as error:
        return list_page(request, writer, own_area(writer.scope), error=error)
    with reading(request.app.state.engine, writer.scope) as session:
        within = get_area(session, within).code
    return back_to(f"/desk/duplicates?area={within}&said={said}")


@router.get("/{case_id}/{other_id}")
def get_pair(request: Request, reader: Reader, case_id: UUID, other_id: UUID) -> Response:
    """Show two cases side by side, as lists show them."""
    return pair_page(request, reader, (case_id, other_id))


@router.post("/{case_id}/{other_id}/words")
def post_words(request: Request, reader: Reader, case_id: UUID, other_id: UUID, form: Sent) -> Response:
    """Say how alike the words about two cases' persons are, with a reason; nothing of the words is shown."""
    pair = (case_id, other_id)
    with reading(request.app.state.engine, reader.scope) as session:
        both_of(session, pair)
    try:
        check_reason(said_reason(form))
        return pair_page(request, reader, pair, compare(request, reader, pair, said_reason(form)))
    except SocialMapError as error:
        return pair_page(request, reader, pair, error=error)


def decide(session: Session, scope: Scope, pair: tuple[UUID, UUID], do: str) -> str:
    """Do what a button says with a pair, on record; return what is said then. Raises FormBad, NotMergeable."""
    both_of(session, pair)
    one, other = pair
    if do == "apart":
        case_doubts.keep_apart(session, scope, one, other)
        return "apart"
    if do not in ("keep_one", "keep_other"):
        raise FormBad
    gone, kept = (other, one) if do == "keep_one" else (one, other)
    case_doubts.merge(session, scope, gone, kept)
    return "merged"


def compare(request: Request, caller: Caller, pair: tuple[UUID, UUID], reason: str) -> WordsAlike:
    """Compare the words about two persons, both reads on record. Raises NotAllowed, ReasonNeeded."""
    if not caller.scope.may("identity.read"):
        raise NotAllowed(permission="identity.read")
    scope = caller.scope.with_reason(reason)
    read: list[IdentityValues] = []
    for case_id in pair:
        with reading(request.app.state.engine, scope) as session:
            try:
                read.append(read_identity(session, scope, case_id))
            except IdentityNotFound:
                read.append(IdentityValues())
    return words_alike(*read)


def both_of(session: Session, pair: tuple[UUID, UUID]) -> tuple[QueueLine, QueueLine]:
    """Return the two cases of a pair. Raises CaseNotFound."""
    found = find_lines(session, pair)
    for case_id in pair:
        if case_id not in found:
            raise CaseNotFound(id=case_id)
    return found[pair[0]], found[pair[1]]


def list_page(
    request: Request, caller: Caller, within: str, error: SocialMapError | None = None, said: str | None = None
) -> Response:
    """Make the list of pairs."""
    with reading(request.app.state.engine, caller.scope) as session:
        found = case_doubts.candidates(session, caller.scope, within)
        lines = find_lines(session, [one for pair in found[:SHOWN] for one in (pair.one, pair.other)])
        shown: dict[str, Any] = {
            "area": get_area(session, within),
            "pairs": [(one, lines[one.one], lines[one.other]) for one in found[:SHOWN]],
            "count": len(found),
            "names": area_names(session, [line.area_code for line in lines.values()]),
            "areas": area_options(session, caller.scope, within),
        }
    status, words = (status_of(error), error.text) if error else (200, None)
    done = text(f"desk.said.{said}") if said in SAID and error is None else None
    return page(request, "desk_duplicates", caller, status, words, done=done, **shown, **_rights(caller))


def pair_page(
    request: Request,
    caller: Caller,
    pair: tuple[UUID, UUID],
    alike: WordsAlike | None = None,
    error: SocialMapError | None = None,
) -> Response:
    """Make the page of two cases. Raises CaseNotFound."""
    with reading(request.app.state.engine, caller.scope) as session:
        record(session, caller.scope, "list", kind="case_merge", details={"count": 2})
        one, other = both_of(session, pair)
        names = area_names(session, [one.area_code, other.area_code])
        svg = draw_pair(session, one, other)
    status, words = (status_of(error), error.text) if error else (200, None)
    shown: dict[str, Any] = {"one": one, "other": other, "names": names, "svg": svg, "alike": alike}
    return page(request, "desk_pair", caller, status, words, **shown, **_rights(caller))


def _rights(caller: Caller) -> Mapping[str, Any]:
    may = caller.scope.may
    return {
        "writes": may("case.write"),
        "identifies": may("identity.read"),
        "mergeable": MERGEABLE,
        "gone": uncounted(),
        "newest": NEWEST,
        **known_words(),
    }
