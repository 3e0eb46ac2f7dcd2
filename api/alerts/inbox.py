"""What an account is told within the application: read as the account itself, marked by the product."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.alerts.cases import AlertCase, find_cases
from api.alerts.errors import AlertNotFound
from api.alerts.models import AlertDelivery
from api.alerts.wording import due_words, urgency_words
from boundaries.messages import Text, text
from layers.alert_models import Alert

SHOWN, COUNTED = 100, 99
"""At most so many are listed, and counted: who has more has enough."""
_MINE = AlertDelivery.channel == "app"


@dataclass(frozen=True)
class Told:
    """One alert as its account sees it; what of the case the account may not see is not there."""

    id: UUID
    kind: str
    made_at: datetime
    read_at: datetime | None
    words: Text
    case: AlertCase | None
    urgency: Text | None
    due: Text | None
    goal: str | None
    """Where what it tells of is done; None where there is nothing to open."""


def list_told(
    session: Session, account_id: UUID, *, unread: bool = False, limit: int = SHOWN, alert_id: UUID | None = None
) -> list[Told]:
    """List what an account was told, unread first, the newest first. The session's scope is the account's own."""
    first = AlertDelivery.read_at.is_not(None)
    same = (AlertDelivery.province_code == Alert.province_code) & (AlertDelivery.alert_id == Alert.id)
    asked = select(Alert, AlertDelivery.read_at).join(AlertDelivery, same)
    asked = asked.where(_MINE, AlertDelivery.account_id == account_id)
    if unread:
        asked = asked.where(AlertDelivery.read_at.is_(None))
    if alert_id is not None:
        asked = asked.where(Alert.id == alert_id)
    rows = session.execute(asked.order_by(first, AlertDelivery.made_at.desc()).limit(limit)).all()
    cases = find_cases(session, [row.Alert for row in rows])
    return [_told(row.Alert, row.read_at, cases.get(row.Alert.case_id)) for row in rows]


def count_unread(session: Session, account_id: UUID) -> int:
    """Count what an account has not read, at most COUNTED."""
    mine = (_MINE, AlertDelivery.account_id == account_id, AlertDelivery.read_at.is_(None))
    found = select(AlertDelivery.id).where(*mine).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def mark_read(session: Session, account_id: UUID, alert_id: UUID) -> None:
    """Note that an account has read an alert; a second time changes nothing. Raises AlertNotFound."""
    mine = (_MINE, AlertDelivery.account_id == account_id, AlertDelivery.alert_id == alert_id)
    changed: Any = func.coalesce(AlertDelivery.read_at, func.now())
    asked = update(AlertDelivery).where(*mine).values(read_at=changed).returning(AlertDelivery.id)
    if not session.execute(asked).all():
        raise AlertNotFound


def mark_all_read(session: Session, account_id: UUID, until: datetime) -> None:
    """Note that an account has read all that was there at a moment: what came meanwhile stays unread."""
    mine = (_MINE, AlertDelivery.account_id == account_id, AlertDelivery.read_at.is_(None))
    asked = update(AlertDelivery).where(*mine, AlertDelivery.made_at <= until)
    session.execute(asked.values(read_at=func.now()))


def last_mail_failed(session: Session, account_id: UUID) -> bool:
    """Say whether the newest e-mail to an account was given up."""
    mine = (AlertDelivery.channel == "email", AlertDelivery.account_id == account_id)
    asked = select(AlertDelivery.state).where(*mine).order_by(AlertDelivery.made_at.desc()).limit(1)
    return session.scalar(asked) == "given_up"


def _told(alert: Alert, read_at: datetime | None, case: AlertCase | None) -> Told:
    seen = case is not None
    due = due_words(alert.params.get("due_at")) if seen else None
    urgency = urgency_words(case.urgency) if case is not None else None
    return Told(alert.id, alert.kind, alert.made_at, read_at, words_of(alert), case, urgency, due, _goal(alert, case))


def words_of(alert: Alert) -> Text:
    """Return the sentence of an alert, for who reads it here."""
    if alert.kind == "returned":
        return text(f"alert.returned.{alert.params.get('outcome', 'returned')}")
    return text(f"alert.{alert.kind}")


def _goal(alert: Alert, case: AlertCase | None) -> str | None:
    if alert.kind == "quarantined":
        return "/desk/quarantine"
    if alert.kind == "team_needed":
        return "/desk/teams"
    if case is not None:
        return f"/desk/cases/{case.id}"
    return "/referrals" if alert.kind == "referred" else None  # the agency does not read the case itself
