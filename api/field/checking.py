"""What must hold of envelopes whatever happened: `socialmap db check` tells where it does not."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Wrong:
    """An envelope in a state that cannot be, and which rule it breaks."""

    id: UUID
    rule: str


def check_envelopes(session: Session, limit: int = 100) -> list[Wrong]:
    """Return envelopes that wait although their case is there, whose parts do not add up, or whose case lacks them."""
    return [Wrong(row.id, row.rule) for row in session.execute(_CHECK, {"limit": limit})]


_CHECK = text("""
SELECT e.id, 'waiting_with_case' AS rule FROM field_envelope e
WHERE e.state = 'waiting' AND EXISTS (SELECT FROM "case" c WHERE c.id = e.case_id)
UNION ALL
SELECT e.id, 'parts' FROM field_envelope e
WHERE e.received <> (CASE e.state WHEN 'partly' THEN
    (SELECT coalesce(sum(length(p.content)), 0) FROM field_part p WHERE p.envelope_id = e.id) ELSE e.total END)
UNION ALL
SELECT e.id, 'not_filed' FROM field_envelope e
WHERE e.state = 'kept' AND e.kind = 'observation' AND EXISTS (SELECT FROM "case" c WHERE c.id = e.case_id)
  AND NOT EXISTS (SELECT FROM case_observation o JOIN "case" c ON c.province_code = o.province_code
                  AND c.id = o.case_id WHERE c.id = e.case_id AND o.id = e.id)
LIMIT :limit
""")
