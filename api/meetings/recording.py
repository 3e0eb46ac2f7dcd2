"""What the audit is told of meetings: who changed one, and who was handed a file of it."""

from sqlalchemy.orm import Session

from api.audit import record
from layers.scope import Scope
from mapping.meetings import MeetingRecord, list_stops


def note_print(session: Session, scope: Scope, meeting: MeetingRecord, format: str, stops: int) -> None:
    """Record a file of a meeting, before it is handed out."""
    details = {"format": format, "audience": "committee", "area": meeting.area_code, "pages": stops}
    record(session, scope, "print", kind="meeting", object_id=meeting.id, details=details)


def note_change(session: Session, scope: Scope, meeting: MeetingRecord, change: str) -> None:
    """Record what was done to a meeting; call it last in the transaction that did it."""
    count = len(list_stops(session, meeting)) if change in ("agenda", "held") else 1
    details = {"change": change, "area": meeting.area_code, "number": meeting.number, "count": count}
    record(session, scope, "meeting_change", kind="meeting", object_id=meeting.id, details=details)
