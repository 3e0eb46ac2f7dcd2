"""Referrals: a case sent to an agency, what the agency is shown of it, and its answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.agencies import Agency, get_agency
from layers.assignments import check_serving
from layers.case_steps import lock_single, move
from layers.case_words import checked_words
from layers.case_work_models import Referral
from layers.cases import CaseRecord, check_step, new_id
from layers.outbox import enqueue
from layers.scope import Scope
from layers.taxonomy import ENDED, REFERRED

State = Literal["sent", "accepted", "returned", "declined"]
Answer = Literal["accepted", "returned", "declined"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
FOLLOWS: dict[str, tuple[Answer, ...]] = {"sent": ("accepted", "returned", "declined"), "accepted": ("returned",)}
"""What may be answered in which state."""
MOST = 200


class ReferralNotFound(SocialMapError):
    """No referral has this id, or none that the one who asks may see."""

    key = "case_work.referral_not_found"


class ReferralAnswered(SocialMapError):
    """An answer that cannot follow the one given before."""

    key = "case_work.referral_answered"


class UnitNotAgency(SocialMapError):
    """A unit that cannot stand for the agency: of another kind, or the case's own."""

    key = "case_work.unit_not_agency"


@dataclass(frozen=True)
class Sent:
    """A referral as those see it who work on the case."""

    id: UUID
    agency: str
    unit_id: int | None
    state: State
    sent_by: UUID | None
    sent_at: datetime
    note: str | None
    answered_by: UUID | None
    answered_at: datetime | None
    answer: str | None


@dataclass(frozen=True)
class Received:
    """A referral as the agency's unit sees it: what its rule names of the case, and nothing else.

    `shown` holds the open fields; `person_fields` are those of the person that the rule names, to be read through the
    door of identity data. Of a secret case there is urgency and district alone, of one that is over nothing.
    """

    id: UUID
    case_id: UUID
    agency: str
    state: State
    sent_at: datetime
    answered_at: datetime | None
    secret: bool
    shown: dict[str, Any]
    person_fields: tuple[str, ...]


def send_referral(
    session: Session,
    scope: Scope,
    case_id: UUID,
    agency: str,
    unit_id: int | None = None,
    note: str | None = None,
) -> UUID:
    """Refer a case to an agency and return the referral's id; the case goes to "referred" where it is not there yet.

    The session is the scope's own. Raises CaseNotFound, NoSingleCase, BadStatus, UnknownAgency, UnitNotServing,
    UnitNotAgency, WordsBad.
    """
    case = lock_single(session, case_id)
    rule, words = get_agency(agency), checked_words(note, "note")
    if unit_id is not None:
        _check_unit(session, case, rule, unit_id)
    if case.values.status != REFERRED:
        check_step(case.values.status, REFERRED)
        move(session, scope, case, REFERRED, "step")
    made = new_id()
    row = {"province_code": case.province_code, "case_id": case_id, "id": made, "agency": agency, "unit_id": unit_id}
    session.execute(insert(Referral).values(row | {"sent_by": scope.actor_id, "note": words, "state": "sent"}))
    if unit_id is not None:
        about: Any = {"province": case.province_code, "case_id": case_id, "caused_by": scope.actor_id}
        enqueue(session, "referred", key=f"referred:{made}", unit_id=unit_id, params={"agency": agency}, **about)
    return made


def _check_unit(session: Session, case: CaseRecord, rule: Agency, unit_id: int) -> None:
    codes = [case.province_code, case.district_code, case.subdistrict_code, case.values.village_code]
    kind = check_serving(session, unit_id, [code for code in codes if code])
    if kind not in rule.kinds or unit_id == case.unit_id:
        raise UnitNotAgency(agency=rule.key, kinds=", ".join(sorted(rule.kinds)))


def list_sent(session: Session, case_id: UUID) -> list[Sent]:
    """Return the referrals of a case that the session may read, oldest first."""
    columns = [getattr(Referral, name) for name in Sent.__dataclass_fields__]
    rows = session.execute(select(*columns).where(Referral.case_id == case_id).order_by(Referral.id))
    return [Sent(**row._mapping) for row in rows]


