"""Envelopes of a case whose person is erased: what was not filed of them is destroyed."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

REASON = "erased"


def forget_envelopes(session: Session, case_id: UUID) -> int:
    """Destroy what is still sealed of a case that is erased; return how many envelopes."""
    gone = session.execute(_FORGET, {"case": case_id, "reason": REASON})
    return int(gone.rowcount)  # type: ignore[attr-defined]


_FORGET = text(
    "UPDATE field_envelope SET sealed = '', state = 'refused', why = 'erased', reason = :reason, decided_at = now()"
    " WHERE case_id = :case AND sealed IS NOT NULL"
)
