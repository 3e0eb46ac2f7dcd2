"""Teams of cases: whoever assigns cases says who works on one. Nobody joins a team by their own hand.

A secret case is read by its team alone, so that reading one takes two persons. The rule holds for every case: one that
is not secret today may be tomorrow. The database lets the product alone write teams.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.audit import record
from api.auth.accounts import get_by_login
from api.auth.errors import NotAllowed
from api.auth.models import Account, AccountUnit
from api.auth.permissions import PERMISSIONS
from boundaries.errors import SocialMapError
from layers.cases import CaseNotFound, new_id
from layers.models import Case, CaseMember
from layers.outbox import enqueue
from layers.scope import SYSTEM, Scope


class TeamSelf(SocialMapError):
    """Nobody puts themselves into the team of a case: another person has to."""

    key = "error.team_self"


class TeamMemberBad(SocialMapError):
    """A member is an account in use, of the case's unit, whose role works in teams."""

    key = "error.team_member"


@dataclass(frozen=True)
class Member:
    """Somebody of a team, by login name."""

    login: str
    joined_at: datetime


def list_members(session: Session, by: Scope, case_id: UUID) -> list[Member]:
    """List who is in the team of a case. Raises CaseNotFound, NotAllowed."""
    _assigned(session, by, case_id)
    asked = (
        select(Account.login, CaseMember.joined_at)
        .join(Account, Account.id == CaseMember.actor_id)
        .where(CaseMember.case_id == case_id)
    )
    return [Member(row.login, row.joined_at) for row in session.execute(asked.order_by(Account.login))]


def add_member(session: Session, by: Scope, case_id: UUID, login: str) -> None:
    """Put somebody into the team of a case; nothing happens where they are in it already.

    Raises CaseNotFound, NotAllowed, AccountNotFound, TeamSelf, TeamMemberBad.
    """
    case, account = _assigned(session, by, case_id), get_by_login(session, login)
    if account.id == by.actor_id:
        raise TeamSelf
    mine = (AccountUnit.account_id == account.id, AccountUnit.unit_id == case.unit_id)
    of_unit = session.execute(select(AccountUnit.unit_id).where(*mine)).one_or_none() is not None
    if account.disabled_at is not None or not of_unit or "case.read_team" not in PERMISSIONS[account.role]:
        raise TeamMemberBad(login=account.login)
    values = {"province_code": case.province_code, "case_id": case_id, "actor_id": account.id, "unit_id": case.unit_id}
    made = insert(CaseMember).values(values).on_conflict_do_nothing().returning(CaseMember.actor_id)
    if session.execute(made).one_or_none() is not None:
        about: Any = {"province": case.province_code, "case_id": case_id, "caused_by": by.actor_id}
        enqueue(session, "assigned", key=f"joined:{new_id()}", account_id=account.id, params={"to": "team"}, **about)
        _note(session, by, case_id, "join", account.id)


def remove_member(session: Session, by: Scope, case_id: UUID, login: str) -> None:
    """Take somebody out of the team of a case, oneself too. Raises CaseNotFound, NotAllowed, AccountNotFound."""
    _assigned(session, by, case_id)
    account = get_by_login(session, login)
    mine = (CaseMember.case_id == case_id, CaseMember.actor_id == account.id)
    gone = session.execute(delete(CaseMember).where(*mine).returning(CaseMember.actor_id))
    if gone.one_or_none() is not None:
        _note(session, by, case_id, "leave", account.id)


def _assigned(session: Session, by: Scope, case_id: UUID) -> Row[Any]:
    """Return the case, when it is of a unit and area of the one who asks. The session is the product's own."""
    if not by.may("case.assign"):
        raise NotAllowed(permission="case.assign")
    asked = select(Case.province_code, Case.district_code, Case.subdistrict_code, Case.village_code, Case.unit_id)
    case: Row[Any] | None = session.execute(asked.where(Case.id == case_id)).one_or_none()  # type: ignore[assignment]
    if case is None or case.unit_id is None:
        raise CaseNotFound(id=case_id)
    codes = [code for code in case[:4] if code]
    if by.role != SYSTEM and (case.unit_id not in by.units or not any(by.covers(code) for code in codes)):
        raise CaseNotFound(id=case_id)
    return case


def _note(session: Session, by: Scope, case_id: UUID, change: str, member: UUID) -> None:
    details = {"change": change, "member": member}
    record(session, by, "team_change", kind="case", object_id=case_id, details=details)
