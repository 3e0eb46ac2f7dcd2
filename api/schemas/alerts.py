"""Alerts as they are answered: codes and sentences, of a case only what its reader may see of it."""

from datetime import datetime
from uuid import UUID

from api.alerts.inbox import Told
from api.schemas.common import Schema, Words, to_words


class AlertLine(Schema):
    """One alert of the asker's own. What is told of its case is null where the asker may not see that."""

    id: UUID
    kind: str
    words: Words
    made_at: datetime
    read_at: datetime | None
    case_id: UUID | None
    case: str | None
    district: str | None
    urgency: str | None
    link: str | None


class Alerts(Schema):
    """One's own alerts, unread first, and how many are unread (at most 99)."""

    unread: int
    alerts: list[AlertLine]


class AlertRead(Schema):
    """An alert that was read."""

    id: UUID


def to_alert_line(told: Told) -> AlertLine:
    """Show an alert."""
    case = told.case
    return AlertLine(
        id=told.id,
        kind=told.kind,
        words=to_words(told.words),
        made_at=told.made_at,
        read_at=told.read_at,
        case_id=case.id if case else None,
        case=case.label if case else None,
        district=case.district_code if case else None,
        urgency=case.urgency if case else None,
        link=told.goal,
    )
