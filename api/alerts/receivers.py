"""Who is told: the account an alert names, and those of a unit whom it concerns and who may see its case."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.cases import AlertCase
from api.auth.models import Account, AccountUnit
from api.auth.scopes import scope_of
from api.auth.sessions import standing, standing_columns
from layers.alert_models import Alert
from layers.models import CaseMember
from layers.scope import Scope

_WRITES, _ASSIGNS = frozenset({"case.write"}), frozenset({"case.assign"})
NEEDED = {
    "assigned": _WRITES,
    "referred": _WRITES | {"referral.answer"},
    "returned": _WRITES,
    "overdue": _WRITES,
    "closing_proposed": _WRITES,
    "quarantined": _ASSIGNS,
    "team_needed": _ASSIGNS,
}
"""Somebody of a unit is told of a kind who holds one of these."""
OF_NO_TEAM = frozenset({"team_needed", "quarantined", "referred"})
"""Kinds that are for others than those who may read the case: who is to name its team, to accept it, to answer for
another office. None of them shows them more of it."""


def list_receivers(session: Session, alert: Alert, case: AlertCase | None) -> list[UUID]:
    """List the accounts to be told, each once; nobody who is shut out, nor who did it. The session is the product's."""
    if alert.kind == "address_check":
        return [one for one in (alert.account_id,) if one is not None and _in_use(session, one)]
    team = _team(session, case) if case is not None and case.secret else None
    found = {scope.actor_id for scope in _named(session, alert) if _sees(scope, alert, case, team, named=True)}
    found |= {scope.actor_id for scope in _of_unit(session, alert) if _sees(scope, alert, case, team, named=False)}
    return sorted(one for one in found if one is not None and one != alert.caused_by)


def _named(session: Session, alert: Alert) -> Iterator[Scope]:
    if alert.account_id is not None:
        asked = select(*standing_columns()).where(Account.id == alert.account_id, Account.disabled_at.is_(None))
        yield from (scope_of(standing(row)) for row in session.execute(asked))


def _of_unit(session: Session, alert: Alert) -> Iterator[Scope]:
    if alert.unit_id is not None:
        belongs = select(AccountUnit.account_id).where(AccountUnit.unit_id == alert.unit_id)
        asked = select(*standing_columns()).where(Account.id.in_(belongs), Account.disabled_at.is_(None))
        yield from (scope_of(standing(row)) for row in session.execute(asked))


def _sees(scope: Scope, alert: Alert, case: AlertCase | None, team: set[UUID] | None, *, named: bool) -> bool:
    """Say whether an alert concerns somebody: a secret case its team alone, and whoever is to name that team."""
    if alert.kind in OF_NO_TEAM:
        return named or _concerned(scope, alert)
    if team is not None:
        return scope.actor_id in team
    if named:
        return True
    return _concerned(scope, alert) and (case is None or any(scope.covers(code) for code in case.codes))


def _concerned(scope: Scope, alert: Alert) -> bool:
    return any(scope.may(one) for one in NEEDED[alert.kind])


def _team(session: Session, case: AlertCase) -> set[UUID]:
    asked = select(CaseMember.actor_id).where(
        CaseMember.province_code == case.province_code, CaseMember.case_id == case.id
    )
    return set(session.scalars(asked))


def _in_use(session: Session, account: UUID) -> bool:
    return session.scalar(select(Account.id).where(Account.id == account, Account.disabled_at.is_(None))) is not None
