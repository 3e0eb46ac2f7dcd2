"""Envelopes that are kept no longer: refused long ago, or never wholly come."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from boundaries.locks import FIELD_ENVELOPE, lock_id
from layers.retention import EnvelopeDays


def list_refused(session: Session, days: EnvelopeDays, now: datetime, limit: int) -> list[UUID]:
    """Return refused envelopes whose bytes are still there after their period, the oldest first."""
    before = now - timedelta(days=days.refused)
    return list(session.scalars(_REFUSED, {"before": before, "limit": limit}))


def list_unfinished(session: Session, days: EnvelopeDays, now: datetime, limit: int) -> list[UUID]:
    """Return uploads of which no part has come for their period, the oldest first."""
    before = now - timedelta(days=days.unfinished)
    return [row.id for row in session.execute(_UNFINISHED, {"before": before, "limit": limit, "among": None})]


def destroy_refused(session: Session, days: EnvelopeDays, now: datetime, among: list[UUID]) -> list[UUID]:
    """Destroy the bytes of refused envelopes beyond their period; return which.

    That they were refused stays, with whom and why: the phone is told so when it asks again.
    """
    before = now - timedelta(days=days.refused)
    return list(session.scalars(_DESTROY, {"before": before, "among": among}))


def sweep_unfinished(session: Session, days: EnvelopeDays, now: datetime, among: list[UUID]) -> list[UUID]:
    """Delete uploads that were given up, with their parts; return which. A phone that comes again begins anew."""
    before = now - timedelta(days=days.unfinished)
    asked = {"before": before, "limit": len(among), "among": among}
    rows: list[Row[tuple[UUID, UUID]]] = list(session.execute(_UNFINISHED, asked))
    for row in sorted(rows, key=lambda one: one.given_id):
        lock_id(session, FIELD_ENVELOPE, row.given_id)
    # Asked again: a part may have come while we waited for the lock.
    return list(session.scalars(_SWEEP, {"before": before, "among": [row.id for row in rows]}))


_OLD_REFUSED = "state = 'refused' AND sealed <> '' AND decided_at < :before"
_REFUSED = text(f"SELECT id FROM field_envelope WHERE {_OLD_REFUSED} ORDER BY decided_at, id LIMIT :limit")  # noqa: S608
_DESTROY = text(f"UPDATE field_envelope SET sealed = '' WHERE id = ANY (:among) AND {_OLD_REFUSED} RETURNING id")  # noqa: S608
_STILL = (
    "e.state = 'partly' AND e.received_at < :before"
    " AND NOT EXISTS (SELECT FROM field_part AS p WHERE p.envelope_id = e.id AND p.received_at >= :before)"
)
_UNFINISHED = text(
    f"SELECT e.id, e.given_id FROM field_envelope AS e WHERE {_STILL}"  # noqa: S608
    " AND (CAST(:among AS uuid[]) IS NULL OR e.id = ANY (CAST(:among AS uuid[])))"
    " ORDER BY e.received_at, e.id LIMIT :limit"
)
_SWEEP = text(f"DELETE FROM field_envelope AS e WHERE e.id = ANY (:among) AND {_STILL} RETURNING e.id")  # noqa: S608
