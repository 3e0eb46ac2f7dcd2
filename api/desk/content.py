"""What the sheet of a case shows: what is known, where it is, what was done, and what may be done next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import text
from sqlalchemy.orm import Session

from api import teams
from api.audit import record
from api.auth.asking import Caller
from api.auth.signing_in import AUTH
from api.database import reading, transaction
from api.desk.drawing import draw_places
from api.desk.shown import account_names, area_names, list_serving
from api.desk.stated import Stated, field_name, said, stated_of
from api.field.history import read_field_words
from api.identity_use import read_identity
from boundaries.errors import SocialMapError
from boundaries.messages import text as words
from layers.area_choices import CHOICES, find_choice
from layers.case_merging import find_merge, list_merged
from layers.case_photos import Photo, list_photos
from layers.case_work import get_case_work
from layers.cases import CaseRecord, get_case
from layers.identity import IdentityNotFound, IdentityValues
from layers.scope import Scope
from layers.taxonomy import get_problem

RIGHTS = {"writes": "case.write", "identifies": "identity.read", "assigns": "case.assign"}


@dataclass(frozen=True)
class Opened:
    """A case that somebody has opened: why, and whether its person is shown."""

    id: UUID
    reason: str = ""
    person: bool = False
    done: str | None = None
    error: SocialMapError | None = None
    form: dict[str, str] = field(default_factory=dict)
    """What was typed where it was refused."""


def is_closed_to(case: CaseRecord, opened: Opened) -> bool:
    """Say whether a case is shown only after a reason was given, and none was."""
    return case.sensitivity == "L3" and not opened.reason.strip()


def open_case(session: Session, scope: Scope, opened: Opened) -> CaseRecord:
    """Return a case that may be read, on record unless it stays closed without a reason. Raises CaseNotFound."""
    case = get_case(session, opened.id)
    if not is_closed_to(case, opened):
        told = {"sensitivity": case.sensitivity}
        record(session, scope, "case_read", kind="case", object_id=case.id, reason=opened.reason or None, details=told)
    return case


def case_content(request: Request, caller: Caller, opened: Opened) -> dict[str, Any]:
    """Return what the sheet shows; `case` alone where it stays closed. Raises CaseNotFound, ReasonNeeded."""
    engine, scope = request.app.state.engine, caller.scope
    with reading(engine, scope) as session:
        case = open_case(session, scope, opened)
        if is_closed_to(case, opened):
            return {"case": case, "closed": True}
        shown = _known(session, case) | _stated(session, scope, case, opened)
    person, missing = _person(request, caller, opened) if opened.person else (None, False)
    told = _field_words(request, caller, opened, shown["stated"]) if opened.person else ()
    with transaction(engine, AUTH) as session:
        people = account_names(session, [*shown["work"].actors, *shown["observers"]])
        members = teams.list_members(session, scope, case.id) if _assigns(case, scope) else None
    rights = {name: scope.may(may) for name, may in RIGHTS.items()}
    return {
        "case": case, "closed": False, "people": people, "members": members, "person": person,
        "no_person": missing, "told": told, "caller_id": caller.id, **rights, **shown,
    }  # fmt: skip


def _known(session: Session, case: CaseRecord) -> dict[str, Any]:
    into, merged = find_merge(session, case.id), list_merged(session, case.id)
    values, stated = case.values, case.values.stated_code
    point = (values.lon, values.lat) if values.lon is not None and values.lat is not None else None
    said = get_problem(values.problem_code).short_th
    other = stated if case.area_match == "conflict" else None
    svg = draw_places(session, point, case.area_code, other, values.urgency, said)
    return {
        "names": area_names(session, [case.area_code, stated]),
        "svg": svg,
        "work": get_case_work(session, case),
        "units": list_serving(session, case),
        "into": into,
        "merged": merged,
        "choice": find_choice(session, case.id),
        "choices": CHOICES.get(case.area_match, ()),
        "unit": session.execute(_UNIT, {"id": case.id}).one_or_none(),
    }


def _stated(session: Session, scope: Scope, case: CaseRecord, opened: Opened) -> dict[str, Any]:
    """Return what was stated of a case and of those merged into it, and which photos they have.

    A merged case is read like any other: on record, and a secret one with a reason alone.
    """
    held = [case]
    for merged in [get_case(session, one.case_id) for one in list_merged(session, case.id)]:
        if not is_closed_to(merged, opened):
            held.append(open_case(session, scope, replace(opened, id=merged.id)))
    stated = {one.id: stated_of(session, one) for one in held}
    photos: dict[UUID, list[Photo]] = {}
    if scope.may("identity.read"):
        photos = {one.id: list_photos(session, scope, one.id) for one in held}
    observers = {row.account_id for one in stated.values() for row in one.rows}
    return {"stated": stated, "photos": {one: found for one, found in photos.items() if found}, "observers": observers}


def _person(request: Request, caller: Caller, opened: Opened) -> tuple[IdentityValues | None, bool]:
    """Return whom a case concerns, with the reason and on record, and whether there is nothing to show."""
    scope = caller.scope.with_reason(opened.reason)
    try:
        with reading(request.app.state.engine, scope) as session:
            return read_identity(session, scope, opened.id), False
    except IdentityNotFound:
        return None, True


def _field_words(request: Request, caller: Caller, opened: Opened, stated: Mapping[UUID, Stated]) -> tuple[Any, ...]:
    """Return what phones told of persons, each observation's own words, where a case has any; on record as well.

    Of two that clash both are there. Each is (observation, words by field); merged cases are asked for like the case.
    """
    scope, found = caller.scope.with_reason(opened.reason), list[Any]()
    for case_id, one in stated.items():
        if any(row.words for row in one.rows):
            with reading(request.app.state.engine, scope) as session:
                held = read_field_words(session, scope, case_id)
            found += [(row, _in_words(held[row.id])) for row in one.rows if row.id in held]
    return tuple(found)


def _in_words(held: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(field_name(name), said(name, value)) for name, value in held.items()]


def _assigns(case: CaseRecord, scope: Scope) -> bool:
    """Say whether somebody names the team of a case: who assigns cases of its unit."""
    return scope.may("case.assign") and case.unit_id is not None and case.unit_id in scope.units


def person_rows(person: IdentityValues) -> list[tuple[str, str]]:
    """Return what is known of a person, named as on the sheet; what is empty is left out."""
    shown = ("name", "national_id", "phone", "address", "guardian", "note")
    return [(words(f"desk.person.{name}").th, getattr(person, name)) for name in shown if getattr(person, name)]


_UNIT = text('SELECT u.id, u.name_th, u.name_en FROM "case" AS c JOIN unit AS u ON u.id = c.unit_id WHERE c.id = :id')