def note_answer(
    session: Session, scope: Scope, case_id: UUID, referral_id: UUID, state: Answer, note: str | None = None
) -> None:
    """Note what an agency answered by other means, as somebody who works on the case; the session is the scope's own.

    Raises CaseNotFound, ReferralNotFound, ReferralAnswered, WordsBad.
    """
    lock_single(session, case_id)
    asked = select(Referral.state).where(Referral.case_id == case_id, Referral.id == referral_id)
    held = session.execute(asked).scalar_one_or_none()
    if held is None:
        raise ReferralNotFound(id=referral_id)
    _answer(session, scope, referral_id, held, state, note)


def answer_received(
    session: Session, scope: Scope, referral_id: UUID, state: Answer, note: str | None = None
) -> Received:
    """Answer as the agency's unit: accept, decline, or return what was accepted; the session is the product's own.

    Return the referral as it is then. Raises ReferralNotFound, ReferralAnswered, WordsBad.
    """
    mine = (Referral.id == referral_id, Referral.unit_id.in_(scope.units))
    held = session.execute(select(Referral.state).where(*mine).with_for_update()).scalar_one_or_none()
    if held is None:
        raise ReferralNotFound(id=referral_id)
    _answer(session, scope, referral_id, held, state, note)
    return get_received(session, scope, referral_id)


def _answer(session: Session, scope: Scope, referral_id: UUID, held: str, state: Answer, note: str | None) -> None:
    if state not in FOLLOWS.get(held, ()):
        raise ReferralAnswered(state=held, allowed=", ".join(FOLLOWS.get(held, ())) or "-")
    values = {"state": state, "answered_by": scope.actor_id, "answered_at": text("now()")}
    words = {"answer": checked_words(note, "answer")}
    changed = update(Referral).where(Referral.id == referral_id).values(values | words)
    row = session.execute(changed.returning(Referral.province_code, Referral.case_id, Referral.sent_by)).one()
    if row.sent_by is not None:
        about: Any = {"province": row.province_code, "case_id": row.case_id, "caused_by": scope.actor_id}
        key = f"returned:{referral_id}:{state}"
        enqueue(session, "returned", key=key, account_id=row.sent_by, params={"outcome": state}, **about)


def list_received(session: Session, scope: Scope, state: State | None = None, limit: int = MOST) -> list[Received]:
    """Return what was referred to the scope's units, newest first; the session is the product's own."""
    asked = {"units": sorted(scope.units), "state": state, "id": None, "limit": limit}
    return [_received(row) for row in session.execute(_RECEIVED, asked)]


def get_received(session: Session, scope: Scope, referral_id: UUID) -> Received:
    """Return one of them. Raises ReferralNotFound."""
    asked = {"units": sorted(scope.units), "state": None, "id": referral_id, "limit": 1}
    row = session.execute(_RECEIVED, asked).one_or_none()
    if row is None:
        raise ReferralNotFound(id=referral_id)
    return _received(row)


def _received(row: Any) -> Received:
    rule, secret = get_agency(row.agency), row.sensitivity == "L3"
    told = {
        "problem": row.problem_code,
        "urgency": row.urgency,
        "target_groups": list(row.target_groups),
        "area": row.subdistrict_code or row.district_code or row.province_code,
        "reported_on": row.reported_on,
        "place": None if row.lat is None else [row.lon, row.lat],
    }
    shown = {name: told[name] for name in told if name in rule.fields}
    if secret:
        shown = {"urgency": row.urgency, "area": row.district_code or row.province_code}
    over = row.state in ("returned", "declined") or row.status in ENDED
    shown, persons = ({}, ()) if over else (shown, () if secret else rule.person_fields)
    kept = {name: getattr(row, name) for name in ("id", "case_id", "agency", "state", "sent_at", "answered_at")}
    return Received(**kept, secret=secret, shown=shown, person_fields=persons)


_RECEIVED = text("""
SELECT r.id, r.case_id, r.agency, r.state, r.sent_at, r.answered_at, c.sensitivity, c.status, c.problem_code, c.urgency,
       c.target_groups, c.reported_on, c.province_code, c.district_code, c.subdistrict_code,
       ST_Y(c.point) AS lat, ST_X(c.point) AS lon
FROM referral AS r JOIN "case" AS c ON c.province_code = r.province_code AND c.id = r.case_id
WHERE r.unit_id = ANY (:units) AND (CAST(:state AS text) IS NULL OR r.state = :state)
  AND (CAST(:id AS uuid) IS NULL OR r.id = :id)
ORDER BY r.id DESC LIMIT :limit
""")
