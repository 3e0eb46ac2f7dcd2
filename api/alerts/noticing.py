"""What nobody does, and so nobody tells: looked for now and then, and put into the outbox once.

That a time limit passed, that a secret case has no team, that something lies in quarantine: however it came about,
by a page, a file that was brought in, or a statement.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from layers.alert_models import Alert
from layers.outbox import NOWHERE, enqueue
from layers.taxonomy import OVER
from layers.time_limits import Deadline, list_overdue

NEWS = timedelta(days=3)
"""What is overdue for longer is on the desk's list: a file of old cases must not become a thousand e-mails."""
MOST, AT_ONCE = 1_000_000, 1_000

_TEAMS = text("""
SELECT c.province_code, c.id, c.unit_id FROM "case" AS c
WHERE c.sensitivity = 'L3' AND c.unit_id IS NOT NULL AND c.status <> ALL (:over) AND c.cases = 1
  AND c.recorded_at > now() - :news
  AND NOT EXISTS (SELECT FROM case_member AS m WHERE m.province_code = c.province_code AND m.case_id = c.id)
  AND NOT EXISTS (SELECT FROM alert AS a WHERE a.province_code = c.province_code
                  AND a.key = 'team_needed:' || c.id || ':' || c.unit_id)
ORDER BY c.recorded_at LIMIT :most
""")
_QUARANTINE = text("""
SELECT DISTINCT e.device_id, (e.received_at AT TIME ZONE 'Asia/Bangkok')::date AS day, u.unit_id
FROM field_envelope AS e JOIN account_unit AS u ON u.account_id = e.account_id
WHERE e.state = 'quarantined' AND e.received_at > now() - :news
UNION
SELECT DISTINCT e.device_id, (e.received_at AT TIME ZONE 'Asia/Bangkok')::date, s.unit_id
FROM field_envelope AS e JOIN device_token AS d ON d.id = e.device_id
JOIN unit_area AS s ON EXISTS (SELECT FROM unnest(d.areas) AS own (code) WHERE starts_with(own.code, s.area_code))
JOIN unit ON unit.id = s.unit_id AND unit.kind = 'office'
WHERE e.state = 'quarantined' AND e.received_at > now() - :news
  AND NOT EXISTS (SELECT FROM account_unit AS u WHERE u.account_id = e.account_id)
ORDER BY 2, 1, 3 LIMIT :most
""")


def notice_all(session: Session, now: datetime) -> int:
    """Put into the outbox what was not told yet, and return how much; the session is the product's."""
    return notice_overdue(session, now) + notice_teams(session) + notice_quarantine(session)


def notice_overdue(session: Session, now: datetime) -> int:
    """Tell a case's unit once of each limit that has passed."""
    fresh = [one for one in list_overdue(session, now, MOST) if one.deadline > now - NEWS]
    wanted = {(one.province_code, _overdue_key(one)): one for one in fresh}
    known = _known(session, wanted)
    for (province, key), one in wanted.items():
        if (province, key) not in known:
            params = {"limit": one.step, "due_at": one.deadline.isoformat(timespec="seconds")}
            about: Any = {"province": province, "case_id": one.case_id, "unit_id": one.unit_id}
            enqueue(session, "overdue", key=key, params=params, **about)
    return len(wanted) - len(known)


def notice_teams(session: Session) -> int:
    """Tell whoever assigns cases once that a secret one of their unit has no team."""
    rows = session.execute(_TEAMS, {"news": NEWS, "most": AT_ONCE, "over": list(OVER)}).all()
    for row in rows:
        about: Any = {"province": row.province_code, "case_id": row.id, "unit_id": row.unit_id}
        enqueue(session, "team_needed", key=f"team_needed:{row.id}:{row.unit_id}", **about)
    return len(rows)


def notice_quarantine(session: Session) -> int:
    """Tell once a day for each phone, not for each envelope, that something of it was set apart."""
    rows = session.execute(_QUARANTINE, {"news": NEWS, "most": AT_ONCE}).all()
    wanted = {(NOWHERE, f"quarantined:{row.device_id}:{row.day}:{row.unit_id}"): row.unit_id for row in rows}
    known = _known(session, wanted)
    for province, key in wanted.keys() - known:
        enqueue(session, "quarantined", key=key, province=province, unit_id=wanted[province, key])
    return len(wanted) - len(known)


def _overdue_key(one: Deadline) -> str:
    return f"overdue:{one.case_id}:{one.step}:{one.deadline:%Y%m%dT%H%M%S}"


def _known(session: Session, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which keys stand in the outbox already."""
    listed, found = list(keys), set()
    columns = (Alert.province_code, Alert.key)
    for first in range(0, len(listed), AT_ONCE):
        some = select(*columns).where(tuple_(*columns).in_(listed[first : first + AT_ONCE]))
        found |= {(row.province_code, row.key) for row in session.execute(some)}
    return found
