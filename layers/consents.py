"""Consents: that a person or guardian agreed to what goes beyond official duty, and until when."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.cases import CaseNotFound, get_case, new_id
from layers.scope import Scope


class BadConsent(SocialMapError):
    """A consent that cannot be kept: wording, channel, giver or date."""

    key = "error.bad_consent"


def create_consent(
    session: Session, scope: Scope, case_id: UUID, *, wording: str, channel: str, given_by: str, given_on: date
) -> UUID:
    """Record a consent and return its id; `wording` is the version of the words agreed to, `given_by` no name.

    Raises CaseNotFound, BadConsent.
    """
    made = new_id()
    row: dict[str, Any] = {"province": get_case(session, case_id).province_code, "case": case_id, "id": made}
    row |= {"wording": wording, "channel": channel, "given_by": given_by, "given_on": given_on, "by": scope.actor_id}
    if given_on > date.today():
        raise BadConsent
    try:
        with session.begin_nested():
            session.execute(_INSERT, row)
    except IntegrityError as error:
        raise BadConsent from error
    return made


def withdraw_consent(session: Session, case_id: UUID, consent_id: UUID) -> None:
    """Note that a consent was withdrawn; when it was first withdrawn stays. Raises CaseNotFound, BadConsent."""
    province = get_case(session, case_id).province_code
    done = session.execute(_WITHDRAW, {"province": province, "case": case_id, "id": consent_id})
    if not done.rowcount:  # type: ignore[attr-defined]
        raise BadConsent


def list_consents(session: Session, case_id: UUID) -> list[dict[str, Any]]:
    """Return the consents of a case, oldest first."""
    try:
        province = get_case(session, case_id).province_code
    except CaseNotFound:
        return []
    return [dict(row) for row in session.execute(_LIST, {"province": province, "case": case_id}).mappings()]


def consented(session: Session, case_id: UUID, wording: str, at: datetime) -> bool:
    """Say whether a consent to this wording held at a moment."""
    return any(
        one["wording"] == wording
        and one["given_on"] <= at.date()
        and (one["withdrawn_at"] is None or one["withdrawn_at"] > at)
        for one in list_consents(session, case_id)
    )


_INSERT = text(
    "INSERT INTO consent (province_code, case_id, id, wording, channel, given_by, given_on, recorded_by)"
    " VALUES (:province, :case, :id, :wording, :channel, :given_by, :given_on, :by)"
)
_WITHDRAW = text(
    "UPDATE consent SET withdrawn_at = coalesce(withdrawn_at, now())"
    " WHERE province_code = :province AND case_id = :case AND id = :id"
)
_LIST = text(
    "SELECT id, wording, channel, given_by, given_on, withdrawn_at FROM consent"
    " WHERE province_code = :province AND case_id = :case ORDER BY given_on, id"
)
