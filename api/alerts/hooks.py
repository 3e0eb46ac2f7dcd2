"""Webhooks of units: made, paused, taken away. Whoever calls has checked `settings.write`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql import case

from api.alerts.errors import WebhookMany, WebhookNotFound
from api.alerts.models import AlertDelivery, Webhook
from api.alerts.reaching import parse_target
from api.alerts.sealing import AlertKeys, new_secret, seal
from api.audit import record
from api.auth.errors import UnitNotFound
from api.auth.words import UNIT_KEY, shown
from layers.cases import new_id
from layers.models import Unit
from layers.scope import Scope

MOST = 5
"""Webhooks of one unit."""


@dataclass(frozen=True)
class Hook:
    """A webhook as it is shown: neither its address nor its secret comes back."""

    id: UUID
    unit: str
    unit_th: str
    unit_en: str
    host: str
    paused_at: datetime | None
    created_at: datetime
    waiting: int
    given_up: int


def create_webhook(session: Session, keys: AlertKeys, by: Scope, unit_key: str, url: str) -> str:
    """Make a unit's webhook and return its secret, told this once. Raises WebhookBad, WebhookMany, UnitNotFound."""
    target = parse_target(url.strip())
    known = UNIT_KEY.fullmatch(unit_key)
    unit = session.scalar(select(Unit.id).where(Unit.key == unit_key).with_for_update()) if known else None
    if unit is None:
        raise UnitNotFound(unit=shown(unit_key))
    if (session.scalar(select(func.count()).select_from(Webhook).where(Webhook.unit_id == unit)) or 0) >= MOST:
        raise WebhookMany(limit=MOST)
    hook, secret = new_id(), new_secret()
    sealed = seal(keys.webhooks, hook, f"{url.strip()}\n{secret}")
    values = {"id": hook, "unit_id": unit, "host": target.host, "sealed": sealed, "created_by": by.actor_id}
    session.execute(insert(Webhook).inline(), values)
    _note(session, by, hook, "webhook.created", unit_key)
    return secret


def list_webhooks(session: Session) -> list[Hook]:
    """List all webhooks by unit, with how much waits for each and was given up."""
    waiting, given_up = (
        func.count(case((AlertDelivery.state == state, 1))).label(state) for state in ("waiting", "given_up")
    )
    asked = (
        select(
            Webhook.id, Unit.key.label("unit"), Unit.name_th.label("unit_th"), Unit.name_en.label("unit_en"),
            Webhook.host, Webhook.paused_at, Webhook.created_at, waiting, given_up,
        )
        .join(Unit, Unit.id == Webhook.unit_id)
        .join(AlertDelivery, AlertDelivery.webhook_id == Webhook.id, isouter=True)
        .group_by(Webhook.id, Unit.id)
        .order_by(Unit.key, Webhook.created_at)
    )  # fmt: skip
    return [Hook(**row._asdict()) for row in session.execute(asked)]


def pause_webhook(session: Session, by: Scope, hook: UUID, pause: bool) -> None:
    """Stop telling a webhook anything, or go on with what comes from now. Raises WebhookNotFound."""
    paused = func.now() if pause else None
    asked = update(Webhook).where(Webhook.id == hook).values(paused_at=paused).returning(Webhook.unit_id)
    _changed(session, by, hook, session.scalar(asked), "webhook.paused" if pause else "webhook.resumed")


def delete_webhook(session: Session, by: Scope, hook: UUID) -> None:
    """Take a webhook away with what waits for it. Raises WebhookNotFound."""
    unit = session.scalar(delete(Webhook).where(Webhook.id == hook).returning(Webhook.unit_id))
    _changed(session, by, hook, unit, "webhook.deleted")


def _changed(session: Session, by: Scope, hook: UUID, unit: int | None, change: str) -> None:
    if unit is None:
        raise WebhookNotFound
    _note(session, by, hook, change, session.scalar(select(Unit.key).where(Unit.id == unit)))


def _note(session: Session, by: Scope, hook: UUID, change: str, unit: str | None) -> None:
    record(session, by, "alert_change", kind="webhook", object_id=hook, details={"change": change, "unit": unit})
