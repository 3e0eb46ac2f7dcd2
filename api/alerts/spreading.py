"""From an alert to its deliveries: one for each receiver and way, whose ids follow from these, made once."""

import logging
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql import func

from api.alerts.cases import find_case
from api.alerts.models import AlertAddress, AlertDelivery, Webhook
from api.alerts.receivers import list_receivers
from boundaries.errors import SocialMapError
from layers.alert_models import Alert

logger = logging.getLogger("socialmap.alerts")


def delivery_id(alert_id: UUID, channel: str, receiver: UUID) -> UUID:
    """Return the id of a delivery, which its receiver may know it by if it comes again."""
    return uuid5(alert_id, f"{channel}:{receiver}")


def spread_one(session: Session, mail: bool) -> bool:
    """Make the deliveries of the oldest alert that has none, and say whether there was one. It works beside others."""
    waiting = select(Alert).where(Alert.spread_at.is_(None)).order_by(Alert.made_at)
    alert = session.scalars(waiting.limit(1).with_for_update(skip_locked=True)).one_or_none()
    if alert is None:
        return False
    try:
        rows = _deliveries(session, alert, mail)
    except (LookupError, TypeError, ValueError, SocialMapError) as error:  # it must not stand before all others
        logger.error("alerts: one of kind %s cannot be spread: %s", alert.kind, type(error).__name__)
        rows = []
    if rows:
        session.execute(insert(AlertDelivery).inline().on_conflict_do_nothing(), rows)
    mine = (Alert.province_code == alert.province_code, Alert.id == alert.id)
    session.execute(update(Alert).where(*mine).values(spread_at=func.now()))
    return True


def _deliveries(session: Session, alert: Alert, mail: bool) -> list[dict[str, Any]]:
    receivers = list_receivers(session, alert, find_case(session, alert))
    rows = [row for account in receivers for row in _for_account(session, alert, account, mail)]
    return rows + [_row(alert, "webhook", hook, webhook_id=hook) for hook in _webhooks(session, alert)]


def _for_account(session: Session, alert: Alert, account: UUID, mail: bool) -> list[dict[str, Any]]:
    check = alert.kind == "address_check"
    rows = [] if check else [_row(alert, "app", account, account_id=account, state="sent")]
    if mail and _reached(session, account, check):
        rows.append(_row(alert, "email", account, account_id=account))
    return rows


def _reached(session: Session, account: UUID, check: bool) -> bool:
    """Say whether an account has an address that is proven, or one to be proven."""
    held = session.get(AlertAddress, account)
    return held is not None and (held.confirmed_at is None) == check


def _webhooks(session: Session, alert: Alert) -> list[UUID]:
    if alert.unit_id is None:
        return []
    asked = select(Webhook.id).where(Webhook.unit_id == alert.unit_id, Webhook.paused_at.is_(None))
    return list(session.scalars(asked.order_by(Webhook.id)))


def _row(alert: Alert, channel: str, receiver: UUID, state: str = "waiting", **whom: UUID) -> dict[str, Any]:
    """Return the values of a delivery; rows of one statement must all have the same columns."""
    return {
        "province_code": alert.province_code,
        "id": delivery_id(alert.id, channel, receiver),
        "alert_id": alert.id,
        "channel": channel,
        "account_id": whom.get("account_id"),
        "webhook_id": whom.get("webhook_id"),
        "state": state,
        "made_at": alert.made_at,
    }
