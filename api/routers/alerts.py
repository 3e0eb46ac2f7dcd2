"""One's own alerts, as data: for the phone and for other programs of one's own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.alerts.inbox import SHOWN, count_unread, list_told, mark_read
from api.auth.depends import SignedIn, Writing
from api.dependencies import ReadSession, known_parameters
from api.schemas.alerts import AlertRead, Alerts, to_alert_line

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"], dependencies=[Depends(known_parameters)])


@router.get("")
def get_alerts(
    session: ReadSession,
    caller: SignedIn,
    unread: bool = False,
    limit: Annotated[int, Query(ge=1, le=SHOWN)] = SHOWN,
) -> Alerts:
    """การแจ้งเตือนของท่าน / Your own alerts, unread first."""
    found = list_told(session, caller.id, unread=unread, limit=limit)
    return Alerts(unread=count_unread(session, caller.id), alerts=[to_alert_line(one) for one in found])


@router.post("/{alert_id}/read")
def post_read(session: Writing, caller: SignedIn, alert_id: UUID) -> AlertRead:
    """อ่านแล้ว / Mark one of your alerts as read."""
    mark_read(session, caller.id, alert_id)
    return AlertRead(id=alert_id)
